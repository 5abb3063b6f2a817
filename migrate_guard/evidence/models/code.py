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
    Unknown,
)
from migrate_guard.pattern import pattern
from migrate_guard.record import dataclass, replace
from migrate_guard.schema import Schema, Table
from migrate_guard.schema.compare import Difference

_PARAMETER = pattern(r"(?<![:\w\\]):(?=\w)")
Lines: TypeAlias = tuple[str, ...]
_Element: TypeAlias = Index | Check | PrimaryKey | ForeignKey | Exclude


@dataclass(frozen=True, slots=True)
class _Writer:
    """Writes calls about one table; `conventional` tells that its project has a naming convention."""

    table: TableName
    dialect: str
    conventional: bool

    @property
    def schema(self) -> str:
        return self.argument("schema")

    def argument(self, name: str) -> str:
        return f", {name}={_string(self.table.schema)}" if self.table.schema else ""

    def name(self, name: object) -> str:
        if not isinstance(name, str):
            return "None"
        # The name is already what the convention makes of it.
        return f"op.f({_string(name)})" if self.conventional else _string(name)

    def start(self, element: _Element) -> str:
        return f"{self.name(element.name)}, {_string(self.table.name)}"


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
    writer = _Writer(after.name, models.dialect, history.naming is not None)
    if one.kind == "column":
        return _in_batch(writer, _column(one, writer, before, after))
    removed, added = _element_lines(one, writer, before, after)
    return _in_batch(writer, (*removed, *added))


def undoing(one: Difference, history: Schema, models: Schema) -> Lines:
    """Return the lines that take back what `closing` does, none where nothing can."""
    if one.kind == "sequence":
        return (f'op.execute("DROP SEQUENCE {one.name}")',)
    enum = _enum_name(one.name)
    if one.kind == "enum" and history.enum(enum) is None:
        schema = f", schema={_string(enum.schema)}" if enum.schema else ""
        return (f"sa.Enum(name={_string(enum.name)}{schema}).drop(op.get_bind(), checkfirst=True)",)
    name = one.right if one.aspect == "name" and one.right else one.name
    return closing(replace(one, name=name, left=one.right, right=one.left), models, history)


def _enum_name(text: str) -> TableName:
    return TableName(*reversed(text.split(".", 1))) if "." in text else TableName(text)


def _in_batch(writer: _Writer, lines: Lines) -> Lines:
    """Return the lines as SQLite needs them, which alters constraints and columns in a batch only."""
    if writer.dialect != "sqlite" or not lines:
        return lines
    table = _string(writer.table.name)
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


def _string(text: str) -> str:
    return json.dumps(text, ensure_ascii=False)


def _sql(text: str) -> str:
    """Return a literal of SQL: to SQLAlchemy, a colon before a word would be a parameter."""
    return _string(_PARAMETER.sub(r"\\:", text))


