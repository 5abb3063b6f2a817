"""Constraints and indexes as SQLAlchemy's objects.

Part of the library that gives SQLAlchemy's names their meaning (second stage).
"""

from __future__ import annotations

from migrate_guard.dialect import Dialect
from migrate_guard.evaluate.library.expressions import Clause, expression_text
from migrate_guard.evaluate.library.reading import (
    Notes,
    certain_flag,
    depends,
    flag,
    items,
    plain_text,
    text,
)
from migrate_guard.evaluate.library.signature import Bound, Signature, bind
from migrate_guard.evaluate.values import Call, Machine, Thing, Undecided, Value
from migrate_guard.operations import (
    UNKNOWN,
    Check,
    Constraint,
    ConstraintName,
    Exclude,
    ForeignKey,
    Index,
    IndexPart,
    PrimaryKey,
    TableName,
    Unique,
    Unknown,
)
from migrate_guard.pattern import pattern
from migrate_guard.record import dataclass, replace


@dataclass(slots=True, eq=False)
class ConstraintValue(Thing):
    """A constraint that may be put into a table; `unknowns` are the reasons for what it does not know.

    `table` is the table of its columns, where they belong to one. `use_alter` is SQLAlchemy's argument:
    CREATE TABLE leaves the constraint out where the dialect can add it later.
    """

    constraint: Constraint
    unknowns: tuple[str, ...] = ()
    table: TableName | None = None
    use_alter: bool = False

    def describe(self) -> str:
        return f"a {type(self.constraint).__name__} constraint"

    def method(self, name: str, call: Call, machine: Machine) -> Value:
        if name == "ddl_if":
            return if_created(self, call, machine)
        return Undecided(f"{name}() of {self.describe()}", data=True)


def if_created(made: Thing, call: Call, machine: Machine) -> Value:
    """Return what `.ddl_if(dialect=…)` leaves of a constraint or an index: nothing on other dialects."""
    wanted = call.get(0, "dialect")
    names = (wanted,) if isinstance(wanted, str) else items(wanted)
    if call.open or call.has(1, "callable_") or names is None or not all(isinstance(n, str) for n in names):
        return Undecided(f"{made.describe()} that is only made under a condition")
    return made if machine.dialect.name in names else None


@dataclass(slots=True, eq=False)
class ForeignKeyValue(Thing):
    """`sa.ForeignKey(…)` on a column, which is not yet known here."""

    given: Bound

    def describe(self) -> str:
        return "a ForeignKey()"

    def on_column(self, column: str, notes: Notes) -> ForeignKey:
        """Return the constraint that it is on a column."""
        target, target_column = read_target(self.given["column"], notes)
        columns: tuple[str, ...] | Unknown = UNKNOWN
        if not isinstance(target_column, Unknown):
            columns = (target_column or column,)
        return foreign_key(self.given, (column,), target, columns, notes)


def foreign_key(
    given: Bound,
    columns: tuple[str, ...] | Unknown,
    target: TableName | Unknown,
    target_columns: tuple[str, ...] | Unknown,
    notes: Notes,
) -> ForeignKey:
    """Return a foreign key with the options that all its spellings share."""
    deferrable = given["deferrable"]
    return ForeignKey(
        name=text(given["name"], "name of the foreign key", notes),
        columns=columns,
        target=target,
        target_columns=target_columns,
        ondelete=plain_text(given["ondelete"], "ondelete", notes),
        onupdate=plain_text(given["onupdate"], "onupdate", notes),
        deferrable=certain_flag(deferrable, "deferrable", notes),
        validated=not certain_flag(
            given.option("postgresql_not_valid", False), "postgresql_not_valid", notes
        ),
    )


