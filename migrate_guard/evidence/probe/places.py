"""Which classes map a table, and under which attributes its columns are: where a reader finds them."""

from __future__ import annotations

import sys
from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from sqlalchemy import MetaData, Table

Document = dict[str, Any]


def places(metadatas: Iterable[MetaData]) -> list[Document]:
    """Return for every table the classes and modules in which it may be written.

    `classes` are the mapped class and its bases, each as module file and qualified name. `columns` gives
    the attribute of each column that is called differently. A table without a class has the files of the
    modules that hold it as a global name, or else of those that hold its MetaData.
    """
    wanted = {id(table): table for one in metadatas for table in one.tables.values()}
    classes = _classes(wanted)
    modules = _globals(wanted)
    holders = _globals({id(table.metadata): table.metadata for table in wanted.values()})
    return [
        {
            "schema": table.schema,
            "table": table.name,
            "classes": [_class(base) for base in _bases(classes[key])] if key in classes else [],
            "columns": _attributes(classes[key]) if key in classes else {},
            "files": modules.get(key) or holders.get(id(table.metadata), []),
        }
        for key, table in wanted.items()
    ]


def _classes(wanted: dict[int, Table]) -> dict[int, type]:
    found: dict[int, type] = {}
    for module in list(sys.modules.values()):
        for value in list(vars(module).values()) if hasattr(module, "__dict__") else ():
            if isinstance(value, type):
                table = vars(value).get("__table__")
                if table is not None and id(table) in wanted:
                    found.setdefault(id(table), value)
    return found


def _globals(wanted: Mapping[int, Table | MetaData]) -> dict[int, list[str]]:
    found: dict[int, list[str]] = {}
    for module in list(sys.modules.values()):
        file = getattr(module, "__file__", None)
        for value in list(vars(module).values()) if file and hasattr(module, "__dict__") else ():
            if id(value) in wanted and isinstance(file, str):
                files = found.setdefault(id(value), [])
                if file not in files:
                    files.append(file)
    return found


def _bases(cls: type) -> Iterator[type]:
    for base in cls.__mro__:
        if base is not object and not base.__module__.startswith(("sqlalchemy.", "builtins")):
            yield base


def _class(cls: type) -> Document:
    module = sys.modules.get(cls.__module__)
    return {"file": getattr(module, "__file__", None), "name": cls.__qualname__}


def _attributes(cls: type) -> dict[str, str]:
    mapper = vars(cls).get("__mapper__")
    if mapper is None:
        return {}
    return {column.name: key for key, column in mapper.columns.items() if column.name != key}
