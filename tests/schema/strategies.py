"""Random operations, with names few enough that they meet, and with everything that may be unknown."""

from __future__ import annotations

from dataclasses import fields
from typing import Any, get_args

from hypothesis import strategies as st

from migrate_guard.operations import (
    DROP,
    UNKNOWN,
    AnyOperation,
    BatchContext,
    Check,
    Column,
    Computed,
    Condition,
    Default,
    Exclude,
    ForeignKey,
    Identity,
    Index,
    IndexPart,
    PrimaryKey,
    SqlText,
    SqlType,
    TableName,
    Unique,
)
from migrate_guard.operations.objects import ObjectKind
from tests.schema.build import SPAN

WORDS = ["a", "b", "c", "id", "A b", "x" * 70, "ü" * 40, "alembic_version", ""]
word = st.sampled_from(WORDS)
short = st.sampled_from(["a", "b", "c", "id"])
name = st.sampled_from([None, UNKNOWN, *WORDS])
tables = st.builds(
    TableName, st.sampled_from(["a", "b", "c", "x" * 70]), st.sampled_from(["", "public", "s"])
)
columns = st.one_of(st.just(UNKNOWN), st.lists(short, max_size=3, unique=True).map(tuple))
sql = st.sampled_from(["a > 0", "lower(b)", "'a' = \"c\"", "((", "", "a WITH =", UNKNOWN])
labels = st.one_of(st.just(UNKNOWN), st.lists(short, max_size=3, unique=True).map(tuple))
flag = st.booleans()
maybe_flag = st.sampled_from([True, False, None, UNKNOWN])

types = st.one_of(
    st.sampled_from(
        [None, UNKNOWN, SqlType("INTEGER"), SqlType("VARCHAR", (9,)), SqlType("CUSTOM", custom="m.T")]
    ),
    st.builds(SqlType, st.just("ENUM"), enum=tables, labels=labels, native=flag),
    st.builds(
        SqlType, st.just("ARRAY"), item=st.builds(SqlType, st.just("ENUM"), enum=tables, labels=labels)
    ),
)
defaults = st.sampled_from([None, UNKNOWN, Default("1"), Default("'a'", quoted=True), Default(UNKNOWN)])
identities = st.sampled_from([None, UNKNOWN, Identity(), Identity(always=True)])
computed = st.one_of(st.sampled_from([None, UNKNOWN]), st.builds(Computed, sql))
comments = st.sampled_from([None, UNKNOWN, "text"])
column = st.builds(
    Column,
    short,
    types,
    nullable=st.sampled_from([True, False, UNKNOWN]),
    default=defaults,
    identity=identities,
    computed=computed,
    comment=comments,
    autoincrement=st.sampled_from(["auto", True, False]),
    serial=flag,
)
constraint = st.one_of(
    st.builds(PrimaryKey, name, columns, st.sampled_from([None, "a"])),
    st.builds(Unique, name, columns, flag, flag, st.sampled_from([None, "a", "b"])),
    st.builds(ForeignKey, name, columns, st.one_of(tables, st.just(UNKNOWN)), columns, validated=flag),
    st.builds(Check, name, sql, flag, st.sampled_from([None, "a"])),
    st.builds(Exclude, name, sql),
)
part = st.one_of(
    st.builds(IndexPart, short), st.builds(IndexPart, expression=st.sampled_from(["lower(a)", "(b)"]))
)
parts = st.one_of(st.just(UNKNOWN), st.lists(part, max_size=3).map(tuple))
index = st.builds(
    Index,
    name,
    tables,
    parts,
    unique=st.sampled_from([True, False, UNKNOWN]),
    where=st.one_of(st.none(), sql),
)
batch = st.one_of(
    st.none(),
    st.builds(
        BatchContext,
        tables,
        st.integers(1, 2),
        st.sampled_from(["auto", "always", "never"]),
        st.sampled_from([(), UNKNOWN]),
    ),
)
conditions = st.sampled_from(
    [
        (),
        (),
        (),
        (Condition("flag", "x.py", 1),),
        (Condition("has_table('a')", "x.py", 1, holds=False),),
        (Condition("'a' in [c['name'] for c in i.get_columns('b')]", "x.py", 1),),
        (Condition("((", "x.py", 1), Condition("\x00", "x.py", 1)),
    ]
)


