"""Add, drop, rename and alter columns."""

from __future__ import annotations

from migrate_guard.operations import Column, ForeignKey, Unknown
from migrate_guard.record import replace
from migrate_guard.schema import Table
from migrate_guard.schema.text import mentions
from tests.schema.generated.parts import KINDS, Change, Field, Kind, raw
from tests.schema.generated.scene import COLUMNS, Scene
from tests.schema.generated.tables import decorated, field, index_of


def names_in(table: Table) -> set[str]:
    """Return the names that a new column cannot have."""
    return {name.lower() for name in table.columns}


def new_field(scene: Scene, table: Table) -> Field | None:
    """Choose a column that the database lets a table with rows have."""
    found = field(scene, names_in(table))
    if found is None:
        return None
    if scene.dialect != "sqlite":
        return decorated(scene, found)
    # SQLite adds no column with a default that is no constant, nor one that is NOT NULL without a default.
    if found.default is not None and "CURRENT" in found.default[1]:
        found = replace(found, default=None)
    if found.default is None:
        found = replace(found, nullable=True)
    return found


def add_column(scene: Scene) -> Change | None:
    """Add a column."""
    table = scene.table()
    found = None if table is None else new_field(scene, table)
    if table is None or found is None:
        return None
    name = table.name.name
    if scene.target.form == "alembic":
        return Change("add column", (f"op.add_column({name!r}, {found.python()})",))
    word = scene.pick(
        ("COLUMN ", "COLUMN IF NOT EXISTS ", "") if scene.dialect != "sqlite" else ("COLUMN ", "")
    )
    statements = [f"ALTER TABLE {scene.q(name)} ADD {word}{found.sql(scene.target)}"]
    return raw("add column", *statements, *(index_of(scene, name, found) if found.index else ()))


def referred_columns(scene: Scene, table: Table) -> set[str]:
    """Return the columns to which foreign keys of other tables, or of the table itself, point."""
    found: set[str] = set()
    for _, key in scene.schema.referring(table.name):
        found |= set(() if isinstance(key.target_columns, Unknown) else key.target_columns)
    return found


def bare(table: Table, name: str) -> bool:
    """Tell whether no constraint and no index names a column."""
    texts = [str(check.sql) for check in table.checks]
    for index in table.indexes:
        texts += [str(index.where), str(index.parts)]
    keyed = [
        key.columns for key in (*table.uniques, *table.foreign_keys, table.primary_key) if key is not None
    ]
    return not any(name in columns for columns in keyed if not isinstance(columns, Unknown)) and not any(
        mentions(text, name) or repr(name) in text for text in texts
    )


def drop_column(scene: Scene) -> Change | None:
    """Drop a column and what goes with it."""
    table = scene.table()
    if table is None or len(table.columns) < 2:
        return None
    columns = list(table.columns)
    if scene.dialect == "sqlite":
        columns = [name for name in columns if bare(table, name)]
    if not columns:
        return None
    name, column = table.name.name, scene.pick(columns)
    if column in referred_columns(scene, table):
        if scene.dialect != "postgresql":
            return None
        return raw("drop column cascade", f"ALTER TABLE {scene.q(name)} DROP {scene.q(column)} CASCADE")
    if scene.target.form == "alembic":
        return Change("drop column", (f"op.drop_column({name!r}, {column!r})",))
    word = scene.pick(("COLUMN ", ""))
    return raw("drop column", f"ALTER TABLE {scene.q(name)} DROP {word}{scene.q(column)}")


def rename_column(scene: Scene) -> Change | None:
    """Rename a column."""
    table = scene.table()
    if table is None:
        return None
    # SQLAlchemy's inspector does not see a UNIQUE behind a quoted name in the text of a table of SQLite.
    plain = scene.dialect == "sqlite" and scene.target.form == "sql"
    pool = [name for name in COLUMNS if not plain or (name.islower() and name.isidentifier())]
    column, to = scene.pick(list(table.columns)), scene.fresh(pool, names_in(table))
    if to is None:
        return None
    name = table.name.name
    if scene.target.form == "alembic":
        given = existing(scene, table.columns[column]) if scene.dialect == "mariadb" else ""
        line = f"op.alter_column({name!r}, {column!r}, new_column_name={to!r}{given})"
        return Change("rename column", (line,))
    words = f"RENAME COLUMN {scene.q(column)} TO {scene.q(to)}"
    return raw("rename column", f"ALTER TABLE {scene.q(name)} {words}")


def existing(scene: Scene, column: Column) -> str:
    """Return what the column is now, as keyword arguments."""
    kind = scene.kind_of(column)
    text = f", existing_nullable={column.nullable}"
    return text + (f", existing_type={kind.python}" if kind is not None else "")


def changes(scene: Scene, table: Table, column: Column) -> tuple[Kind | None, bool | None, object]:
    """Choose a new type, a new nullability and a new default, each `None` to leave it.

    A default is a pair of its spellings, or `False` for none.
    """
    kind = scene.kind_of(column)
    what = scene.some(("type", "nullable", "default"), most=3)
    nullable: bool | None = None
    default: object = None
    new: Kind | None = None
    key = table.primary_key
    if (
        "type" in what
        and kind is not None
        and kind.family != "enum"
        and column.name not in _linked(scene, table)
    ):
        new = scene.pick([one for one in KINDS if one.family == kind.family])
    if "nullable" in what and not (
        key is not None and isinstance(key.columns, tuple) and column.name in key.columns
    ):
        nullable = not column.nullable
    if "default" in what and kind is not None and not column.serial:
        default = scene.pick([False, *kind.defaults])
    return new, nullable, default


def _linked(scene: Scene, table: Table) -> set[str]:
    """Return the columns of a table that take part in foreign keys."""
    found = referred_columns(scene, table)
    for key in table.constraints:
        if isinstance(key, ForeignKey) and not isinstance(key.columns, Unknown):
            found |= set(key.columns)
    return found


def alteration(new: Kind | None, nullable: bool | None, default: object) -> str:
    """Return changes of a column as keyword arguments."""
    text = f", type_={new.python}" if new is not None else ""
    text += f", nullable={nullable}" if nullable is not None else ""
    if isinstance(default, tuple):
        return f"{text}, server_default={default[0]}"
    return f"{text}, server_default=None" if default is False else text


def alter_column(scene: Scene) -> Change | None:
    """Change the type, the nullability or the default of a column."""
    table = scene.table()
    if table is None or scene.dialect == "sqlite":
        return None
    name = table.name.name
    column = table.columns[scene.pick(list(table.columns))]
    chosen = changes(scene, table, column)
    if chosen == (None, None, None):
        return None
    if scene.target.form == "alembic":
        text = alteration(*chosen)
        to = scene.fresh(COLUMNS, names_in(table)) if scene.chance(4) else None
        text += f", new_column_name={to!r}" if to is not None else ""
        text += existing(scene, column) if scene.dialect == "mariadb" or scene.chance(2) else ""
        return Change("alter column", (f"op.alter_column({name!r}, {column.name!r}{text})",))
    new, nullable, default = chosen
    one = f"ALTER {scene.pick(('COLUMN ', ''))}{scene.q(column.name)}"
    words = [f"{one} TYPE {scene.pick(new.spellings(scene.dialect))}"] if new is not None else []
    words += [f"{one} {'DROP' if nullable else 'SET'} NOT NULL"] if nullable is not None else []
    words += [f"{one} SET DEFAULT {default[1]}"] if isinstance(default, tuple) else []
    words += [f"{one} DROP DEFAULT"] if default is False else []
    return raw("alter column", f"ALTER TABLE {scene.q(name)} {', '.join(words)}")
