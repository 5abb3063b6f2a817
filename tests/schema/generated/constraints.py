"""Add, drop and rename constraints and indexes."""

from __future__ import annotations

from collections.abc import Iterator

from migrate_guard.operations import Check, Constraint, Exclude, ForeignKey, PrimaryKey, Unique, Unknown
from migrate_guard.record import dataclass
from migrate_guard.schema import Table
from tests.schema.generated.parts import Change, Rule, Target, raw
from tests.schema.generated.scene import CONSTRAINTS, Scene
from tests.schema.generated.tables import expression, primary_key, rule

WORDS = {PrimaryKey: "primary", Unique: "unique", ForeignKey: "foreignkey", Check: "check"}


def add_constraint(scene: Scene) -> Change | None:
    """Add a constraint."""
    table = scene.table()
    if table is None or scene.dialect == "sqlite":
        return None
    columns = scene.fields_of(table)
    if not columns:
        return None
    made: Rule | None = None
    if table.primary_key is None and scene.chance(2) and any("Text()" not in k.python for _, k in columns):
        made = primary_key(scene, columns)
    else:
        made = rule(scene, columns)
    if made is None:
        return None
    name = f"add {made.kind}"
    if scene.target.form == "alembic":
        return Change(name, (made.directive(table.name.name),))
    return raw(name, f"ALTER TABLE {scene.q(table.name.name)} ADD {made.sql(scene.target)}")


def named(table: Table) -> list[Constraint]:
    """Return the constraints that have a name to be dropped by."""
    return [one for one in table.constraints if isinstance(one.name, str) and not isinstance(one, Exclude)]


def needed(scene: Scene, table: Table, one: Constraint) -> bool:
    """Tell whether foreign keys rest on a constraint."""
    if not isinstance(one, (PrimaryKey, Unique)):
        return False
    return any(key.target_columns == one.columns for _, key in scene.schema.referring(table.name))


def on_unique_index(table: Table, one: Constraint) -> bool:
    """Tell whether there is a unique index over the columns of a key too."""
    keyed = one.columns if isinstance(one, (PrimaryKey, Unique)) else ()
    if isinstance(keyed, Unknown):
        return False
    return any(index.unique and set(index.columns) == set(keyed) for index in table.indexes)


def drop_constraint(scene: Scene) -> Change | None:
    """Drop a constraint by its name, with the foreign keys that rest on it."""
    table = scene.table()
    if table is None or scene.dialect == "sqlite" or not (found := named(table)):
        return None
    one = scene.pick(found)
    name, kind = table.name.name, WORDS[type(one)]
    words = f"ALTER TABLE {scene.q(name)} DROP {_dropped(scene, one)}"
    if needed(scene, table, one) and on_unique_index(table, one):
        # Which of the two the foreign keys rest on is left open.
        return None
    if needed(scene, table, one):
        return raw("drop constraint cascade", f"{words} CASCADE") if scene.dialect == "postgresql" else None
    if scene.target.form == "alembic":
        given = f", type_={kind!r}" if scene.dialect == "mariadb" or scene.chance(2) else ""
        return Change(f"drop {kind}", (f"op.drop_constraint({one.name!r}, {name!r}{given})",))
    return raw(f"drop {kind}", words)


def _dropped(scene: Scene, one: Constraint) -> str:
    return f"CONSTRAINT {scene.q(str(one.name))}"


def rename_constraint(scene: Scene) -> Change | None:
    """Rename a constraint, in SQL as Alembic has no directive for it."""
    table = scene.table()
    if table is None or scene.dialect != "postgresql" or not (found := named(table)):
        return None
    to = scene.fresh(CONSTRAINTS, scene.taken)
    if to is None:
        return None
    words = f"RENAME CONSTRAINT {scene.q(str(scene.pick(found).name))} TO {scene.q(to)}"
    return raw("rename constraint", f"ALTER TABLE {scene.q(table.name.name)} {words}")