def _tuple_of(element: Any, size: int = 3) -> st.SearchStrategy[Any]:
    return st.lists(element, max_size=size).map(tuple)


_OPTIONAL = st.one_of(st.none(), tables)
_BY_FIELD: dict[str, st.SearchStrategy[Any]] = {
    "span": st.just(SPAN),
    "calls": st.just(()),
    "unknowns": st.just(()),
    "conditions": conditions,
    "autocommit": flag,
    "batch": batch,
    "sql": st.sampled_from([None, SqlText("…")]),
    "table": tables,
    "partition": tables,
    "constraints": _tuple_of(constraint),
    "indexes": _tuple_of(index),
    "constraint": constraint,
    "index": index,
    "labels": labels,
    "uses": _tuple_of(tables),
    "inherits": _tuple_of(tables, 2),
    "like": _OPTIONAL,
    "partition_of": _OPTIONAL,
    "as_select": st.sampled_from([None, "select 1"]),
    "comment": comments,
    "type": types,
    "existing_type": types,
    "nullable": maybe_flag,
    "existing_nullable": maybe_flag,
    "default": st.one_of(defaults, st.just(DROP)),
    "existing_default": st.one_of(defaults, st.just(DROP)),
    "existing_comment": comments,
    "existing_autoincrement": st.sampled_from([None, True, False]),
    "identity": st.one_of(identities, st.just(DROP)),
    "computed": st.one_of(computed, st.just(DROP)),
    "autoincrement": st.sampled_from([None, True, False]),
    "using": st.none(),
    "may_touch": st.one_of(st.none(), _tuple_of(tables)),
    "reason": st.just("a call"),
    "value": short,
    "before": st.one_of(st.none(), short),
    "after": st.one_of(st.none(), short),
    "kind": st.sampled_from(get_args(ObjectKind)),
    "detail": st.sampled_from(["", "DEFERRABLE", "not deferrable"]),
    "where": st.none(),
    "rows": st.none(),
    "tables": _tuple_of(tables),
    "target": _OPTIONAL,
    "command": st.just("commit"),
    "mode": st.just("SHARE"),
    "action": st.just("other"),
    "algorithm": st.none(),
    "lock": st.none(),
    "schema": st.sampled_from(["", "public", "s"]),
}
_FLAGS = (
    "if_not_exists if_exists cascade inline restates concurrently temporary unlogged partitioned replace"
    " local from_select"
)
_BY_FIELD |= dict.fromkeys(_FLAGS.split(), flag)
_PAIRS: dict[tuple[str, str], st.SearchStrategy[Any]] = {
    ("CreateTable", "columns"): st.one_of(st.just(UNKNOWN), _tuple_of(column)),
    ("AddColumn", "column"): column,
    ("DropConstraint", "name"): name,
    ("DropConstraint", "kind"): st.sampled_from(
        [None, "unique", "primary", "foreignkey", "check", "notnull"]
    ),
    ("DropIndex", "name"): name,
    ("DropIndex", "table"): _OPTIONAL,
    ("RenameIndex", "table"): _OPTIONAL,
    ("CreateObject", "table"): _OPTIONAL,
    ("AlterObject", "table"): _OPTIONAL,
    ("DropObject", "table"): _OPTIONAL,
    ("AlterObject", "to"): _OPTIONAL,
    ("RenameTable", "to"): tables,
    ("Maintain", "kind"): st.just("table"),
    ("Insert", "columns"): _tuple_of(short),
    ("Update", "columns"): _tuple_of(short),
}
_NAMED_BY_TABLE = frozenset(
    {"CreateEnum", "DropEnum", "AddEnumValue", "RenameEnumValue", "CreateObject", "AlterObject", "DropObject"}
)


def _field(owner: str, field: str) -> st.SearchStrategy[Any]:
    if (owner, field) in _PAIRS:
        return _PAIRS[owner, field]
    if field == "name" and owner in _NAMED_BY_TABLE:
        return tables
    return _BY_FIELD.get(field, short)


operation: st.SearchStrategy[AnyOperation] = st.one_of(
    [
        st.builds(cls, **{field.name: _field(cls.__name__, field.name) for field in fields(cls)})
        for cls in get_args(AnyOperation)
    ]
)
