"""Every object of a real schema is counted once: equal, different, missing or unknown."""

from __future__ import annotations

import pytest

from benchmarks.real.causes import Causes
from benchmarks.real.compare import Compared, Counts, compare
from benchmarks.reflect import Outcome, details, report
from migrate_guard.dialect import DialectName
from migrate_guard.operations import (
    UNKNOWN,
    AddColumn,
    AlterColumn,
    AnyOperation,
    Column,
    CreateIndex,
    CreateObject,
    Default,
    DropColumn,
    DropConstraint,
    DropTable,
    Index,
    IndexPart,
    Opaque,
    TableName,
)
from tests.schema.build import ORDERS, SPAN, TEXT, USERS, run, shop

ADD_X = AddColumn(span=SPAN, table=USERS, column=Column("x", TEXT))
RETYPE = AlterColumn(span=SPAN, table=USERS, column="name", type=UNKNOWN)


def _compared(*operations: AnyOperation, dialect: DialectName = "postgresql") -> Compared:
    """Compare the shop as the database with the shop after some operations as the replay."""
    return compare(shop(dialect), Causes(run(shop(dialect), *operations)))


def _counted(compared: Compared) -> dict[str, Counts]:
    """Return the counts without those that stand for no object at all."""
    return {kind: counts for kind, counts in compared.counts.items() if counts != Counts()}


def test_equal_schemas_are_equal_in_everything() -> None:
    assert _counted(_compared()) == {
        "table": Counts(2),
        "column": Counts(5),
        "default": Counts(5),
        "primary key": Counts(2),
        "unique": Counts(1),
        "foreign key": Counts(1),
    }
    assert _compared().found == ()


@pytest.mark.parametrize(
    ("operation", "kind", "counts"),
    [
        (ADD_X, "column", Counts(5, only_here=1, sure=1)),
        (DropColumn(span=SPAN, table=USERS, column="name"), "column", Counts(4, only_there=1, sure=1)),
        (
            AlterColumn(span=SPAN, table=USERS, column="name", nullable=False),
            "column",
            Counts(4, different=1, sure=1),
        ),
        (
            AlterColumn(span=SPAN, table=USERS, column="name", default=Default("1")),
            "default",
            Counts(4, different=1, sure=1),
        ),
        (RETYPE, "column", Counts(4, unknown=1)),
        (
            AlterColumn(span=SPAN, table=USERS, column="name", default=UNKNOWN),
            "default",
            Counts(4, unknown=1),
        ),
        (
            DropConstraint(span=SPAN, table=USERS, name="users_email_key"),
            "unique",
            Counts(0, only_there=1, sure=1),
        ),
    ],
)
def test_each_kind_of_difference_has_its_count(operation: AnyOperation, kind: str, counts: Counts) -> None:
    assert _counted(_compared(operation))[kind] == counts


def test_two_differences_of_an_object_count_once() -> None:
    both = AlterColumn(span=SPAN, table=USERS, column="name", nullable=False, type=UNKNOWN, comment="c")
    assert _counted(_compared(both))["column"] == Counts(4, different=1, sure=1)


def test_what_belongs_to_a_missing_table_is_missing_too() -> None:
    counts = _counted(_compared(DropTable(span=SPAN, table=ORDERS)))
    assert counts["table"] == Counts(1, only_there=1, sure=1)
    assert counts["column"] == Counts(3, only_there=2, sure=2)
    assert counts["foreign key"] == Counts(0, only_there=1, sure=1)


def test_what_has_a_cause_is_not_sure() -> None:
    counts = _counted(_compared(Opaque(span=SPAN, reason="r", may_touch=(USERS,)), ADD_X))
    assert counts["column"] == Counts(5, only_here=1)


def test_on_mysql_unique_indexes_are_unique_constraints() -> None:
    index = CreateIndex(span=SPAN, index=Index("u", USERS, (IndexPart("name"),), unique=True))
    database = run(shop("mariadb"), index)
    assert _counted(compare(database, Causes(database)))["unique"] == Counts(2)
    assert _counted(compare(database, Causes(shop("mariadb"))))["unique"] == Counts(1, only_there=1, sure=1)


def test_what_the_reflection_does_not_read_is_left_out() -> None:
    assert not _compared(CreateObject(span=SPAN, kind="view", name=TableName("v"))).found


def test_differences_are_printed_under_their_cause() -> None:
    compared = _compared(Opaque(span=SPAN, reason="r", may_touch=(USERS,)), ADD_X, RETYPE)
    sure = _compared(DropTable(span=SPAN, table=ORDERS))
    outcomes: dict[tuple[str, DialectName], Outcome] = {
        ("shop", "postgresql"): Outcome("", compared, ("a.py:1: r", "a.py:1: r")),
        ("other", "postgresql"): Outcome("", Compared(sure.counts, sure.found[:1])),
    }
    assert list(details(outcomes)) == [
        "\nshop, postgresql, 2 because of",
        "    versions/one.py:7: r",
        "  - column x of users: only on the right: x",
        "  - column name of users: type: TEXT / unknown",
        "shop, postgresql, not read: a.py:1: r (2 times)",
        "\nother, postgresql, without a cause: 1 sure, 0 unknown",
        "  - table orders: only on the left: orders",
    ]


def test_the_table_shows_what_is_unknown_and_what_is_sure() -> None:
    outcomes: dict[tuple[str, DialectName], Outcome] = {
        ("shop", "postgresql"): Outcome("", _compared(ADD_X, RETYPE)),
        ("other", "postgresql"): Outcome("it fails"),
    }
    rows, shares, failed = report(outcomes)
    cells = [cell.strip() for cell in rows.splitlines()[2].split("|")]
    assert cells[1:5] == ["shop, postgresql", "2", "4 of 5 (1+ 1?; 1 sure)", "5"]
    assert "66.67 %" in shares
    assert failed.endswith("- other, postgresql: it fails")
