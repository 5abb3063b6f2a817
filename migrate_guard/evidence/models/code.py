"""The lines of a revision that close a difference which autogenerate would not write."""

from __future__ import annotations

import json
from typing import TypeAlias

from migrate_guard.operations import (
    Check,
    Column,
    Default,
    Exclude,
    ForeignKey,
    Index,
    IndexPart,
    PrimaryKey,
    SqlType,
    TableName,
    Unique,
    Unknown,
)
from migrate_guard.pattern import pattern
from migrate_guard.record import dataclass, replace
from migrate_guard.schema import Schema, Table
from migrate_guard.schema.compare import Difference

_PARAMETER = pattern(r"(?<![:\w\\]):(?=\w)")
Lines: TypeAlias = tuple[str, ...]
_Element: TypeAlias = Index | Check | PrimaryKey | ForeignKey | Exclude | Unique
_TYPES: dict[type, str] = {
    Check: "check",
    ForeignKey: "foreignkey",
    PrimaryKey: "primary",
    Unique: "unique",
}


@dataclass(frozen=True, slots=True)
class Writer:
    """Writes calls about one table; `conventional` tells that its project has a naming convention."""

    table: TableName
    dialect: str
    conventional: bool

    @property
    def schema(self) -> str:
        """The argument that names the schema of the table, empty for the default one."""
        return self.argument("schema")

    def argument(self, name: str) -> str:
        """Return the schema of the table as an argument of another name."""
        return f", {name}={literal(self.table.schema)}" if self.table.schema else ""

    def name(self, name: object) -> str:
        """Return the name of a constraint or index as an argument."""
        if not isinstance(name, str):
            return "None"
        # The name is already what the convention makes of it.
        return f"op.f({literal(name)})" if self.conventional else literal(name)

    def start(self, element: _Element) -> str:
        """Return the arguments with which a call that makes an element begins."""
        return f"{self.name(element.name)}, {literal(self.table.name)}"


def closing(one: Difference, history: Schema, models: Schema) -> Lines:
    """Return the lines, none where what to write depends on the data."""
    if one.kind == "enum":
        return _enum(one, history, models)
    if one.kind == "sequence":
        return (f'op.execute("CREATE SEQUENCE {one.name}")',)
    before = None if one.table is None else history.table(one.table)
    after = None if one.table is None else models.table(one.table)
    if before is None or after is None:
        return ()
    writer = Writer(after.name, models.dialect, history.naming is not None)
    if one.kind == "column":
        return in_batch(writer, _column(one, writer, before, after))
    removed, added = _element_lines(one, writer, before, after)
    return in_batch(writer, (*removed, *added))


def undoing(one: Difference, history: Schema, models: Schema) -> Lines:
    """Return the lines that take back what `closing` does, none where nothing can."""
    if one.kind == "sequence":
        return (f'op.execute("DROP SEQUENCE {one.name}")',)
    enum = _enum_name(one.name)
    if one.kind == "enum" and history.enum(enum) is None:
        schema = f", schema={literal(enum.schema)}" if enum.schema else ""
        return (f"sa.Enum(name={literal(enum.name)}{schema}).drop(op.get_bind(), checkfirst=True)",)
    name = one.right if one.aspect == "name" and one.right else one.name
    return closing(replace(one, name=name, left=one.right, right=one.left), models, history)


def _enum_name(text: str) -> TableName:
    return TableName(*reversed(text.split(".", 1))) if "." in text else TableName(text)


def in_batch(writer: Writer, lines: Lines) -> Lines:
    """Return the lines as SQLite needs them, which alters constraints and columns in a batch only."""
    if writer.dialect != "sqlite" or not lines:
        return lines
    table = literal(writer.table.name)
    inside = []
    for line in lines:
        call = line.removeprefix("op.")
        # It stands where the directive has it: first, after a name, or as a keyword.
        for argument in (f", table_name={table}", f"{table}, ", f", {table}"):
            if argument in call:
                call = call.replace(argument, "", 1)
                break
        inside.append(f"    batch_op.{call}")
    return (f"with op.batch_alter_table({table}) as batch_op:", *inside)


