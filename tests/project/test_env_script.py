"""What is read from an `env.py`, and that nothing in one ends a run."""

from __future__ import annotations

import random
from pathlib import Path

import pytest

from migrate_guard.check import check
from migrate_guard.config import Config
from migrate_guard.operations import UNKNOWN
from migrate_guard.project.env_script import EnvScript, read_env_script
from migrate_guard.project.environment import Environment
from migrate_guard.project.reach import imported_files, module_name
from migrate_guard.project.urls import without_passwords
from migrate_guard.record import replace
from tests.commands import FIXTURES

ENVS = sorted(FIXTURES.rglob("env.py"))


def environment(root: Path) -> Environment:
    """Return the environment of a bare script directory `migrations` below `root`."""
    scripts = root / "migrations"
    env_py = scripts / "env.py"
    return Environment(
        name="migrations",
        kind="directory",
        root=root,
        script_location=scripts,
        version_locations=(scripts / "versions",),
        env_py=env_py if env_py.exists() else None,
    )


def read(root: Path, text: str | bytes) -> EnvScript | None:
    """Write an `env.py` and read it."""
    (root / "migrations").mkdir(exist_ok=True)
    data = text.encode() if isinstance(text, str) else text
    (root / "migrations" / "env.py").write_bytes(data)
    return read_env_script(environment(root), root)


@pytest.mark.parametrize("text", [b"\0", b"def", b"\xff\xfe", b"print 1", b"(" * 500])
def test_what_is_not_python_has_no_facts(text: bytes, tmp_path: Path) -> None:
    assert read(tmp_path, text) is None


def test_no_file_has_no_facts(tmp_path: Path) -> None:
    assert read_env_script(environment(tmp_path), tmp_path) is None
    assert imported_files(environment(tmp_path)) is None


def test_options_are_values_or_unknown(tmp_path: Path) -> None:
    env = read(
        tmp_path,
        "from alembic import context as c\nBATCH = True\ntwice = 1\ntwice = 2\n"
        "common = {'render_as_batch': BATCH}\n"
        "def online(include):\n    c.configure(connection=x, compare_type=twice, include_schemas=include,\n"
        "        version_table='v', **common)\n    c.configure(url='u', **given())\n",
    )
    assert env is not None
    online, offline = env.configured
    assert (online.online, offline.online) == (True, False)
    options = ("render_as_batch", "compare_type", "include_schemas", "version_table", "version_table_schema")
    assert [env.option(online, name) for name in options] == [True, UNKNOWN, UNKNOWN, "v", None]
    assert [env.option(offline, name) for name in options] == [UNKNOWN] * 5
    assert online.span.line == 7


@pytest.mark.parametrize(
    ("imports", "call"),
    [
        ("from alembic import context", "context.configure()"),
        ("import alembic.context", "alembic.context.configure()"),
        ("import alembic.context as ac", "ac.configure()"),
        ("from alembic.context import configure", "configure()"),
    ],
)
def test_the_context_is_known_by_its_import(imports: str, call: str, tmp_path: Path) -> None:
    env = read(tmp_path, f"{imports}\n{call}\nother.configure()\n")
    assert env is not None
    assert [one.span.line for one in env.configured] == [2]


def test_cycles_of_names_and_imports_end(tmp_path: Path) -> None:
    env = read(
        tmp_path, "a = b\nb = a\nimport one\nfrom alembic import context\ncontext.configure(x=a, **a)\n"
    )
    (tmp_path / "one.py").write_text("import two\n", encoding="utf-8")
    (tmp_path / "two.py").write_text("from one import *\nfrom . import nothing\n", encoding="utf-8")
    assert env is not None
    assert env.option(env.configured[0], "x") is UNKNOWN
    names = {file.name for file in imported_files(environment(tmp_path)) or ()}
    assert names == {"env.py", "one.py", "two.py"}


def test_relative_imports_are_followed(tmp_path: Path) -> None:
    files = {
        "shop/__init__.py": "from .api import main",
        "shop/api/__init__.py": "",
        "shop/api/main.py": "from ..models import user, order as o\nfrom ...far import away",
        "shop/models/user.py": "",
        "shop/models/order.py": "",
        "shop/models/unused.py": "",
    }
    for name, text in files.items():
        (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / name).write_text(text, encoding="utf-8")
    read(tmp_path, "import shop")
    place = environment(tmp_path)
    reached = {file.relative_to(tmp_path).as_posix() for file in imported_files(place) or ()}
    assert reached == {"migrations/env.py", *files} - {"shop/models/unused.py"}
    assert module_name(tmp_path / "shop/api/__init__.py", place) == "shop.api"
    assert module_name(tmp_path / "shop/models/user.py", place) == "shop.models.user"


