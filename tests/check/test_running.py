"""The models of the base decide what a drop, a rename or a new constraint does to the running release."""

from __future__ import annotations

from pathlib import Path

import pytest

from migrate_guard.check import check
from migrate_guard.config import Config
from migrate_guard.dialect import parse_dialect
from migrate_guard.evaluate.models import read_models
from migrate_guard.finding import Confidence, Finding, Severity
from migrate_guard.judgement import Judgement
from migrate_guard.project import Environment
from migrate_guard.verdict import exit_code
from tests.repositories import Repository, new_repository, revision

HEAD = """
from sqlalchemy import Column, ForeignKey, Integer, MetaData, String
from sqlalchemy.orm import declarative_base

Base = declarative_base()
"""
CUSTOMER = """

class Customer(Base):
    __tablename__ = "customers"
    id = Column(Integer, primary_key=True)
    email = Column(String(120){more})
"""
TABLE = """op.create_table(
    "customers",
    sa.Column("id", sa.Integer(), primary_key=True),
    sa.Column("email", sa.String(120)),
    sa.Column("nick", sa.String(40)),
)"""
INI = "[alembic]\nscript_location = migrations\nprepend_sys_path = .\n"
ENV = """import models
from alembic import context

context.configure(target_metadata=models.Base.metadata)
"""
MAILS = """

class Mail(Base):
    __tablename__ = "mails"
    id = Column(String(120), primary_key=True)
"""
MAILS_TABLE = 'op.create_table("mails", sa.Column("id", sa.String(120), primary_key=True))'
FOREIGN_KEY = 'op.create_foreign_key("fk", "customers", "mails", ["email"], ["id"])'


@pytest.fixture
def shop(tmp_path: Path) -> Repository:
    """A repository whose base has one revision, and nothing on the branch yet."""
    repository = new_repository(tmp_path / "shop")
    repository.write("alembic.ini", INI)
    repository.write("migrations/env.py", ENV)
    repository.write("migrations/versions/a1.py", revision("a1", None, TABLE))
    return repository


def judged(shop: Repository, models: str, body: str, path: str = "models.py") -> Judgement:
    """Commit models as the base has them; judge a branch that deletes them and does what `body` says."""
    shop.write(path, models)
    shop.commit()
    shop.git("checkout", "--quiet", "-b", "work")
    (shop.root / path).unlink()
    shop.write("migrations/versions/b2.py", revision("b2", "a1", body))
    shop.commit()
    return check(Config(root=shop.root, dialects=(parse_dialect("postgresql:15"),), base="main"))


def told(judgement: Judgement, *rules: str) -> list[Finding]:
    assert judgement.internal_errors == ()
    return [finding for finding in judgement.findings if finding.rule in rules]


def test_what_the_base_maps_is_an_error_that_names_its_line(shop: Repository) -> None:
    judgement = judged(shop, HEAD + CUSTOMER.format(more=""), 'op.drop_column("customers", "email")')

    (finding,) = told(judgement, "drop-column")
    assert (finding.severity, finding.confidence) == (Severity.ERROR, Confidence.CERTAIN)
    assert finding.notes == ("main still maps it in models.py:11:5",)
    assert judgement.summary.not_checked[:2] == ("models", "database")
    assert not any(line.startswith("models of main") for line in judgement.summary.not_checked)


def test_what_the_base_does_not_map_is_no_finding(shop: Repository) -> None:
    judgement = judged(shop, HEAD + CUSTOMER.format(more=""), 'op.drop_column("customers", "nick")')
    assert told(judgement, "drop-column") == []


def test_models_that_are_found_by_a_search_count_as_well(shop: Repository) -> None:
    shop.write("migrations/env.py", "from alembic import context\n")
    models = HEAD + CUSTOMER.format(more="")

    judgement = judged(shop, models, 'op.drop_column("customers", "email")', "src/shop/tables.py")

    (finding,) = told(judgement, "drop-column")
    assert finding.severity is Severity.ERROR
    assert "src/shop/tables.py" in finding.notes[0]