def literal(text: str) -> str:
    """Return a text as Python writes it."""
    return json.dumps(text, ensure_ascii=False)


def _sql(text: str) -> str:
    """Return a literal of SQL: to SQLAlchemy, a colon before a word would be a parameter."""
    return literal(_PARAMETER.sub(r"\\:", text))


def _enum(one: Difference, history: Schema, models: Schema) -> Lines:
    name = _enum_name(one.name)
    new = models.enum(name)
    old = history.enum(name)
    if new is None or isinstance(new.labels, Unknown):
        return ()
    if old is None:
        labels = ", ".join(map(literal, new.labels))
        schema = f", schema={literal(name.schema)}" if name.schema else ""
        return (
            f"sa.Enum({labels}, name={literal(name.name)}{schema}).create(op.get_bind(), checkfirst=True)",
        )
    if isinstance(old.labels, Unknown) or [one for one in new.labels if one in old.labels] != list(
        old.labels
    ):
        return ()
    lines = []
    for position, label in enumerate(new.labels):
        if label not in old.labels:
            after = f" AFTER {_quoted(new.labels[position - 1])}" if position else ""
            before = f" BEFORE {_quoted(new.labels[1])}" if not position and len(new.labels) > 1 else ""
            lines.append(
                f"op.execute({_sql(f'ALTER TYPE {name} ADD VALUE {_quoted(label)}{after}{before}')})"
            )
    return tuple(lines)


def _quoted(label: str) -> str:
    return "'" + label.replace("'", "''") + "'"


def _column(one: Difference, writer: Writer, before: Table, after: Table) -> Lines:
    start = f"op.alter_column({literal(writer.table.name)}, {literal(one.name)}"
    end = f"{writer.schema})"
    if one.aspect == "default":
        value = "None" if one.right is None else f"sa.text({_sql(one.right)})"
        return (f"{start}, server_default={value}{end}",)
    if one.aspect == "identity":
        given = "sa.Identity()" if one.right else "None, existing_server_default=sa.Identity()"
        return (f"{start}, server_default={given}{end}",)
    if one.aspect == "type":
        return _collated(before.columns[one.name], after.columns[one.name], start, end)
    return ()


def _collated(before: Column, after: Column, start: str, end: str) -> Lines:
    """Return the change of a collation; MySQL wants all of the column again."""
    old, new = _character_type(before.type), _character_type(after.type)
    if old is None or new is None or not isinstance(before.nullable, bool):
        return ()
    existing = f", existing_type={old}, existing_nullable={before.nullable}"
    if isinstance(before.default, Default) and isinstance(before.default.sql, str):
        existing += f", existing_server_default=sa.text({_sql(before.default.sql)})"
    return (f"{start}, type_={new}{existing}{end}",)


def _character_type(kind: SqlType | Unknown | None) -> str | None:
    if not isinstance(kind, SqlType) or kind.name not in {"VARCHAR", "CHAR", "TEXT"}:
        return None
    collation = [f"collation={literal(kind.collation)}"] if kind.collation else []
    return f"sa.{kind.name}({', '.join([*map(str, kind.arguments), *collation])})"


def _element_lines(one: Difference, writer: Writer, before: Table, after: Table) -> tuple[Lines, Lines]:
    if one.aspect == "name" and one.left is None:
        # The server has given it a name, which is the one to drop.
        return (), ()
    old = _element(one.kind, before, one.name)
    new = _element(one.kind, after, one.right if one.aspect == "name" and one.right else one.name)
    removed, made = _dropped(old, writer), added(new, writer)
    # What cannot be written again is not taken away either, and nothing is added beside what stays.
    whole = (made or new is None) and (removed or old is None)
    return (removed, made) if whole else ((), ())


def _element(kind: str, table: Table, name: str) -> _Element | None:
    if kind == "primary key":
        return table.primary_key
    if kind == "index":
        return table.index(name)
    found = table.constraint(name)
    if isinstance(found, (Check, ForeignKey, Exclude, Unique)):
        return found
    # Without a name they go by their columns; MySQL has unique indexes for unique constraints.
    every: tuple[ForeignKey | Unique, ...] = table.foreign_keys if kind == "foreign key" else table.uniques
    unnamed = (one for one in every if _columns(one) == name)
    return next(unnamed, None) or (table.index(name) if kind == "unique" else None)


