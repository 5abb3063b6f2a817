"""A schema that a history builds step by step equals the same schema built at once."""

from __future__ import annotations

import random
import time

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from migrate_guard.dialect import DialectName
from migrate_guard.operations import (
    AddColumn,
    AddConstraint,
    AnyOperation,
    Check,
    Column,
    Constraint,
    CreateIndex,
    CreateTable,
    Default,
    DropColumn,
    ForeignKey,
    Index,
    IndexPart,
    PrimaryKey,
    RenameColumn,
    RenameTable,
    SqlType,
    TableName,
    Unique,
)
from migrate_guard.schema import Schema, Table, apply, empty_schema
from migrate_guard.schema.compare import differences
from tests.schema.build import INTEGER, SPAN, SQL, TEXT, run

NAMES = ["alpha", "beta", "gamma"]
COLUMNS = ["id", "one", "two", "three"]
TYPES = [INTEGER, TEXT, SqlType("VARCHAR", (20,)), SqlType("NUMERIC", (10, 2))]


@st.composite
def direct_tables(draw: st.DrawFn) -> list[Table]:
    """Draw tables that any server could hold, every constraint named."""
    tables: list[Table] = []
    for name in draw(st.lists(st.sampled_from(NAMES), min_size=1, unique=True)):
        names = draw(st.lists(st.sampled_from(COLUMNS), min_size=1, unique=True))
        columns = {n: _column(draw, n) for n in names}
        key = draw(st.lists(st.sampled_from(names), max_size=2, unique=True))
        constraints: list[Constraint] = []
        if key:
            constraints.append(PrimaryKey(f"pk_{name}", tuple(key)))
            columns |= {
                n: Column(n, columns[n].type, nullable=False, default=columns[n].default) for n in key
            }
        constraints += _constraints(draw, name, names, tables)
        table = TableName(name)
        picked = draw(st.lists(st.sampled_from(names), max_size=2, unique=True))
        indexes = (Index(f"ix_{name}", table, tuple(IndexPart(n) for n in picked)),) if picked else ()
        tables.append(Table(table, columns, tuple(constraints), indexes))
    return tables


def _column(draw: st.DrawFn, name: str) -> Column:
    default = draw(st.sampled_from([None, Default("1"), Default("'x'", quoted=True)]))
    return Column(name, draw(st.sampled_from(TYPES)), nullable=draw(st.booleans()), default=default)


def _constraints(draw: st.DrawFn, name: str, names: list[str], tables: list[Table]) -> list[Constraint]:
    found: list[Constraint] = []
    if draw(st.booleans()):
        found.append(Unique(f"uq_{name}", (draw(st.sampled_from(names)),)))
    if draw(st.booleans()):
        found.append(Check(f"ck_{name}", f"{draw(st.sampled_from(names))} > 0"))
    refers = draw(st.booleans())
    if tables and refers:
        target = draw(st.sampled_from(tables))
        column = draw(st.sampled_from(sorted(target.columns)))
        found.append(ForeignKey(f"fk_{name}", (draw(st.sampled_from(names)),), target.name, (column,)))
    return found


def _directly(dialect: DialectName, tables: list[Table]) -> Schema:
    schema = empty_schema(dialect)
    for table in tables:
        schema = schema.with_table(table)
    return schema


def _step_by_step(tables: list[Table], seed: int) -> list[AnyOperation]:
    """Return a roundabout history: other names first, columns one by one, one column too many."""
    order = random.Random(seed)
    history: list[AnyOperation] = []
    for table in tables:
        early = TableName(f"old_{table.name.name}")
        history.append(CreateTable(span=SPAN, table=early, columns=(Column("extra", TEXT),), sql=SQL))
        for column in table.columns.values():
            wrong = f"{column.name}_old"
            renamed = Column(wrong, column.type, nullable=column.nullable, default=column.default)
            history.append(AddColumn(span=SPAN, table=early, column=renamed))
            history.append(RenameColumn(span=SPAN, table=early, column=wrong, to=column.name))
        history.append(DropColumn(span=SPAN, table=early, column="extra"))
        parts: list[AnyOperation] = [
            AddConstraint(span=SPAN, table=early, constraint=constraint) for constraint in table.constraints
        ]
        parts += [CreateIndex(span=SPAN, index=Index(i.name, early, i.parts)) for i in table.indexes]
        order.shuffle(parts)
        history += [*parts, RenameTable(span=SPAN, table=early, to=table.name)]
    return history


@settings(max_examples=150, deadline=None)
@given(st.sampled_from(["postgresql", "sqlite"]), direct_tables(), st.integers(0, 99))
def test_a_replayed_schema_equals_the_one_built_at_once(
    dialect: DialectName, tables: list[Table], seed: int
) -> None:
    replayed = run(empty_schema(dialect), *_step_by_step(tables, seed))
    assert not [str(d) for d in differences(_directly(dialect, tables), replayed)]
    at_once = run(
        empty_schema(dialect),
        *(
            CreateTable(
                span=SPAN,
                table=table.name,
                columns=tuple(table.columns.values()),
                constraints=table.constraints,
                indexes=table.indexes,
                sql=SQL,
            )
            for table in tables
        ),
    )
    same = [d for d in differences(replayed, at_once) if d.kind != "unique" or dialect != "postgresql"]
    assert not [str(d) for d in same]


def _wide_history(count: int) -> list[AnyOperation]:
    history: list[AnyOperation] = []
    for number in range(count):
        table = TableName(f"t{number}")
        target = TableName(f"t{number // 2}")
        history.append(
            CreateTable(
                span=SPAN,
                table=table,
                columns=(Column("id", INTEGER), Column("other", INTEGER)),
                constraints=(PrimaryKey(None, ("id",)), ForeignKey(None, ("other",), target, ("id",))),
            )
        )
        history.append(AddColumn(span=SPAN, table=table, column=Column("name", TEXT)))
        history.append(CreateIndex(span=SPAN, index=Index(f"ix{number}", table, (IndexPart("name"),))))
        if number % 10 == 9:
            history.append(RenameTable(span=SPAN, table=table, to=TableName(f"r{number}")))
    return history


def _seconds(dialect: DialectName, count: int) -> float:
    history = _wide_history(count)
    schema = empty_schema(dialect)
    started = time.process_time()
    for operation in history:
        schema = apply(schema, operation, "r")
    return time.process_time() - started


@pytest.mark.parametrize("dialect", ["postgresql", "mysql", "sqlite"])
def test_the_cost_of_an_operation_does_not_grow_with_the_number_of_tables(dialect: DialectName) -> None:
    small = min(_seconds(dialect, 200) / 200 for _ in range(3))
    large = _seconds(dialect, 2000) / 2000
    assert large < small * 6
