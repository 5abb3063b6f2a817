from __future__ import annotations

from pathlib import Path

import pytest

from migrate_guard.dialect import Dialect
from migrate_guard.project import convention_assigned, convention_mentioned
from migrate_guard.project.detect import ASSUMED
from migrate_guard.project.drivers import drivers_in
from migrate_guard.project.urls import dialect_of_url, dialects_in_code
from tests.project.trees import ENV_PY, INI, alembic_project, only, opened, revision, write_files


def detected(root: Path, **options: object) -> tuple[list[str], str]:
    environment, _ = opened(root, **options)
    return [str(one) for one in environment.dialects], environment.dialect_reason


@pytest.mark.parametrize(
    ("url", "dialect"),
    [
        ("postgresql+psycopg://u:p@h/db", "postgresql"),
        ("postgres://h/db", "postgresql"),
        ("mysql+pymysql://h/db", "mysql"),
        ("mariadb://h/db", "mariadb"),
        ("sqlite:///app.db", "sqlite"),
        ("sqlite:////var/app.db", "sqlite"),
        ('"sqlite:///app.db"', "sqlite"),
        ("sqlite://", None),
        ("sqlite:///:memory:", None),
        ("driver://user:pass@localhost/dbname", None),
        ("oracle://h/db", None),
        ("%(URL)s", None),
        ("", None),
    ],
)
def test_urls(url: str, dialect: str | None) -> None:
    assert dialect_of_url(url) == dialect


def test_nothing_names_a_database(tmp_path: Path) -> None:
    alembic_project(tmp_path)
    assert detected(tmp_path) == (["postgresql"], ASSUMED)


def test_the_configuration_wins(tmp_path: Path) -> None:
    alembic_project(tmp_path)
    dialects = (Dialect("mysql", (8, 0)), Dialect("sqlite"))
    assert detected(tmp_path, dialects=dialects) == (["mysql 8.0", "sqlite"], "as configured")


def test_the_url_of_the_ini(tmp_path: Path) -> None:
    alembic_project(tmp_path)
    write_files(
        tmp_path,
        {
            "alembic.ini": INI + "sqlalchemy.url = mysql+pymysql://%(user)s@h/x\n",
            "requirements.txt": "psycopg2\n",
        },
    )
    assert detected(tmp_path) == (["mysql"], "from sqlalchemy.url in alembic.ini")


def test_a_sqlite_url_does_not_hide_the_driver_of_production(tmp_path: Path) -> None:
    alembic_project(tmp_path)
    write_files(
        tmp_path,
        {
            "alembic.ini": INI + "sqlalchemy.url = sqlite:///dev.db\n",
            "requirements.txt": "psycopg2-binary==2.9\n",
        },
    )
    assert detected(tmp_path) == (
        ["postgresql", "sqlite"],
        "from sqlalchemy.url in alembic.ini and psycopg2-binary in requirements.txt",
    )


@pytest.mark.parametrize(
    ("file", "text", "drivers"),
    [
        (
            "pyproject.toml",
            '[project]\ndependencies = [\n  "psycopg[binary]>=3.2",\n  "asyncpg",\n]\n',
            ["psycopg", "asyncpg"],
        ),
        (
            "pyproject.toml",
            '[tool.poetry.dependencies]\nPyMySQL = "^1.1"\nmysqlclient = {version = "2"}\n',
            ["pymysql", "mysqlclient"],
        ),
        (
            "requirements.txt",
            "psycopg2_binary==2.9 # driver\n# mysqlclient\n# 'asyncpg'\nflask-mysql\n",
            ["psycopg2-binary"],
        ),
        ("requirements.txt", "asyncpg-stubs\nmariadb\n", ["mariadb"]),
        ("Pipfile", '[packages]\naiosqlite = "*"\n', ["aiosqlite"]),
        ("setup.cfg", "[options]\ninstall_requires =\n    pg8000>=1.3\n    six\n", ["pg8000"]),
        ("setup.py", "setup(install_requires=['aiomysql', \"x\"])\n", ["aiomysql"]),
    ],
)
def test_declared_drivers(tmp_path: Path, file: str, text: str, drivers: list[str]) -> None:
    write_files(tmp_path, {file: text})
    assert [one.name for one in drivers_in(tmp_path / file)] == drivers


def test_drivers_are_declared_by_the_nearest_project(tmp_path: Path) -> None:
    alembic_project(tmp_path / "service")
    write_files(tmp_path, {"pyproject.toml": '[project]\ndependencies = ["mysqlclient"]\n'})
    assert detected(tmp_path) == (["mysql"], "from mysqlclient in pyproject.toml")
    write_files(tmp_path, {"service/requirements/base.txt": "asyncpg\n"})
    assert detected(tmp_path) == (["postgresql"], "from asyncpg in service/requirements/base.txt")


