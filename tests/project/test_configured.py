from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from migrate_guard.errors import GuardError
from tests.project.trees import (
    ENV_PY,
    FLASK_ENV_PY,
    INI,
    alembic_project,
    chain,
    error,
    found,
    names,
    only,
    opened,
    revision,
    write_files,
)


def test_sections(tmp_path: Path) -> None:
    ini = "[DEFAULT]\nx = .\n[one]\nscript_location = one\n[two]\nscript_location = two\n[loggers]\n"
    write_files(
        tmp_path, {"alembic.ini": ini, **chain("a", under="one/versions"), **chain("b", under="two/versions")}
    )
    assert names(tmp_path) == ["alembic.ini [one]", "alembic.ini [two]"]
    assert names(tmp_path, sections=("two",)) == ["alembic.ini [two]"]
    assert "no section [three]" in error(tmp_path, sections=("three",)).message


def test_multidb(tmp_path: Path) -> None:
    ini = (
        INI
        + "databases = main, stats\n[main]\nsqlalchemy.url = postgresql://h/a\n[stats]\nsqlalchemy.url = mysql://h/b\n"
    )
    write_files(tmp_path, {"alembic.ini": ini, "migrations/env.py": ENV_PY, **chain("a")})
    environment = only(tmp_path)
    assert (environment.databases, environment.url_dialects) == (("main", "stats"), ("postgresql", "mysql"))


def test_flask_multidb_names_are_in_the_revisions(tmp_path: Path) -> None:
    text = """
        revision = "a"
        down_revision = None
        def upgrade(engine_name):
            globals()["upgrade_" + engine_name]()
        def upgrade_():
            pass
        def upgrade_users():
            pass
        """
    write_files(
        tmp_path,
        {
            "migrations/alembic.ini": "[alembic]\n",
            "migrations/env.py": FLASK_ENV_PY,
            "migrations/versions/a.py": text,
        },
    )
    environment, _ = opened(tmp_path)
    assert environment.databases == ("", "users")


def test_a_package_resource(tmp_path: Path) -> None:
    write_files(
        tmp_path,
        {
            "conf/alembic.ini": "[alembic]\nscript_location = shop.db:migrations\n",
            "src/shop/__init__.py": "raise SystemExit(1)",
            "src/shop/db/__init__.py": "",
            **chain("a", under="src/shop/db/migrations/versions"),
        },
    )
    assert only(tmp_path).script_location == tmp_path / "src" / "shop" / "db" / "migrations"


@pytest.mark.parametrize("text", ["migrations", "./migrations", "service/migrations", "service\\migrations"])
def test_a_location_relative_to_the_ini_or_the_project(tmp_path: Path, text: str) -> None:
    write_files(tmp_path, {"service/alembic.ini": f"[alembic]\nscript_location = {text}\n"})
    write_files(tmp_path, chain("a", under="service/migrations/versions"))
    assert only(tmp_path).script_location == tmp_path / "service" / "migrations"


def test_a_dot_means_the_script_directory_not_the_working_directory(tmp_path: Path) -> None:
    write_files(tmp_path, {"pkg/db/alembic.ini": "[alembic]\nscript_location = .\n", "pkg/db/env.py": ENV_PY})
    write_files(
        tmp_path, {"pkg/__init__.py": "", "pkg/db/__init__.py": "", **chain("a", under="pkg/db/versions")}
    )
    environment = only(tmp_path)
    assert (environment.script_location, environment.root) == (tmp_path / "pkg" / "db", tmp_path)


def test_a_percent_sign_in_the_path(tmp_path: Path) -> None:
    root = tmp_path / "100%"
    alembic_project(root)
    assert only(root).script_location == root / "migrations"


@pytest.mark.parametrize(
    ("ini", "place", "part"),
    [
        ("script_location = x\n", "alembic.ini:1", "before the first [section]"),
        ("[alembic]\nscript_location = a\nscript_location = b\n", "alembic.ini:3", "stands twice"),
        ("[alembic]\n[x]\n[x]\n", "alembic.ini:3", "stands twice"),
        ("[alembic]\nscript_location = a\nnonsense\n", "alembic.ini:3", "neither a [section]"),
        ("[alembic]\n\nscript_location = %(nowhere)s/x\n", "alembic.ini:3", "cannot be filled in"),
        ("[alembic]\nscript_location = %x\n", "alembic.ini:2", "cannot be filled in"),
        ("[alembic]\n# x\nscript_location = gone\n", "alembic.ini:3", "'gone' is not a directory"),
        ("[alembic]\nscript_location = gone:there\n", "alembic.ini:2", "'gone:there' is not a directory"),
        ("[alembic]\nfile_template = x\n", "alembic.ini", "no script_location in [alembic]"),
        ("[loggers]\n", "alembic.ini", "no section [alembic]"),
        ("", "alembic.ini", "no section [alembic]"),
        (
            "[alembic]\nscript_location = db\nversion_locations = a:b\npath_separator = os  # default\n",
            "alembic.ini:4",
            "path_separator is 'os  # default'",
        ),
    ],
)
def test_says_where_an_ini_is_wrong(tmp_path: Path, ini: str, place: str, part: str) -> None:
    write_files(tmp_path, {"alembic.ini": ini, **chain("a", under="db/versions")})
    for options in ({}, {"config_files": (Path("alembic.ini"),)}):
        caught = error(tmp_path, **options)
        assert caught.message.startswith(f"{place}: ")
        assert part in caught.message
        assert caught.hint