def _columns(element: ForeignKey | Unique) -> str | None:
    return None if isinstance(element.columns, Unknown) else ", ".join(element.columns)


def _dropped(element: _Element | None, writer: Writer) -> Lines:
    if element is None or not isinstance(element.name, str):
        return ()
    name, table = writer.name(element.name), literal(writer.table.name)
    if isinstance(element, Index):
        return (f"op.drop_index({name}, table_name={table}{writer.schema})",)
    kind = f', type_="{_TYPES[type(element)]}"' if type(element) in _TYPES else ""
    return (f"op.drop_constraint({name}, {table}{kind}{writer.schema})",)


def added(element: _Element | None, writer: Writer) -> Lines:
    """Return the lines that make a constraint or an index, none where it is not all known."""
    if element is None:
        return ()
    start = writer.start(element)
    if isinstance(element, Index):
        return _index(element, start, writer)
    if isinstance(element, (Check, Exclude)):
        return _condition(element, start, writer)
    if isinstance(element.columns, Unknown):
        return ()
    columns = listed(element.columns)
    if isinstance(element, PrimaryKey):
        return (f"op.create_primary_key({start}, {columns}{writer.schema})",)
    if isinstance(element, Unique):
        options = ", postgresql_nulls_not_distinct=True" if element.nulls_not_distinct else ""
        options += ", deferrable=True" if element.deferrable else ""
        return (f"op.create_unique_constraint({start}, {columns}{options}{writer.schema})",)
    return _foreign_key(element, columns, writer)


def _condition(element: Check | Exclude, start: str, writer: Writer) -> Lines:
    if isinstance(element.sql, Unknown):
        return ()
    if isinstance(element, Check):
        return (f"op.create_check_constraint({start}, sa.text({_sql(element.sql)}){writer.schema})",)
    name = f"CONSTRAINT {element.name} " if isinstance(element.name, str) else ""
    elements = element.sql.removeprefix("EXCLUDE").strip()
    return (f"op.execute({_sql(f'ALTER TABLE {writer.table} ADD {name}EXCLUDE {elements}')})",)


def listed(columns: tuple[str, ...]) -> str:
    """Return names as Python writes a list of them."""
    return f"[{', '.join(map(literal, columns))}]"


def _foreign_key(key: ForeignKey, columns: str, writer: Writer) -> Lines:
    if isinstance(key.target, Unknown) or isinstance(key.target_columns, Unknown):
        return ()
    given = {"ondelete": key.ondelete, "onupdate": key.onupdate}
    options = "".join(f", {name}={literal(action)}" for name, action in given.items() if action)
    options += ", deferrable=True" if key.deferrable else ""
    options += writer.argument("source_schema")
    options += f", referent_schema={literal(key.target.schema)}" if key.target.schema else ""
    target = f"{literal(key.target.name)}, {columns}, {listed(key.target_columns)}"
    return (f"op.create_foreign_key({writer.start(key)}, {target}{options})",)


def _index(index: Index, start: str, writer: Writer) -> Lines:
    if isinstance(index.parts, Unknown) or isinstance(index.where, Unknown):
        return ()
    options = ", unique=True" if index.unique is True else ""
    if index.where is not None:
        options += f", {writer.dialect}_where=sa.text({_sql(index.where)})"
    if index.method is not None:
        options += f", {writer.dialect}_using={literal(index.method)}"
    if index.include:
        options += f", postgresql_include={listed(index.include)}"
    if index.nulls_not_distinct:
        options += ", postgresql_nulls_not_distinct=True"
    parts = ", ".join(map(_part, index.parts))
    return (f"op.create_index({start}, [{parts}]{options}{writer.schema})",)


def _part(part: IndexPart) -> str:
    if part.column is not None and not part.sort:
        return literal(part.column)
    return f"sa.text({_sql(' '.join(filter(None, (part.column or part.expression, part.sort))))})"
