"""The replayed schema as Alembic's versions ask for it."""

from __future__ import annotations

from typing import Any

import pytest
import sqlalchemy as sa

from migrate_guard.dialect import Dialect
from migrate_guard.evidence.models.offer import offer
from migrate_guard.evidence.probe.compare import make_dialect
from migrate_guard.evidence.probe.inspector import ReplayedBind
from migrate_guard.operations import Opaque
from tests.schema.build import ORDERS, SPAN, USERS, run, shop

DOUBT = Opaque(span=SPAN, reason="not read", may_touch=(USERS,))


@pytest.mark.parametrize("is_offered", [True, False])
def test_foreign_keys_are_followed_for_alembic_before_1_17(is_offered: bool) -> None:
    """Its comparison of foreign keys asks each for the column that it refers to."""
    schema = run(shop("postgresql"), *(() if is_offered else (DOUBT,)))
    tables: list[dict[str, Any]] = list(offer(schema, Dialect("postgresql")).tables)
    assert ("users" in {table["name"] for table in tables}) is is_offered
    bind = ReplayedBind(make_dialect("postgresql"), tables, lambda key, column: None)
    metadata = sa.MetaData()
    orders = sa.Table(ORDERS.name, metadata)

    bind.inspector.reflect_table(orders, None)

    (key,) = orders.foreign_keys
    assert key.column.table.name == USERS.name
    assert len(key.column.table.columns) == (len(schema.tables[USERS].columns) if is_offered else 1)


def test_foreign_keys_are_left_alone_for_others() -> None:
    bind = ReplayedBind(
        make_dialect("postgresql"),
        list(offer(shop("postgresql"), Dialect("postgresql")).tables),
        lambda key, column: None,
    )
    metadata = sa.MetaData()

    bind.inspector.reflect_table(sa.Table(ORDERS.name, metadata), None, resolve_fks=False)

    assert list(metadata.tables) == [ORDERS.name]
