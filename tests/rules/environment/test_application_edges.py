"""Where the rules of the family that look at revisions and at the application speak and are silent."""

from __future__ import annotations

from pathlib import Path

import pytest
import sqlalchemy as sa

from migrate_guard.check import check
from migrate_guard.config import Config
from migrate_guard.dialect import Dialect
from migrate_guard.finding import Confidence
from migrate_guard.project.near_modules import module_of
from migrate_guard.project.nearby import near
from tests.rules.environment.projects import REVISION, project
from tests.rules.environment.test_edges import HEAD, INI, PLAIN, RUN, found
from tests.servers import MariadbServer

NEXT = REVISION.replace('"a1"', '"b1"').replace("down_revision = None", 'down_revision = "a1"')


def _next(upgrade: str) -> str:
    return NEXT.partition("def upgrade")[0] + f"def upgrade():\n{upgrade}\n\n\ndef downgrade():\n    pass\n"


# create-all-at-start

APP = "from flask import Flask\nfrom shop.db import Base, engine, prepare, settings\n"
FACTORY = APP + "def create_app():\n    app = Flask(__name__)\n"


@pytest.mark.parametrize(
    ("files", "speaks"),
    [
        ({"app.py": APP + "app = Flask(__name__)\nBase.metadata.create_all(engine)"}, True),
        ({"app.py": FACTORY + "    with app.app_context():\n        Base.metadata.create_all(engine)"}, True),
        ({"app.py": APP + "app = Flask(__name__)\nif __name__ == '__main__':\n    Base.create_all()"}, True),
        ({"app.py": APP + "def make():\n    Base.create_all()\napp = Flask(__name__)\nmake()"}, True),
        (
            {
                "app.py": "from fastapi import FastAPI\nfrom shop import db\napp = FastAPI()\n"
                "@app.on_event('startup')\nasync def begin():\n    await db.prepare()",
                "shop/db.py": "async def prepare():\n    async with engine.begin() as c:\n"
                "        await c.run_sync(Base.metadata.create_all)",
            },
            True,
        ),
        ({"app.py": APP + "app = Flask(__name__)\nif settings.TESTING:\n    Base.create_all()"}, False),
        ({"app.py": FACTORY + "    if settings.UPGRADE:\n        return app\n    Base.create_all()"}, False),
        (
            {"app.py": APP + "app = Flask(__name__)\n@app.cli.command()\ndef make():\n    Base.create_all()"},
            False,
        ),
        (
            {"app.py": APP + "app = Flask(__name__)\nprepare()", "shop/db.py": "def create_all():\n    pass"},
            False,
        ),
        ({"app.py": FACTORY + "    Base.create_all()\n    stamp('head')"}, False),
        ({"make_db.py": "from shop.db import Base\nBase.metadata.create_all()"}, False),
        ({"scripts/app.py": APP + "app = Flask(__name__)\nBase.create_all()"}, False),
        ({"tests/app.py": APP + "app = Flask(__name__)\nBase.create_all()"}, False),
    ],
)
def test_create_all(files: dict[str, str], speaks: bool, tmp_path: Path) -> None:
    made = project(tmp_path, PLAIN, **({"shop/__init__.py": "", "shop/db.py": ""} | files))
    assert len(found(made, "create-all-at-start")) == int(speaks)


def test_metadata_that_the_revision_has_itself_is_frozen(tmp_path: Path) -> None:
    made = project(tmp_path, PLAIN, **{"shop/__init__.py": ""})
    own = "    metadata = sa.MetaData()\n    sa.Table('t', metadata)\n    metadata.create_all(op.get_bind())"
    made.write({"migrations/versions/b1.py": _next(own)})
    assert found(made, "create-all-at-start") == []


# logging-disabled

CONFIGURED = "from logging.config import fileConfig\nfrom alembic import context\nconfig = context.config\n"
STARTS = (
    "from alembic import command\nfrom alembic.config import Config\nfrom fastapi import FastAPI\n"
    "app = FastAPI()\ncommand.upgrade(Config('alembic.ini'), 'head')\n"
)
THREAD = (
    "import asyncio\nfrom contextlib import asynccontextmanager\nfrom alembic.config import Config\n"
    "from alembic import command\nfrom fastapi import FastAPI\ndef migrate():\n"
    "    command.upgrade(Config('alembic.ini'), 'head')\n@asynccontextmanager\nasync def lifespan(app):\n"
    "    await asyncio.to_thread(migrate)\n    yield\napp = FastAPI(lifespan=lifespan)\n"
)
FLASK = (
    "from flask import Flask\nfrom flask_migrate import upgrade\ndef create_app():\n"
    "    app = Flask(__name__)\n    with app.app_context():\n        upgrade()\n    return app\n"
)


