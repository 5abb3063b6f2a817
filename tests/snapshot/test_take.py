"""Which schema a revision names, in every environment."""

from __future__ import annotations

from pathlib import Path
from textwrap import indent

import pytest

from migrate_guard.config import Config
from migrate_guard.dialect import Dialect
from migrate_guard.errors import GuardError
from migrate_guard.operations import TableName
from migrate_guard.snapshot import Snapshot, change, snapshots
from tests.project.trees import ENV_PY, INI, write_files

POSTGRESQL = Dialect("postgresql", (16,))


def _revision(name: str, down: str | tuple[str, ...] | None, body: str) -> str:
    return (
        f"import sqlalchemy as sa\nfrom alembic import op\nrevision = {name!r}\ndown_revision = {down!r}\n"
        f"def upgrade():\n{indent(body, '    ')}\ndef downgrade():\n    pass\n"
    )


def _table(name: str) -> str:
    return f"op.create_table({name!r}, sa.Column('id', sa.Integer(), primary_key=True))"


def _project(root: Path, **revisions: tuple[str | tuple[str, ...] | None, str]) -> Config:
    files = {f"migrations/versions/{name}.py": _revision(name, *one) for name, one in revisions.items()}
    write_files(root, {"alembic.ini": INI, "migrations/env.py": ENV_PY, **files})
    return Config(root=root, dialects=(POSTGRESQL,))


@pytest.fixture
def branched(tmp_path: Path) -> Config:
    """A history of one base and two heads."""
    return _project(
        tmp_path,
        base1=(None, _table("users")),
        left1=("base1", "op.add_column('users', sa.Column('name', sa.String(20)))"),
        right1=("base1", _table("orders")),
    )


def _only(config: Config, *symbol: str) -> Snapshot:
    (found,) = snapshots(config, *symbol).found
    return found


def _shape(found: Snapshot) -> dict[str, list[str]]:
    return {str(name): list(table.columns) for name, table in found.schema.tables.items()}


def test_all_heads_are_joined_as_a_merge_would(branched: Config) -> None:
    found = _only(branched)

    assert sorted(found.revisions) == ["left1", "right1"]
    assert _shape(found) == {"users": ["id", "name"], "orders": ["id"]}
    assert sorted(found.order) == ["base1", "left1", "right1"]
    assert found.order["base1"] == 0


def test_a_revision_stands_after_its_own_ancestors_alone(branched: Config) -> None:
    assert _shape(_only(branched, "left1")) == {"users": ["id", "name"]}
    assert _shape(_only(branched, "right")) == {"users": ["id"], "orders": ["id"]}
    assert _shape(_only(branched, "left1-1")) == {"users": ["id"]}


def test_the_base_is_a_new_database(branched: Config) -> None:
    found = _only(branched, "base")

    assert (found.revisions, _shape(found), found.order) == ((), {}, {})


def test_what_changes_between_two_revisions(branched: Config) -> None:
    (found,) = change(branched, "base1", "left1").found

    assert [str(one) for one in found.differences] == ["column name of users: only on the right: name"]
    (back,) = change(branched, "left1", "base").found
    assert [str(one) for one in back.differences] == [
        "table users: only on the left: users",
        "sequence users_id_seq of users: only on the left: users_id_seq",
    ]


def test_types_in_a_change_are_those_of_the_server(tmp_path: Path) -> None:
    config = _project(
        tmp_path,
        aaaa1=(None, "op.create_table('t', sa.Column('a', sa.String(5), server_default='x'))"),
        bbbb2=("aaaa1", "op.alter_column('t', 'a', type_=sa.String(9), server_default='it\\'s')"),
    )
    (found,) = change(config, "aaaa1", "bbbb2").found

    assert [(one.aspect, one.left, one.right) for one in found.differences] == [
        ("type", "character varying(5)", "character varying(9)"),
        ("default", "'x'", "'it''s'"),
    ]


def test_an_ambiguous_or_unknown_revision_is_an_error(branched: Config) -> None:
    with pytest.raises(GuardError, match=r"alembic\.ini: 'head' is ambiguous: there are 2 heads"):
        snapshots(branched, "head")
    with pytest.raises(GuardError, match=r"alembic\.ini: there is no revision or branch 'nothing'") as caught:
        snapshots(branched, "nothing")
    assert caught.value.hint


def test_an_environment_without_the_revision_is_left_out(tmp_path: Path) -> None:
    _project(tmp_path / "one", aaaa1=(None, _table("a")))
    _project(tmp_path / "two", bbbb2=(None, _table("b")))
    config = Config(root=tmp_path, dialects=(POSTGRESQL,))

    taken = snapshots(config, "bbbb2")
    assert [_shape(one) for one in taken.found] == [{"b": ["id"]}]
    assert taken.left_out == ("one/alembic.ini: there is no revision or branch 'bbbb2'",)
    assert len(snapshots(config).found) == 2


def test_what_could_not_be_read_is_told_with_its_place(tmp_path: Path) -> None:
    body = f"{_table('users')}\nop.execute(open('x.sql').read())\nlen('harmless')"
    found = _only(_project(tmp_path, aaaa1=(None, body)))

    assert [(one.span.path, one.span.line, one.may_touch) for one in found.unread] == [
        ("migrations/versions/aaaa1.py", 7, None)
    ]
    table = found.schema.table(TableName("users"))
    assert table is not None
    assert not table.certain


def test_a_missing_parent_of_the_second_head_leaves_a_doubt(tmp_path: Path) -> None:
    config = _project(
        tmp_path,
        aaaa1=(None, _table("a")),
        bbbb2=(("lost1",), "op.drop_column('a', 'id')"),
        cccc3=("aaaa1", "pass"),
    )
    found = _only(config)

    assert "revision bbbb2 follows lost1, which no file declares" in found.schema.doubts


def test_every_dialect_and_database_has_its_own(tmp_path: Path) -> None:
    write_files(
        tmp_path,
        {
            "alembic.ini": INI + "databases = main, audit\n",
            "migrations/env.py": ENV_PY,
            "migrations/versions/aaaa1.py": (
                "import sqlalchemy as sa\nfrom alembic import op\nrevision = 'aaaa1'\ndown_revision = None\n"
                "def upgrade(engine_name):\n    globals()['upgrade_' + engine_name]()\n"
                f"def upgrade_main():\n    {_table('users')}\n"
                f"def upgrade_audit():\n    {_table('events')}\n"
                "def downgrade(engine_name):\n    pass\n"
            ),
        },
    )
    taken = snapshots(Config(root=tmp_path, dialects=(POSTGRESQL, Dialect("sqlite"))))

    assert [(str(one.dialect), one.database, *_shape(one)) for one in taken.found] == [
        ("postgresql 16", "main", "users"),
        ("postgresql 16", "audit", "events"),
        ("sqlite", "main", "users"),
        ("sqlite", "audit", "events"),
    ]
