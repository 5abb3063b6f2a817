"""A difference from a real database names the operation that explains it, and no other."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

from benchmarks.real.causes import ASSUMED, INCOMPLETE, NAMING, THERE_BEFORE, Cause, Causes, causes
from migrate_guard.evaluate.outcome import Transition
from migrate_guard.operations import (
    UNKNOWN,
    AddColumn,
    AddConstraint,
    AlterColumn,
    AnyOperation,
    Check,
    Column,
    Condition,
    CreateIndex,
    CreateObject,
    CreateTable,
    DropTable,
    Existence,
    Index,
    IndexPart,
    Insert,
    Opaque,
    RenameColumn,
    RenameTable,
    TableName,
)
from migrate_guard.schema import Schema, apply, empty_schema
from migrate_guard.schema.compare import differences, unknowns
from migrate_guard.span import whole_line
from tests.schema.build import ORDERS, SPAN, TEXT, USERS, given, maybe, run, shop

FLAG = Cause("versions/one.py:7", f"it depends on {given()[0]}")
CLIENTS = TableName("clients")
ADD_X = AddColumn(span=SPAN, table=USERS, column=Column("x", TEXT))
INDEX = CreateIndex(span=SPAN, index=Index("ix", USERS, (IndexPart("name"),)))


def _transitions(schema: Schema, operations: tuple[AnyOperation, ...]) -> Iterator[Transition]:
    for operation in operations:
        after = apply(schema, operation, "r1")
        yield Transition(schema, operation, after)
        schema = after


def _replay(*operations: AnyOperation, on: Schema | None = None) -> Causes:
    """Return the causes after a history that follows the two tables of the shop."""
    found = tuple(_transitions(shop() if on is None else on, operations))
    return causes(found[-1].after, found)


def _explained(real: Schema, replay: Causes) -> dict[str, tuple[Cause, ...]]:
    found = (*differences(real, replay.schema), *unknowns(real, replay.schema))
    return {str(one): replay.of(one) for one in found}


def test_an_undecided_operation_explains_what_it_may_change() -> None:
    assert _explained(shop(), _replay(maybe(ADD_X))) == {"column x of users: only on the right: x": (FLAG,)}


def test_an_undecided_operation_explains_nothing_else_in_its_table() -> None:
    real = run(shop(), ADD_X, replace(INDEX, index=replace(INDEX.index, unique=True)))
    replay = _replay(INDEX, maybe(ADD_X))
    assert _explained(real, replay) == {"index ix of users: unique: true / false": ()}


def test_what_the_replay_is_sure_of_has_no_cause() -> None:
    replay = _replay(Opaque(span=SPAN, reason="r", may_touch=(USERS,)), DropTable(span=SPAN, table=ORDERS))
    assert _explained(shop(), replay)["table orders: only on the left: orders"] == ()


def test_an_unread_operation_explains_its_table() -> None:
    replay = _replay(Opaque(span=SPAN, reason="r", may_touch=(USERS,)), ADD_X)
    cause = Cause("versions/one.py:7", "r")
    assert _explained(shop(), replay) == {"column x of users: only on the right: x": (cause,)}


def test_a_doubt_about_everything_is_named_where_no_nearer_one_is() -> None:
    elsewhere = Opaque(span=whole_line("versions/zero.py", 3), reason="it runs anything")
    far = Cause("versions/zero.py:3", "it runs anything")
    replay = _replay(elsewhere, maybe(ADD_X), INDEX)
    assert _explained(shop(), replay) == {
        "column x of users: only on the right: x": (FLAG,),
        "index ix of users: only on the right: ix": (far,),
    }


def test_a_doubt_about_everything_does_not_reach_newer_tables() -> None:
    new = CreateTable(span=SPAN, table=CLIENTS, columns=(Column("id", TEXT),))
    real = run(shop(), replace(new, columns=(Column("id", TEXT, nullable=False),)))
    replay = _replay(Opaque(span=SPAN, reason="r"), new)
    assert _explained(real, replay) == {"column id of clients: nullable: false / true": ()}


def test_a_missing_table_may_come_from_what_was_not_read() -> None:
    real = run(shop(), CreateTable(span=SPAN, table=CLIENTS, columns=()))
    found = _explained(real, _replay(Opaque(span=SPAN, reason="r")))
    assert found == {"table clients: only on the left: clients": (Cause("versions/one.py:7", "r"),)}


def test_a_cause_follows_renamed_tables_and_columns() -> None:
    replay = _replay(
        maybe(ADD_X),
        RenameTable(span=SPAN, table=USERS, to=CLIENTS),
        RenameColumn(span=SPAN, table=CLIENTS, column="x", to="y"),
    )
    real = run(shop(), RenameTable(span=SPAN, table=USERS, to=CLIENTS))
    assert _explained(real, replay) == {"column y of clients: only on the right: y": (FLAG,)}


def test_an_unknown_argument_explains_what_is_unknown() -> None:
    alter = AlterColumn(
        span=SPAN, table=USERS, column="name", type=UNKNOWN, unknowns=("the type depends on a thing",)
    )
    replay = _replay(alter, INDEX)
    cause = Cause("versions/one.py:7", "the type depends on a thing")
    assert _explained(run(shop(), INDEX), replay) == {"column name of users: type: TEXT / unknown": (cause,)}


def test_an_unknown_argument_explains_no_difference() -> None:
    alter = AlterColumn(
        span=SPAN, table=USERS, column="name", type=UNKNOWN, nullable=False, unknowns=("the type is strange",)
    )
    found = _explained(shop(), _replay(alter))
    assert found["column name of users: nullable: true / false"] == ()


def test_what_no_revision_creates_explains_itself() -> None:
    real = run(shop(), CreateTable(span=SPAN, table=CLIENTS, columns=(Column("id", TEXT), Column("x", TEXT))))
    used = AddColumn(span=SPAN, table=CLIENTS, column=Column("x", TEXT))
    assert _explained(real, _replay(used)) == {
        "column id of clients: only on the left: id": (Cause("", ASSUMED),)
    }
    other = run(real, CreateTable(span=SPAN, table=TableName("more"), columns=()))
    found = _explained(other, _replay(used))
    assert found["table more: only on the left: more"] == (Cause("", INCOMPLETE),)


def test_what_the_application_made_itself_explains_its_table() -> None:
    real = run(shop(), CreateTable(span=SPAN, table=CLIENTS, columns=(Column("id", TEXT),)))
    replay = replace(_replay(Opaque(span=SPAN, reason="r")), there_before=frozenset({"clients", "users"}))
    cause = Cause("", THERE_BEFORE)
    assert _explained(real, replay) == {"table clients: only on the left: clients": (cause,)}
    real = run(shop(), ADD_X)
    found = _explained(real, replay)
    assert found == {"column x of users: only on the left: x": (Cause("versions/one.py:7", "r"),)}


def test_a_guard_that_only_asks_for_the_table_leaves_nothing_open() -> None:
    new = CreateTable(span=SPAN, table=CLIENTS, columns=(Column("id", TEXT),))
    guard = Condition("has_table(name)", "versions/one.py", 6, holds=False, asks=Existence(CLIENTS))
    replay = _replay(replace(new, conditions=(guard,)))
    assert _explained(shop(), replay) == {"table clients: only on the right: clients": ()}


def test_an_undecided_use_of_a_table_does_not_make_it() -> None:
    rows = Insert(span=SPAN, table=CLIENTS, columns=("x",))
    real = run(shop(), CreateTable(span=SPAN, table=CLIENTS, columns=(Column("id", TEXT), Column("x", TEXT))))
    found = _explained(real, _replay(maybe(rows)))
    assert found["column id of clients: only on the left: id"] == (Cause("", ASSUMED),)


def test_a_convention_that_is_not_known_explains_names() -> None:
    empty = empty_schema("postgresql", naming=UNKNOWN)
    table = CreateTable(span=SPAN, table=USERS, columns=(Column("id", TEXT),))
    check = AddConstraint(span=SPAN, table=USERS, constraint=Check(None, "id > ''"))
    named = replace(check, constraint=Check("ck", "id > ''"))
    found = _explained(run(empty_schema("postgresql"), table, named), _replay(table, check, on=empty))
    assert found == {"check ck of users: name: ck / unknown": (Cause("", NAMING),)}


def test_a_sequence_that_the_application_made_explains_itself() -> None:
    real = run(shop(), CreateObject(span=SPAN, kind="sequence", name=TableName("own_seq")))
    replay = replace(_replay(ADD_X, on=shop()), there_before=frozenset({"own_seq"}))
    cause = Cause("", THERE_BEFORE)
    assert _explained(real, replay)["sequence own_seq: only on the left: own_seq"] == (cause,)
    assert _explained(real, _replay(ADD_X))["sequence own_seq: only on the left: own_seq"] == ()