def _enum(one: Difference, history: Schema, models: Schema) -> Lines:
    name = _enum_name(one.name)
    new = models.enum(name)
    old = history.enum(name)
    if new is None or isinstance(new.labels, Unknown):
        return ()
    if old is None:
        labels = ", ".join(map(_string, new.labels))
        schema = f", schema={_string(name.schema)}" if name.schema else ""
        return (
            f"sa.Enum({labels}, name={_string(name.name)}{schema}).create(op.get_bind(), checkfirst=True)",
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


def _column(one: Difference, writer: _Writer, before: Table, after: Table) -> Lines:
    start = f"op.alter_column({_string(writer.table.name)}, {_string(one.name)}"
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
    collation = [f"collation={_string(kind.collation)}"] if kind.collation else []
    return f"sa.{kind.name}({', '.join([*map(str, kind.arguments), *collation])})"


def _element_lines(one: Difference, writer: _Writer, before: Table, after: Table) -> tuple[Lines, Lines]:
    if one.aspect == "name" and one.left is None:
        # The server has given it a name, which is the one to drop.
        return (), ()
    old = _element(one.kind, before, one.name)
    new = _element(one.kind, after, one.right if one.aspect == "name" and one.right else one.name)
    removed, added = _dropped(old, writer), _added(new, writer)
    # What cannot be written again is not taken away either, and nothing is added beside what stays.
    whole = (added or new is None) and (removed or old is None)
    return (removed, added) if whole else ((), ())


def _element(kind: str, table: Table, name: str) -> _Element | None:
    if kind == "primary key":
        return table.primary_key
    if kind == "index":
        return table.index(name)
    found = table.constraint(name)
    return found if isinstance(found, (Check, ForeignKey, Exclude)) else None


def _dropped(element: _Element | None, writer: _Writer) -> Lines:
    if element is None or not isinstance(element.name, str):
        return ()
    name, table = writer.name(element.name), _string(writer.table.name)
    if isinstance(element, Index):
        return (f"op.drop_index({name}, table_name={table}{writer.schema})",)
    kinds = {Check: ', type_="check"', PrimaryKey: ', type_="primary"', ForeignKey: ', type_="foreignkey"'}
    return (f"op.drop_constraint({name}, {table}{kinds.get(type(element), '')}{writer.schema})",)


def _added(element: _Element | None, writer: _Writer) -> Lines:
    if element is None:
        return ()
    start = writer.start(element)
    if isinstance(element, Index):
        return _index(element, start, writer)
    if isinstance(element, (Check, Exclude)):
        return _condition(element, start, writer)
    if isinstance(element.columns, Unknown):
        return ()
    columns = _listed(element.columns)
    if isinstance(element, PrimaryKey):
        return (f"op.create_primary_key({start}, {columns}{writer.schema})",)
    return _foreign_key(element, columns, writer)


def _condition(element: Check | Exclude, start: str, writer: _Writer) -> Lines:
    if isinstance(element.sql, Unknown):
        return ()
    if isinstance(element, Check):
        return (f"op.create_check_constraint({start}, sa.text({_sql(element.sql)}){writer.schema})",)
    name = f"CONSTRAINT {element.name} " if isinstance(element.name, str) else ""
    elements = element.sql.removeprefix("EXCLUDE").strip()
    return (f"op.execute({_sql(f'ALTER TABLE {writer.table} ADD {name}EXCLUDE {elements}')})",)


def _listed(columns: tuple[str, ...]) -> str:
    return f"[{', '.join(map(_string, columns))}]"


def _foreign_key(key: ForeignKey, columns: str, writer: _Writer) -> Lines:
    if isinstance(key.target, Unknown) or isinstance(key.target_columns, Unknown):
        return ()
    given = {"ondelete": key.ondelete, "onupdate": key.onupdate}
    options = "".join(f", {name}={_string(action)}" for name, action in given.items() if action)
    options += ", deferrable=True" if key.deferrable else ""
    options += writer.argument("source_schema")
    options += f", referent_schema={_string(key.target.schema)}" if key.target.schema else ""
    target = f"{_string(key.target.name)}, {columns}, {_listed(key.target_columns)}"
    return (f"op.create_foreign_key({writer.start(key)}, {target}{options})",)


def _index(index: Index, start: str, writer: _Writer) -> Lines:
    if isinstance(index.parts, Unknown) or isinstance(index.where, Unknown):
        return ()
    options = ", unique=True" if index.unique is True else ""
    if index.where is not None:
        options += f", {writer.dialect}_where=sa.text({_sql(index.where)})"
    if index.method is not None:
        options += f", {writer.dialect}_using={_string(index.method)}"
    if index.include:
        options += f", postgresql_include={_listed(index.include)}"
    if index.nulls_not_distinct:
        options += ", postgresql_nulls_not_distinct=True"
    parts = ", ".join(map(_part, index.parts))
    return (f"op.create_index({start}, [{parts}]{options}{writer.schema})",)


def _part(part: IndexPart) -> str:
    if part.column is not None and not part.sort:
        return _string(part.column)
    return f"sa.text({_sql(' '.join(filter(None, (part.column or part.expression, part.sort))))})"
