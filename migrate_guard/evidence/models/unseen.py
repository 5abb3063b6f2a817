"""What autogenerate does not look at: the rest of two schemas, compared attribute by attribute."""

from __future__ import annotations

from collections.abc import Collection, Container, Iterable, Iterator

from migrate_guard.evidence.models.autogenerate import Found, doubtful_kinds, found_of
from migrate_guard.evidence.models.code import closing, undoing
from migrate_guard.operations import SqlType, TableName
from migrate_guard.schema import Schema
from migrate_guard.schema.compare import Difference

_COLUMN_ASPECTS = frozenset({"default", "identity", "computed", "autoincrement"})
_INDEX_ASPECTS = frozenset({"where", "method", "include", "nulls not distinct"})
_WHOLE_KINDS = frozenset({"check", "exclude", "primary key"})
_KEY_ASPECTS = frozenset({"name", "deferrable"})
_EXPRESSION_ASPECTS = frozenset({"", "expression", "columns"})


def unseen(
    history: Schema,
    models: Schema,
    own: Iterable[Difference],
    statements: Iterable[str],
    seen: Collection[Found],
) -> Iterator[Found]:
    """Go through the differences that the history is sure of and autogenerate has no eyes for.

    `models` is the schema that the `statements` of the models build, `own` how it differs from the history,
    `seen` what autogenerate found.
    """
    names = "\n".join(statements)
    known = {(one.kind, one.table, one.name) for one in seen}
    whole_columns = {(one.table, one.name) for one in seen if one.kind == "column"}
    for one in own:
        if not one.certain or (one.kind != "column" and (one.kind, one.table, one.name) in known):
            continue
        if is_blind_spot(one, history, models) and is_claimed(one, names):
            if one.kind == "column" and one.aspect == "type" and (one.table, one.name) in whole_columns:
                continue
            yield found_of(one, closing(one, history, models), undoing(one, history, models))


def is_blind_spot(one: Difference, history: Schema, models: Schema) -> bool:
    """Tell whether autogenerate does not compare this, and the history is sure enough to do so."""
    if one.kind == "enum":
        return one.right is not None and not _is_other_order(one, history, models)
    if one.kind == "sequence":
        return one.left is None and one.table is None
    if one.table is None or not _on_both_sides(one.table, history, models):
        return False
    if one.kind in doubtful_kinds(history.tables[history.key(one.table)]):
        return False
    if one.kind == "column":
        if one.aspect != "type":
            return one.aspect in _COLUMN_ASPECTS
        return _is_enum(one, models) or _is_collation(one)
    if one.kind == "index":
        return one.aspect in _INDEX_ASPECTS
    if one.kind == "foreign key":
        return one.aspect in _KEY_ASPECTS
    return one.kind in _WHOLE_KINDS and one.aspect in _EXPRESSION_ASPECTS


def _is_other_order(one: Difference, history: Schema, models: Schema) -> bool:
    """Tell whether an enum has its labels in another order only: ADD VALUE puts a new one last."""
    first, second = (
        next((found.labels for key, found in schema.enums.items() if str(key) == one.name), None)
        for schema in (history, models)
    )
    return isinstance(first, tuple) and isinstance(second, tuple) and sorted(first) == sorted(second)


def _on_both_sides(table: TableName, history: Schema, models: Schema) -> bool:
    mine = history.table(table)
    return mine is not None and mine.known and models.table(table) is not None


def _is_collation(one: Difference) -> bool:
    """Tell whether two types are the same but for their collations, which Alembic does not compare."""
    left, right = (text.partition(" COLLATE ")[0] for text in (one.left or "", one.right or ""))
    return left == right


def _is_enum(one: Difference, models: Schema) -> bool:
    """Tell whether a column's labels differ, which Alembic compares in few versions and dialects."""
    table = None if one.table is None else models.table(one.table)
    column = None if table is None else table.columns.get(one.name)
    kind = None if column is None else column.type
    return (
        isinstance(kind, SqlType) and kind.name == "ENUM" and kind.native and models.dialect != "postgresql"
    )


def is_claimed(one: Difference, names: Container[str]) -> bool:
    """Tell whether the models say it: a name that only the server would choose is nobody's claim.

    `names` are those that the models give.
    """
    return one.aspect != "name" or (one.right is not None and one.right in names)
