"""The evaluator is never silently wrong: each hole that was found once stays closed."""

from __future__ import annotations

import textwrap

import pytest

from migrate_guard.operations import Opaque
from tests.evaluate.running import body, run, shown


def test_a_call_that_cannot_be_resolved_is_recorded_and_may_touch_anything() -> None:
    found = run(
        """
        from elsewhere import helper
        def upgrade():
            helper()
        """
    )
    (transition,) = found.transitions
    assert isinstance(transition.operation, Opaque)
    assert transition.operation.may_touch is None


def test_a_call_that_is_given_the_connection_may_touch_anything() -> None:
    found = run(
        """
        from elsewhere import helper
        def upgrade():
            x = helper(op.get_bind())
        """
    )
    operation = found.transitions[-1].operation
    assert isinstance(operation, Opaque)
    assert operation.may_touch is None


def test_a_call_whose_value_is_used_is_counted_but_touches_nothing() -> None:
    found = run(
        """
        from elsewhere import length
        def upgrade():
            op.add_column("t", sa.Column("c", sa.String(length())))
        """
    )
    opaque = [t.operation for t in found.transitions if isinstance(t.operation, Opaque)]
    assert [operation.may_touch for operation in opaque] == [()]
    assert "AddColumn t c" in shown(found)


def test_names_known_to_be_harmless_are_not_recorded() -> None:
    assert shown(body("print('x')\nimport time\ntime.sleep(1)\nlogger = 1\n")) == []


def test_an_early_return_under_an_unknown_condition_guards_what_follows() -> None:
    found = body(
        """
        for row in op.get_bind().execute("SELECT 1"):
            if row.bad:
                return
        op.drop_table("late")
        """
    )
    assert [line for line in shown(found) if line.startswith("DropTable")] == [
        'DropTable late if not (for each of op.get_bind().execute("SELECT 1") and row.bad)'
    ]


def test_a_continue_guards_only_the_rest_of_its_round() -> None:
    found = body(
        """
        for name in ["a", "b"]:
            if condition_unknown:
                continue
            op.drop_table(name)
        op.drop_table("c")
        """
    )
    assert shown(found) == [
        "DropTable a if not (condition_unknown)",
        "DropTable b if not (condition_unknown)",
        "DropTable c",
    ]


def test_a_break_guards_the_following_rounds() -> None:
    found = body(
        """
        for name in ["a", "b"]:
            op.drop_table(name)
            if condition_unknown:
                break
        op.drop_table("c")
        """
    )
    assert shown(found) == ["DropTable a", "DropTable b if not (condition_unknown)", "DropTable c"]


def test_a_decorator_of_the_project_is_evaluated() -> None:
    found = run(
        """
        def temporary(function):
            def wrapper():
                op.create_index("ix", "t", ["c"])
                function()
                op.drop_index("ix", "t")
            return wrapper
        @temporary
        def upgrade():
            op.drop_table("x")
        """
    )
    assert shown(found) == ["CreateIndex t ix", "DropTable x", "DropIndex t ix"]


def test_a_decorator_that_cannot_be_read_makes_the_body_conditional() -> None:
    found = run(
        """
        from elsewhere import retry
        @retry
        def upgrade():
            op.drop_table("x")
        """
    )
    assert shown(found)[-1].startswith("DropTable x if @retry, which cannot be followed")


def test_a_list_item_added_under_an_unknown_condition_is_only_perhaps_there() -> None:
    found = body(
        """
        names = ["a"]
        if condition_unknown:
            names.append("b")
        for name in names:
            op.drop_table(name)
        """
    )
    assert shown(found) == ["DropTable a", "DropTable b if condition_unknown"]


def test_a_list_that_may_be_longer_is_no_certain_argument_list() -> None:
    found = body(
        """
        columns = [sa.Column("a", sa.Integer)]
        if condition_unknown:
            columns.append(sa.Column("b", sa.Integer))
        op.create_table("t", *columns)
        """
    )
    (transition,) = found.transitions
    assert isinstance(transition.operation, Opaque) or transition.operation.unknowns


