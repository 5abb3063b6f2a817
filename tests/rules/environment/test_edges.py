"""Where the rules of the family speak and are silent, beyond the examples of their pages."""

from __future__ import annotations

from pathlib import Path

import pytest

from migrate_guard.finding import Finding, Severity
from tests.commands import migrate_guard
from tests.rules.environment.projects import REVISION, Project, project

RUN = """
with engine.connect() as connection:
    context.configure(connection=connection, target_metadata=target_metadata)
    with context.begin_transaction():
        context.run_migrations()
"""
HEAD = """
from alembic import context
from sqlalchemy import create_engine

engine = create_engine(context.config.get_main_option("sqlalchemy.url"))
target_metadata = None
"""
PLAIN = HEAD + RUN
INI = "[alembic]\nscript_location = migrations\nsqlalchemy.url = {url}\n"


def found(made: Project, rule: str, dialect: str = "postgresql") -> list[Finding]:
    """Return the findings of one rule; it must not find the same twice."""
    findings = [one for one in made.findings(dialect) if one.rule == rule]
    assert len({one.message for one in findings}) == len(findings)
    return findings


# percent-in-url


@pytest.mark.parametrize(
    ("value", "severity"),
    [
        ('"postgresql://u:p%40@h/d"', Severity.ERROR),
        ('"postgresql://u:p%%40@h/d"', None),
        ('"%(here)s/x.db"', None),
        ('os.getenv("URL")', Severity.INFO),
        ('os.environ.get("URL", "sqlite://")', Severity.INFO),
        ('"postgresql://u:" + quote(os.environ["P"]) + "@h/d"', Severity.WARNING),
        ('os.environ["URL"].replace("%", "%%")', None),
        ("escaped", None),
        ("made()", None),
        ("raw()", Severity.INFO),
        ("settings.url", None),
    ],
)
def test_percent_in_a_value_that_env_sets(value: str, severity: Severity | None, tmp_path: Path) -> None:
    env = (
        "import os\nfrom urllib.parse import quote\nfrom alembic import context\nfrom shop import settings\n"
        'escaped = os.environ["URL"].replace("%", "%%")\n'
        'def made():\n    return str(os.environ["URL"]).replace("%", "%%")\n'
        'def raw():\n    return os.environ["URL"]\n'
        f'context.config.set_section_option("alembic", "sqlalchemy.url", {value})\n'
    )
    findings = found(project(tmp_path, env), "percent-in-url")
    assert [one.severity for one in findings] == ([] if severity is None else [severity])


@pytest.mark.parametrize(
    ("env", "speaks"),
    [
        (PLAIN, True),
        ("from alembic import context\nfrom shop import engine\n" + RUN, False),
        (PLAIN + 'context.config.set_main_option("sqlalchemy.url", url)', False),
    ],
)
def test_percent_in_the_ini_matters_where_env_reads_it(env: str, speaks: bool, tmp_path: Path) -> None:
    made = project(tmp_path, env, **{"alembic.ini": INI.format(url="postgresql://u@h/d?options=-c%20a")})
    assert bool(found(made, "percent-in-url")) == speaks


# credentials-in-ini


@pytest.mark.parametrize(
    ("url", "severity"),
    [
        ("postgresql://shop:tr0ub4dor@db.shop.io/shop", Severity.WARNING),
        ("mysql+pymysql://root:tr0ub4dor@10.0.0.3:3306/shop", Severity.WARNING),
        ("postgresql://shop:a:b/c@d@db.shop.io/shop", Severity.WARNING),
        ("postgresql://shop:tr0ub4dor@localhost/shop", Severity.INFO),
        ("postgresql://shop:tr0ub4dor@postgres:5432/shop", Severity.INFO),
        ("postgresql://postgres:postgres@db.shop.io/shop", None),
        ("driver://user:pass@localhost/dbname", None),
        ("postgresql://shop:${PASSWORD}@db.shop.io/shop", None),
        ("postgresql://shop:%(password)s@db.shop.io/shop", None),
        ("postgresql://shop:<password>@db.shop.io/shop", None),
        ("postgresql://shop:your_password@db.shop.io/shop", None),
        ("postgresql://shop:****@db.shop.io/shop", None),
        ("postgresql://shop:tr0ub4dor@db.example.com/shop", None),
        ("postgresql://shop@db.shop.io/shop", None),
        ("sqlite:////var/lib/a:b@c.db", None),
        ("", None),
    ],
)
def test_credentials(url: str, severity: Severity | None, tmp_path: Path) -> None:
    made = project(tmp_path, PLAIN, **{"alembic.ini": INI.format(url=url)})
    findings = found(made, "credentials-in-ini")
    assert [one.severity for one in findings] == ([] if severity is None else [severity])


