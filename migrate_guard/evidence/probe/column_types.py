"""SQLAlchemy types from what a server would report, without a server."""

from __future__ import annotations

import re
from typing import Any

from sqlalchemy import types as generic

Document = dict[str, Any]

_TYPE = re.compile(
    r"(?P<name>\"char\"|[a-z_][a-z0-9_ ]*?)\s*(?:\((?P<arguments>\d+(?:\s*,\s*\d+)*)\))?"
    r"(?P<rest>\s+(?:with|without) time zone|(?:\s+unsigned)?(?:\s+zerofill)?)?(?P<array>(?:\[\])+)?",
    re.IGNORECASE,
)
_ZONED = {"timestamp", "time"}


class UnknownTypeError(Exception):
    """A type that the dialect does not know: it takes part in no comparison."""


def reflected_type(column: Document, dialect: Any) -> Any:
    """Return the type that reflection would give for a column.

    Raise `UnknownTypeError` for one that neither the dialect nor SQLAlchemy knows. Built from the public
    `ischema_names`: the private functions of the dialects change from version to version.
    """
    if column.get("enum") is not None:
        return _enum(column["enum"], dialect)
    text = column["type"]
    if text is None:
        raise UnknownTypeError
    if dialect.name == "sqlite":
        return _affinity(text, dialect)
    match = _TYPE.fullmatch(text.strip())
    if match is None:
        raise UnknownTypeError
    found = _scalar(match, dialect)
    if not match["array"]:
        return found
    from sqlalchemy.dialects.postgresql import ARRAY

    return ARRAY(found)


def _scalar(match: re.Match[str], dialect: Any) -> Any:
    name, rest = match["name"].lower().strip(), (match["rest"] or "").strip().lower()
    zoned = f"{name} {rest}" if name in _ZONED and "time zone" in rest else name
    cls = dialect.ischema_names.get(zoned) or dialect.ischema_names.get(name)
    if cls is None:
        raise UnknownTypeError
    arguments = [int(one) for one in (match["arguments"] or "").replace(" ", "").split(",") if one]
    if name in _ZONED and dialect.name == "postgresql":
        return cls(timezone=rest == "with time zone", **({"precision": arguments[0]} if arguments else {}))
    if dialect.name == "postgresql":
        return _postgresql(cls, name, arguments)
    keywords = {word: True for word in ("unsigned", "zerofill") if word in rest}
    if name in {"datetime", "timestamp", "time"} and arguments:
        return cls(fsp=arguments[0])
    return cls(*arguments, **keywords)


def _postgresql(cls: Any, name: str, arguments: list[int]) -> Any:
    if name == "double precision":
        return cls(53)
    if name == "bit varying":
        return cls(*arguments, varying=True)
    if name == "interval" and arguments:
        return cls(precision=arguments[0])
    if name in {"integer", "smallint", "bigint", "citext"}:
        return cls()
    return cls(*arguments)


def _enum(enum: Document, dialect: Any) -> Any:
    labels = enum["labels"]
    if labels is None:
        raise UnknownTypeError
    if dialect.name == "postgresql":
        from sqlalchemy.dialects.postgresql import ENUM

        return ENUM(*labels, name=enum["name"], schema=enum["schema"], create_type=False)
    if dialect.name in {"mysql", "mariadb"}:
        from sqlalchemy.dialects.mysql import ENUM as MYSQL_ENUM

        return MYSQL_ENUM(*labels)
    return generic.VARCHAR(max(map(len, labels), default=0))


def _affinity(text: str, dialect: Any) -> Any:
    resolve = getattr(dialect, "_resolve_type_affinity", None)
    if resolve is None:
        raise UnknownTypeError
    return resolve(text)
