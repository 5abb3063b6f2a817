"""Regular expressions, with which projects make names of tables from names of classes."""

from __future__ import annotations

from migrate_guard.evaluate.interpret.names import compute
from migrate_guard.evaluate.values import Call, Machine, Thing, Undecided, Value
from migrate_guard.record import dataclass


@dataclass(frozen=True, slots=True)
class PatternValue(Thing):
    """`re.compile(…)` of a known text without flags."""

    text: str

    def describe(self) -> str:
        return "a regular expression"

    def method(self, name: str, call: Call, machine: Machine) -> Value:
        found = compute(f"re.{name}", (self.text, *call.positional), call.keywords)
        return Undecided(f"what {name}() of {self.describe()} gives", data=True) if found is None else found


def compiled_pattern(dotted: str, call: Call) -> Value | None:
    """Return what `re.compile(…)` is, `None` for another name or a pattern that is not known."""
    if dotted != "re.compile" or len(call.values()) != 1 or not isinstance(call.get(0, "pattern"), str):
        return None
    return PatternValue(call.get(0, "pattern"))