@pytest.mark.parametrize(
    ("env", "app", "speaks"),
    [
        ("fileConfig(config.config_file_name)", STARTS, True),
        ("if config.config_file_name:\n    fileConfig(config.config_file_name)", THREAD, True),
        ("fileConfig(config.config_file_name)", FLASK, True),
        ("fileConfig(config.config_file_name, None, True)", STARTS, True),
        ("fileConfig(config.config_file_name, disable_existing_loggers=False)", STARTS, False),
        ("fileConfig(config.config_file_name, None, False)", STARTS, False),
        ("fileConfig(config.config_file_name, disable_existing_loggers=keep)", STARTS, False),
        ("fileConfig(config.config_file_name, **options)", STARTS, False),
        ("if config.attributes.get('log'):\n    fileConfig(config.config_file_name)", STARTS, False),
        ("fileConfig(config.config_file_name)", STARTS.replace("Config('alembic.ini')", "Config()"), False),
        ("fileConfig(config.config_file_name)", STARTS.replace("app = FastAPI()", ""), False),
        ("fileConfig(config.config_file_name)", STARTS.replace("command.upgrade", "print"), False),
        ("fileConfig(config.config_file_name)", STARTS.replace("from alembic import command", ""), False),
    ],
)
def test_logging(env: str, app: str, speaks: bool, tmp_path: Path) -> None:
    ini = INI.format(url="") + "[loggers]\nkeys = root\n"
    made = project(tmp_path, CONFIGURED + env, **{"alembic.ini": ini, "app.py": app})
    assert len(found(made, "logging-disabled")) == int(speaks)


# no-lock-timeout


@pytest.mark.parametrize(
    ("upgrade", "more", "speaks"),
    [
        ('    op.add_column("notes", sa.Column("a", sa.Text()))', {}, True),
        ('    op.execute("SET lock_timeout = \'4s\'")\n    op.drop_column("notes", "a")', {}, False),
        ('    op.create_table("more", sa.Column("a", sa.Text()))\n    op.drop_table("more")', {}, False),
        ('    op.create_index("ix", "notes", ["id"])', {}, False),
        ('    if op.get_context().opts["x"]:\n        op.drop_table("notes")', {}, False),
        ('    op.drop_table("notes")', {"shop/db.py": "OPTIONS = '-c lock_timeout=5s'"}, False),
        ('    op.drop_table("notes")', {"migrations/env.py": f"{PLAIN}# no lock_timeout\n"}, True),
        ('    op.drop_table("notes")', {"migrations/env.py": f"{PLAIN}X = 'lock_timeout'\n"}, False),
        ('    op.drop_table("notes")', {"migrations/env.py": ""}, False),
    ],
)
def test_waiting_for_locks(upgrade: str, more: dict[str, str], speaks: bool, tmp_path: Path) -> None:
    made = project(tmp_path, PLAIN, **({"migrations/versions/b1.py": _next(upgrade)} | more))
    assert len(found(made, "no-lock-timeout")) == int(speaks)
    assert found(made, "no-lock-timeout", "mysql") == []


def test_one_finding_for_all_revisions_of_an_environment(tmp_path: Path) -> None:
    made = project(tmp_path, PLAIN)
    made.write({"migrations/versions/b1.py": _next('    op.add_column("notes", sa.Column("a", sa.Text()))')})
    (before,) = found(made, "no-lock-timeout")
    later = (
        _next('    op.drop_column("notes", "a")').replace('"a1"', '"b1"').replace('n = "b1"', 'n = "c1"', 1)
    )
    made.write({"migrations/versions/c1.py": later})
    (finding,) = found(made, "no-lock-timeout")
    assert finding.revision is None
    assert finding.fingerprint == before.fingerprint


# missing-bind-function

MULTI = 'def {0}(engine_name):\n    globals()["{0}_%s" % engine_name]()\n\n\n'
ENGINES = PLAIN.replace("run_migrations()", "run_migrations(engine_name=name)")


def _revision(header: str, *binds: str, start: str = "", multi: str = MULTI) -> str:
    text = header.partition("def upgrade")[0]
    for direction in ("upgrade", "downgrade"):
        text += start.format(direction) or multi.format(direction)
        text += "".join(f"def {direction}_{bind}():\n    pass\n\n\n" for bind in binds)
    return text


FSTRING = 'def {0}(engine_name: str) -> None:\n    globals()[f"{0}_{{engine_name}}"]()\n\n\n'
CAREFUL = 'def {0}(engine_name):\n    globals().get("{0}_%s" % engine_name, print)()\n\n\n'
PLAIN_FUNCTION = "def {0}():\n    pass\n\n\n"