@pytest.mark.parametrize(
    ("line", "ignored"), [("alembic.ini", True), ("/alembic.ini", True), ("*.db", False)]
)
def test_an_ignored_ini_is_in_no_repository(line: str, ignored: bool, tmp_path: Path) -> None:
    url = "postgresql://shop:tr0ub4dor@db.shop.io/shop"
    files = {"alembic.ini": INI.format(url=url), ".gitignore": f"# local\n{line}\n"}
    assert bool(found(project(tmp_path, PLAIN, **files), "credentials-in-ini")) != ignored


@pytest.mark.parametrize("form", ["text", "concise", "json", "github"])
def test_no_report_shows_a_password(form: str, tmp_path: Path) -> None:
    """Neither the finding about it nor another one on its line, in the ini or in `env.py`."""
    url = "postgresql://shop:tr0ub%40dor@db.shop.io/shop"
    project(tmp_path, PLAIN, **{"alembic.ini": INI.format(url=url)})
    other = f'from alembic import context\ncontext.config.set_main_option("sqlalchemy.url", "{url}")\n'
    ini = INI.format(url=url).replace("= migrations", "= %(here)s/migrations")
    billing = {"billing/alembic.ini": ini, "billing/migrations/env.py": other}
    Project(tmp_path, url).write({**billing, "billing/migrations/versions/a1.py": REVISION})
    done = migrate_guard("check", "--select", "environment", "--format", form, cwd=tmp_path)
    assert done.stdout.count("credentials-in-ini") >= 2
    assert done.stdout.count("percent-in-url") >= 2
    assert "tr0ub" not in done.stdout + done.stderr
    assert done.returncode == 1


def test_a_comment_above_an_option_silences(tmp_path: Path) -> None:
    url = "postgresql://shop:tr0ub4dor@db.shop.io/shop"
    comment = "# migrate-guard: ignore[credentials-in-ini] -- opens a public database\n"
    made = project(
        tmp_path,
        PLAIN,
        **{"alembic.ini": INI.replace("sqlalchemy.url", comment + "sqlalchemy.url").format(url=url)},
    )
    (finding,) = found(made, "credentials-in-ini")
    assert finding.suppressed == "opens a public database"
    made.write({"alembic.ini": INI.replace("script_location", comment + "script_location").format(url="")})
    assert [one.rule for one in made.findings()] == ["unused-suppression"]


# shared-version-table


@pytest.mark.parametrize(
    ("first", "second", "options", "speaks"),
    [
        ("postgresql://u@h/d", "postgresql://u@h/d", "", True),
        ("postgresql://u@h/d", "postgresql://u@h/e", "", False),
        ("postgresql://u@h/d", "postgresql://u@h/d", ", version_table_schema='billing'", False),
        ("postgresql://u@h/d", "postgresql://u@h/d", ", version_table=name", False),
        ("postgresql://u@h/d", "postgresql://u@h/d", ", **options", False),
        ("postgresql://u@h/d", "postgresql://u@h/d", ", version_table='alembic_version'", True),
        ("sqlite:///app.db", "sqlite:///app.db", "", False),
        ("sqlite:////srv/app.db", "sqlite:////srv/app.db", "", True),
        ("sqlite:///%(here)s/app.db", "sqlite:///%(here)s/app.db", "", False),
        ("driver://user:pass@localhost/dbname", "driver://user:pass@localhost/dbname", "", False),
        ("", "", "", False),
    ],
)
def test_shared_version_table(first: str, second: str, options: str, speaks: bool, tmp_path: Path) -> None:
    made = project(tmp_path, PLAIN, **{"alembic.ini": INI.format(url=first)})
    env = PLAIN.replace("target_metadata=target_metadata", f"target_metadata=None{options}")
    ini = INI.format(url=second).replace("= migrations", "= %(here)s/migrations")
    made.write({"billing/alembic.ini": ini, "billing/migrations/env.py": env})
    made.write({"billing/migrations/versions/a1.py": REVISION})
    assert len(found(made, "shared-version-table")) == int(speaks)


# metadata-empty

BASE = "from sqlalchemy.orm import DeclarativeBase\nclass Base(DeclarativeBase):\n    pass\n"
NOTE = "from shop.db import Base\nclass Note(Base):\n    __tablename__ = 'notes'\n"
SHOP = {"shop/__init__.py": "", "shop/db.py": BASE, "shop/notes.py": NOTE}