@dataclass(frozen=True, slots=True)
class Key:
    """An index: `keys` are its columns and expressions as (Python, SQL)."""

    name: str | None
    keys: tuple[tuple[str, str], ...]
    unique: bool = False
    where: str | None = None
    using: str | None = None
    include: tuple[str, ...] = ()

    def directive(self, table: str | None, dialect: str) -> str:
        """Return the arguments of `create_index()`, without a table those of a batch."""
        subject = "" if table is None else f"{table!r}, "
        text = f"{self.name!r}, {subject}[{', '.join(python for python, _ in self.keys)}]"
        text += ", unique=True" if self.unique else ""
        text += f", {dialect}_where=sa.text({self.where!r})" if self.where else ""
        text += f", postgresql_using={self.using!r}" if self.using else ""
        return text + (f", postgresql_include={list(self.include)!r}" if self.include else "")

    def sql(self, table: str, target: Target) -> str:
        """Return the statement."""
        name = f"{target.quote(self.name)} " if self.name else ""
        text = f"CREATE {'UNIQUE ' if self.unique else ''}INDEX {name}ON {target.quote(table)} "
        text += f"USING {self.using} " if self.using else ""
        text += f"({', '.join(sql for _, sql in self.keys)})"
        text += f" INCLUDE {target.listed(self.include)}" if self.include else ""
        return text + (f" WHERE {self.where}" if self.where else "")


def new_index(scene: Scene, table: Table, named_only: bool = False) -> Key | None:
    """Choose an index over columns that there are."""
    columns = [(n, kind) for n, kind in scene.fields_of(table) if "Text()" not in kind.python]
    if not columns:
        return None
    named = named_only or scene.target.form == "alembic" or scene.dialect != "postgresql" or scene.chance(2)
    name = scene.index_name() if named else None
    if named and name is None:
        return None
    picked = scene.some(columns)
    if scene.dialect == "postgresql" and scene.chance(6):
        return Key(name, ((repr(picked[0][0]), scene.q(picked[0][0])),), using="hash")
    keys = tuple(_key(scene, column, kind.family) for column, kind in picked)
    plain = scene.dialect != "mariadb"
    where = expression(scene, columns) if plain and scene.chance(4) else None
    rest = [n for n, _ in columns if n not in [p for p, _ in picked]]
    include = tuple(scene.some(rest, most=2)) if scene.dialect == "postgresql" and scene.chance(5) else ()
    return Key(name, keys, scene.chance(4), where, None, include)


def _key(scene: Scene, column: str, family: str) -> tuple[str, str]:
    quoted = scene.q(column)
    if scene.chance(5):
        return f'sa.text("{_escaped(quoted)} DESC")', f"{quoted} DESC"
    if family == "text" and scene.dialect != "mariadb" and scene.chance(5):
        return f'sa.text("lower({_escaped(quoted)})")', f"lower({quoted})"
    return repr(column), quoted


def _escaped(text: str) -> str:
    return text.replace('"', '\\"')


def create_index(scene: Scene) -> Change | None:
    """Create an index."""
    table = scene.table()
    made = None if table is None else new_index(scene, table)
    if table is None or made is None:
        return None
    if scene.target.form == "alembic":
        return Change("create index", (f"op.create_index({made.directive(table.name.name, scene.dialect)})",))
    return raw("create index", made.sql(table.name.name, scene.target))


def indexes(scene: Scene) -> Iterator[tuple[str, str]]:
    """Go through the names of indexes that stand for themselves, each with its table."""
    for table in scene.tables():
        for index in table.indexes:
            if isinstance(index.name, str):
                yield index.name, table.name.name


def drop_index(scene: Scene) -> Change | None:
    """Drop an index."""
    found = list(indexes(scene))
    if not found:
        return None
    name, table = scene.pick(found)
    if scene.target.form == "alembic":
        return Change("drop index", (f"op.drop_index({name!r}, table_name={table!r})",))
    where = f" ON {scene.q(table)}" if scene.dialect == "mariadb" else ""
    return raw("drop index", f"DROP INDEX {scene.q(name)}{where}")


def rename_index(scene: Scene) -> Change | None:
    """Rename an index, also one behind a constraint."""
    if scene.dialect != "postgresql":
        return None
    found = [name for name, _ in indexes(scene)]
    for table in scene.tables():
        found += [str(one.name) for one in table.constraints if isinstance(one, (PrimaryKey, Unique))]
    to = scene.index_name()
    if not found or to is None:
        return None
    return raw("rename index", f"ALTER INDEX {scene.q(scene.pick(found))} RENAME TO {scene.q(to)}")