@pytest.mark.parametrize(
    ("first", "second", "databases", "env", "errors"),
    [
        (_revision(REVISION, "", "audit"), _revision(NEXT, "", "audit"), "", PLAIN, []),
        (_revision(REVISION, ""), _revision(NEXT, "", "audit"), "", PLAIN, ["KeyError: 'upgrade_audit'"]),
        (_revision(REVISION, "", "audit"), _revision(NEXT, ""), "", PLAIN, []),
        (_revision(REVISION, "a"), _revision(NEXT, "a", "b"), "a, b", PLAIN, ["KeyError: 'upgrade_b'"]),
        (_revision(REVISION, "a", multi=FSTRING), _revision(NEXT, "a", "b"), "a,b", PLAIN, ["'upgrade_b'"]),
        (_revision(REVISION, "a", multi=CAREFUL), _revision(NEXT, "a", "b"), "a, b", PLAIN, []),
        (_revision(REVISION, "a", "b"), _revision(NEXT, "a", "b"), "a", PLAIN, []),
        (_revision(REVISION, start=PLAIN_FUNCTION), _revision(NEXT, "", "a"), "", ENGINES, ["TypeError"]),
        (_revision(REVISION, start=PLAIN_FUNCTION), _revision(NEXT, "", "a"), "", PLAIN, []),
        (REVISION, _next("    pass"), "", ENGINES, []),
    ],
)
def test_bind_functions(
    first: str, second: str, databases: str, env: str, errors: list[str], tmp_path: Path
) -> None:
    ini = INI.format(url="") + (f"databases = {databases}\n" if databases else "")
    files = {
        "alembic.ini": ini,
        "migrations/versions/a1_notes.py": first,
        "migrations/versions/b1.py": second,
    }
    findings = found(project(tmp_path, env, **files), "missing-bind-function")
    assert len(findings) == len(errors)
    assert all(error in finding.message for error, finding in zip(errors, findings, strict=True))


# batch-with-foreign-keys-on

LISTENER = (
    "from sqlalchemy import event\nfrom sqlalchemy.engine import Engine\n"
    "@event.listens_for(Engine, 'connect')\ndef enforce(connection, record):\n"
    "    connection.execute('PRAGMA foreign_keys=ON')\n"
)
LISTEN = (
    LISTENER.replace("@event.listens_for(Engine, 'connect')\n", "")
    + "event.listen(Engine, 'connect', enforce)\n"
)
CHILD = (
    '    op.create_table("child", sa.Column("id", sa.Integer(), primary_key=True),\n'
    '        sa.Column("note", sa.Integer(), sa.ForeignKey("notes.id", name="fk")))'
)
BATCH = '    with op.batch_alter_table("notes") as batch_op:\n        batch_op.drop_column("x")'
IMPORTED = f"import shop\n{PLAIN}"


@pytest.mark.parametrize(
    ("env", "module", "batch", "confidence"),
    [
        (IMPORTED, LISTENER, BATCH, Confidence.CERTAIN),
        (IMPORTED, LISTEN, BATCH, Confidence.CERTAIN),
        (LISTENER + PLAIN, "", BATCH, Confidence.CERTAIN),
        (f"from flask import current_app\n{PLAIN}", LISTENER, BATCH, None),
        (PLAIN, LISTENER, BATCH, None),
        (IMPORTED, LISTENER.replace("Engine, 'c", "engine, 'c"), BATCH, None),
        (IMPORTED, LISTENER.replace("=ON", "=OFF"), BATCH, None),
        (IMPORTED, LISTENER.replace("'connect'", "'begin'"), BATCH, None),
        (IMPORTED + "# PRAGMA foreign_keys=OFF\n", LISTENER, BATCH, Confidence.CERTAIN),
        (IMPORTED + "X = 'PRAGMA foreign_keys = off'\n", LISTENER, BATCH, None),
        (IMPORTED, LISTENER, '    op.execute("PRAGMA foreign_keys=OFF")\n' + BATCH, None),
        (
            IMPORTED,
            LISTENER,
            BATCH.replace('drop_column("x")', 'add_column(sa.Column("a", sa.Text()))'),
            None,
        ),
        (IMPORTED, LISTENER, BATCH.replace('"notes"', '"child"'), None),
    ],
)
def test_foreign_keys(
    env: str, module: str, batch: str, confidence: Confidence | None, tmp_path: Path
) -> None:
    later = _next(batch).replace('"a1"', '"b1"').replace('revision = "b1"', 'revision = "c1"', 1)
    versions = {"migrations/versions/b1.py": _next(CHILD), "migrations/versions/c1.py": later}
    made = project(tmp_path, env, **{"shop/__init__.py": module, **versions})
    findings = found(made, "batch-with-foreign-keys-on", "sqlite")
    assert [one.confidence for one in findings] == ([] if confidence is None else [confidence])