@pytest.mark.parametrize(
    ("toml", "place", "part"),
    [
        ("[tool.alembic]\nscript_location = \n", "pyproject.toml:2", "not valid TOML"),
        ("[tool]\nalembic = 3\n", "pyproject.toml", "not a table"),
        ("[tool.alembic]\nscript_location = 3\n", "pyproject.toml:2", "not a string"),
        ("[tool.alembic]\nscript_location = '%(x)s'\n", "pyproject.toml:2", "cannot be filled in"),
        ("[tool.alembic]\n\nscript_location = 'gone'\n", "pyproject.toml:3", "not a directory"),
        (
            "[tool.alembic]\nscript_location = 'db'\nversion_locations = 'a'\n",
            "pyproject.toml:3",
            "not a list",
        ),
        (
            "[tool.alembic]\nscript_location = 'db'\nrecursive_version_locations = 1\n",
            "pyproject.toml:3",
            "boolean",
        ),
        ("[tool.alembic]\n", "pyproject.toml", "no script_location"),
    ],
)
def test_says_where_a_pyproject_is_wrong(tmp_path: Path, toml: str, place: str, part: str) -> None:
    write_files(tmp_path, {"pyproject.toml": toml, **chain("a", under="db/versions")})
    caught = error(tmp_path)
    assert caught.message.startswith(f"{place}: ")
    assert part in caught.message


def test_a_broken_configuration_does_not_hide_the_others(tmp_path: Path) -> None:
    alembic_project(tmp_path / "good")
    write_files(tmp_path, {"bad/alembic.ini": "nonsense\n"})
    selection = found(tmp_path)
    assert [one.name for one in selection.environments] == ["good/alembic.ini"]
    assert selection.skipped == ("bad/alembic.ini:1: there is text before the first [section]",)


def test_a_broken_configuration_keeps_its_script_directory_from_being_judged(tmp_path: Path) -> None:
    alembic_project(tmp_path / "good")
    alembic_project(tmp_path / "bad")
    write_files(tmp_path, {"bad/alembic.ini": "nonsense\n"})
    assert names(tmp_path) == ["good/alembic.ini"]
    assert error(tmp_path / "bad").message.startswith("alembic.ini:1: ")
    assert names(tmp_path, paths=(Path("bad/migrations"),)) == ["bad/migrations"]


def test_a_template_of_a_configuration(tmp_path: Path) -> None:
    alembic_project(tmp_path)
    write_files(tmp_path, {"alembic.ini": "[alembic]\nscript_location = {alembic_dir}\n"})
    assert names(tmp_path) == ["migrations"]
    assert names(tmp_path, paths=(Path("migrations/versions/a1_.py"),)) == ["migrations"]
    named = error(tmp_path, config_files=(Path("alembic.ini"),))
    assert named.message == "alembic.ini:2: script_location '{alembic_dir}' is not a directory"


def test_strange_bytes_in_an_ini(tmp_path: Path) -> None:
    alembic_project(tmp_path)
    (tmp_path / "alembic.ini").write_bytes(
        b"\xef\xbb\xbf# \xc3\xa9\r\n[alembic]\r\nscript_location = migrations\r\n"
    )
    assert only(tmp_path).kind == "alembic.ini"
    (tmp_path / "alembic.ini").write_bytes(b"# caf\xe9\n[alembic]\nscript_location = migrations\n")
    assert only(tmp_path).kind == "alembic.ini"
    (tmp_path / "alembic.ini").write_bytes(b"\0\1")
    assert "null bytes" in error(tmp_path).message


LINES = st.lists(
    st.one_of(
        st.sampled_from(
            [
                "[alembic]",
                "[DEFAULT]",
                "[tool.alembic]",
                "script_location = migrations",
                "script_location = %(here)s/migrations",
                "script_location = %(x)s",
                'script_location = "migrations"',
                "version_locations = %(here)s/a:b , c",
                'version_locations = ["a", 3]',
                "path_separator = os",
                "path_separator = ,",
                "recursive_version_locations = true",
                "databases = a, %(b)s",
                "sqlalchemy.url = mysql://u:p%40@h",
                "  continued",
            ]
        ),
        st.text(max_size=20),
    ),
    max_size=8,
)


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None)
@given(lines=LINES, name=st.sampled_from(["alembic.ini", "pyproject.toml"]))
def test_any_configuration_is_read_or_refused_in_one_line(
    tmp_path: Path, lines: list[str], name: str
) -> None:
    write_files(tmp_path, {"migrations/versions/a.py": revision("a")})
    file = tmp_path / name
    file.write_bytes("\n".join(lines).encode("utf-8", "ignore"))
    try:
        environments = found(tmp_path, config_files=(Path(name),)).environments
    except GuardError as refused:
        assert "\n" not in refused.message  # noqa: PT017 - either outcome is right
    else:
        assert all(one.script_location.is_dir() for one in environments)
