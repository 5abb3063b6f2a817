"""The evaluator is never silently wrong: each hole that was found once stays closed."""

from __future__ import annotations

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


@pytest.mark.parametrize(
    "statements",
    [
        pytest.param("x = 10 ** 10 ** 10", id="power"),
        pytest.param("x = 1 << 10 ** 9", id="shift"),
        pytest.param("x = 'x' * 10 ** 12", id="repetition"),
        pytest.param("x = '%099999999d' % 1", id="format"),
        pytest.param("x = '{:>999999999}'.format('a')", id="format-method"),
        pytest.param("x = list(range(10 ** 12))", id="range"),
        pytest.param("x = [y for y in range(10 ** 9)]", id="comprehension"),
        pytest.param("x = 'a'.ljust(10 ** 10)", id="ljust"),
    ],
)
def test_what_costs_too_much_is_undecided_at_once(statements: str) -> None:
    found = body(f"{statements}\nop.drop_table('after')")
    assert shown(found)[-1] == "DropTable after"


@pytest.mark.parametrize(
    "text",
    [
        pytest.param("x = 0\nwhile x >= 0:\n    x += 1\nop.drop_table('late')", id="counting"),
        pytest.param("x = [0]\nfor i in range(4000):\n    x = [y for y in range(4000)]", id="nested"),
    ],
)
def test_what_never_ends_is_cut_off_and_said_so(text: str) -> None:
    operation = body(text).transitions[-1].operation
    assert isinstance(operation, Opaque)
    assert operation.reason.startswith("not analysed from line")
    assert operation.may_touch is None


def test_a_recursion_that_does_nothing_to_the_schema_is_cut_off_in_silence() -> None:
    assert shown(body("def f(n):\n    f(n + 1)\nf(1)\nop.drop_table('late')")) == ["DropTable late"]


def test_a_recursion_over_operations_is_cut_off_and_said_so() -> None:
    found = body("def f(n):\n    op.drop_table('t')\n    f(n + 1)\nf(1)")
    operation = found.transitions[-1].operation
    assert isinstance(operation, Opaque)
    assert operation.reason == "f() calls itself too often"
    assert operation.may_touch is None


def test_an_endless_loop_runs_once_with_its_names_undecided() -> None:
    found = body(
        """
        n = 0
        while True:
            n += 1
            op.drop_table(f"part_{n}")
            if op.get_bind().execute("SELECT 1").scalar():
                break
        op.drop_table("late")
        """
    )
    assert isinstance(found.transitions[0].operation, Opaque)
    assert shown(found)[-1] == "DropTable late"


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
    assert shown(found)[-1].startswith("DropTable a if not (")
    assert found.raises is None


def test_both_sides_of_a_try_are_seen() -> None:
    found = body(
        """
        try:
            op.drop_table("a")
        except Exception:
            op.drop_table("b")
        """
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


def test_helpers_of_a_project_module_are_followed() -> None:
    found = run(
        """
        from myapp.helpers import drop_both
        def upgrade():
            drop_both("a", suffix="_old")
        """,
        modules={
            "myapp.helpers": (
                "from alembic import op\n"
                "SUFFIXES = ['']\n"
                "def drop_both(name, suffix):\n"
                "    for s in [*SUFFIXES, suffix]:\n"
                "        op.drop_table(name + s)\n"
            )
        },
    )
    assert shown(found) == ["DropTable a", "DropTable a_old"]
    operation = found.transitions[0].operation
    assert operation.span.path == "versions/abc.py"
    assert [span.path for span in operation.calls] == ["myapp.helpers.py"]


def test_a_name_first_used_under_a_condition_is_known_after_it() -> None:
    found = body("if condition_unknown:\n    op.drop_table('a')\nop.drop_table('b')")
    assert shown(found) == ["DropTable a if condition_unknown", "DropTable b"]


def test_a_package_that_imports_its_submodule_from_itself_is_followed() -> None:
    found = run(
        """
        from myapp import tables
        def upgrade():
            op.drop_table(tables.NAME)
        """,
        modules={
            "myapp": "from myapp import tables",
            "myapp.tables": "NAME = 'a'\nfrom myapp import tables\n",
        },
    )
    assert shown(found) == ["DropTable a"]


_DROP_ALL = """
    from myapp.tables import NAMES
    def upgrade():
        for name in NAMES:
            op.drop_table(name)
    """


def test_what_a_module_does_to_its_constant_counts() -> None:
    module = "NAMES = ['a']\nNAMES.append('b')\nNAMES[0] = 'c'\n"
    assert shown(run(_DROP_ALL, modules={"myapp.tables": module})) == ["DropTable c", "DropTable b"]


def test_a_constant_that_a_function_binds_anew_is_not_known() -> None:
    module = "NAMES = ['a']\ndef more():\n    global NAMES\n    NAMES = ['b']\n"
    found = run(_DROP_ALL, modules={"myapp.tables": module})
    assert all(isinstance(t.operation, Opaque) for t in found.transitions)
    assert found.transitions


def test_a_multidb_revision_is_evaluated_per_database() -> None:
    text = """
        def upgrade(engine_name):
            globals()["upgrade_%s" % engine_name]()
        def upgrade_users():
            op.drop_table("a")
        def upgrade_events():
            op.drop_table("b")
        """
    assert shown(run(text, database="users")) == ["DropTable a"]
    assert shown(run(text, database="events")) == ["DropTable b"]
