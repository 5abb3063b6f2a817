"""Binding the arguments of a call to the parameters of a function of SQLAlchemy or Alembic."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import field

from migrate_guard.evaluate.library.reading import Unreadable
from migrate_guard.evaluate.values import Call, Undecided, Value
from migrate_guard.record import dataclass


@dataclass(slots=True, eq=False)
class Signature:
    """What a function takes.

    `names` are its parameters in the order in which any supported version takes them by position; the
    first `required` must be given. `positional` is how many of them come before `*args`, if it takes
    those. `options` tells that it takes any further keyword. `renamed` maps retired names to today's.
    """

    function: str
    names: tuple[str, ...] = ()
    required: int = 0
    positional: int | None = None
    options: bool = False
    renamed: Mapping[str, str] = field(default_factory=dict)


@dataclass(slots=True, eq=False)
class Bound:
    """Arguments by parameter; `rest` are those of `*args`, `options` those of `**kw`."""

    call: Call
    values: Mapping[str, Value]
    rest: tuple[Value, ...] = ()
    options: Mapping[str, Value] = field(default_factory=dict)
    takes_rest: bool = False

    def __getitem__(self, name: str) -> Value:
        return self.get(name)

    def get(self, name: str, default: Value = None) -> Value:
        """Return an argument; one that may be among undecided `*` or `**` arguments is undecided.

        Where a function takes `*args`, the undecided ones are taken to be those.
        """
        if name in self.values:
            return self.values[name]
        if self.call.open and not self.takes_rest:
            return Undecided(f"a * or ** argument at line {self.call.span.line}")
        return default

    def option(self, name: str, default: Value = None) -> Value:
        """Return an argument of `**kw`; a `**` argument that cannot be decided leaves it at its default."""
        return self.options.get(name, default)

    def given(self, name: str) -> bool:
        """Tell whether an argument was given by position or name."""
        return name in self.values


def bind(signature: Signature, call: Call) -> Bound:
    """Return the arguments of a call; raise `Unreadable` where Python would raise a `TypeError`."""
    names = signature.names
    count = len(names) if signature.positional is None else signature.positional
    values = dict(zip(names[:count], call.positional, strict=False))
    rest = call.positional[count:]
    if rest and signature.positional is None:
        raise Unreadable(f"{signature.function}() takes at most {count} arguments by position")
    options: dict[str, Value] = {}
    for given, value in call.keywords.items():
        name = signature.renamed.get(given, given)
        if name in values:
            raise Unreadable(f"{signature.function}() is given {name} twice")
        (values if name in names else options)[name] = value
    if options and not signature.options:
        raise Unreadable(f"{signature.function}() takes no argument {min(options)}")
    missing = [name for name in names[: signature.required] if name not in values]
    if missing and not call.open:
        raise Unreadable(f"{signature.function}() is not given {missing[0]}")
    return Bound(call, values, tuple(rest), options, signature.positional is not None)
