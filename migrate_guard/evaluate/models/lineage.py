"""The bases of a class in the order in which Python looks through them."""

from __future__ import annotations

from migrate_guard.evaluate.interpret.objects import Builtin, Outside
from migrate_guard.evaluate.library import canonical
from migrate_guard.evaluate.library.tables import DeclarativeBase
from migrate_guard.evaluate.models.annotations import Annotation
from migrate_guard.evaluate.values import ClassValue, Thing, Undecided, Value

_HARMLESS_ROOTS = frozenset(
    "typing typing_extensions abc collections builtins dataclasses enum pydantic types".split()
)
_HARMLESS = frozenset(
    """MappedAsDataclass AsyncAttrs flask_login.UserMixin flask_login.mixins.UserMixin
    flask_security.UserMixin flask_security.RoleMixin sqlalchemy_serializer.SerializerMixin
    marshmallow.Schema""".split()
)
"""Bases from other packages that add neither columns nor names of tables."""


def lineage(cls: ClassValue) -> tuple[Value, ...]:
    """Return a class and all its bases in the order of Python's `__mro__` (C3).

    Bases from outside of the project stand in it as they are. Where Python would refuse the order, or what
    the class is given is not all known, it is the order in which the bases are met.
    """
    return _linear(cls, 0)


_DEEPEST = 40


def _linear(value: Value, depth: int) -> tuple[Value, ...]:
    if depth > _DEEPEST:
        return (Undecided("a base that derives from itself"),)
    if isinstance(value, DeclarativeBase) and isinstance(value.made_from, ClassValue):
        return (value, *_linear(value.made_from, depth + 1))
    if not isinstance(value, ClassValue):
        return (value,)
    lines = [list(_linear(base, depth + 1)) for base in value.bases]
    return (value, *_merged([*lines, list(value.bases)]))


def _merged(lines: list[list[Value]]) -> list[Value]:
    found: list[Value] = []
    while any(lines):
        head = next(
            (line[0] for line in lines if line and not any(_among(line[0], o[1:]) for o in lines)), None
        )
        if head is None:
            head = next(line[0] for line in lines if line)
        if not _among(head, found):
            found.append(head)
        lines = [[one for one in line if not _same(one, head)] for line in lines]
    return found


def _among(value: Value, values: list[Value]) -> bool:
    return any(_same(value, one) for one in values)


def _same(one: Value, other: Value) -> bool:
    if one is other:
        return True
    if isinstance(one, DeclarativeBase) and isinstance(other, DeclarativeBase):
        return one.name == other.name and one.metadata is other.metadata
    return isinstance(one, (Outside, Builtin)) and one == other


def unread_base(value: Value) -> str | None:
    """Return what to call a base that may add columns or a name, `None` for one that does not."""
    if isinstance(value, (ClassValue, DeclarativeBase, Builtin, Annotation)) or value is None:
        return None
    if isinstance(value, Outside):
        name = canonical(value.dotted) or value.dotted
        if name in _HARMLESS or value.dotted.partition(".")[0] in _HARMLESS_ROOTS:
            return None
        return value.dotted
    return value.describe() if isinstance(value, Thing) else repr(value)
