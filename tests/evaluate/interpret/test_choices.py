"""Values that are one of two known ones: texts and functions."""

from __future__ import annotations

import pytest

from tests.evaluate.running import body, shown


def test_each_of_two_texts_is_executed_under_its_condition() -> None:
    found = body(
        """
        import os
        fast = os.environ.get("FAST") == "1"
        op.execute(f"CREATE INDEX {'CONCURRENTLY ' if fast else ''}IF NOT EXISTS ix ON t (a)")
        if fast:
            statement, name = "DROP TABLE a", "x"
        else:
            statement, name = "DROP TABLE b", "y"
        op.execute(statement)
        op.get_bind().execute(sa.text(f"DROP VIEW {name}"))
        """
    )
    assert shown(found) == [
        "CreateIndex t ix if fast",
        "CreateIndex t ix if not (fast)",
        "DropTable a if fast",
        "DropTable b if not (fast)",
        "DropObject x if fast",
        "DropObject y if not (fast)",
    ]
    assert [getattr(one.operation, "concurrently", None) for one in found.transitions[:2]] == [True, False]


def test_each_of_two_functions_is_called_with_what_goes_with_it() -> None:
    found = body(
        """
        def modern(table, word):
            return f"DROP {word} {table}_new"
        def old(table, word):
            op.drop_table("extra")
            return f"DROP {word} {table}_old"
        version = op.get_bind().dialect.server_version_info
        if version:
            write, word = modern, "TABLE"
        else:
            write, word = old, "VIEW"
        op.execute(write("t", word))
        """
    )
    assert shown(found) == [
        "DropTable extra if not (version)",
        "DropTable t_new if version",
        "DropObject t_old if not (version)",
    ]


def test_a_function_that_may_return_early_gives_either_value() -> None:
    found = body(
        """
        def statement(flag):
            if flag:
                return "DROP TABLE a"
            return "DROP TABLE b"
        op.execute(statement(op.get_bind().dialect.server_version_info))
        """
    )
    assert sorted(shown(found)) == ["DropTable a if flag", "DropTable b if not (flag)"]


def test_the_same_condition_in_another_round_is_another_one() -> None:
    found = body(
        """
        names = []
        for key in ("a", "b"):
            if op.get_bind().info.get(key):
                name = key
            else:
                name = key + "_new"
            names.append(name)
        op.execute(f"DROP TABLE {names[0]}_{names[1]}")
        """
    )
    assert shown(found) == ["Opaque the SQL names something that depends on a value that is not known"]


@pytest.mark.parametrize("made", ["statement.upper()", "'%s' % statement", "str(statement)"])
def test_what_is_made_of_either_is_not_one_of_them(made: str) -> None:
    found = body(
        f"""
        statement = "DROP TABLE a" if op.get_bind().info else "DROP TABLE b"
        op.execute({made})
        """
    )
    assert [line.split()[0] for line in shown(found)] == ["Opaque"]


def test_a_text_put_to_either_is_put_to_both() -> None:
    found = body(
        """
        statement = "DROP TABLE a" if op.get_bind().info else "DROP VIEW b"
        op.execute(statement + " CASCADE")
        """
    )
    assert [line.split(" if ")[0] for line in shown(found)] == ["DropTable a", "DropObject b"]
    assert [getattr(one.operation, "cascade", None) for one in found.transitions] == [True, True]


def test_loggers_that_are_chosen_by_a_condition_do_nothing() -> None:
    found = body(
        """
        import logging
        logger = logging.getLogger("alembic")
        log = logger.debug if op.get_bind().info else logger.warning
        log("converted")
        op.drop_table("t")
        """
    )
    assert shown(found) == ["DropTable t"]