def test_what_is_not_all_read_is_possible_and_told(shop: Repository) -> None:
    models = (
        HEAD + "from elsewhere import Named\n" + CUSTOMER.format(more="").replace("(Base)", "(Named, Base)")
    )

    judgement = judged(shop, models, 'op.drop_column("customers", "nick")')

    (finding,) = told(judgement, "drop-column")
    assert (finding.severity, finding.confidence) == (Severity.WARNING, Confidence.POSSIBLE)
    assert "could not be read" in finding.notes[0]
    assert "elsewhere.Named" in finding.notes[0]
    assert any(line.startswith("models of main (") for line in judgement.summary.not_checked)


def test_a_base_without_models_leaves_the_order_open(shop: Repository) -> None:
    judgement = judged(shop, "x = 1\n", 'op.rename_table("customers", "clients")')

    (finding,) = told(judgement, "rename-table")
    assert (finding.severity, finding.confidence) == (Severity.WARNING, Confidence.POSSIBLE)
    assert "models of main (no models are found without importing them)" in judgement.summary.not_checked


def test_nothing_is_asked_where_nothing_is_taken_away(shop: Repository) -> None:
    judgement = judged(shop, "x = 1\n", 'op.add_column("customers", sa.Column("age", sa.Integer()))')
    assert not any(line.startswith("models of main") for line in judgement.summary.not_checked)


def test_without_a_base_the_order_is_not_known(shop: Repository) -> None:
    judged(shop, HEAD + CUSTOMER.format(more=""), 'op.drop_column("customers", "nick")')

    judgement = check(Config(root=shop.root, dialects=(parse_dialect("postgresql:15"),)))

    (finding,) = told(judgement, "drop-column")
    assert finding.severity is Severity.WARNING
    assert finding.notes == ("the order of the deploy is not known; with --base, the base's models decide",)


def test_a_table_that_the_deploy_renames_is_mapped_under_its_old_name(shop: Repository) -> None:
    body = 'op.rename_table("customers", "clients")\nop.drop_column("clients", "email")'
    judgement = judged(shop, HEAD + CUSTOMER.format(more=""), body)
    assert [one.severity for one in told(judgement, "drop-column", "rename-table")] == [Severity.ERROR] * 2


NOT_NULL = 'op.alter_column("customers", "email", existing_type=sa.String(120), nullable=False)'


@pytest.mark.parametrize(
    ("more", "confidence"),
    [
        ("", Confidence.CERTAIN),
        (', default=""', Confidence.POSSIBLE),
        (', server_default=""', Confidence.POSSIBLE),
        (", nullable=False", None),
    ],
)
def test_not_null_depends_on_what_the_running_model_writes(
    shop: Repository, more: str, confidence: Confidence | None
) -> None:
    found = told(judged(shop, HEAD + CUSTOMER.format(more=more), NOT_NULL), "not-null-breaks-writes")
    assert [one.confidence for one in found] == ([] if confidence is None else [confidence])


NO_DEFAULT = 'op.alter_column("customers", "plan", server_default=None)'
NEW_TABLE = 'op.create_table("t", sa.Column("id", sa.Integer(), primary_key=True))'
NEW = 'op.add_column("customers", sa.Column("plan", sa.String(9), {more}))'


@pytest.mark.parametrize(
    ("body", "number"),
    [
        (NEW.format(more="nullable=False"), 1),
        (NEW.format(more='nullable=False, server_default="x"'), 0),
        (NEW.format(more="nullable=True"), 0),
        (NEW.format(more="nullable=True") + '\nop.alter_column("customers", "plan", nullable=False)', 1),
        (NEW.format(more='nullable=False, server_default="x"') + "\n" + NO_DEFAULT, 1),
        (NEW_TABLE + "\n" + NEW.format(more="nullable=False").replace("customers", "t"), 0),
    ],
)
def test_a_new_column_must_have_a_value_for_the_rows_of_the_running_release(
    shop: Repository, body: str, number: int
) -> None:
    found = told(judged(shop, HEAD + CUSTOMER.format(more=""), body), "not-null-breaks-writes")
    assert len(found) == number


