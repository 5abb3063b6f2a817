"""Batches, and tables rebuilt in SQL as SQLite's manual shows it (lang_altertable.html, 7)."""

from __future__ import annotations

from migrate_guard.record import replace
from migrate_guard.schema import Table
from tests.schema.generated.columns import alteration, changes, existing, names_in, referred_columns
from tests.schema.generated.constraints import WORDS, named, needed, new_index
from tests.schema.generated.parts import Change, raw
from tests.schema.generated.scene import COLUMNS, Scene
from tests.schema.generated.tables import creation, decorated, field, rule, told_apart


def batch(scene: Scene) -> Change | None:
    """Change a table in a batch of up to three directives on different columns."""
    table = scene.table()
    if table is None or scene.target.form != "alembic":
        return None
    lines = []
    busy: set[str] = set()
    for _ in range(scene.pick((1, 2, 3))):
        line = _line(scene, table, busy)
        if line is not None:
            lines.append(f"    batch.{line}")
    if not lines:
        return None
    always = ', recreate="always"' if scene.dialect == "sqlite" and scene.chance(4) else ""
    return Change("batch", (f"with op.batch_alter_table({table.name.name!r}{always}) as batch:", *lines))


def _line(scene: Scene, table: Table, busy: set[str]) -> str | None:
    what = scene.pick(
        ("add", "alter", "rename", "drop", "constraint", "drop constraint", "index", "drop index")
    )
    if what == "add":
        return _add(scene, table, busy)
    if what in ("constraint", "index"):
        return _new(scene, table, busy, what)
    if what == "drop constraint":
        return _drop_constraint(scene, table, busy)
    if what == "drop index":
        free = [str(index.name) for index in table.indexes if not busy & set(index.columns)]
        free = [name for name in free if name not in busy]
        if not free:
            return None
        busy.add(name := scene.pick(free))
        return f"drop_index({name!r})"
    return _existing(scene, table, busy, what)


def _add(scene: Scene, table: Table, busy: set[str]) -> str | None:
    taken = names_in(table) | {name.lower() for name in busy}
    found = field(scene, taken)
    if found is None:
        return None
    busy.add(found.name)
    found = decorated(scene, found)
    if scene.dialect == "sqlite":
        # A batch names what hangs on a new column only where it has a name.
        found = replace(found, unique=False, rules=tuple(one for one in found.rules if one.name))
        nullable = found.nullable or found.default is None
        found = replace(found, nullable=nullable)
    return f"add_column({found.python()})"


def _new(scene: Scene, table: Table, busy: set[str], what: str) -> str | None:
    columns = [(name, kind) for name, kind in scene.fields_of(table) if name not in busy]
    if not columns:
        return None
    if what == "index":
        kept = {name: table.columns[name] for name, _ in columns}
        made = new_index(scene, replace(table, columns=kept), named_only=True)
        if made is None:
            return None
        busy |= {name for name, _ in columns}
        return f"create_index({made.directive(None, scene.dialect)})"
    found = rule(scene, columns)
    if found is None or (found.name is None and scene.dialect == "sqlite"):
        return None
    if not told_apart(scene, [], [found], table)[1]:
        return None
    busy |= {name for name, _ in columns}
    return found.directive("", batch=True).removeprefix("batch.")


def _drop_constraint(scene: Scene, table: Table, busy: set[str]) -> str | None:
    free = [one for one in named(table) if not needed(scene, table, one) and str(one.name) not in busy]
    free = [one for one in free if not set(busy) & set(table.columns)]
    if not free:
        return None
    one = scene.pick(free)
    busy.add(str(one.name))
    busy |= set(table.columns)
    return f"drop_constraint({one.name!r}, type_={WORDS[type(one)]!r})"


def _existing(scene: Scene, table: Table, busy: set[str], what: str) -> str | None:
    free = [name for name in table.columns if name not in busy]
    if not free:
        return None
    name = scene.pick(free)
    if what == "drop":
        # Alembic tries to make the indexes of a copy anew, with the column that is no longer there.
        indexed = any(name in str(index) for index in table.indexes) and scene.dialect == "sqlite"
        if len(table.columns) < 3 or name in referred_columns(scene, table) or indexed:
            return None
        busy.add(name)
        return f"drop_column({name!r})"
    busy.add(name)
    if what == "rename":
        to = scene.fresh(COLUMNS, names_in(table) | {one.lower() for one in busy})
        if to is None:
            return None
        busy.add(to)
        given = existing(scene, table.columns[name]) if scene.dialect == "mariadb" else ""
        return f"alter_column({name!r}, new_column_name={to!r}{given})"
    chosen = changes(scene, table, table.columns[name])
    if chosen == (None, None, None):
        return None
    given = existing(scene, table.columns[name]) if scene.dialect == "mariadb" else ""
    return f"alter_column({name!r}{alteration(*chosen)}{given})"


def rebuild(scene: Scene) -> Change | None:
    """Replace a table of SQLite by a new one of the same name."""
    table = scene.table()
    if table is None or scene.dialect != "sqlite" or scene.target.form != "sql":
        return None
    kept = scene.fields_of(table)
    taken: set[str] = set()
    new = [one for one in (field(scene, taken) for _ in range(2)) if one is not None]
    known = [(one.name, one.kind) for one in new]
    rules = [one for one in (rule(scene, known), rule(scene, known)) if one is not None]
    scene.taken.add("rebuilt")
    made = creation(scene, "rebuilt", *told_apart(scene, [decorated(scene, one) for one in new], rules))
    own, old = {one.name for one in new}, scene.q(table.name.name)
    common = scene.target.listed(tuple(name for name, _ in kept if name in own))
    statements = [f"INSERT INTO rebuilt {common} SELECT {common[1:-1]} FROM {old}"] if common != "()" else []
    statements += [f"DROP TABLE {old}", f"ALTER TABLE rebuilt RENAME TO {old}"]
    return Change("rebuild", (*made.lines, *raw("", *statements).lines))
