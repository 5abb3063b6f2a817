"""Modules of the project are followed on disk, and names are known when they are used."""

from __future__ import annotations

import pytest

from migrate_guard.operations import Opaque
from tests.evaluate.running import body, run, shown


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


_FACTORY = """
class Factory:
    ready = False
    def __init__(self):
        self.kind, self.length = None, 3
    def init_app(self, app):
        self.kind = app.kind
        self.ready = True
    def name(self):
        if self.kind:
            return 'a'
        raise RuntimeError('init_app first')
factory = Factory()
"""


@pytest.mark.parametrize("asked", ["factory.kind", "factory.ready"])
def test_what_other_methods_set_on_a_shared_object_is_not_known(asked: str) -> None:
    text = f"""
        from myapp.tables import factory
        def upgrade():
            if {asked}:
                op.drop_table("a")
        """
    assert shown(run(text, modules={"myapp.tables": _FACTORY})) == [f"DropTable a if {asked}"]


def test_what_only_init_sets_on_a_shared_object_is_known() -> None:
    text = """
        from myapp.tables import factory
        def upgrade():
            if factory.length == 3:
                op.drop_table("a")
        """
    assert shown(run(text, modules={"myapp.tables": _FACTORY})) == ["DropTable a"]


def test_what_a_module_itself_does_to_its_object_counts() -> None:
    text = """
        from myapp.tables import factory
        def upgrade():
            if factory.ready:
                op.drop_table("a")
        """
    module = _FACTORY + "factory.init_app(None)\n"
    assert shown(run(text, modules={"myapp.tables": module})) == ["DropTable a"]


def test_a_revision_sees_what_it_sets_itself() -> None:
    text = _FACTORY + "\ndef upgrade():\n    op.create_table(factory.name())\n"
    assert shown(run(text)) == []
    used = text.replace("op.create", "factory.kind = 1\n    op.create")
    assert shown(run(used)) == ["CreateTable a"]


def test_an_object_that_may_be_ready_does_not_end_the_revision() -> None:
    text = """
        from myapp.tables import factory
        def upgrade():
            op.drop_table(factory.name())
            op.drop_table("b")
        """
    assert shown(run(text, modules={"myapp.tables": _FACTORY})) == ["DropTable a", "DropTable b"]


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