@pytest.mark.parametrize(
    ("body", "more", "number"),
    [
        ('op.create_unique_constraint("uq", "customers", ["email"])', "", 1),
        ('op.create_unique_constraint("uq", "customers", ["email"])', ", unique=True", 0),
        ('op.create_unique_constraint("uq", "customers", ["nick"])', "", 0),
        ('op.create_check_constraint("ck", "customers", "email <> \'\'")', "", 1),
        ('op.create_index("ix", "customers", ["email"])', "", 0),
        ('op.create_index("ix", "customers", ["email"], unique=True)', ", index=True", 1),
        (FOREIGN_KEY, "", 1),
        (
            FOREIGN_KEY,
            ', ForeignKey("mails.id")',
            0,
        ),
    ],
)
def test_a_new_constraint_is_possible_where_the_running_release_does_not_know_it(
    shop: Repository, body: str, more: str, number: int
) -> None:
    shop.write("migrations/versions/a1.py", revision("a1", None, f"{TABLE}\n{MAILS_TABLE}"))
    found = told(judged(shop, HEAD + MAILS + CUSTOMER.format(more=more), body), "constraint-breaks-writes")
    assert [one.confidence for one in found] == [Confidence.POSSIBLE] * number


def test_a_content_that_git_does_not_have_is_exit_code_2(shop: Repository) -> None:
    judged(shop, HEAD + CUSTOMER.format(more=""), 'op.drop_column("customers", "email")')
    content = shop.git("rev-parse", "main:models.py")
    (shop.root / ".git" / "objects" / content[:2] / content[2:]).unlink()

    judgement = check(Config(root=shop.root, dialects=(parse_dialect("postgresql:15"),), base="main"))

    assert exit_code(judgement, None) == 2
    assert any("git does not have the content" in line for line in judgement.skipped)
    (finding,) = told(judgement, "drop-column")
    assert finding.confidence is Confidence.POSSIBLE


def test_nothing_is_written(shop: Repository) -> None:
    judged(shop, HEAD + CUSTOMER.format(more=""), 'op.drop_column("customers", "email")')
    assert shop.git("status", "--porcelain") == ""
    assert not (shop.root / "models.py").exists()


def test_a_link_to_the_project_is_followed(shop: Repository, tmp_path: Path) -> None:
    judged(shop, HEAD + CUSTOMER.format(more=""), 'op.drop_column("customers", "email")')
    link = tmp_path / "link"
    link.symlink_to(shop.root)

    judgement = check(Config(root=link, dialects=(parse_dialect("postgresql:15"),), base="main"))

    assert told(judgement, "drop-column")[0].severity is Severity.ERROR


def test_each_database_has_the_metadata_under_its_name(tmp_path: Path) -> None:
    models = HEAD + CUSTOMER.format(more="") + "\nother = MetaData()\n\nfrom sqlalchemy import Table\n"
    (tmp_path / "models.py").write_text(models + 'Table("logs", other, Column("id", Integer))\n')
    (tmp_path / "env.py").write_text(
        'import models\n\ntarget_metadata = {"shop": models.Base.metadata, "audit": models.other}\n'
    )
    environment = Environment(
        "alembic.ini", "alembic.ini", tmp_path, tmp_path, (), env_py=tmp_path / "env.py"
    )
    names = {
        database: {
            str(name)
            for name in read_models(environment, parse_dialect("sqlite"), tmp_path, database).schema.tables
        }
        for database in ("shop", "audit")
    }
    assert names == {"shop": {"customers"}, "audit": {"logs"}}


def test_models_with_a_history_of_their_own_are_not_called_complete(tmp_path: Path) -> None:
    models = HEAD + CUSTOMER.format(more="").replace("    id =", "    __versioned__ = {}\n    id =")
    (tmp_path / "models.py").write_text(models)
    (tmp_path / "env.py").write_text("import models\n\ntarget_metadata = models.Base.metadata\n")
    environment = Environment(
        "alembic.ini", "alembic.ini", tmp_path, tmp_path, (), env_py=tmp_path / "env.py"
    )
    found = read_models(environment, parse_dialect("sqlite"), tmp_path)
    assert not found.schema.complete
    assert found.schema.tables[next(iter(found.schema.tables))].certain


def test_models_of_the_base_that_are_no_python_decide_nothing(shop: Repository) -> None:
    shop.write("customers.py", "class Customer(Base)\n    pass\n")
    judgement = judged(shop, f"{HEAD}{MAILS}\nimport customers\n", 'op.drop_table("customers")')
    (finding,) = told(judgement, "drop-table")
    assert finding.confidence is Confidence.POSSIBLE
    assert any("customers.py: it is not valid Python" in note for note in finding.notes)
