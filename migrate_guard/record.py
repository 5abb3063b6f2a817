"""`dataclass` as the standard library has it, made cheap to define.

`dataclasses.dataclass` compiles up to six methods for every class. For the two hundred classes here that
takes longer than judging a small history, at every start. This one leaves the fields to the standard
library, so that `fields`, `replace` and `match` work as ever, and gives all classes the same few methods.
To a type checker it *is* `dataclasses.dataclass`. Instances have a `__dict__` whatever `slots` says.
"""

from __future__ import annotations

import dataclasses
from collections.abc import Callable
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
    made = dataclasses.dataclass(init=False, repr=False, eq=False, kw_only=kw_only)(cls)
    methods: dict[str, object] = {
        "__init__": _initialiser(made),
        "__repr__": _representation,
        "__record_names__": frozenset(one.name for one in dataclasses.fields(made)),
    }
    if eq:
        equal, number = _comparison(made)
        methods.update(__eq__=equal, __hash__=number if frozen else None)
    if frozen:
        methods.update(__setattr__=_refuse, __delattr__=_refuse)
    for name, method in methods.items():
        setattr(made, name, method)
    return made


def _initialiser(cls: type[Any]) -> Callable[..., None]:
    given = [one for one in dataclasses.fields(cls) if one.init]
    names = frozenset(one.name for one in given)
    positional = tuple(one.name for one in given if not one.kw_only)
    defaults = {one.name: one.default for one in given if one.default is not dataclasses.MISSING}
    factories = [
        (one.name, one.default_factory)
        for one in dataclasses.fields(cls)
        if one.default_factory is not dataclasses.MISSING
    ]
    total = len(names)
    finish = getattr(cls, "__post_init__", None)

    def initialise(self: Any, *arguments: Any, **keywords: Any) -> None:
        values = self.__dict__
        values.update(defaults)
        for name, make in factories:
            if name not in keywords:
                values[name] = make()
        if arguments:
            values.update(zip(positional, arguments))  # noqa: B905 - more arguments than names are refused below
        values.update(keywords)
        if len(values) != total or len(arguments) > len(positional) or not names.issuperset(keywords):
            raise TypeError(f"wrong arguments for {cls.__name__}: {arguments!r} {keywords!r}")
        if finish is not None:
            finish(self)

    return initialise


def _representation(self: Any) -> str:
    shown = (f"{one.name}={getattr(self, one.name)!r}" for one in dataclasses.fields(self) if one.repr)
    return f"{type(self).__name__}({', '.join(shown)})"


def _comparison(cls: type[Any]) -> tuple[Callable[[Any, object], bool], Callable[[Any], int]]:
    names = [one.name for one in dataclasses.fields(cls) if one.compare]
    values: Callable[[Any], Any] = itemgetter(*names) if names else lambda _: ()

    def equal(self: Any, other: object) -> bool:
        return other.__class__ is self.__class__ and bool(values(self.__dict__) == values(other.__dict__))

    def number(self: Any) -> int:
        return hash((cls, values(self.__dict__)))

    return equal, number


def _refuse(self: object, name: str, *value: object) -> None:
    raise dataclasses.FrozenInstanceError(f"cannot change {name} of a {type(self).__name__}")


__all__ = ["dataclass", "replace"]
