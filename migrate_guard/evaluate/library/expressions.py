"""SQL expressions as SQLAlchemy builds them: readable text, and what it names.

Part of the library that gives SQLAlchemy's names their meaning (second stage). The text is for people
and for comparing; values stand in it as literals, undecided ones as `?`.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from migrate_guard.evaluate.library.reading import Notes, Unreadable, shown
from migrate_guard.evaluate.library.types import type_value
from migrate_guard.evaluate.values import (
    Call,
    ClassValue,
    Machine,
    Method,
    PartialText,
    Thing,
    Undecided,
    Value,
)
from migrate_guard.operations import UNKNOWN, SqlType, TableName, Unknown
from migrate_guard.record import dataclass

_LONGEST = 1_000_000
_SIGNS: Mapping[str, str] = {
    "==": "=", "!=": "!=", "<": "<", "<=": "<=", ">": ">", ">=": ">=", "+": "+", "-": "-", "*": "*",
    "/": "/", "%": "%", "&": "AND", "|": "OR", "//": "/", "<<": "<<", ">>": ">>",
}  # fmt: skip
_COMPARING: Mapping[str, str] = {
    "is_": "IS", "isnot": "IS NOT", "is_not": "IS NOT", "in_": "IN", "notin_": "NOT IN", "not_in": "NOT IN",
    "like": "LIKE", "notlike": "NOT LIKE", "not_like": "NOT LIKE", "ilike": "ILIKE", "notilike": "NOT ILIKE",
    "not_ilike": "NOT ILIKE", "is_distinct_from": "IS DISTINCT FROM", "isnot_distinct_from":
    "IS NOT DISTINCT FROM", "is_not_distinct_from": "IS NOT DISTINCT FROM", "match": "MATCH",
    "regexp_match": "~", "concat": "||", "contains": "CONTAINS", "startswith": "STARTS WITH",
    "endswith": "ENDS WITH", "contained_by": "<@", "has_key": "?", "overlap": "&&", "op": "OP",
}  # fmt: skip
_ORDERING: Mapping[str, str] = {
    "asc": "ASC", "desc": "DESC", "nullsfirst": "NULLS FIRST", "nulls_first": "NULLS FIRST",
    "nullslast": "NULLS LAST", "nulls_last": "NULLS LAST",
}  # fmt: skip
_SAME = frozenset(
    """label self_group unique_params params over filter within_group distinct alias scalar_subquery
    as_scalar any_ all_ as_string as_integer as_boolean as_float as_numeric as_json cast_to""".split()
)


class Clause(Thing):
    """Base of what can stand in a SQL expression; comparing it makes an `Expression`."""

    __slots__ = ()

    def sql(self) -> str:
        """Return the expression as text."""
        return "?"

    def tables(self) -> tuple[TableName, ...]:
        """Return the tables that the expression names."""
        return ()

    def calls(self) -> tuple[str, ...]:
        """Return the names of the SQL functions that it calls."""
        return ()

    def reasons(self) -> tuple[str, ...]:
        """Return why parts of the text are not known."""
        return ()

    def describe(self) -> str:
        return f"the expression {self.sql()}"

    def operate(self, operator: str, other: Value, reflected: bool, machine: Machine) -> Value:
        if operator in {"~", "not", "-"}:
            sign = "-" if operator == "-" else "NOT "
            return Undecided("whether an expression holds") if operator == "not" else build(sign, self)
        if operator not in _SIGNS:
            return Undecided(f"what `{operator}` makes of an expression", data=True)
        left, right = (literal(other), self) if reflected else (self, literal(other))
        sign = _SIGNS[operator]
        if right.sql() == "NULL" and operator in {"==", "!="}:
            sign = "IS" if operator == "==" else "IS NOT"
        if operator in {"&", "|"}:
            return joined(f" {sign} ", (left, right))
        return build(left, f" {sign} ", right)

    def subscript(self, key: Value, machine: Machine) -> Value:
        made = build(self, " -> ", literal(key))
        reason = "each dialect writes an item of a JSON or ARRAY column in its own way"
        return Expression(made.text, made.named, made.called, (*made.unknown, reason))

    def attribute(self, name: str, machine: Machine) -> Value:
        if name in {"astext", "element", "comparator"}:
            return self
        return Method(self, name)

    def method(self, name: str, call: Call, machine: Machine) -> Value:
        if name in _SAME:
            return build(self)
        if name in _ORDERING:
            return build(self, f" {_ORDERING[name]}")
        if name in _COMPARING:
            return build(self, f" {_COMPARING[name]} ", literal(call.get(0, "other")))
        if name == "between":
            return build(
                self, " BETWEEN ", literal(call.get(0, "cleft")), " AND ", literal(call.get(1, "cright"))
            )
        if name == "cast":
            return build("CAST(", self, " AS ", type_text(call.get(0, "type_"), machine), ")")
        if name == "collate":
            return build(self, f' COLLATE "{call.get(0, "collation")}"')
        return Undecided(f"{name}() of an expression", data=True)

    def truth(self) -> bool | None:
        return None


@dataclass(slots=True, eq=False)
class Expression(Clause):
    """An expression that was built from others."""

    text: str
    named: tuple[TableName, ...] = ()
    called: tuple[str, ...] = ()
    unknown: tuple[str, ...] = ()

    def sql(self) -> str:
        return self.text

    def tables(self) -> tuple[TableName, ...]:
        return self.named

    def calls(self) -> tuple[str, ...]:
        return self.called

    def reasons(self) -> tuple[str, ...]:
        return self.unknown


def quoted(value: str) -> str:
    """Return a string as a SQL literal."""
    return "'" + value.replace("'", "''") + "'"


def literal(value: Value) -> Clause:
    """Return a value as an expression: what SQLAlchemy would send as a bind parameter."""
    if isinstance(value, Clause):
        return value
    if isinstance(value, str):
        return Expression(quoted(value))
    if value is None or isinstance(value, bool):
        return Expression({None: "NULL", True: "true", False: "false"}[value])
    if isinstance(value, (int, float)):
        return Expression(repr(value))
    if isinstance(value, (list, tuple, set, frozenset)):
        return build("(", joined(", ", tuple(value)), ")")
    if isinstance(value, ClassValue):
        return Expression(value.name)
    return Expression("?", unknown=(f"a value depends on {shown(value)}",))


def build(*parts: str | Clause | Value) -> Expression:
    """Return an expression from pieces of text and expressions; other values become literals.

    A `str` is text, so a string value has to come as `literal(…)`.
    """
    clauses = [part if isinstance(part, (str, Clause)) else literal(part) for part in parts]
    inner = [clause for clause in clauses if isinstance(clause, Clause)]
    pieces = [clause if isinstance(clause, str) else clause.sql() for clause in clauses]
    if sum(map(len, pieces)) > _LONGEST:
        return Expression("?", unknown=("an expression is too long to be written out",))
    return Expression(
        "".join(pieces),
        unique(table for clause in inner for table in clause.tables()),
        unique(name for clause in inner for name in clause.calls()),
        unique(reason for clause in inner for reason in clause.reasons()),
    )


def joined(separator: str, values: Iterable[Value]) -> Expression:
    """Return an expression of values with a separator between them."""
    clauses = [literal(value) for value in values]
    if len(clauses) == 1:
        return build(clauses[0])
    parts: list[str | Clause] = []
    for clause in clauses:
        if parts:
            parts.append(separator)
        parts.append(_grouped(clause, separator))
    return build(*parts)


def _grouped(clause: Clause, separator: str) -> Clause:
    inside = {" AND ": " OR ", " OR ": " AND "}.get(separator)
    return build("(", clause, ")") if inside and inside in clause.sql() else clause


def unique(found: Iterable[Value]) -> tuple[Value, ...]:
    """Return each item once, in order."""
    return tuple(dict.fromkeys(found))


def type_text(value: Value, machine: Machine) -> Clause | str:
    """Return what SQLAlchemy writes for a type in an expression, undecided for one that is not known."""
    try:
        sql = type_value(value, machine).sql
    except Unreadable:
        sql = UNKNOWN
    if not isinstance(sql, SqlType) or sql.name in ("CUSTOM", "ENUM"):
        return literal(Undecided(f"the type {shown(value)}"))
    zoned = sql.name in ("TIMESTAMP", "TIME") and machine.dialect.family == "postgresql"
    return f"{sql} WITHOUT TIME ZONE" if zoned and not sql.timezone else str(sql)


@dataclass(slots=True, eq=False)
class TextValue(Clause):
    """`sa.text(…)`; the text is kept as the very string of the source, so that spans can point into it."""

    value: Value
    parameters: bool = False

    def describe(self) -> str:
        return "a text()"

    def sql(self) -> str:
        if isinstance(self.value, str):
            return self.value.replace("\\:", ":")
        return self.value.text if isinstance(self.value, PartialText) else "?"

    def reasons(self) -> tuple[str, ...]:
        return () if isinstance(self.value, str) else (f"a text depends on {shown(self.value)}",)

    def attribute(self, name: str, machine: Machine) -> Value:
        return self.value if name == "text" else Method(self, name)

    def method(self, name: str, call: Call, machine: Machine) -> Value:
        if name == "bindparams":
            return TextValue(self.value, parameters=True)
        if name in {"columns", "execution_options", "self_group", "label"}:
            return self
        return Clause.method(self, name, call, machine)


def expression_text(value: Value, what: str, notes: Notes) -> str | Unknown:
    """Return the SQL of a text or an expression that goes into DDL; `UNKNOWN` if a part is not known."""
    if isinstance(value, str):
        return value
    if isinstance(value, Clause):
        if value.reasons():
            notes.add(value.reasons())
            return UNKNOWN
        return value.sql()
    return notes.unknown(f"the {what} depends on {shown(value)}")


@dataclass(slots=True, eq=False)
class FunctionName(Thing):
    """`sa.func.name`, possibly with a schema before it, not yet called."""

    path: tuple[str, ...] = ()

    def describe(self) -> str:
        return "func." + ".".join(self.path)

    def attribute(self, name: str, machine: Machine) -> Value:
        return FunctionName((*self.path, name.removesuffix("_") or name))

    def call(self, call: Call, machine: Machine) -> Value:
        return function(".".join(self.path), call, machine)


_ANSI = frozenset(
    """current_date current_time current_timestamp current_user localtime localtimestamp session_user
    user""".split()
)
"""Functions that SQLAlchemy writes without parentheses (`AnsiFunction`)."""


def function(name: str, call: Call, machine: Machine) -> Value:
    """Return the expression that `func.name(…)` is on the machine's dialect."""
    arguments = call.positional
    lower = name.lower()
    if lower == "now" and machine.dialect.name == "sqlite":
        return Expression("CURRENT_TIMESTAMP", called=("now",))
    if lower in _ANSI and not arguments:
        return Expression(lower.upper(), called=(lower,))
    if lower == "count" and not arguments:
        return Expression("count(*)", called=("count",))
    made = build(f"{name}(", joined(", ", arguments), ")")
    unknown = (*made.unknown, "a * argument of a SQL function") if call.open else made.unknown
    return Expression(made.text, made.named, unique((lower, *made.called)), unknown)
