"""What holds for every operation on every schema."""

from __future__ import annotations

from dataclasses import replace
from typing import get_args

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from migrate_guard.dialect import DIALECTS, DialectName
from migrate_guard.operations import AnyOperation, Condition, ForeignKey, Opaque, TableName
from migrate_guard.schema import Schema, Table, apply, empty_schema
from migrate_guard.schema.compare import differences
from tests.schema import strategies
from tests.schema.build import SPAN

dialects = st.sampled_from(DIALECTS)
_FLAG = Condition("flag", "x.py", 1)
histories = st.lists(strategies.operation, max_size=25)


def _replayed(dialect: DialectName, history: list[AnyOperation]) -> Schema:
    schema = empty_schema(dialect)
    for operation in history:
        schema = apply(schema, operation, "r")
    return schema


def _rebuilt(schema: Schema) -> Schema:
    """Return the same tables and objects put into an empty schema one by one."""
    made = empty_schema(schema.dialect)
    for table in schema.tables.values():
        made = made.with_table(table)
    for found in schema.objects.values():
        made = made.with_object(found)
    return made


@settings(max_examples=200, deadline=None)
@given(dialects, histories)
def test_no_operation_is_refused_and_the_look_ups_stay_true(
    dialect: DialectName, history: list[AnyOperation]
) -> None:
    schema = _replayed(dialect, history)
    for key, table in schema.tables.items():
        assert schema.key(table.name) == key
        assert all(name == column.name for name, column in table.columns.items())
        assert all(schema.key(index.table) == key for index in table.indexes)
        assert key not in schema.dropped
    rebuilt = _rebuilt(schema)
    assert dict(schema.links) == dict(rebuilt.links)
    assert dict(schema.dependents) == dict(rebuilt.dependents)
    assert set(schema.index_tables) <= set(rebuilt.index_tables)


@settings(max_examples=200, deadline=None)
@given(dialects, histories)
def test_a_schema_does_not_differ_from_itself(dialect: DialectName, history: list[AnyOperation]) -> None:
    schema = _replayed(dialect, history)
    assert not differences(schema, schema)


@settings(max_examples=200, deadline=None)
@given(dialects, histories, strategies.operation)
def test_an_operation_changes_no_earlier_schema(
    dialect: DialectName, history: list[AnyOperation], operation: AnyOperation
) -> None:
    before = _replayed(dialect, history)
    again = _replayed(dialect, history)
    apply(before, operation)
    assert before == again


@settings(max_examples=200, deadline=None)
@given(dialects, histories, strategies.operation)
def test_a_condition_never_takes_anything_away(
    dialect: DialectName, history: list[AnyOperation], operation: AnyOperation
) -> None:
    before = _replayed(dialect, history)
    guarded = replace(operation, conditions=(_FLAG,))
    after = apply(before, guarded)
    for key, table in before.tables.items():
        assert set(table.columns) <= set(after.tables[key].columns)
        if after.tables[key] is not table:
            assert not after.tables[key].certain


@settings(max_examples=100, deadline=None)
@given(dialects, histories)
def test_nothing_is_certain_after_unread_code(dialect: DialectName, history: list[AnyOperation]) -> None:
    schema = apply(_replayed(dialect, history), Opaque(span=SPAN, reason="x"))
    assert not any(table.certain for table in schema.all_tables())
    assert not schema.certain(TableName("nowhere"))


@pytest.mark.parametrize("cls", get_args(AnyOperation), ids=lambda cls: str(cls.__name__))
def test_every_operation_is_among_the_random_ones(cls: type[AnyOperation]) -> None:
    assert cls.__name__ in repr(strategies.operation)


def _tables(schema: Schema) -> list[Table]:
    return sorted(schema.tables.values(), key=lambda table: table.name)


@settings(max_examples=200, deadline=None)
@given(dialects, histories)
def test_referring_finds_what_a_scan_finds(dialect: DialectName, history: list[AnyOperation]) -> None:
    schema = _replayed(dialect, history)
    for target in schema.tables:
        scanned = [
            (table.name, key)
            for table in _tables(schema)
            for key in table.constraints
            if isinstance(key, ForeignKey)
            and isinstance(key.target, TableName)
            and schema.key(key.target) == target
        ]
        found = [(table.name, key) for table, key in schema.referring(target)]
        assert sorted(map(repr, found)) == sorted(map(repr, scanned))
