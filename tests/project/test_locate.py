from __future__ import annotations

import os
from pathlib import Path

import pytest

from migrate_guard.config import Config
from migrate_guard.dialect import Dialect
from migrate_guard.errors import GuardError
from migrate_guard.project import find_environments, load_graph, open_environment
from tests.project.trees import (
    ENV_PY,
    FLASK_ENV_PY,
    INI,
    alembic_project,
    chain,
    found,
    only,
    opened,
    revision,
    write_files,
)


@pytest.fixture(autouse=True)
def _no_variables(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("ALEMBIC_CONFIG", raising=False)
    monkeypatch.delenv("FLASK_DB_DIRECTORY", raising=False)


def names(root: Path, **options: object) -> list[str]:
    return [environment.name for environment in found(root, **options).environments]


def error(root: Path, **options: object) -> GuardError:
    with pytest.raises(GuardError) as caught:
        found(root, **options)
    assert "\n" not in caught.value.message
    return caught.value


def test_an_alembic_ini(tmp_path: Path) -> None:
    alembic_project(tmp_path)
    environment = only(tmp_path)
    assert (environment.name, environment.kind, environment.command) == (
        "alembic.ini",
        "alembic.ini",
        "alembic",
    )
    assert environment.root == tmp_path
    assert environment.script_location == tmp_path / "migrations"
    assert environment.env_py == tmp_path / "migrations" / "env.py"
    assert environment.config_file == tmp_path / "alembic.ini"


def test_runs_nothing_of_the_project(tmp_path: Path) -> None:
    alembic_project(tmp_path)
    write_files(tmp_path, {"migrations/env.py": "from alembic import context\nraise SystemExit(1)\n"})
    _, graph = opened(tmp_path)
    assert graph.heads == ("b2",)


def test_a_tool_table_in_pyproject(tmp_path: Path) -> None:
    write_files(
        tmp_path,
        {"pyproject.toml": '[tool.alembic]\nscript_location = "db"\n', **chain("a", under="db/versions")},
    )
    environment = only(tmp_path)
    assert (environment.name, environment.kind) == ("pyproject.toml", "pyproject.toml")
    assert environment.script_location == tmp_path / "db"


def test_pyproject_and_ini_together(tmp_path: Path) -> None:
    write_files(
        tmp_path,
        {
            "alembic.ini": "[alembic]\nsqlalchemy.url = mysql://localhost/shop\n",
            "pyproject.toml": '[tool.alembic]\nscript_location = "%(here)s/db"\nprepend_sys_path = ["lib"]\n',
            "lib/x.py": "",
            **chain("a", under="db/versions"),
        },
    )
    environment = only(tmp_path)
    assert (environment.kind, environment.prepend) == ("pyproject.toml", (tmp_path / "lib",))
    assert environment.url_dialects == ("mysql",)


def test_the_ini_wins_over_pyproject(tmp_path: Path) -> None:
    write_files(
        tmp_path,
        {
            "alembic.ini": "[alembic]\nscript_location = one\n",
            "pyproject.toml": '[tool.alembic]\nscript_location = "two"\n',
            **chain("a", under="one/versions"),
            **chain("b", under="two/versions"),
        },
    )
    assert only(tmp_path).script_location == tmp_path / "one"


def test_flask_migrate(tmp_path: Path) -> None:
    write_files(
        tmp_path,
        {
            "migrations/alembic.ini": "[alembic]\n",
            "migrations/env.py": FLASK_ENV_PY,
            "app/__init__.py": "",
            **chain("a"),
        },
    )
    environment = only(tmp_path)
    assert (environment.name, environment.kind) == ("migrations/alembic.ini", "flask-migrate")
    assert (environment.command, environment.root) == ("flask db", tmp_path)
    assert environment.script_location == tmp_path / "migrations"


def test_flask_migrate_takes_its_own_directory_whatever_the_ini_says(tmp_path: Path) -> None:
    ini = "[alembic]\nscript_location = somewhere/else\n"
    write_files(tmp_path, {"migrations/alembic.ini": ini, "migrations/env.py": FLASK_ENV_PY, **chain("a")})
    assert only(tmp_path).kind == "flask-migrate"


@pytest.mark.parametrize("how", ["flag", "variable", "path"])
def test_flask_migrate_directory(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, how: str) -> None:
    under = "db/schema/versions"
    write_files(
        tmp_path,
        {"db/schema/alembic.ini": "[alembic]\n", "db/schema/env.py": FLASK_ENV_PY, **chain("a", under=under)},
    )
    alembic_project(tmp_path / "other")
    if how == "variable":
        monkeypatch.setenv("FLASK_DB_DIRECTORY", "db/schema")
    options: dict[str, dict[str, object]] = {
        "flag": {"directory": Path("db/schema")},
        "variable": {},
        "path": {"paths": (Path("db/schema"),)},
    }
    assert names(tmp_path, **options[how]) == ["db/schema/alembic.ini"]


def test_alembic_config_variable(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    alembic_project(tmp_path / "one")
    alembic_project(tmp_path / "two")
    monkeypatch.setenv("ALEMBIC_CONFIG", "two/alembic.ini")
    assert names(tmp_path) == ["two/alembic.ini"]
    monkeypatch.setenv("ALEMBIC_CONFIG", "three/alembic.ini")
    assert error(tmp_path).message == "three/alembic.ini: there is no such file"


def test_a_monorepo(tmp_path: Path) -> None:
    alembic_project(tmp_path / "services" / "billing")
    alembic_project(tmp_path / "services" / "shop")
    write_files(tmp_path, {"legacy/env.py": ENV_PY, **chain("z", under="legacy/versions")})
    assert names(tmp_path) == ["legacy", "services/billing/alembic.ini", "services/shop/alembic.ini"]


@pytest.mark.parametrize(
    "place",
    [
        "node_modules/x",
        ".tox/py",
        "venv",
        "lib/python3/site-packages/x",
        "__pycache__",
        "x.egg-info",
        "build/lib",
    ],
)
def test_passes_over_what_is_not_the_project(tmp_path: Path, place: str) -> None:
    alembic_project(tmp_path / place)
    alembic_project(tmp_path / "own")
    write_files(tmp_path, {"venv/pyvenv.cfg": "", "pyproject.toml": "[project]\nname = 'x'\n"})
    assert names(tmp_path) == ["own/alembic.ini"]


def test_survives_loops_of_links(tmp_path: Path) -> None:
    alembic_project(tmp_path)
    (tmp_path / "migrations" / "again").symlink_to(tmp_path, target_is_directory=True)
    (tmp_path / "loop").symlink_to(tmp_path / "loop")
    assert names(tmp_path) == ["alembic.ini"]


def test_finds_the_project_from_a_subdirectory(tmp_path: Path) -> None:
    alembic_project(tmp_path)
    (tmp_path / ".git").mkdir()
    deep = tmp_path / "app" / "models"
    deep.mkdir(parents=True)
    assert names(deep) == ["../../alembic.ini"]
    assert names(tmp_path / "migrations" / "versions") == ["../../alembic.ini"]
    assert names(tmp_path / "migrations") == ["../alembic.ini"]


def test_does_not_look_beyond_the_repository(tmp_path: Path) -> None:
    alembic_project(tmp_path)
    (tmp_path / "repository" / ".git").mkdir(parents=True)
    assert "no migrations found" in error(tmp_path / "repository").message


def test_nothing_found(tmp_path: Path) -> None:
    (tmp_path / "app").mkdir()
    caught = error(tmp_path)
    assert "alembic.ini" in caught.message
    assert "-c" in (caught.hint or "")
    assert "in app, below it" in error(tmp_path, paths=(Path("app"),)).message
    write_files(tmp_path, chain("a", under="app/alembic"))
    assert error(tmp_path).hint == "there are revision files in app/alembic: name it as a path"


def test_sections(tmp_path: Path) -> None:
    ini = "[DEFAULT]\nx = .\n[one]\nscript_location = one\n[two]\nscript_location = two\n[loggers]\n"
    write_files(
        tmp_path, {"alembic.ini": ini, **chain("a", under="one/versions"), **chain("b", under="two/versions")}
    )
    assert names(tmp_path) == ["alembic.ini [one]", "alembic.ini [two]"]
    assert names(tmp_path, sections=("two",)) == ["alembic.ini [two]"]
    assert "no section [three]" in error(tmp_path, sections=("three",)).message


def test_several_configurations(tmp_path: Path) -> None:
    write_files(tmp_path, {"a.ini": "[alembic]\nscript_location = one\n", **chain("a", under="one/versions")})
    write_files(tmp_path, {"b.ini": "[alembic]\nscript_location = two\n", **chain("b", under="two/versions")})
    assert names(tmp_path, config_files=(Path("a.ini"), Path("b.ini"))) == ["a.ini", "b.ini"]
    assert names(tmp_path, config_files=(Path("b.ini"),)) == ["b.ini"]


def test_an_ini_and_a_pyproject_are_combined(tmp_path: Path) -> None:
    write_files(
        tmp_path,
        {"conf/a.ini": "[alembic]\nsqlalchemy.url = sqlite:///x.db\n", **chain("a", under="one/versions")},
    )
    write_files(tmp_path, {"pyproject.toml": '[tool.alembic]\nscript_location = "one"\n'})
    environment = only(tmp_path, config_files=(Path("conf/a.ini"), Path("pyproject.toml")))
    assert (environment.kind, environment.url_dialects) == ("pyproject.toml", ("sqlite",))


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


def test_paths_that_are_not_there(tmp_path: Path) -> None:
    alembic_project(tmp_path)
    assert error(tmp_path, paths=(Path("nowhere"),)).message == "nowhere: there is no such file or directory"
    assert error(tmp_path, config_files=(Path("x.ini"),)).message == "x.ini: there is no such file"
    assert error(tmp_path, directory=Path("x")).message == "x: there is no such directory"
    (tmp_path / "empty").mkdir()
    assert "neither an alembic.ini nor" in error(tmp_path, directory=Path("empty")).message
    (tmp_path / "notes.txt").write_text("")
    assert "notes.txt: is no directory" in error(tmp_path, paths=(Path("notes.txt"),)).message


def judged(root: Path, *paths: str, **options: object) -> dict[str, list[str] | None]:
    """Return which revisions of which environments the paths select; `None` for all."""
    selection = found(root, paths=tuple(Path(path) for path in paths), **options)
    result: dict[str, list[str] | None] = {}
    for environment in selection.environments:
        scripts = load_graph(environment, root).scripts.values()
        picked = [one.revision for one in scripts if selection.picks(environment, one)]
        result[environment.name] = picked if environment.name in selection.files else None
    return result


def test_single_files(tmp_path: Path) -> None:
    alembic_project(tmp_path, "a1", "b2", "c3")
    assert judged(tmp_path, "migrations/versions/b2_.py") == {"alembic.ini": ["b2"]}
    both = ("migrations/versions/b2_.py", "migrations/versions/a1_.py")
    assert judged(tmp_path, *both) == {"alembic.ini": ["a1", "b2"]}
    assert judged(tmp_path, *both, "alembic.ini") == {"alembic.ini": None}
    assert judged(tmp_path, "migrations/versions") == {"alembic.ini": None}
    assert judged(tmp_path, "migrations/env.py") == {"alembic.ini": []}


def test_a_file_whose_ini_is_elsewhere(tmp_path: Path) -> None:
    write_files(tmp_path, {"deploy/alembic.ini": "[alembic]\nscript_location = ../db/migrations\n"})
    write_files(tmp_path, {**chain("a", "b", under="db/migrations/versions")})
    assert judged(tmp_path, "db/migrations/versions/a_.py") == {"deploy/alembic.ini": ["a"]}


def test_a_file_of_a_broken_project(tmp_path: Path) -> None:
    alembic_project(tmp_path)
    write_files(tmp_path, {"alembic.ini": "nonsense\n"})
    assert error(tmp_path, paths=(Path("migrations/versions/a1_.py"),)).message.startswith("alembic.ini:1: ")


def test_a_file_with_its_configuration_named(tmp_path: Path) -> None:
    alembic_project(tmp_path / "one")
    alembic_project(tmp_path / "two")
    options = {"config_files": (Path("one/alembic.ini"),)}
    assert judged(tmp_path, "one/migrations/versions/a1_.py", **options) == {"one/alembic.ini": ["a1"]}
    caught = error(tmp_path, paths=(Path("two/migrations/versions/a1_.py"),), **options)
    assert "does not belong to one/alembic.ini" in caught.message
    assert error(tmp_path, paths=(Path("two"),), **options).hint


def test_one_of_several_version_directories(tmp_path: Path) -> None:
    ini = "[alembic]\nscript_location = m\npath_separator = :\nversion_locations = one/v:two/v\n"
    write_files(tmp_path, {"alembic.ini": ini, "m/env.py": ENV_PY, **chain("a", "b", under="one/v")})
    write_files(tmp_path, {"two/v/c.py": revision("c", "b")})
    assert judged(tmp_path, "two") == {"alembic.ini": ["c"]}


@pytest.mark.parametrize("path", ["stuff/versions", "stuff"])
def test_a_bare_versions_directory(tmp_path: Path, path: str) -> None:
    write_files(tmp_path, chain("a", "b", under=path))
    environment = only(tmp_path, paths=(Path(path),))
    assert (environment.kind, environment.version_locations) == ("directory", (tmp_path / path,))
    assert environment.name == "stuff"
    assert judged(tmp_path, f"{path}/b_.py") == {"stuff": ["b"]}


def test_a_file_that_belongs_to_no_migrations(tmp_path: Path) -> None:
    write_files(tmp_path, {"app.py": "x = 1\n"})
    assert error(tmp_path, paths=(Path("app.py"),)).message.startswith(
        "app.py: is not in a versions directory"
    )


def test_no_revisions(tmp_path: Path) -> None:
    write_files(
        tmp_path, {"alembic.ini": INI, "migrations/env.py": ENV_PY, "migrations/versions/__init__.py": ""}
    )
    with pytest.raises(GuardError) as caught:
        load_graph(only(tmp_path), tmp_path)
    assert "no revision file in migrations/versions" in caught.value.message


def test_broken_files_are_kept_and_the_rest_is_read(tmp_path: Path) -> None:
    alembic_project(tmp_path, "a1", "b2", "c3")
    write_files(
        tmp_path, {"migrations/versions/b2_.py": "revision = 'b2'\ndown_revision = 'a1'\nprint 'x'\n"}
    )
    _, graph = opened(tmp_path)
    assert (graph.order, graph.parents["c3"], graph.missing) == (("a1", "c3"), ("a1",), {})
    assert [(one.span.path, one.span.line) for one in graph.broken] == [("migrations/versions/b2_.py", 3)]


def test_a_file_reached_twice_counts_once(tmp_path: Path) -> None:
    ini = "[alembic]\nscript_location = m\npath_separator = :\nversion_locations = one:two\n"
    write_files(tmp_path, {"alembic.ini": ini, "m/env.py": ENV_PY, **chain("a", "b", under="one")})
    (tmp_path / "two").mkdir()
    (tmp_path / "two" / "a_.py").symlink_to(tmp_path / "one" / "a_.py")
    _, graph = opened(tmp_path)
    assert (graph.order, graph.duplicates) == (("a", "b"), ())


def test_subdirectories_that_continue_the_history(tmp_path: Path) -> None:
    alembic_project(tmp_path, "a1", "b2")
    write_files(tmp_path, {"migrations/versions/2024/c.py": revision("c3", "b2")})
    _, graph = opened(tmp_path)
    assert graph.heads == ("c3",)
    assert "are read too" in graph.notes[0]


@pytest.mark.parametrize("ini", [INI, None])
def test_a_history_for_each_server(tmp_path: Path, ini: str | None) -> None:
    write_files(tmp_path, {"alembic.ini": ini} if ini else {})
    write_files(tmp_path, {"migrations/env.py": ENV_PY, "migrations/versions/__init__.py": ""})
    write_files(tmp_path, chain("p1", "p2", under="migrations/versions/postgresql"))
    write_files(tmp_path, chain("s1", "s2", "p1", under="migrations/versions/sqlite"))
    base = "alembic.ini" if ini else "migrations"
    assert names(tmp_path) == [f"{base} (postgresql)", f"{base} (sqlite)"]
    opened_ones = [open_environment(one, Config(root=tmp_path)) for one in found(tmp_path).environments]
    assert [(one.dialects, graph.heads) for one, graph in opened_ones] == [
        ((Dialect("postgresql"),), ("p2",)),
        ((Dialect("sqlite"),), ("p1",)),
    ]
    assert opened_ones[1][0].dialect_reason == "from the name of migrations/versions/sqlite"
    assert judged(tmp_path, "migrations/versions/sqlite/s2_.py") == {f"{base} (sqlite)": ["s2"]}
    assert judged(tmp_path, "migrations/versions/sqlite") == {f"{base} (sqlite)": None}
    assert judged(tmp_path, "migrations/versions") == {f"{base} (postgresql)": None, f"{base} (sqlite)": None}
    assert judged(tmp_path, "migrations/env.py") == {f"{base} (postgresql)": [], f"{base} (sqlite)": []}


def test_one_history_in_subdirectories_by_year(tmp_path: Path) -> None:
    write_files(tmp_path, {"alembic.ini": INI, "migrations/env.py": ENV_PY})
    write_files(tmp_path, chain("a", "b", under="migrations/versions/2023"))
    write_files(tmp_path, {"migrations/versions/2024/c.py": revision("c", "b")})
    environment, graph = opened(tmp_path)
    assert (environment.name, graph.heads) == ("alembic.ini", ("c",))


def test_subdirectories_that_are_an_archive(tmp_path: Path) -> None:
    alembic_project(tmp_path, "a1", "b2")
    write_files(tmp_path, chain("x", "y", under="migrations/versions/old"))
    _, graph = opened(tmp_path)
    assert set(graph.scripts) == {"a1", "b2"}
    assert "2 revisions in subdirectories such as migrations/versions/old are not read" in graph.notes[0]


def test_a_search_is_bounded(tmp_path: Path) -> None:
    from migrate_guard.project.search import places_below

    for number in range(30):
        (tmp_path / f"d{number:02}").mkdir()
    alembic_project(tmp_path / "d29")
    assert [one.directory.name for one in places_below(tmp_path)] == ["d29", "migrations"]
    assert list(places_below(tmp_path, limit=10)) == []


@pytest.mark.skipif(os.name == "nt" or os.geteuid() == 0, reason="permissions do not bind this user")
def test_directories_and_files_that_may_not_be_read(tmp_path: Path) -> None:
    alembic_project(tmp_path)
    (tmp_path / "secret").mkdir(mode=0)
    assert names(tmp_path) == ["alembic.ini"]
    (tmp_path / "alembic.ini").chmod(0)
    assert "cannot be read" in error(tmp_path).message


def test_the_working_directory_is_the_root(tmp_path: Path) -> None:
    alembic_project(tmp_path / "x")
    selection = find_environments(Config(root=tmp_path / "x"))
    assert [one.name for one in selection.environments] == ["alembic.ini"]