def _env(imports: str, metadata: str = "Base.metadata") -> str:
    return PLAIN.replace("target_metadata = None", f"{imports}\ntarget_metadata = {metadata}")


@pytest.mark.parametrize(
    ("imports", "files", "severity"),
    [
        ("from shop.db import Base", {}, Severity.ERROR),
        ("import shop.db\nBase = shop.db.Base", {}, None),
        ("from shop.db import Base\nimport shop.notes", {}, None),
        ("from shop.db import Base\nfrom shop import (\n    notes,  # models\n)", {}, None),
        ("from shop.db import Base\nfrom shop import *", {"shop/__init__.py": "from . import notes"}, None),
        ("from shop import Base", {"shop/__init__.py": "from .db import Base"}, Severity.ERROR),
        ("from shop.db import Base", {"shop/__init__.py": "def load():\n    import shop.notes\n"}, None),
        ("from shop.db import Base\nimport importlib\nimportlib.import_module('shop.notes')", {}, None),
        ("from shop.db import Base\nimport sys\nsys.path.append('lib')\nimport unknown", {}, None),
        ("from shop.db import Base\nimport sys\nsys.path.append('.')", {}, Severity.ERROR),
        (
            "from shop.db import Base\nimport shop.tags",
            {"shop/tags.py": NOTE.replace("Note", "Tag").replace("notes", "tags")},
            Severity.WARNING,
        ),
        ("from shop.db import Base", {"shop/notes.py": NOTE.replace("'notes'", "'others'")}, None),
        ("from shop.db import Base", {"shop/notes.py": NOTE.replace("shop.db", "other")}, None),
        ("from shop.db import Base", {"shop/notes.py": "", "shop/test_notes.py": NOTE}, None),
        ("from flask_app import db as Base", {}, None),
    ],
)
def test_models_that_env_does_not_import(
    imports: str, files: dict[str, str], severity: Severity | None, tmp_path: Path
) -> None:
    made = project(tmp_path, _env(imports), **(SHOP | files))
    findings = found(made, "metadata-empty")
    assert [one.severity for one in findings] == ([] if severity is None else [severity])


def test_a_table_that_the_history_drops_is_missed_by_nobody(tmp_path: Path) -> None:
    made = project(tmp_path, _env("from shop.db import Base"), **SHOP)
    gone = REVISION.replace('"a1"', '"b1"').replace("down_revision = None", 'down_revision = "a1"')
    upgrade, _, downgrade = gone.partition("def downgrade")
    upgrade = upgrade.partition("    op.create_table")[0] + '    op.drop_table("notes")\n\n\n'
    made.write({"migrations/versions/b1.py": f"{upgrade}def downgrade{downgrade}"})
    assert found(made, "metadata-empty") == []


@pytest.mark.parametrize("imports", ["", "import shop.notes\n"])
def test_models_of_sqlmodel(imports: str, tmp_path: Path) -> None:
    note = "from sqlmodel import SQLModel\nclass Notes(SQLModel, table=True):\n    pass\n"
    env = _env(f"{imports}from sqlmodel import SQLModel", "SQLModel.metadata")
    made = project(tmp_path, env, **{"shop/notes.py": note})
    severities = [one.severity for one in found(made, "metadata-empty")]
    assert severities == ([] if imports else [Severity.ERROR])


@pytest.mark.parametrize(
    ("more", "speaks"),
    [("", True), ("from shop import fill\nfill(target_metadata)", False), ("other = target_metadata", False)],
)
def test_new_metadata_may_be_filled(more: str, speaks: bool, tmp_path: Path) -> None:
    env = _env("from sqlalchemy import MetaData", f"MetaData()\n{more}")
    assert bool(found(project(tmp_path, env), "metadata-empty")) == speaks


# compare-type-off


@pytest.mark.parametrize(
    ("call", "speaks"),
    [
        ("connection=connection, compare_type=False", True),
        ("connection=connection, compare_type=OFF", True),
        ("**options", True),
        ("**changed", False),
        ("connection=connection, compare_type=flag", False),
        ("connection=connection, compare_type=True", False),
        ("connection=connection", False),
        ("url=URL, compare_type=False", False),
    ],
)
def test_compare_type(call: str, speaks: bool, tmp_path: Path) -> None:
    env = HEAD + (
        "from shop import flag\nOFF = False\noptions = {'connection': engine, 'compare_type': False}\n"
        "changed = dict(connection=engine, compare_type=False)\nchanged.update(flag)\n"
        f"context.configure({call})\n"
    )
    assert bool(found(project(tmp_path, env), "compare-type-off")) == speaks