def read_target(value: Value, notes: Notes) -> tuple[TableName | Unknown, str | Unknown | None]:
    """Return table and column of `"table.column"`, `"schema.table.column"` or a Column of a Table.

    The column is `None` where only the table is given: the key then names the column as it is called.
    """
    if isinstance(value, str):
        parts = value.split(".")
        if len(parts) == 1:
            return TableName(parts[0]), None
        return TableName(parts[-2], ".".join(parts[:-2])), parts[-1]
    name, tables = getattr(value, "name", None), value.tables() if isinstance(value, Clause) else ()
    if isinstance(name, str) and len(tables) == 1:
        return tables[0], name
    notes.unknown(depends("the target of a foreign key", value))
    return UNKNOWN, UNKNOWN


def column_name(value: Value) -> str | None:
    """Return the column that a name or a Column names, `None` if that is not known."""
    if isinstance(value, str):
        return value
    name = getattr(value, "name", None) if isinstance(value, Clause) else None
    return name if isinstance(name, str) else None


def column_names(values: tuple[Value, ...] | None, what: str, notes: Notes) -> tuple[str, ...] | Unknown:
    """Return the names of columns that are given as names or Columns; all or `UNKNOWN`."""
    if values is None:
        return notes.unknown(f"the {what} are not all known")
    names = [column_name(value) for value in values]
    for name, value in zip(names, values, strict=True):
        if name is None:
            return notes.unknown(depends(f"one of the {what}", value))
    return tuple(name for name in names if name is not None)


def _own_columns(given: Bound, notes: Notes) -> tuple[str, ...] | Unknown:
    if given.call.open:
        return notes.unknown("a * argument of a constraint")
    return column_names(given.rest, "columns of a constraint", notes)


def _table_of(values: tuple[Value, ...]) -> TableName | None:
    for value in values:
        tables = value.tables() if isinstance(value, Clause) else ()
        if tables:
            return tables[0]
    return None


_KEYED = Signature("constraint", ("name", "deferrable", "initially", "info"), positional=0, options=True)


def primary_key(call: Call, machine: Machine) -> Value:
    """Return what `sa.PrimaryKeyConstraint(…)` is."""
    notes = Notes()
    given = bind(replace(_KEYED, function="PrimaryKeyConstraint"), call)
    name = text(given["name"], "name of the primary key", notes)
    return ConstraintValue(
        PrimaryKey(name, _own_columns(given, notes)), notes.unknowns(), _table_of(given.rest)
    )


def unique_constraint(call: Call, machine: Machine) -> Value:
    """Return what `sa.UniqueConstraint(…)` is."""
    notes = Notes()
    given = bind(replace(_KEYED, function="UniqueConstraint"), call)
    unique = read_unique(given, _own_columns(given, notes), notes)
    return ConstraintValue(unique, notes.unknowns(), _table_of(given.rest))


def read_unique(given: Bound, columns: tuple[str, ...] | Unknown, notes: Notes) -> Unique:
    """Return a unique constraint with its options."""
    distinct = given.option("postgresql_nulls_not_distinct", False)
    return Unique(
        name=text(given["name"], "name of the unique constraint", notes),
        columns=columns,
        nulls_not_distinct=certain_flag(distinct, "postgresql_nulls_not_distinct", notes),
        deferrable=certain_flag(given["deferrable"], "deferrable", notes),
    )


_FOREIGN_KEY = Signature(
    "ForeignKeyConstraint",
    ("columns", "refcolumns", "name", "onupdate", "ondelete", "deferrable", "initially", "use_alter",
     "link_to_name", "match", "table", "info", "comment"),
    required=2,
    options=True,
)  # fmt: skip
_COLUMN_KEY = Signature(
    "ForeignKey",
    ("column", "_constraint", "use_alter", "name", "onupdate", "ondelete", "deferrable", "initially",
     "link_to_name", "match", "info", "comment"),
    required=1,
    options=True,
)  # fmt: skip


def column_foreign_key(call: Call, machine: Machine) -> Value:
    """Return what `sa.ForeignKey(…)` is."""
    return ForeignKeyValue(bind(_COLUMN_KEY, call))