def test_a_module_is_named_from_below_directories_that_have_no_name(tmp_path: Path) -> None:
    service = tmp_path / "my-service"
    (service / "shop").mkdir(parents=True)
    (service / "shop" / "models.py").write_text("", encoding="utf-8")
    read(service, "import shop.models")
    place = replace(environment(service), root=tmp_path)
    assert module_name(service / "shop/models.py", place) == "shop.models"


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("postgresql://u:secret@h/d", "postgresql://u:******@h/d"),
        ("x = 'a://u:s@c:r/t@h:1/d?e=f'", "x = 'a://u:*******@h:1/d?e=f'"),
        ("postgresql://h:5432/d", "postgresql://h:5432/d"),
        ("mail a@b.c, see http://x.y:80/z", "mail a@b.c, see http://x.y:80/z"),
    ],
)
def test_passwords_are_hidden_in_place(text: str, shown: str) -> None:
    assert without_passwords(text) == shown
    assert len(shown) == len(text)


DEEP = {
    "elif": "if z == 0:\n    pass\n" + "".join(f"elif z == {n}:\n    pass\n" for n in range(900)),
    "sum": "x = " + " + ".join(["1"] * 2500) + "\n",
    "attributes": "x" + ".y" * 2500 + "\n",
    "calls": "x" + "()" * 2500 + "\n",
}


@pytest.mark.parametrize("form", DEEP)
@pytest.mark.parametrize("place", ["top", "connected", "option", "start"])
def test_deep_nesting_ends_no_run(form: str, place: str, tmp_path: Path) -> None:
    deep = DEEP[form]
    inside = "".join(f"    {line}\n" for line in deep.splitlines())
    value = deep.strip().removeprefix("x = ") if form != "elif" else "None"
    head = "from alembic import context\nfrom logging.config import fileConfig\n"
    texts = {
        "top": f"{head}{deep}",
        "connected": f"{head}with e.connect() as x:\n{inside}    context.configure(x)\n",
        "option": f"{head}context.configure(connection=x, target_metadata={value})\n"
        f"context.config.set_main_option('sqlalchemy.url', {value})\nif {value}:\n    fileConfig('a')\n",
        "start": f"{head}",
    }
    read(tmp_path, texts[place])
    versions = tmp_path / "migrations" / "versions"
    versions.mkdir()
    header = "import sqlalchemy as sa\nfrom alembic import op\nrevision = 'a1'\ndown_revision = None\n"
    (versions / "a1.py").write_text(f"{header}def upgrade():\n    op.drop_table('t')\n", encoding="utf-8")
    app = f"from fastapi import FastAPI\napp = FastAPI()\n{deep}def create_app():\n{inside}    create_all()\n"
    (tmp_path / "app.py").write_text(app, encoding="utf-8")
    assert check(Config(root=tmp_path)).internal_errors == ()


@pytest.mark.parametrize("env_py", ENVS, ids=lambda path: path.relative_to(FIXTURES).parts[0])
def test_no_damage_to_env_py_ends_a_run(env_py: Path, tmp_path: Path) -> None:
    """Lines that are missing, doubled or swapped may change what is found, never end in an internal error."""
    lines = env_py.read_text(encoding="utf-8").splitlines(keepends=True)
    versions = tmp_path / "migrations" / "versions"
    versions.mkdir(parents=True)
    revision = "import sqlalchemy as sa\nfrom alembic import op\nrevision = 'a1'\ndown_revision = None\n"
    revision += "def upgrade(engine_name=''):\n    op.drop_table('t')\n"
    (versions / "a1.py").write_text(revision, encoding="utf-8")
    chance = random.Random(len(lines))
    for _ in range(12):
        damaged = list(lines)
        for _ in range(chance.randint(1, 4)):
            first, second = chance.randrange(len(damaged)), chance.randrange(len(damaged))
            damaged[first], damaged[second] = damaged[second], damaged[first]
            del damaged[chance.randrange(len(damaged))]
        (tmp_path / "migrations" / "env.py").write_text("".join(damaged), encoding="utf-8")
        assert check(Config(root=tmp_path)).internal_errors == ()