# statement-before-configure


@pytest.mark.server
def test_mariadb_keeps_the_tables_and_not_the_version(tmp_path: Path, mariadb: MariadbServer) -> None:
    early = RUN.replace(
        "    context.configure", "    connection.exec_driver_sql('SELECT 1')\n    context.configure"
    )
    made = project(tmp_path, HEAD + early, mariadb.fresh_database())
    (finding,) = found(made, "statement-before-configure", "mariadb")
    assert "the tables stay, but alembic_version is rolled back" in finding.message
    assert made.alembic("upgrade", "head").code == 0
    engine = sa.create_engine(made.url)
    with engine.connect() as connection:
        assert "notes" in sa.inspect(connection).get_table_names()
        assert connection.execute(sa.text("SELECT * FROM alembic_version")).all() == []
    engine.dispose()
    assert "already exists" in made.alembic("upgrade", "head").output


# transaction-per-migration-off

ENUM = "from sqlalchemy.dialects import postgresql\n"
TYPED = (
    '    op.create_table("orders", sa.Column("id", sa.BigInteger(), primary_key=True),\n'
    '        sa.Column("name", sa.Text()),\n'
    '        sa.Column("state", postgresql.ENUM("new", name="state")))\n'
    '    op.create_table("plain", sa.Column("name", sa.Text()))'
)
ADDS = "    op.execute(\"ALTER TYPE state ADD VALUE IF NOT EXISTS 'lost'\")"
IN_BLOCK = "    with op.get_context().autocommit_block():\n    " + ADDS
UPDATES = "    op.execute(\"UPDATE orders SET state = 'lost'\")"


@pytest.mark.parametrize(
    ("adds", "uses", "option", "speaks"),
    [
        (ADDS, UPDATES, "", True),
        (ADDS, UPDATES, ", transaction_per_migration=False", True),
        (ADDS, UPDATES, ", transaction_per_migration=True", False),
        (ADDS, UPDATES, ", transaction_per_migration=flag", False),
        (ADDS, UPDATES, ", **options", False),
        (ADDS, '    op.alter_column("orders", "state", server_default="lost")', "", True),
        (ADDS.replace("state", "shop.state"), UPDATES, "", True),
        (IN_BLOCK, UPDATES, "", False),
        (ADDS.replace("lost", "found"), UPDATES, "", False),
        (ADDS.replace("state", "mood"), UPDATES, "", False),
        (ADDS, UPDATES.replace("orders SET state", "plain SET name"), "", False),
        (ADDS, '    op.alter_column("orders", "name", server_default="lost")', "", False),
        (
            ADDS,
            '    with op.get_context().autocommit_block():\n        op.execute("SELECT 1")\n' + UPDATES,
            "",
            False,
        ),
    ],
)
def test_enum_labels(adds: str, uses: str, option: str, speaks: bool, tmp_path: Path) -> None:
    def later(revision: str, parent: str, upgrade: str) -> str:
        text = _next(upgrade).replace('down_revision = "a1"', f'down_revision = "{parent}"')
        return ENUM + text.replace('\nrevision = "b1"', f'\nrevision = "{revision}"')

    versions = {
        "migrations/versions/b1.py": later("b1", "a1", TYPED),
        "migrations/versions/c1.py": later("c1", "b1", adds),
        "migrations/versions/d1.py": later("d1", "c1", uses),
    }
    env = PLAIN.replace("=target_metadata)", f"=target_metadata{option})")
    made = project(tmp_path, env, **versions)
    assert len(found(made, "transaction-per-migration-off")) == int(speaks)
    assert found(made, "transaction-per-migration-off", "postgresql:11") == []


def test_findings_in_the_application_can_be_shown_and_silenced(tmp_path: Path) -> None:
    app = {"app.py": APP + "app = Flask(__name__)\nBase.create_all()\n"}
    made = project(tmp_path, PLAIN, **({"shop/__init__.py": "", "shop/db.py": ""} | app))
    judged = check(Config(root=tmp_path, dialects=(Dialect("sqlite"),)))
    assert judged.sources["app.py"][3] == "Base.create_all()"
    assert [one.suppressed for one in judged.findings] == [None]
    comment = "# migrate-guard: ignore[create-all-at-start] -- a demonstration\n"
    made.write({"app.py": app["app.py"].replace("Base.create", f"{comment}Base.create")})
    near.cache_clear()
    module_of.cache_clear()
    assert [one.suppressed for one in made.findings("sqlite")] == ["a demonstration"]