def foreign_key_constraint(call: Call, machine: Machine) -> Value:
    """Return what `sa.ForeignKeyConstraint(…)` is."""
    notes = Notes()
    given = bind(_FOREIGN_KEY, call)
    columns = column_names(items(given["columns"]), "columns of a foreign key", notes)
    target, target_columns = _targets(items(given["refcolumns"]), notes)
    made = foreign_key(given, columns, target, target_columns, notes)
    return ConstraintValue(made, notes.unknowns(), use_alter=given["use_alter"] is True)


def _targets(
    values: tuple[Value, ...] | None, notes: Notes
) -> tuple[TableName | Unknown, tuple[str, ...] | Unknown]:
    if not values:
        notes.unknown("the columns that a foreign key refers to are not known")
        return UNKNOWN, UNKNOWN
    found = [read_target(value, notes) for value in values]
    names = [name for _, name in found if isinstance(name, str)]
    return found[0][0], tuple(names) if len(names) == len(found) else UNKNOWN


_CHECK = Signature(
    "CheckConstraint",
    ("sqltext", "name", "deferrable", "initially", "table", "info"),
    required=1,
    options=True,
)


def check_constraint(call: Call, machine: Machine) -> Value:
    """Return what `sa.CheckConstraint(…)` is."""
    notes = Notes()
    given = bind(_CHECK, call)
    check = read_check(given, given["sqltext"], notes)
    return ConstraintValue(check, notes.unknowns())


def read_check(given: Bound, condition: Value, notes: Notes) -> Check:
    """Return a CHECK with its options."""
    invalid = given.option("postgresql_not_valid", False)
    return Check(
        name=text(given["name"], "name of the CHECK", notes),
        sql=expression_text(condition, "condition of a CHECK", notes),
        validated=not certain_flag(invalid, "postgresql_not_valid", notes),
    )


def exclude_constraint(call: Call, machine: Machine) -> Value:
    """Return what `postgresql.ExcludeConstraint(…)` is."""
    notes = Notes()
    given = bind(replace(_KEYED, function="ExcludeConstraint"), call)
    return ConstraintValue(read_exclude(given, given.rest, given["name"], notes), notes.unknowns())


def read_exclude(given: Bound, elements: tuple[Value, ...], name: Value, notes: Notes) -> Exclude:
    """Return an EXCLUDE constraint with the text of its elements."""
    parts: list[str] = []
    for element in elements:
        pair = items(element)
        if pair is None or len(pair) != 2 or not isinstance(pair[1], str):
            notes.unknown("an element of an EXCLUDE constraint is not known")
            return Exclude(text(name, "name of the constraint", notes), UNKNOWN)
        parts.append(f"{expression_text(pair[0], 'element', notes)} WITH {pair[1]}")
    using = plain_text(given.option("using"), "using", notes) or "gist"
    where = given.option("where")
    condition = "" if where is None else f" WHERE ({expression_text(where, 'where', notes)})"
    return Exclude(
        text(name, "name of the constraint", notes), f"USING {using} ({', '.join(parts)}){condition}"
    )


_SORTS = frozenset("ASC DESC NULLS FIRST LAST".split())
_PLAIN_KEY = pattern(
    r"""\s*(?P<name>"(?:[^"]|"")+"|`(?:[^`]|``)+`|[^\W\d]\w*)(?P<sort>(?:\s+["`]?[^\W\d]\w*["`]?)*)\s*"""
)


def index_part(value: Value, notes: Notes) -> IndexPart | None:
    """Return one key of an index, `None` if it is not known."""
    name = column_name(value)
    if name is not None:
        return IndexPart(column=name)
    if not isinstance(value, Clause):
        notes.unknown(depends("a key of an index", value))
        return None
    found = expression_text(value, "key of an index", notes)
    if isinstance(found, Unknown):
        return None
    return written_part(found)


