"""The names that a MetaData's `naming_convention` gives to unnamed constraints.

Part of the fourth stage of the pipeline. Alembic puts the convention of `target_metadata` on the tables
that its directives make (`operations/schemaobj.py`), so it names what a script leaves unnamed, before the
server could. SQLAlchemy 2.1 manual, Configuring Constraint Naming Conventions.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence

from migrate_guard.operations import (
    UNKNOWN,
    Check,
    Constraint,
    ConstraintName,
    Exclude,
    ForeignKey,
    PrimaryKey,
    TableName,
    Unique,
    Unknown,
)
from migrate_guard.pattern import pattern
from migrate_guard.record import replace

Convention = Mapping[str, str]
_TOKEN = pattern(r"%\((\w+)\)s")
_COLUMN = pattern(r"(referred_)?column_(\d+)(_?N)?_(name|key|label)")
_PREFIXES: tuple[tuple[type[Constraint], str], ...] = (
    (PrimaryKey, "pk"),
    (Unique, "uq"),
    (ForeignKey, "fk"),
    (Check, "ck"),
)


def named(constraint: Constraint, table: TableName, convention: Convention | Unknown | None) -> Constraint:
    """Return the constraint with the name that the convention gives it, if it has none.

    The name is `UNKNOWN` where the convention, or what it needs, is. A convention that asks for a given
    name (`%(constraint_name)s`) names nothing here.
    """
    if constraint.name is not None or convention is None or isinstance(constraint, Exclude):
        return constraint
    if isinstance(convention, Unknown):
        return replace(constraint, name=UNKNOWN)
    prefix = next((prefix for cls, prefix in _PREFIXES if isinstance(constraint, cls)), "")
    template = convention.get(prefix)
    return constraint if template is None else replace(constraint, name=_filled(template, constraint, table))


def _filled(template: str, constraint: Constraint, table: TableName) -> ConstraintName:
    tokens = _TOKEN.findall(template)
    if "constraint_name" in tokens:
        return None
    values = {token: _value(token, constraint, table) for token in tokens}
    if any(value is None for value in values.values()):
        return UNKNOWN
    return _TOKEN.sub(lambda match: values[match.group(1)] or "", template).replace("%%", "%")


def _value(token: str, constraint: Constraint, table: TableName) -> str | None:
    if token == "table_name":  # noqa: S105  # a token of a template
        return table.name
    if token == "referred_table_name":  # noqa: S105
        target = constraint.target if isinstance(constraint, ForeignKey) else UNKNOWN
        return None if isinstance(target, Unknown) else target.name
    match = _COLUMN.fullmatch(token)
    return None if match is None else _columns_value(match, constraint, table)


def _columns_value(match: re.Match[str], constraint: Constraint, table: TableName) -> str | None:
    referred, number, several, form = match.groups()
    columns = _columns(constraint, bool(referred))
    if columns is None:
        return None
    spell: Callable[[str], str] = (lambda name: f"{table.name}_{name}") if form == "label" else str
    if several:
        return ("_" if several.startswith("_") else "").join(map(spell, columns))
    position = int(number)
    return spell(columns[position]) if position < len(columns) else ""


def _columns(constraint: Constraint, referred: bool) -> Sequence[str] | None:
    if isinstance(constraint, (Check, Exclude)):
        return None
    columns = constraint.columns
    if referred:
        columns = constraint.target_columns if isinstance(constraint, ForeignKey) else UNKNOWN
    return None if isinstance(columns, Unknown) else columns
