"""Create, drop and rename tables; columns and constraints for new tables."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from migrate_guard.operations import TableName
from migrate_guard.record import replace
from migrate_guard.schema import Table
from tests.schema.generated.parts import KEYS, Change, Field, Kind, Reference, Rule, raw
from tests.schema.generated.scene import ACTIONS, COLUMNS, TABLES, Scene

Known = Sequence[tuple[str, Kind]]


def expression(scene: Scene, columns: Known) -> str | None:
    """Choose a condition on one or two of the columns."""
    name, kind = scene.pick(columns)
    one = scene.q(name)
    texts = [f"{one} IS NOT NULL"]
    if kind.family == "integer":
        texts += [
            f"{one} > 0",
            f"{one} <> 5",
            f"{one} BETWEEN 1 AND 9",
            f"{one} IN (1, 2, 3)",
            f"{one} + 1 > 2",
        ]
    elif kind.family == "text":
        texts += [f"{one} <> ''", f"length({one}) > 2", f"{one} IN ('a', 'b')", f"lower({one}) = {one}"]
    elif kind.family == "number":
        texts += [f"{one} >= 0.5", f"{one} * 2 < 100"]
    others = [scene.q(other) for other, of in columns if of.family == kind.family and other != name]
    if others:
        texts += [f"{one} > {scene.pick(others)}", f"{one} IS NULL OR {scene.pick(others)} IS NOT NULL"]
    return scene.pick(texts)


def field(scene: Scene, taken: set[str], kinds: Sequence[Kind] | None = None) -> Field | None:
    """Choose a column with nothing hanging on it."""
    name = scene.fresh(COLUMNS, taken)
    if name is None:
        return None
    kind = scene.pick(kinds or scene.kinds())
    default = scene.pick(kind.defaults) if kind.defaults and scene.chance(3) else None
    spelling = scene.pick(kind.spellings(scene.dialect))
    return Field(
        name, kind, spelling, nullable=not scene.chance(3), default=default, implicit=scene.chance(2)
    )


def with_reference(scene: Scene, found: Field) -> Field:
    """Give a column a foreign key to another table's key where there is one."""
    singles = [(to, kinds[0]) for to, kinds in scene.references() if len(kinds) == 1]
    if not singles:
        return found
    to, kind = scene.pick(singles)
    rule = Rule("foreignkey", scene.constraint_name(), (found.name,), with_actions(scene, to))
    return replace(
        found,
        kind=kind,
        spelling=kind.spellings(scene.dialect)[0],
        default=None,
        nullable=True,
        rules=(rule,),
    )


def with_actions(scene: Scene, to: Reference) -> Reference:
    """Choose what a foreign key does."""
    return replace(to, ondelete=scene.pick(ACTIONS), onupdate=scene.pick((None, None, None, "CASCADE")))


def decorated(scene: Scene, found: Field) -> Field:
    """Hang something on a column: a foreign key, a check, a unique, an index."""
    what = scene.pick(("", "", "foreign key", "check", "unique", "index"))
    if what == "foreign key":
        return with_reference(scene, found)
    if what == "check":
        text = expression(scene, [(found.name, found.kind)])
        return replace(found, rules=(Rule("check", scene.constraint_name(), check=text or ""),))
    if "Text()" in found.kind.python:
        return found
    return replace(found, unique=what == "unique", index=what == "index")


def rule(scene: Scene, columns: Known, references: bool = True) -> Rule | None:
    """Choose a constraint over columns that there are: a unique, a check or a foreign key."""
    keyed = [name for name, kind in columns if "Text()" not in kind.python]
    what = scene.pick(("unique", "check", "foreignkey" if references else "check"))
    if what == "unique" and keyed:
        return Rule("unique", scene.constraint_name(), tuple(scene.some(keyed)))
    if what == "foreignkey":
        return foreign_key(scene, columns)
    return Rule("check", scene.constraint_name(), check=expression(scene, columns) or "")


def foreign_key(scene: Scene, columns: Known) -> Rule | None:
    """Choose a foreign key from columns that there are to a key of the same types."""
    found: list[tuple[tuple[str, ...], Reference]] = []
    for to, kinds in scene.references():
        names: list[str] = []
        for kind in kinds:
            names += [n for n, own in columns if own.python == kind.python and n not in names][:1]
        if len(names) == len(kinds):
            found.append((tuple(names), to))
    if not found:
        return None
    own, to = scene.pick(found)
    return Rule("foreignkey", scene.constraint_name(), own, with_actions(scene, to))


def create_table(scene: Scene) -> Change | None:
    """Create a table with up to four columns."""
    name = scene.fresh(TABLES, scene.taken)
    if name is None:
        return None
    taken: set[str] = set()
    first = field(scene, taken, KEYS)
    rest = [field(scene, taken) for _ in range(scene.pick((1, 2, 3, 0)))]
    fields = [one for one in (first, *rest) if one is not None]
    key = scene.pick(("column", "column", "constraint", "none"))
    if key == "column":
        fields[0] = replace(fields[0], primary=True, nullable=False, default=None)
    fields[1:] = [decorated(scene, one) for one in fields[1:]]
    known = [(one.name, one.kind) for one in fields]
    rules: list[Rule | None] = [primary_key(scene, known)] if key == "constraint" else []
    rules += [rule(scene, known) for _ in range(scene.pick((0, 1, 2)))]
    return creation(scene, name, *told_apart(scene, fields, [one for one in rules if one is not None]))


