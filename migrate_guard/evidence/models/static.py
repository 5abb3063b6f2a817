"""Models that are read and not imported, held against the replayed history."""

from __future__ import annotations

from collections.abc import Container, Iterator, Sequence
from functools import partial
from pathlib import Path
from typing import TypeGuard

from migrate_guard.errors import GuardError
from migrate_guard.evaluate.models import StaticModels, read_models
from migrate_guard.evidence.left_out import LeftOut
from migrate_guard.evidence.models.autogenerate import doubtful_kinds, found_of
from migrate_guard.evidence.models.columns_code import lines
from migrate_guard.evidence.models.compare import (
    Replay,
    difference_of,
    named_models,
    passed_over,
    user_of,
)
from migrate_guard.evidence.models.difference import ModelDifference, ModelsEvidence
from migrate_guard.evidence.models.filters import Filters, filters_of
from migrate_guard.evidence.models.unseen import is_blind_spot, is_claimed
from migrate_guard.operations import UNKNOWN, Column, Constraint, ForeignKey, TableName, Unique, Unknown
from migrate_guard.project import Environment
from migrate_guard.record import dataclass, replace
from migrate_guard.schema import Schema, Table
from migrate_guard.schema.compare import Difference, differences
from migrate_guard.schema.spelling import spelled

_SEEN = {
    "column": frozenset({"", "type", "nullable", "comment"}),
    "foreign key": frozenset({"", "columns", "target", "target columns", "on delete", "on update"}),
    "index": frozenset({"", "columns", "unique"}),
    "table": frozenset({"", "comment"}),
    "unique": frozenset({"", "columns", "nulls not distinct"}),
}
"""What autogenerate compares, without the names of constraints."""
_MOST_PARTS = 4


@dataclass(frozen=True, slots=True)
class _Pair:
    """The two sides on one dialect; `left_out` are the tables that are not compared at all."""

    replay: Replay
    read: StaticModels
    filters: Filters
    left_out: frozenset[TableName]

    @property
    def history(self) -> Schema:
        return self.replay.schema


def compare_static(
    environment: Environment,
    replays: Sequence[Replay],
    models: Sequence[str],
    root: Path,
    fallback: str | None = None,
) -> ModelsEvidence:
    """Return what the source of an environment's models and its history do not agree on.

    `models` are `module:attribute` of the MetaData; without one it is found through `env.py`. `fallback` is
    why the models were not loaded, where they were to be. Raise `GuardError` when no model is found.
    """
    names = named_models(models)
    filters = filters_of(environment, root)
    sides = [(one, read_models(environment, one.dialect, root, one.database, names)) for one in replays]
    if not any(_own_tables(read.schema) for _, read in sides):
        raise GuardError(
            "no models are found without importing them, so there is nothing to compare with",
            "name their MetaData, such as --models static --models shop.db:Base.metadata",
        )
    differing: list[ModelDifference] = []
    left_out: list[LeftOut] = []
    for replay, read in sides:
        whole, partly = _passed_over(replay, read, filters)
        told = {**partly, **whole}
        left_out += [LeftOut(name, replay.dialect, why) for name, why in sorted(told.items())]
        differing += _differences(_Pair(replay, read, filters, frozenset(whole)))
    compared = max((len(_both(one.schema, read.schema)) for one, read in sides), default=0)
    source = ", ".join(names) if names else "env.py"
    return ModelsEvidence(source, tuple(differing), compared, tuple(left_out), False, fallback)


def _own_tables(schema: Schema) -> list[Table]:
    return [table for table in schema.all_tables() if not table.assumed]


def _both(history: Schema, models: Schema) -> list[TableName]:
    return [one.name for one in _own_tables(models) if one.certain and _known(history, one.name) is not None]


def _known(schema: Schema, name: TableName) -> Table | None:
    found = schema.table(name)
    return found if found is not None and found.known else None


def _passed_over(
    replay: Replay, read: StaticModels, filters: Filters
) -> tuple[dict[TableName, str], dict[TableName, str]]:
    """Return the tables that are not compared, and those that are in part only, with the reasons."""
    history, models = replay.schema, read.schema
    claimed = [models.key(table.name) for table in _own_tables(models)]
    whole = dict(_not_compared(history, read, filters))
    partly = {name: why for name, why in passed_over(history, models, claimed) if name not in whole}
    for name in _both(history, models):
        unread = list(_unread(models.tables[models.key(name)], models))
        if unread and name not in whole:
            more = f" and {len(unread) - _MOST_PARTS} more" if len(unread) > _MOST_PARTS else ""
            partly.setdefault(name, f"not read: {', '.join(unread[:_MOST_PARTS])}{more}")
    return whole, partly


