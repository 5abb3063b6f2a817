"""`dataclass` as the standard library has it, made cheap to define.

`dataclasses.dataclass` compiles up to six methods for every class, and makes an object for every field. For
the two hundred classes here that takes longer than judging a small history, at every start. This one gives
all classes the same few methods. `dataclasses.fields`, `replace` and `match` work as ever. To a type checker
it *is* `dataclasses.dataclass`. Instances have a `__dict__` whatever `slots` says. `ClassVar`, `InitVar` and
`KW_ONLY` are not known.
"""

from __future__ import annotations

import dataclasses
from collections.abc import Callable, Mapping
from operator import itemgetter
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from dataclasses import dataclass, replace
else:

    def replace(record, /, **changes):
        """Return a copy with other values for some fields, as `dataclasses.replace` does."""
        names = record.__record_names__
        if not names.issuperset(changes):
            raise TypeError(f"{type(record).__name__} has no field {', '.join(changes.keys() - names)}")
        made = object.__new__(type(record))
        values = record.__dict__
        made.__dict__.update({name: values[name] for name in names})
        made.__dict__.update(changes)
        return made

    def dataclass(cls=None, /, **options):
        """Make a class a dataclass; the options are those of `dataclasses.dataclass`."""
        return _define(cls, **options) if cls is not None else lambda cls: _define(cls, **options)


def _define(
    cls: type[Any],
    *,
    eq: bool = True,
    frozen: bool = False,
    kw_only: bool = False,
    slots: bool = False,
) -> type[Any]:
    del slots
    fields = _fields(cls, kw_only)
    positional = tuple(name for name, one in fields.items() if one.init and not one.kw_only)
    made: dict[str, object] = {
        "__record_fields__": fields,
        "__record_names__": frozenset(fields),
        "__dataclass_fields__": _StandardFields(cls, fields),
        "__match_args__": positional,
        "__init__": _initialiser(cls, fields, positional),
        "__repr__": _representation,
    }
    if eq:
        equal, number = _comparison(cls, fields)
        made.update(__eq__=equal, __hash__=number if frozen else None)
    if frozen:
        made.update(__setattr__=_refuse, __delattr__=_refuse)
    for name, value in made.items():
        setattr(cls, name, value)
    return cls


class _Field:
    """What a class says of one field: `dataclasses.Field` costs several times as much to make."""

    __slots__ = ("annotation", "compare", "default", "factory", "init", "kw_only", "repr")

    def __init__(self, annotation: object, given: object, kw_only: bool) -> None:
        self.annotation = annotation
        self.kw_only = kw_only
        if isinstance(given, dataclasses.Field):
            self.default, self.factory = given.default, given.default_factory
            self.init, self.repr, self.compare = given.init, given.repr, given.compare
        else:
            self.default, self.factory = given, dataclasses.MISSING
            self.init = self.repr = self.compare = True


def _fields(cls: type[Any], kw_only: bool) -> dict[str, _Field]:
    """Return the fields of a class and of the records it inherits from, in the standard library's order."""
    found: dict[str, _Field] = {}
    for base in reversed(cls.__mro__[1:]):
        found.update(base.__dict__.get("__record_fields__", {}))
    for name, annotation in cls.__annotations__.items():
        given = cls.__dict__.get(name, dataclasses.MISSING)
        found[name] = _Field(annotation, given, kw_only)
        if isinstance(given, dataclasses.Field):
            delattr(cls, name)
            if given.default is not dataclasses.MISSING:
                setattr(cls, name, given.default)
    return found


class _StandardFields:
    """`__dataclass_fields__` of a class, which the standard library makes when it is first asked for."""

    def __init__(self, cls: type[Any], fields: Mapping[str, _Field]) -> None:
        self._cls = cls
        self._fields = fields

    def __get__(self, instance: object, owner: type[Any]) -> Mapping[str, dataclasses.Field[Any]]:
        fields = [(name, one.annotation, _standard_field(one)) for name, one in self._fields.items()]
        made = dataclasses.make_dataclass(self._cls.__name__, fields, init=False, repr=False, eq=False)
        found: Mapping[str, dataclasses.Field[Any]] = vars(made)["__dataclass_fields__"]
        setattr(self._cls, "__dataclass_fields__", found)  # noqa: B010 - no type knows the attribute
        return found


def _standard_field(one: _Field) -> Any:
    options: dict[str, Any] = {"init": one.init, "repr": one.repr, "compare": one.compare}
    options["kw_only"] = one.kw_only
    if one.factory is not dataclasses.MISSING:
        return dataclasses.field(default_factory=one.factory, **options)
    return dataclasses.field(default=one.default, **options)


def _initialiser(
    cls: type[Any], fields: Mapping[str, _Field], positional: tuple[str, ...]
) -> Callable[..., None]:
    names = frozenset(name for name, one in fields.items() if one.init)
    given = {name: one.default for name, one in fields.items() if one.init}
    defaults = {name: value for name, value in given.items() if value is not dataclasses.MISSING}
    factories = [
        (name, one.factory) for name, one in fields.items() if one.factory is not dataclasses.MISSING
    ]
    total, most = len(names), len(positional)
    finish = getattr(cls, "__post_init__", None)

    def initialise(self: Any, *arguments: Any, **keywords: Any) -> None:
        # Written for speed: a long history makes a million records.
        values = self.__dict__
        values |= defaults
        for name, make in factories:
            if name not in keywords:
                values[name] = make()
        if arguments:
            values |= zip(positional, arguments)  # noqa: B905 - more arguments than names are refused below
        values |= keywords
        if len(values) != total or len(arguments) > most or not names.issuperset(keywords):
            raise TypeError(f"wrong arguments for {cls.__name__}: {arguments!r} {keywords!r}")
        if finish is not None:
            finish(self)

    return initialise


def _representation(self: Any) -> str:
    shown = (f"{name}={getattr(self, name)!r}" for name, one in self.__record_fields__.items() if one.repr)
    return f"{type(self).__name__}({', '.join(shown)})"


def _comparison(
    cls: type[Any], fields: Mapping[str, _Field]
) -> tuple[Callable[[Any, object], bool], Callable[[Any], int]]:
    names = [name for name, one in fields.items() if one.compare]
    values: Callable[[Any], Any] = itemgetter(*names) if names else lambda _: ()

    def equal(self: Any, other: object) -> bool:
        return other.__class__ is self.__class__ and bool(values(self.__dict__) == values(other.__dict__))

    def number(self: Any) -> int:
        return hash((cls, values(self.__dict__)))

    return equal, number


def _refuse(self: object, name: str, *value: object) -> None:
    raise dataclasses.FrozenInstanceError(f"cannot change {name} of a {type(self).__name__}")


__all__ = ["dataclass", "replace"]