@pytest.mark.parametrize(
    "statements",
    [
        pytest.param("x = [1]\nif condition_unknown:\n    x += [2]\n", id="augmented"),
        pytest.param("x = [1]\nif condition_unknown:\n    x[0] = 2\n", id="item"),
        pytest.param("x = {}\nif condition_unknown:\n    x.update(a=2)\n", id="dict"),
        pytest.param("x = {1}\nif condition_unknown:\n    x.add(2)\n", id="set"),
        pytest.param("x = 1\nif condition_unknown:\n    x = 2\n", id="name"),
    ],
)
def test_whatever_changes_under_an_unknown_condition_is_not_known(statements: str) -> None:
    found = body(statements + "if str(x) == '1':\n    op.drop_table('a')\n")
    assert all(t.operation.conditions for t in found.transitions)
    assert found.transitions


def test_finally_runs_when_the_body_returns() -> None:
    found = body(
        """
        try:
            op.drop_table("a")
            return
        finally:
            op.drop_table("b")
        """
    )
    assert shown(found) == ["DropTable a", "DropTable b"]


def test_a_raise_after_a_loop_that_may_have_returned_does_not_cut_off_the_caller() -> None:
    found = run(
        """
        def find():
            for row in op.get_bind().execute("SELECT 1"):
                return row
            raise ValueError
        def upgrade():
            find()
            op.drop_table("a")
        """
    )
    assert shown(found)[-1] == "DropTable a"
    assert found.raises is None


def test_what_follows_an_exception_that_nothing_catches_is_certain() -> None:
    text = """
        if op.get_bind().execute("SELECT 1").scalar():
            op.drop_table("a")
            raise RuntimeError("not now")
        op.drop_table("b")
        """
    assert shown(body(text))[1:] == [
        'DropTable a if op.get_bind().execute("SELECT 1").scalar()',
        "DropTable b",
    ]
    caught = "try:\n" + textwrap.indent(textwrap.dedent(text), "    ") + "\nexcept RuntimeError:\n    pass\n"
    assert "DropTable b" not in shown(body(caught))


def test_a_function_that_may_raise_returns_what_it_returns() -> None:
    text = """
        def find():
            if op.get_bind().execute("SELECT 1").scalar():
                return "a"
            raise ValueError
        def upgrade():
            op.drop_table(find())
        """
    assert shown(run(text))[1:] == ["DropTable a"]


def test_both_sides_of_a_try_are_seen() -> None:
    found = body(
        """
        try:
            op.drop_table("a")
        except Exception:
            op.drop_table("b")
        """,
        dialect="mysql",
    )
    assert shown(found) == [
        "DropTable a if nothing fails in the try block at line 5",
        "DropTable b if an exception in the try block at line 5",
    ]


def test_a_certain_raise_ends_the_revision() -> None:
    found = body("raise NotImplementedError('no way back')\nop.drop_table('a')")
    assert shown(found) == []
    assert found.raises is not None


def test_a_context_manager_of_the_project_runs_around_the_block() -> None:
    found = run(
        """
        from contextlib import contextmanager
        @contextmanager
        def without_index():
            op.drop_index("ix", "t")
            try:
                yield "t"
            finally:
                op.create_index("ix", "t", ["c"])
        def upgrade():
            with without_index() as name:
                op.drop_column(name, "c")
                return
        """
    )
    assert shown(found) == ["DropIndex t ix", "DropColumn t c", "CreateIndex t ix"]


def test_a_condition_on_the_dialect_is_decided() -> None:
    text = """
        if op.get_bind().dialect.name == "postgresql":
            op.drop_table("a")
        else:
            op.drop_table("b")
        """
    assert shown(body(text)) == ["DropTable a"]
    assert shown(body(text, dialect="mysql")) == ["DropTable b"]


def test_every_call_site_is_visited_or_pruned_for_a_reason() -> None:
    found = run(
        """
        from elsewhere import run_later
        def hidden():
            op.drop_table("hidden")
        def unused():
            op.drop_table("unused")
        def upgrade():
            if op.get_bind().dialect.name == "sqlite":
                op.drop_table("pruned")
            run_later(hidden)
        def downgrade():
            op.drop_table("other direction")
        """
    )
    assert [span.line for span in found.missed] == [6]
    assert any("is False" in pruned.reason for pruned in found.pruned)


def test_a_decorator_that_skips_a_dialect_leaves_out_the_body_for_a_reason() -> None:
    found = run(
        """
        def skip_on_sqlite(function):
            def wrapper():
                if op.get_bind().dialect.name != "sqlite":
                    function()
            return wrapper
        @skip_on_sqlite
        def upgrade():
            op.drop_table("a")
        """,
        dialect="sqlite",
    )
    assert (shown(found), found.missed) == ([], ())
    assert any(pruned.reason == "what decorates it does not call it" for pruned in found.pruned)