def _not_compared(history: Schema, read: StaticModels, filters: Filters) -> Iterator[tuple[TableName, str]]:
    """Go through the tables of which nothing can be said."""
    models = read.schema
    for table in _own_tables(models):
        known = history.table(table.name)
        if not table.certain:
            yield models.key(table.name), table.doubts[-1] if table.doubts else "its model is not all read"
        elif known is None and not history.certain(table.name):
            yield models.key(table.name), "something that could not be read may create it"
        elif known is not None and not known.known:
            why = "the migrations use it and never create it" if known.assumed else "it is not all known"
            yield models.key(table.name), known.doubts[-1] if known.doubts else why
    unread = str(read.notes[0]) if read.notes else "not all of the models could be read"
    for table in history.all_tables():
        name, found = history.key(table.name), models.table(table.name)
        if table.known and (found is None or found.assumed):
            complete = read.schema.complete and models.certain(table.name)
            reason = filters.hides(name) if complete else unread
            if reason is not None:
                yield name, f"it may have a model that was not found: {reason}"


def _unread(table: Table, schema: Schema) -> Iterator[str]:
    """Go through the parts of a model's table that the reader leaves open."""
    for column in table.columns.values():
        yield from (f"{aspect} of {column.name}" for aspect in _open(column, schema))
    yield from (f"a {kind}" for kind in sorted(doubtful_kinds(table)))
    key = table.primary_key
    if key is not None and isinstance(key.columns, Unknown):
        yield "the order of the primary key"


def _open(column: Column, schema: Schema) -> Iterator[str]:
    if spelled(column.type, schema.dialect) in (UNKNOWN, None):
        yield "the type"
    parts = {"default": column.default, "comment": column.comment, "identity": column.identity}
    default = getattr(column.default, "sql", None)
    for name, value in {**parts, "nullability": column.nullable, "default value": default}.items():
        if value is UNKNOWN:
            yield f"the {name}"


def _differences(pair: _Pair) -> Iterator[ModelDifference]:
    history, models = pair.history, _without_chance(pair.read, pair.history)
    for one in differences(history, models):
        if not one.certain or one.table in pair.left_out or not _is_told(one, pair):
            continue
        found = found_of(one, lines(one, history, models, pair.read.named))
        name, column = user_of(found, models)
        key = None if name is None else models.key(name)
        span = None
        if key is not None:
            span = pair.read.places.get((key, column)) or pair.read.places.get((key, None))
        seen = one.aspect in _SEEN.get(one.kind, ())
        yield difference_of(found, seen, pair.replay, span, _doubt(pair))


def _without_chance(read: StaticModels, history: Schema) -> Schema:
    """Return the schema of the models in which constraints do not meet by a name that a server gave both.

    MySQL numbers foreign keys, so that one of the models and another of the history may have one name.
    """
    schema = read.schema
    for table in tuple(schema.tables.values()):
        before = history.table(table.name)
        if before is None:
            continue
        kept = tuple(
            replace(one, name=None) if _meets_another(one, before, read.named) else one
            for one in table.constraints
        )
        if kept != table.constraints:
            schema = schema.with_table(replace(table, constraints=kept))
    return schema


def _meets_another(one: Constraint, before: Table, named: Container[str]) -> TypeGuard[ForeignKey | Unique]:
    if not isinstance(one, (ForeignKey, Unique)) or not isinstance(one.name, str) or one.name in named:
        return False
    other = before.constraint(one.name)
    return isinstance(other, (ForeignKey, Unique)) and other.columns != one.columns


def _doubt(pair: _Pair) -> str | None:
    """Return why the models may be otherwise than they were read."""
    if pair.read.notes:
        more = f" and {len(pair.read.notes) - 1} more" if pair.read.notes[1:] else ""
        return f"not all of the models could be read: {pair.read.notes[0]}{more}"
    return pair.filters.doubt


def _is_told(one: Difference, pair: _Pair) -> bool:
    """Tell whether a difference is one that comparing loaded models would report as well."""
    history, models = pair.history, pair.read.schema
    claims = partial(is_claimed, one, pair.read.named)
    if one.kind == "table" and not one.aspect:
        return not _is_part(history if one.right is None else models, one.table)
    if one.aspect == "comment":
        return history.dialect != "sqlite"
    if one.table is not None and one.kind in doubtful_kinds(history.tables[history.key(one.table)]):
        return False
    if one.kind == "index" and any(_is_implied(schema, one) for schema in (history, models)):
        return False
    if one.aspect == "name":
        return one.left is not None and claims() and one.kind in ("foreign key", "index", "unique")
    if one.kind == "column" and one.aspect == "type" and _is_only_more_precise(one):
        return False
    return one.aspect in _SEEN.get(one.kind, ()) or is_blind_spot(one, history, models)


def _is_implied(schema: Schema, one: Difference) -> bool:
    """Tell whether MySQL makes an index by itself for a foreign key."""
    table = None if one.table is None else schema.table(one.table)
    names = (one.name, one.left, one.right)
    return table is not None and any(index.implied and index.name in names for index in table.indexes)


def _is_part(schema: Schema, name: TableName | None) -> bool:
    """Tell whether a table is a temporary one or a partition, which no model has."""
    table = None if name is None else schema.table(name)
    return table is not None and (table.temporary or table.partition_of is not None)


def _is_only_more_precise(one: Difference) -> bool:
    """Tell whether only one of two types has arguments, which autogenerate takes for the same."""
    left, right = one.left or "", one.right or ""
    return left.partition("(")[0] == right.partition("(")[0] and ("(" in left) != ("(" in right)
