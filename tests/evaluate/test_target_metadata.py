"""The naming convention of `target_metadata` is read from `env.py` and what it imports."""

from __future__ import annotations

import ast
from pathlib import Path

import pytest

from migrate_guard.dialect import parse_dialect
from migrate_guard.evaluate.interpret.loader import Loader, ModuleFiles
from migrate_guard.evaluate.target_metadata import Naming, naming_of
from migrate_guard.operations import UNKNOWN
from migrate_guard.project import find_module, read_module
from migrate_guard.project.script import BrokenScript
from migrate_guard.project.source import Source
from tests.project.trees import alembic_project, only, write_files

CONVENTION = {"ck": "ck_%(table_name)s_%(constraint_name)s"}
CONFIGURE = "\ncontext.configure(connection=None, target_metadata=target_metadata)\n"
MODELS = """
from sqlalchemy import MetaData
from sqlalchemy.orm import DeclarativeBase, declarative_base, registry
"""
GIVEN = f"MetaData(naming_convention={CONVENTION!r})"


def naming(root: Path, env_py: str, files: dict[str, str]) -> Naming:
    """Return what is read of an `env.py` in a project with these files."""
    alembic_project(root)
    write_files(root, {"migrations/env.py": "from alembic import context\n" + env_py, **files})
    environment = only(root)

    def read(file: Path) -> tuple[Source, ast.Module] | None:
        found = read_module(file, file.name)
        return None if isinstance(found, BrokenScript) else found

    files_of = ModuleFiles(lambda dotted: find_module(dotted, environment), read)
    assert environment.env_py is not None
    found = read(environment.env_py)
    return naming_of(environment, found, Loader(files_of), parse_dialect("sqlite"))


@pytest.mark.parametrize(
    "models",
    [
        f"metadata = {GIVEN}\nBase = declarative_base(metadata=metadata)",
        f"class Base(DeclarativeBase):\n    metadata = {GIVEN}",
        f"class Base(DeclarativeBase):\n    registry = registry(metadata={GIVEN})",
        f"class Root(DeclarativeBase):\n    metadata = {GIVEN}\nclass Base(Root):\n    pass",
        f"mapper = registry(metadata={GIVEN})\nBase = mapper.generate_base()",
        f"import os\nclass Base(DeclarativeBase):\n    metadata = {GIVEN[:-1]}, schema=os.environ.get('S'))",
        f"Base = declarative_base()\nBase.metadata.naming_convention = {CONVENTION!r}",
    ],
)
def test_a_convention_is_read(models: str, tmp_path: Path) -> None:
    env_py = "from shop.db import Base\ntarget_metadata = Base.metadata\n" + CONFIGURE
    assert naming(tmp_path, env_py, {"shop/__init__.py": "", "shop/db.py": MODELS + models}) == CONVENTION


IN_A_FUNCTION = """
import shop.db
def run():
    meta = shop.db.metadata
    context.configure(target_metadata=meta)
"""
IN_OPTIONS = """
import shop.db
target_metadata = shop.db.metadata
options = {"target_metadata": target_metadata}
context.configure(**options)
"""
BY_NAME = """
import shop.db
target_metadata = {"a": shop.db.metadata}
for name in open("names"):
    context.configure(target_metadata=target_metadata.get(name))
"""
TWO = """
import shop.db
context.configure(target_metadata=shop.db.metadata)
context.configure(target_metadata=None)
"""


@pytest.mark.parametrize(
    ("env_py", "expected"),
    [
        ("target_metadata = None" + CONFIGURE, None),
        ("context.configure(connection=None)", None),
        ("import shop.db\ntarget_metadata = [shop.db.Base.metadata]" + CONFIGURE, None),
        (IN_A_FUNCTION, CONVENTION),
        (IN_OPTIONS, CONVENTION),
        ("from other import Base\ntarget_metadata = Base.metadata" + CONFIGURE, UNKNOWN),
        ("from other import run\nrun(context)", UNKNOWN),
        (BY_NAME, UNKNOWN),
        (TWO, UNKNOWN),
    ],
)
def test_what_is_passed(env_py: str, expected: Naming, tmp_path: Path) -> None:
    models = MODELS + f"metadata = {GIVEN}\nBase = declarative_base(metadata=metadata)\n"
    assert naming(tmp_path, env_py, {"shop/__init__.py": "", "shop/db.py": models}) == expected


def test_a_metadata_without_a_convention_has_none_unless_one_is_set_elsewhere(tmp_path: Path) -> None:
    env_py = "from shop.db import Base\ntarget_metadata = Base.metadata\n" + CONFIGURE
    files = {"shop/__init__.py": "", "shop/db.py": MODELS + "class Base(DeclarativeBase):\n    pass\n"}
    assert naming(tmp_path / "none", env_py, files) is None
    later = {"shop/late.py": "from shop.db import Base\nBase.metadata.naming_convention = {}\n"}
    assert naming(tmp_path / "later", env_py, {**files, **later}) is UNKNOWN


def test_the_text_of_a_flask_application_tells(tmp_path: Path) -> None:
    env_py = (
        "from flask import current_app\n"
        "target_metadata = current_app.extensions['migrate'].db.metadata\n" + CONFIGURE
    )
    assert naming(tmp_path / "without", env_py, {"shop.py": "db = SQLAlchemy()\n"}) is None
    given = {"shop.py": "db = SQLAlchemy(metadata=MetaData(naming_convention=NAMES))\n"}
    assert naming(tmp_path / "with", env_py, given) is UNKNOWN


def test_what_is_not_known_of_a_convention_is_unknown(tmp_path: Path) -> None:
    env_py = "from shop import metadata\ntarget_metadata = metadata" + CONFIGURE
    shop = (
        "from sqlalchemy import MetaData, UniqueConstraint\nimport names\n"
        "metadata = MetaData(naming_convention={'pk': 'pk', 'ck': names.CK, UniqueConstraint: 'u'})\n"
    )
    found = naming(tmp_path, env_py, {"shop.py": shop})
    assert found == {"pk": "pk", "ck": UNKNOWN, "uq": UNKNOWN, "fk": UNKNOWN, "ix": UNKNOWN}
