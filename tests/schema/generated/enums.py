"""Create, change and drop enum types of PostgreSQL."""

from __future__ import annotations

from migrate_guard.operations import Unknown
from migrate_guard.schema import EnumType
from tests.schema.generated.parts import Change, Field, Kind, raw
from tests.schema.generated.scene import COLUMNS, TABLES, Scene
from tests.schema.generated.tables import creation

NAMES = ("mood", "state", "Kind", "user")
LABELS = ("new", "old", "it's", "Two Words", "x", "y")


def create_enum(scene: Scene) -> Change | None:
    """Create a type by itself, or with a table that uses it."""
    if scene.dialect != "postgresql":
        return None
    name = scene.fresh(NAMES, scene.taken)
    labels = scene.some(LABELS)
    if name is None:
        return None
    listed = ", ".join(map(repr, labels))
    words = f"CREATE TYPE {scene.q(name)} AS ENUM ({', '.join(map(_literal, labels))})"
    if scene.chance(2):
        if scene.target.form == "sql":
            return raw("create enum", words)
        made = f"sa.Enum({listed}, name={name!r})"
        return Change(
            "create enum", (f"{made}.create(op.get_bind(), checkfirst={scene.pick((True, False))})",)
        )
    return _with_table(
        scene, Kind("enum", f"sa.Enum({listed}, name={name!r})", {"all": (scene.q(name),)}), words
    )


def _with_table(scene: Scene, kind: Kind, words: str) -> Change | None:
    table = scene.fresh(TABLES, scene.taken)
    if table is None:
        return None
    columns = [scene.pick(COLUMNS[:3]), scene.pick(COLUMNS[3:])]
    fields = [Field(name, kind, kind.spellings("postgresql")[0], scene.chance(2)) for name in columns]
    made = creation(scene, table, fields, ())
    if scene.target.form == "sql":
        return Change("create enum with table", (*raw("", words).lines, *made.lines))
    return Change("create enum with table", made.lines)


def _literal(text: str) -> str:
    return "'" + text.replace("'", "''") + "'"


def _found(scene: Scene) -> EnumType | None:
    return scene.pick(enums) if (enums := list(scene.schema.enums.values())) else None


def add_value(scene: Scene) -> Change | None:
    """Add a label at the end, before or after another."""
    found = _found(scene)
    if found is None or isinstance(found.labels, Unknown):
        return None
    free = [label for label in LABELS if label not in found.labels]
    if not free:
        return None
    where = scene.pick(("", " BEFORE ", " AFTER "))
    where = f"{where}{_literal(scene.pick(found.labels))}" if where else ""
    guard = scene.pick(("", "IF NOT EXISTS "))
    words = f"ADD VALUE {guard}{_literal(scene.pick(free))}{where}"
    return raw("add enum value", f"ALTER TYPE {scene.q(found.name.name)} {words}")


def rename_value(scene: Scene) -> Change | None:
    """Rename a label."""
    found = _found(scene)
    if found is None or isinstance(found.labels, Unknown):
        return None
    free = [label for label in LABELS if label not in found.labels]
    if not free:
        return None
    words = f"RENAME VALUE {_literal(scene.pick(found.labels))} TO {_literal(scene.pick(free))}"
    return raw("rename enum value", f"ALTER TYPE {scene.q(found.name.name)} {words}")


def rename_enum(scene: Scene) -> Change | None:
    """Rename a type."""
    found, to = _found(scene), scene.fresh(NAMES, scene.taken)
    if found is None or to is None:
        return None
    return raw("rename enum", f"ALTER TYPE {scene.q(found.name.name)} RENAME TO {scene.q(to)}")


def drop_enum(scene: Scene) -> Change | None:
    """Drop a type, with the columns that have it where there are some."""
    found = _found(scene)
    if found is None:
        return None
    name = found.name.name
    if scene.schema.linked("enum", found.name):
        return raw("drop enum cascade", f"DROP TYPE {scene.q(name)} CASCADE")
    if scene.target.form == "alembic":
        return Change("drop enum", (f"sa.Enum(name={name!r}).drop(op.get_bind())",))
    return raw("drop enum", f"DROP TYPE {scene.q(name)}")