def written_part(written: str) -> IndexPart:
    """Return the key of an index that is written as SQL.

    Plain words are a column with its operator class and order; anything else is an expression, possibly
    with an order after it.
    """
    words = written.split()
    plain = _PLAIN_KEY.fullmatch(written)
    if plain is not None:
        name, quote = plain["name"], plain["name"][0]
        column = name[1:-1].replace(quote * 2, quote) if quote in '"`' else name
        return IndexPart(column=column, sort=" ".join(plain["sort"].split()))
    end = len(words)
    while end and words[end - 1].upper() in _SORTS:
        end -= 1
    sort = " ".join(words[end:])
    return IndexPart(expression=written.rstrip().removesuffix(sort).rstrip(), sort=sort)


def index_parts(values: tuple[Value, ...] | None, notes: Notes) -> tuple[IndexPart, ...] | Unknown:
    """Return the keys of an index; all or `UNKNOWN`."""
    if values is None:
        return notes.unknown("the keys of an index are not all known")
    parts = [index_part(value, notes) for value in values]
    known = tuple(part for part in parts if part is not None)
    return known if len(known) == len(parts) else UNKNOWN


def _with_classes(
    parts: tuple[IndexPart, ...] | Unknown, classes: Value, notes: Notes
) -> tuple[IndexPart, ...] | Unknown:
    """Return the keys with their operator classes, which SQLAlchemy takes by the names of the keys."""
    if classes is None or isinstance(parts, Unknown):
        return parts
    if not isinstance(classes, dict):
        notes.unknown(depends("the operator classes of an index", classes))
        return parts
    found = [classes.get(part.column or part.expression) for part in parts]
    return tuple(
        replace(part, sort=f"{name} {part.sort}".strip()) if isinstance(name, str) else part
        for part, name in zip(parts, found, strict=True)
    )


def _with_lengths(
    parts: tuple[IndexPart, ...] | Unknown, lengths: Value, notes: Notes
) -> tuple[IndexPart, ...] | Unknown:
    """Return the keys with MySQL's prefix lengths, which are given for all keys or by their names."""
    if lengths is None or isinstance(parts, Unknown):
        return parts
    if not isinstance(lengths, (dict, int)):
        notes.unknown(depends("the prefix lengths of an index", lengths))
        return parts
    found = [lengths if isinstance(lengths, int) else lengths.get(part.column) for part in parts]
    return tuple(
        replace(part, sort=f"({length}) {part.sort}".strip()) if isinstance(length, int) else part
        for part, length in zip(parts, found, strict=True)
    )


def read_index(
    name: ConstraintName,
    table: TableName,
    parts: tuple[IndexPart, ...] | Unknown,
    given: Bound,
    dialect: Dialect,
    notes: Notes,
) -> Index:
    """Return an index with the options that are for the dialect."""
    where = given.option(f"{dialect.family}_where")
    method = plain_text(given.option(f"{dialect.family}_using"), "method of an index", notes)
    prefix = plain_text(given.option(f"{dialect.name}_prefix"), "prefix of an index", notes)
    include = given.option(f"{dialect.family}_include")
    included = () if include is None else column_names(items(include), "included columns", notes)
    distinct = given.option("postgresql_nulls_not_distinct", False)
    return Index(
        name=name,
        table=table,
        parts=_with_lengths(
            _with_classes(parts, given.option(f"{dialect.family}_ops"), notes),
            given.option(f"{dialect.name}_length", given.option(f"{dialect.family}_length")),
            notes,
        ),
        unique=flag(given.get("unique", False), "unique", notes),
        method=method or (prefix.lower() if prefix else None),
        where=None if where is None else expression_text(where, "predicate of an index", notes),
        include=() if isinstance(included, Unknown) else included,
        nulls_not_distinct=dialect.family == "postgresql"
        and certain_flag(distinct, "nulls_not_distinct", notes),
    )