def told_apart(
    scene: Scene, fields: list[Field], rules: Sequence[Rule], there: Table | None = None
) -> tuple[list[Field], list[Rule]]:
    """Leave out, on SQLite, constraints over the same columns: SQLAlchemy's inspector shows one of them."""
    if scene.dialect != "sqlite":
        return fields, list(rules)
    seen: set[object] = set(_signatures(there))
    kept: list[Rule] = []
    for one in sorted(rules, key=lambda found: found.kind != "primary"):
        if (sign := _signature(one)) not in seen:
            kept.append(one)
        seen |= {sign} if sign else set()
    seen |= {(one.name,) for one in fields if one.primary}
    return [_apart(one, seen, scene) for one in fields], kept


def _apart(found: Field, seen: set[object], scene: Scene) -> Field:
    """Leave out what SQLAlchemy's inspector would not show of a column of SQLite, whose text it reads.

    That is a second constraint over the column, and in SQL the name and the actions of a foreign key and a
    UNIQUE that does not stand right behind a type of one word.
    """
    rules = [one for one in found.rules if (sign := _signature(one)) is None or sign not in seen]
    unique = found.unique and (found.name,) not in seen
    if scene.target.form == "sql":
        rules = [_without_actions(one) for one in rules]
        plain = found.name.islower() and found.name.isascii() and found.name.isidentifier()
        unique = unique and plain and found.nullable and not found.default and "(" not in found.spelling
    return replace(found, rules=tuple(rules), unique=unique)


def _without_actions(found: Rule) -> Rule:
    if found.reference is None:
        return found
    return replace(found, name=None, reference=Reference(found.reference.table, found.reference.columns))


def _signature(found: Rule) -> object:
    if found.kind == "check":
        return None
    return found.columns if found.reference is None else (found.columns, found.reference.table)


def _signatures(table: Table | None) -> Iterator[object]:
    if table is not None:
        yield from (one.columns for one in (*table.uniques, table.primary_key) if one is not None)
        yield from (
            (one.columns, one.target.name) for one in table.foreign_keys if isinstance(one.target, TableName)
        )


def primary_key(scene: Scene, columns: Known) -> Rule:
    """Choose a primary key over one or two columns."""
    keyed = [name for name, kind in columns if "Text()" not in kind.python]
    return Rule("primary", scene.constraint_name(), tuple(scene.some(keyed, most=2)))


def creation(scene: Scene, name: str, fields: Sequence[Field], rules: Sequence[Rule]) -> Change:
    """Write a new table."""
    if scene.target.form == "alembic":
        parts = [repr(name), *(one.python() for one in fields), *(one.element() for one in rules)]
        return Change("create table", (f"op.create_table({', '.join(parts)})",))
    body = [*(one.sql(scene.target) for one in fields), *(one.sql(scene.target) for one in rules)]
    statements = [f"CREATE TABLE {scene.q(name)} ({', '.join(body)})"]
    statements += [statement for one in fields if one.index for statement in index_of(scene, name, one)]
    return raw("create table", *statements)


def index_of(scene: Scene, table: str, found: Field) -> list[str]:
    """Return the statement that makes a column's own index; without a name where the server gives one."""
    named = scene.dialect != "postgresql" or scene.chance(2)
    name = scene.index_name() if named else None
    if named and name is None:
        return []
    shown = f"{scene.q(name)} " if name is not None else ""
    return [f"CREATE INDEX {shown}ON {scene.q(table)} {scene.target.listed((found.name,))}"]


def referred(scene: Scene, table: Table) -> bool:
    """Tell whether another table's foreign key points to a table."""
    return any(other.name != table.name for other, _ in scene.schema.referring(table.name))


def drop_table(scene: Scene) -> Change | None:
    """Drop a table, with what depends on it where something does."""
    table = scene.table()
    if table is None:
        return None
    name = table.name.name
    if referred(scene, table) and scene.dialect != "sqlite":
        if scene.dialect != "postgresql":
            return None
        return raw("drop table cascade", f"DROP TABLE {scene.q(name)} CASCADE")
    if scene.target.form == "alembic":
        return Change("drop table", (f"op.drop_table({name!r})",))
    return raw("drop table", f"DROP TABLE {scene.pick(('', 'IF EXISTS '))}{scene.q(name)}")


def rename_table(scene: Scene) -> Change | None:
    """Rename a table."""
    table = scene.table()
    to = scene.fresh(TABLES, scene.taken)
    if table is None or to is None:
        return None
    if scene.target.form == "alembic":
        return Change("rename table", (f"op.rename_table({table.name.name!r}, {to!r})",))
    return raw("rename table", f"ALTER TABLE {scene.q(table.name.name)} RENAME TO {scene.q(to)}")