def test_aiosqlite_beside_a_server_driver_is_for_tests(tmp_path: Path) -> None:
    alembic_project(tmp_path)
    write_files(tmp_path, {"requirements.txt": "aiosqlite\nasyncpg\n"})
    assert detected(tmp_path)[0] == ["postgresql"]
    write_files(tmp_path, {"requirements.txt": "aiosqlite\n"})
    assert detected(tmp_path) == (["sqlite"], "from aiosqlite in requirements.txt")


@pytest.mark.parametrize(
    ("text", "dialects"),
    [
        ("from sqlalchemy.dialects import postgresql\n", ["postgresql"]),
        ("from sqlalchemy.dialects import (\n    mysql,\n)\nx = mysql.LONGTEXT()\n", ["mysql"]),
        ("from sqlalchemy.dialects.mysql import LONGTEXT\n", ["mysql"]),
        ("op.create_index('i', 't', ['c'], postgresql_using='gin')\n", ["postgresql"]),
        ("if bind.dialect.name == 'sqlite':\n    pass\n", ["sqlite"]),
        ("if name != 'mysql' and name == \"postgresql\":\n    pass\n", ["postgresql", "mysql"]),
        ("op.execute('-- for postgresql only')\n", []),
        ("is_postgresql = 1\n", []),
    ],
)
def test_what_the_revisions_name(tmp_path: Path, text: str, dialects: list[str]) -> None:
    alembic_project(tmp_path)
    write_files(tmp_path, {"migrations/versions/x.py": revision("x", "b2") + text})
    found, reason = detected(tmp_path)
    assert found == (dialects or ["postgresql"])
    assert reason == ("from what the revisions name" if dialects else ASSUMED)


def test_urls_in_env_py(tmp_path: Path) -> None:
    alembic_project(tmp_path)
    write_files(
        tmp_path, {"migrations/env.py": ENV_PY + '# "mysql://x"\nurl = f"postgresql+asyncpg://{host}/x"\n'}
    )
    assert detected(tmp_path) == (["postgresql"], "from the URL in migrations/env.py")


def test_urls_in_the_settings_of_an_application(tmp_path: Path) -> None:
    alembic_project(tmp_path)
    write_files(
        tmp_path,
        {
            "config.py": """
                import os
                class Config:
                    SQLALCHEMY_DATABASE_URI = os.environ.get("DATABASE_URL") or \\
                        "sqlite:///" + os.path.join(basedir, "app.db")

                class Testing(Config):
                    SQLALCHEMY_DATABASE_URI = "sqlite://"
                """,
            "docs.py": "x = 'mysql://elsewhere'\n",
            "tests/conftest.py": "SQLALCHEMY_DATABASE_URI = 'mysql://tests'\n",
        },
    )
    assert detected(tmp_path) == (["sqlite"], "from the database URL in config.py")


@pytest.mark.parametrize(
    ("text", "dialects"),
    [
        ("SQLALCHEMY_DATABASE_URI = 'sqlite:///:memory:'", ()),
        ("app.config['SQLALCHEMY_DATABASE_URI'] = 'postgresql://h/x'", ("postgresql",)),
        ("DATABASE_URL = URL.create('mysql+pymysql', host='h')", ("mysql",)),
        ("DB_URL = PostgresDsn.build(scheme='postgresql', host='h')", ("postgresql",)),
        ("DATABASE_URL = x\n\n\ny = 'mysql://h'", ()),
        ("SQLALCHEMY_BINDS = {'a': 'mysql://h', 'b': 'sqlite:///x'}", ("mysql", "sqlite")),
        ("cache = 'sqlite:///cache.db'", ()),
    ],
)
def test_settings_in_code(text: str, dialects: tuple[str, ...]) -> None:
    assert dialects_in_code(text, everywhere=False) == dialects


def test_a_naming_convention_is_mentioned(tmp_path: Path) -> None:
    alembic_project(tmp_path / "without")
    write_files(tmp_path, {"without/tests/test_x.py": "naming_convention"})
    assert convention_mentioned(only(tmp_path / "without")) is False
    alembic_project(tmp_path / "app")
    write_files(tmp_path, {"app/shop/db.py": "metadata = MetaData(naming_convention={})\n"})
    assert convention_mentioned(only(tmp_path / "app"))
    alembic_project(tmp_path / "env")
    write_files(tmp_path, {"env/migrations/env.py": ENV_PY + "naming_convention = {}\n"})
    assert convention_mentioned(only(tmp_path / "env"))


def test_a_file_that_is_not_searched_leaves_the_naming_convention_open(tmp_path: Path) -> None:
    """A very long file may speak of it, and so may one that is no file at all: then nothing is known."""
    alembic_project(tmp_path / "long")
    write_files(tmp_path, {"long/shop/data.py": "# data\n" * 100_000})
    environment = only(tmp_path / "long")
    assert convention_mentioned(environment) is None
    assert convention_assigned(environment) is None
    write_files(tmp_path, {"long/shop/zz.py": "metadata.naming_convention = {}\n"})
    convention_assigned.cache_clear()
    assert convention_assigned(environment) is True
