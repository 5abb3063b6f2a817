"""The lines of a revision that close a difference which autogenerate would not write."""

from __future__ import annotations

from migrate_guard.operations import (
    Check,
    ForeignKey,
    Index,
    PrimaryKey,
    TableName,
    Unknown,
)
from migrate_guard.schema import Schema, Table
from migrate_guard.schema.compare import Difference

Lines = tuple[str, ...]


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
    if one.kind == "column":
        return _in_batch(models, after.name, _column(one))
    removed, added = _element_lines(one, before, after)
    return _in_batch(models, after.name, (*removed, *added))


def _in_batch(schema: Schema, table: TableName, lines: Lines) -> Lines:
    """Return the lines as SQLite needs them, which alters constraints and columns in a batch only."""
    if schema.dialect != "sqlite" or not lines:
        return lines
    first = f"{_string(table.name)}, "
    inside = (f"    batch_op.{line[len('op.') :].replace(first, '', 1)}" for line in lines)
    return (f"with op.batch_alter_table({_string(table.name)}) as batch_op:", *inside)


def _string(text: str) -> str:
    return '"' + text.replace("\\", "\\\\").replace('"', '\\"') + '"'


def _schema_argument(table: TableName) -> str:
    return f", schema={_string(table.schema)}" if table.schema else ""


def _enum(one: Difference, history: Schema, models: Schema) -> Lines:
    name = TableName(*reversed(one.name.split(".", 1))) if "." in one.name else TableName(one.name)
    new = models.enum(name)
    old = history.enum(name)
    if new is None or isinstance(new.labels, Unknown):
        return ()
    if old is None:
        labels = ", ".join(map(_string, new.labels))
        schema = _schema_argument(name)
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
                f"op.execute({_string(f'ALTER TYPE {name} ADD VALUE {_quoted(label)}{after}{before}')})"
            )
    return tuple(lines)


def _quoted(label: str) -> str:
    return "'" + label.replace("'", "''") + "'"


def _column(one: Difference) -> Lines:
    table = one.table or TableName("")
    start = f"op.alter_column({_string(table.name)}, {_string(one.name)}"
    end = f"{_schema_argument(table)})"
    if one.aspect == "default":
        value = "None" if one.right is None else f"sa.text({_string(one.right)})"
        return (f"{start}, server_default={value}{end}",)
    if one.aspect == "identity":
        return (f"{start}, server_default={'sa.Identity()' if one.right else 'None'}{end}",)
    return ()


def _element_lines(one: Difference, before: Table, after: Table) -> tuple[Lines, Lines]:
    old = _element(one.kind, before, one.name)
    new = _element(one.kind, after, one.right if one.aspect == "name" and one.right else one.name)
    return _dropped(old, before.name), _added(new, after.name)


def _element(kind: str, table: Table, name: str) -> Index | Check | PrimaryKey | ForeignKey | None:
    if kind == "primary key":
        return table.primary_key
    if kind == "index":
        return table.index(name)
    found = table.constraint(name)
    return found if isinstance(found, (Check, ForeignKey)) else None


def _dropped(element: Index | Check | PrimaryKey | ForeignKey | None, table: TableName) -> Lines:
    if element is None or not isinstance(element.name, str):
        return ()
    schema = _schema_argument(table)
    if isinstance(element, Index):
        return (f"op.drop_index({_string(element.name)}, table_name={_string(table.name)}{schema})",)
    kinds = {Check: "check", PrimaryKey: "primary", ForeignKey: "foreignkey"}
    kind = kinds[type(element)]
    return (f'op.drop_constraint({_string(element.name)}, {_string(table.name)}, type_="{kind}"{schema})',)


def _added(element: Index | Check | PrimaryKey | ForeignKey | None, table: TableName) -> Lines:
    if element is None:
        return ()
    name = _string(element.name) if isinstance(element.name, str) else "None"
    schema = _schema_argument(table)
    start = f"{name}, {_string(table.name)}"
    if isinstance(element, Check):
        if isinstance(element.sql, Unknown):
            return ()
        return (f"op.create_check_constraint({start}, sa.text({_string(element.sql)}){schema})",)
    if isinstance(element, Index):
        return _index(element, start, schema)
    if isinstance(element.columns, Unknown):
        return ()
    columns = _listed(element.columns)
    if isinstance(element, PrimaryKey):
        return (f"op.create_primary_key({start}, {columns}{schema})",)
    if isinstance(element.target, Unknown) or isinstance(element.target_columns, Unknown):
        return ()
    target = f"{_string(element.target.name)}, {columns}, {_listed(element.target_columns)}"
    return (f"op.create_foreign_key({start}, {target}{_actions(element)})",)


def _listed(columns: tuple[str, ...]) -> str:
    return f"[{', '.join(map(_string, columns))}]"


def _actions(key: ForeignKey) -> str:
    given = {"ondelete": key.ondelete, "onupdate": key.onupdate}
    return "".join(f", {name}={_string(action)}" for name, action in given.items() if action)


def _index(index: Index, start: str, schema: str) -> Lines:
    if isinstance(index.parts, Unknown) or isinstance(index.where, Unknown):
        return ()
    parts = (
        _string(part.column) if part.column else f"sa.text({_string(part.expression or '')})"
        for part in index.parts
    )
    options = ", unique=True" if index.unique is True else ""
    if index.where is not None:
        options += f", postgresql_where=sa.text({_string(index.where)})"
    if index.method is not None:
        options += f", postgresql_using={_string(index.method)}"
    return (f"op.create_index({start}, [{', '.join(parts)}]{options}{schema})",)
