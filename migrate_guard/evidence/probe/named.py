"""Models that the user names as `module:attribute`."""

from __future__ import annotations

import importlib
import sys
from collections.abc import Iterable
from typing import Any

from sqlalchemy import MetaData


class NoMetadataError(Exception):
    """The name leads to something that has no MetaData."""

    speaks_for_itself = True


def named_metadatas(names: Iterable[str], search: Iterable[str]) -> list[MetaData]:
    """Import the modules and return the MetaData that the attributes are, or have as `metadata`.

    `search` are directories that are put first on the module path. One that several names lead to comes once.
    """
    sys.path[:0] = [directory for directory in search if directory not in sys.path]
    return list({id(one): one for one in map(_metadata, names)}.values())


def _metadata(name: str) -> MetaData:
    module, _, attribute = name.partition(":")
    value: Any = importlib.import_module(module)
    for part in attribute.split("."):
        if not hasattr(value, part):
            raise NoMetadataError(f"{module} has no {attribute}")
        value = getattr(value, part)
    found = value if isinstance(value, MetaData) else getattr(value, "metadata", None)
    if not isinstance(found, MetaData):
        raise NoMetadataError(f"{name} is a {type(value).__name__}, not a MetaData or a class of models")
    return found
