"""Connections of the driver, and dialects that a script makes itself."""

from __future__ import annotations

from migrate_guard.operations import ControlTransaction, Opaque
from tests.evaluate.running import body, shown


def test_the_drivers_connection_commits_and_leaves_the_transaction() -> None:
    found = body(
        """
        raw = op.get_bind().connection.dbapi_connection
        assert raw is not None
        raw.commit()
        raw.autocommit = True
        op.create_index("ix", "t", ["a"], postgresql_concurrently=True)
        raw.autocommit = False
        op.drop_table("u")
        """
    )
    assert shown(found) == ["ControlTransaction", "CreateIndex t ix", "DropTable u"]
    commit, index, drop = (transition.operation for transition in found.transitions)
    assert isinstance(commit, ControlTransaction)
    assert commit.command == "commit"
    assert (index.autocommit, drop.autocommit) == (True, False)


def test_leaving_autocommit_twice_takes_nothing_from_the_next_block() -> None:
    found = body(
        """
        op.get_bind().connection.autocommit = False
        with op.get_context().autocommit_block():
            op.drop_table("u")
        """
    )
    assert [transition.operation.autocommit for transition in found.transitions] == [True]


def test_a_cursor_of_the_driver_executes_sql() -> None:
    found = body(
        """
        with op.get_bind().connection.cursor() as cursor:
            cursor.execute("DROP TABLE t")
            rows = cursor.fetchall()
            cursor.close()
            cursor.callproc("rebuild")
        """
    )
    assert shown(found)[0] == "DropTable t"
    assert len(found.transitions) == 2
    last = found.transitions[-1].operation
    assert isinstance(last, Opaque)
    assert last.may_touch is None


def test_a_dialect_that_the_script_makes_quotes_as_its_own_family_does() -> None:
    script = """
        from sqlalchemy.dialects.{} import {}
        op.execute(f"DROP TABLE {{{}().identifier_preparer.quote('Two')}}")
        """
    for module, name, family in (
        ("postgresql.base", "PGDialect", "postgresql"),
        ("mysql.base", "MySQLDialect", "mysql"),
    ):
        found = body(script.format(module, name, name), dialect=family)
        assert shown(found) == ["DropTable Two"]
