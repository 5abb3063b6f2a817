"""The real import of a form: its MetaData, and the schema that `create_all()` builds from it."""

from __future__ import annotations

import importlib
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from importlib.util import find_spec
from operator import attrgetter
from pathlib import Path
from typing import Any

import sqlalchemy as sa

from migrate_guard.dialect import DialectName
from migrate_guard.schema import Schema
from tests.schema.reflected import reflect


@contextmanager
def imported(folder: Path, target: str, *more: Path) -> Iterator[sa.MetaData]:
    """Import `module:attribute` from a folder; forget all its modules afterwards."""
    module, _, attribute = target.partition(":")
    before, path = set(sys.modules), list(sys.path)
    sys.path[:0] = [str(folder), *map(str, more)]
    importlib.invalidate_caches()
    try:
        yield attrgetter(attribute)(importlib.import_module(module))
    finally:
        sys.path[:] = path
        for name in set(sys.modules) - before:
            file = getattr(sys.modules[name], "__file__", None)
            if file is not None and Path(file).is_relative_to(folder):
                del sys.modules[name]


def built(metadata: sa.MetaData, dialect: DialectName, url: str) -> Schema:
    """Return what `create_all()` builds in an empty database."""
    engine = sa.create_engine(url, poolclass=sa.pool.StaticPool)
    with engine.connect() as connection:
        metadata.create_all(connection)
        connection.commit()
        schema = reflect(connection, dialect)
    engine.dispose()
    return schema


def fresh_sqlmodel() -> None:
    """Give SQLModel an empty MetaData, if it is installed: it keeps all tables of a process in one."""
    if find_spec("sqlmodel") is None:
        return
    SQLModel: Any = importlib.import_module("sqlmodel").SQLModel  # noqa: N806 - its name
    SQLModel._sa_registry.dispose()
    SQLModel.metadata = SQLModel._sa_registry.metadata = sa.MetaData()
