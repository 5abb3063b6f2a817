"""What counts as a change of a revision, and what is only written differently."""

from __future__ import annotations

from pathlib import Path

import pytest

from migrate_guard.project.git.meaning import alike, same_meaning
from migrate_guard.project.script import Script, script_of
from migrate_guard.project.source import Source, decode

PLAIN = '''"""Add users."""

from alembic import op
import sqlalchemy as sa
from typing import Union

revision: str = "b"
down_revision: Union[str, None] = "a"


def upgrade() -> None:
    """Do it."""
    # why
    op.create_table('users', sa.Column('id', sa.Integer(), primary_key=True))


def downgrade() -> None:
    pass
'''
OP, SA = "from alembic import op", "import sqlalchemy as sa"
SAME = {
    "docstrings": ("Add users.", "Add all users"),
    "no docstring in the function": ('    """Do it."""\n', ""),
    "comments": ("# why", "# because"),
    "quotes": ("'users'", '"users"'),
    "layout": ("'users', sa", "'users',\n        sa"),
    "concatenation": ("'users'", "'us' 'ers'"),
    "annotations": (" -> None", ""),
    "annotated header": ("Union[str, None]", "str | None"),
    "order of imports": (
        "from alembic import op\nimport sqlalchemy as sa",
        "import sqlalchemy as sa\nfrom alembic import op",
    ),
    "an unused import": ("from typing import Union\n", "import datetime\n"),
    "pass": ("    # why\n", "    pass\n"),
    "header": ('"a"', '"z"'),
    "unicode prefix": ("'users'", "u'users'"),
    "local annotation": ("    # why\n", "    x: int\n"),
}
OTHER = {
    "name of the table": ("users'", "members'"),
    "one more argument": ("primary_key=True", "primary_key=True, nullable=False"),
    "order of arguments": ("'id', sa.Integer()", "sa.Integer(), 'id'"),
    "one more statement": ("    # why\n", "    op.execute('SELECT 1')\n"),
    "downgrade": ("    pass", "    op.drop_table('users')"),
    "where a name comes from": ("import sqlalchemy as sa", "import sqlmodel as sa"),
    "constant": ("\n\ndef upgrade", "\nSIZE = 3\n\n\ndef upgrade"),
    "default of a parameter": ("def upgrade()", "def upgrade(engine='x')"),
    "decorator": ("def downgrade", "@op.f\ndef downgrade"),
}


def script(text: str, path: str = "b.py") -> Script:
    """Read a revision."""
    source = decode(text.encode(), Path(path), path)
    assert isinstance(source, Source)
    found = script_of(source)
    assert isinstance(found, Script)
    return found


@pytest.mark.parametrize(("old", "new"), SAME.values(), ids=SAME)
def test_written_differently(old: str, new: str) -> None:
    assert old in PLAIN
    assert same_meaning(script(PLAIN), script(PLAIN.replace(old, new)))


@pytest.mark.parametrize(("old", "new"), OTHER.values(), ids=OTHER)
def test_something_else(old: str, new: str) -> None:
    assert old in PLAIN
    assert not same_meaning(script(PLAIN), script(PLAIN.replace(old, new)))


def test_annotations_of_classes_count() -> None:
    """A declarative model in a revision makes its columns of them."""
    model = "class User(Base):\n    id: Mapped[int]\n\n\ndef upgrade"
    one, other = (
        PLAIN.replace("def upgrade", model),
        PLAIN.replace("def upgrade", model.replace("int", "str")),
    )
    assert not same_meaning(script(one), script(other))


def test_comparing_changes_nothing() -> None:
    one = script(PLAIN)
    before = len(one.tree.body)
    same_meaning(one, script(PLAIN.replace("# why", "")))
    assert len(one.tree.body) == before
    assert one.message == "Add users."


def test_alike_is_an_edited_revision() -> None:
    titled = PLAIN.replace("Add users.", "Something else")
    assert alike(script(PLAIN), script(PLAIN.replace("users'", "members'")))
    assert alike(script(PLAIN), script(titled))
    assert not alike(script(PLAIN), script(titled.replace("users'", "members'")))


def test_no_message_does_not_make_two_alike() -> None:
    """`alembic revision` without a message gives all of them the same one."""
    one = PLAIN.replace("Add users.", "empty message")
    assert not alike(script(one), script(one.replace("users'", "members'")))
