from __future__ import annotations

from pathlib import Path

import pytest

from migrate_guard.project import find_module, imports, is_project_module, read_module, read_script
from migrate_guard.project.imports import Import
from migrate_guard.project.script import BrokenScript, Script
from tests.project.trees import ENV_PY, INI, alembic_project, only, write_files

HEADER = "revision = 'a'\ndown_revision = None\n"


def imported(file: Path, text: str) -> tuple[Import, ...]:
    file.parent.mkdir(parents=True, exist_ok=True)
    file.write_text(HEADER + text)
    script = read_script(file, file.name)
    assert isinstance(script, Script)
    return imports(script)


def test_what_is_imported_and_bound(tmp_path: Path) -> None:
    found = imported(
        tmp_path / "a.py",
        "import a.b, c as d\nfrom e.f import g, h as i\nfrom j import *\n"
        "if x:\n    import k\n"
        "def upgrade():\n    try:\n        from l import m\n    except ImportError:\n        pass\n",
    )
    assert [(one.module, one.names, one.bound, one.nested) for one in found] == [
        ("a.b", (), ("a",), False),
        ("c", (), ("d",), False),
        ("e.f", ("g", "h"), ("g", "i"), False),
        ("j", ("*",), (), False),
        ("k", (), ("k",), False),
        ("l", ("m",), ("m",), True),
    ]
    assert (found[2].span.line, found[5].span.line) == (4, 10)


@pytest.mark.parametrize(
    ("text", "module", "level"),
    [
        ("from . import x", "pkg.db.versions", 1),
        ("from .helpers import x", "pkg.db.versions.helpers", 1),
        ("from ..types import x", "pkg.db.types", 2),
        ("from ....... import x", "", 7),
    ],
)
def test_relative_imports_are_resolved(tmp_path: Path, text: str, module: str, level: int) -> None:
    for package in ("pkg", "pkg/db", "pkg/db/versions"):
        write_files(tmp_path, {f"{package}/__init__.py": ""})
    (found,) = imported(tmp_path / "pkg" / "db" / "versions" / "a.py", text + "\n")
    assert (found.module, found.level) == (module, level)


@pytest.mark.parametrize(
    ("dotted", "file"),
    [
        ("shop", "shop/__init__.py"),
        ("shop.models", "shop/models.py"),
        ("shop.db", "shop/db/__init__.py"),
        ("namespace.inner", "namespace/inner.py"),
        ("installed", "src/installed.py"),
        ("extra", "vendor/extra.py"),
        ("migrations.helpers", "migrations/helpers.py"),
        ("helpers", "migrations/helpers.py"),
        ("b2_", "migrations/versions/b2_.py"),
        ("shop.gone", None),
        ("gone", None),
        ("alembic.op", None),
        ("sqlalchemy", None),
        ("json", None),
        ("", None),
        ("shop..models", None),
        ("../shop", None),
    ],
)
def test_modules_are_found_on_disk(tmp_path: Path, dotted: str, file: str | None) -> None:
    alembic_project(tmp_path)
    write_files(tmp_path, {"alembic.ini": INI + "prepend_sys_path = . vendor\n", "migrations/env.py": ENV_PY})
    for name in (
        "shop/__init__.py",
        "shop/models.py",
        "shop/db/__init__.py",
        "shop/db.py",
        "namespace/inner.py",
        "src/installed.py",
        "vendor/extra.py",
        "migrations/helpers.py",
        "alembic/op.py",
        "sqlalchemy.py",
        "json.py",
    ):
        write_files(tmp_path, {name: "raise SystemExit(1)\n"})
    assert find_module(dotted, only(tmp_path)) == (tmp_path / file if file else None)


def test_a_namespace_package_around_the_migrations(tmp_path: Path) -> None:
    write_files(tmp_path, {"shop/server/__init__.py": "", "shop/server/models.py": "", "shop/common.py": ""})
    alembic_project(tmp_path / "shop" / "server")
    environment = only(tmp_path)
    assert environment.root == tmp_path / "shop"
    assert find_module("shop.server.models", environment) == tmp_path / "shop" / "server" / "models.py"
    assert find_module("shop.common", environment) == tmp_path / "shop" / "common.py"
    assert is_project_module("shop.server.models", environment)


def test_a_data_directory_inside_a_package(tmp_path: Path) -> None:
    write_files(tmp_path, {"shop/__init__.py": "", "shop/db/__init__.py": ""})
    alembic_project(tmp_path / "shop" / "db" / "schema")
    assert only(tmp_path).root == tmp_path
    write_files(tmp_path, {"shop/db/schema/pyproject.toml": ""})
    assert only(tmp_path).root == tmp_path / "shop" / "db" / "schema"


def test_what_belongs_to_the_project(tmp_path: Path) -> None:
    alembic_project(tmp_path)
    write_files(tmp_path, {"shop/__init__.py": "", "redis/redis.conf": ""})
    environment = only(tmp_path)
    assert is_project_module("shop.generated.models", environment)
    assert not is_project_module("redis", environment)
    assert not is_project_module("sqlmodel", environment)
    assert not is_project_module("alembic.op", environment)


def test_reads_a_helper(tmp_path: Path) -> None:
    write_files(tmp_path, {"helper.py": "x = 1\n", "broken.py": "x = = 1\n"})
    read = read_module(tmp_path / "helper.py", "helper.py")
    assert not isinstance(read, BrokenScript)
    source, tree = read
    assert (source.text, len(tree.body)) == ("x = 1\n", 1)
    assert isinstance(read_module(tmp_path / "broken.py", "broken.py"), BrokenScript)
