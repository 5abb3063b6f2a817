"""What PostgreSQL is claimed to do is what it does."""

from __future__ import annotations

from collections.abc import Iterator

import psycopg
import pytest

from migrate_guard.dialect import Dialect
from migrate_guard.dialects import Effect, effect_of
from migrate_guard.dialects.postgresql import volatility
from migrate_guard.dialects.postgresql.locks import BLOCKS
from migrate_guard.schema import Schema
from tests.dialects.postgresql_cases import CASES, OUTSIDE, Case
from tests.dialects.shop import POSTGRESQL_SETUP, postgresql_shop
from tests.servers import PostgresServer
from tests.tracing import Traced, trace, wanted_lock

pytestmark = pytest.mark.server

Connection = psycopg.Connection[tuple[object, ...]]
SHOP = postgresql_shop()


@pytest.fixture(scope="module")
def shop(postgresql: PostgresServer) -> Iterator[Connection]:
    """A connection to a database that holds the shop."""
    with postgresql.connect(postgresql.fresh_database()) as connection:
        connection.execute(POSTGRESQL_SETUP)
        connection.execute("ANALYZE")
        yield connection


def _for_version(case: Case, server: PostgresServer) -> Dialect:
    if not case.since <= server.version[0] <= case.until:
        pytest.skip(f"not in PostgreSQL {server.version[0]}")
    return Dialect("postgresql", server.version)


def _locks(effect: Effect) -> dict[str, str]:
    return {str(hold.table): hold.lock for hold in reversed(effect.holds)}


def _felt(traced: Traced, effect: Effect, before: Schema) -> dict[str, str]:
    """Return the traced locks as queries feel them.

    ACCESS EXCLUSIVE on an index stops the queries on its table (REINDEX, Notes). ROW SHARE is what
    foreign keys take on the rows they refer to, ROW EXCLUSIVE what a default takes on its sequence while
    it fills the rows; they count where they are claimed.
    """
    claimed = _locks(effect)
    weak = {"ROW SHARE", "ROW EXCLUSIVE"} if traced.rewrites else {"ROW SHARE"}
    found = {name: mode for name, mode in traced.locks.items() if mode not in weak or name in claimed}
    for index, mode in traced.index_locks.items():
        table = before.table_of_index(index)
        if table is not None and mode == "ACCESS EXCLUSIVE":
            found[str(table.name)] = mode
    return found


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.sql[:90])
def test_claim(case: Case, shop: Connection, postgresql: PostgresServer) -> None:
    effect = effect_of(case.operation, SHOP, _for_version(case, postgresql))
    traced = trace(shop, case.sql)
    assert effect.known
    assert effect.transactional
    assert _locks(effect) == _felt(traced, effect, SHOP)
    assert {str(table) for table in effect.rewrites} == (set() if case.empties else traced.rewrites)
    if not case.empties and not case.queries:
        assert {str(table) for table in effect.scans} == traced.scans
    worked = {str(table) for table in (*effect.rewrites, *effect.scans)}
    for hold in effect.holds:
        assert hold.blocks == BLOCKS[hold.lock]
        if hold.lock != "ROW EXCLUSIVE":
            assert hold.long == (str(hold.table) in worked or hold.lock == "EXCLUSIVE")


@pytest.mark.parametrize("case", OUTSIDE, ids=lambda case: case.sql[:90])
def test_outside_transaction(case: Case, shop: Connection, postgresql: PostgresServer) -> None:
    effect = effect_of(case.operation, SHOP, _for_version(case, postgresql))
    assert not effect.transactional
    with pytest.raises(psycopg.errors.ActiveSqlTransaction), shop.transaction(force_rollback=True):
        shop.execute(case.sql)


WAITING = [case for case in OUTSIDE if effect_of(case.operation, SHOP, Dialect("postgresql")).holds]


@pytest.mark.parametrize("case", WAITING, ids=lambda case: case.sql[:90])
def test_lock_outside_transaction(case: Case, shop: Connection, postgresql: PostgresServer) -> None:
    effect = effect_of(case.operation, SHOP, _for_version(case, postgresql))
    database = postgresql.url_of(shop.info.dbname)
    table = min(effect.holds, key=lambda hold: hold.lock == "ACCESS EXCLUSIVE" and len(effect.holds) > 1)
    wanted = wanted_lock(lambda: postgresql.connect(database), case.sql, str(table.table))
    assert effect.known
    assert wanted == table.lock


def test_sources_are_cited() -> None:
    for case in (*CASES, *OUTSIDE):
        effect = effect_of(case.operation, SHOP, Dialect("postgresql"))
        if effect.holds or not effect.transactional:
            assert all(source.startswith("https://www.postgresql.org/docs/") for source in effect.sources)
            assert effect.sources


_VOLATILITY = """
SELECT DISTINCT provolatile::text FROM pg_proc
WHERE proname = %s AND pronamespace = 'pg_catalog'::regnamespace
"""


@pytest.mark.parametrize(
    ("names", "allowed"),
    [
        (volatility.VOLATILE, {"v"}),
        (volatility.STABLE, {"s"}),
        (volatility.IMMUTABLE, {"i"}),
        (volatility.NOT_VOLATILE, {"i", "s"}),
    ],
    ids=["volatile", "stable", "immutable", "not volatile"],
)
def test_volatility_of_functions(names: frozenset[str], allowed: set[str], shop: Connection) -> None:
    if shop.info.server_version < 180000:
        pytest.skip("the lists are those of PostgreSQL 18")
    found = {name: {row[0] for row in shop.execute(_VOLATILITY, [name])} for name in sorted(names)}
    assert {name: kinds for name, kinds in found.items() if not kinds or not kinds <= allowed} == {}
