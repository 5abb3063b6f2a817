"""Reading the arguments of a call: what a subject, a flag or a list of names is, or why it is not known.

Part of the library that gives SQLAlchemy's and Alembic's names their meaning (second stage).
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import field

from migrate_guard.evaluate.values import OPEN, Maybe, PartialText, Thing, Undecided, Value
from migrate_guard.operations import UNKNOWN, TableName, Unknown
from migrate_guard.record import dataclass

_SHOWN = 60
_FEW = 5


class Unreadable(Exception):  # noqa: N818 - ends the reading of one call, not an error of the user
    """A call of which nothing certain can be said; `reason` is a clause that says why."""

    def __init__(self, reason: str) -> None:
        super().__init__(reason)
        self.reason = reason


@dataclass(slots=True)
class Notes:
    """The reasons why attributes of one operation are `UNKNOWN`."""

    reasons: list[str] = field(default_factory=list)

    def unknown(self, reason: str) -> Unknown:
        """Note a reason and return `UNKNOWN`."""
        self.add((reason,))
        return UNKNOWN

    def add(self, reasons: Iterable[str]) -> None:
        """Note reasons that were found elsewhere."""
        self.reasons.extend(reason for reason in reasons if reason not in self.reasons)

    def unknowns(self) -> tuple[str, ...]:
        """Return the reasons, each once, in the order in which they were found."""
        return tuple(self.reasons)


def undecided(value: Value) -> bool:
    """Tell whether a value is one that reading cannot decide."""
    return isinstance(value, (Undecided, PartialText))


def shown(value: Value) -> str:
    """Return what to call a value in a reason."""
    if isinstance(value, Thing):
        return value.describe()
    if isinstance(value, (list, tuple, set, frozenset, dict)):
        plain = len(value) <= _FEW and all(isinstance(item, (str, int)) for item in value)
        return repr(value)[:_SHOWN] if plain and not isinstance(value, dict) else f"a {type(value).__name__}"
    return repr(value)[:_SHOWN]


def depends(what: str, value: Value) -> str:
    """Return the clause that says why something is not known."""
    if isinstance(value, Undecided) or not isinstance(value, Thing):
        return f"{what} depends on {shown(value)}" if undecided(value) else f"{what} is {shown(value)}"
    return f"{what} is {value.describe()}"


def subject(value: Value, what: str) -> str:
    """Return a name that an operation cannot do without; raise `Unreadable` if it is not known."""
    if isinstance(value, str):
        return value
    raise Unreadable(depends(f"the {what}", value))


def subjects(value: Value, what: str) -> tuple[str, ...]:
    """Return a list of names that an operation cannot do without."""
    if isinstance(value, (list, tuple)):
        return tuple(subject(item, what) for item in value)
    raise Unreadable(depends(f"the {what}", value))


def text(value: Value, what: str, notes: Notes) -> str | Unknown | None:
    """Return an optional text; anything but a string is `UNKNOWN`, with the reason noted."""
    if value is None or isinstance(value, str):
        return value
    return notes.unknown(depends(f"the {what}", value))


def plain_text(value: Value, what: str, notes: Notes) -> str | None:
    """Return an optional text where the vocabulary has no `UNKNOWN`; an undecided one counts as not given."""
    found = text(value, what, notes)
    return None if isinstance(found, Unknown) else found


def flag(value: Value, what: str, notes: Notes) -> bool | Unknown:
    """Return the truth of an argument."""
    if not isinstance(value, Thing):
        return bool(value)
    return notes.unknown(depends(what, value))


def certain_flag(value: Value, what: str, notes: Notes, default: bool = False) -> bool:
    """Return the truth of an argument where the vocabulary has no `UNKNOWN`."""
    found = flag(value, what, notes)
    return default if isinstance(found, Unknown) else found


def number(value: Value, what: str, notes: Notes) -> int | None:
    """Return an optional number; an undecided one is noted and counts as not given."""
    if isinstance(value, int) or value is None:
        return value
    notes.unknown(depends(f"the {what}", value))
    return None


def schema_name(value: Value) -> str:
    """Return a schema's name, which is part of a subject: `None` is the default schema."""
    return "" if value is None else subject(value, "schema")


def table_name(name: Value, schema: Value = None) -> TableName:
    """Return the table that a directive is about; raise `Unreadable` if it is not known."""
    return TableName(subject(name, "table"), schema_name(schema))


def items(value: Value) -> tuple[Value, ...] | None:
    """Return the items of a list or tuple, `None` if not all of them are known, or known to be there."""
    if not isinstance(value, (list, tuple)) or any(item is OPEN or isinstance(item, Maybe) for item in value):
        return None
    return tuple(value)
