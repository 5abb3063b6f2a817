"""The parts of a schema: names, types, columns, constraints and indexes.

Operations describe them as a script gives them; the replayed schema holds them as a database would.
An attribute is a value, `None` for "not given", or `UNKNOWN` for "given, but not decidable".
"""

from __future__ import annotations

from typing import Literal, NamedTuple, TypeAlias

from migrate_guard.operations.unknown import Unknown
from migrate_guard.record import dataclass


class TableName(NamedTuple):
    """The name of a table or another object; `schema` is empty for the default schema.

    It is spelled as the database has it: quoted names are unquoted, unquoted names in raw SQL are folded
    to lower case where the dialect folds them.
    """

    name: str
    schema: str = ""

    def __str__(self) -> str:
        return f"{self.schema}.{self.name}" if self.schema else self.name


@dataclass(frozen=True, slots=True)
class SqlType:
    """A column type, independent of where it was written.

    `name` is the upper-case name of the type in SQLAlchemy's spelling of the standard: `VARCHAR`,
    `TEXT`, `INTEGER`, `BIGINT`, `NUMERIC`, `TIMESTAMP`, `ENUM`, `ARRAY`, `JSONB` … A type that the
    project defines and that could not be followed has the name `CUSTOM` and its dotted name in `custom`.
    `arguments` are lengths, precisions and scales in order. `timezone` belongs to `TIMESTAMP` and `TIME`.
    For `ENUM`, `enum` names the database type where the dialect has one, `labels` are its values (or
    `UNKNOWN`), `native` is false for VARCHAR + CHECK, and `create` false for `create_type=False`.
    """

    name: str
    arguments: tuple[int, ...] = ()
    timezone: bool = False
    collation: str | None = None
    enum: TableName | None = None
    labels: tuple[str, ...] | Unknown | None = None
    native: bool = True
    create: bool = True
    check: bool = False
    item: SqlType | None = None
    unsigned: bool = False
    custom: str | None = None

    def __str__(self) -> str:
        if self.item is not None:
            return f"{self.item}[]"
        if self.custom is not None:
            return self.custom
        if self.enum is not None:
            return str(self.enum)
        suffix = f"({', '.join(map(str, self.arguments))})" if self.arguments else ""
        zone = " WITH TIME ZONE" if self.timezone else ""
        return f"{self.name}{suffix}{zone}"


@dataclass(frozen=True, slots=True)
class Default:
    """A server default: its SQL text as the server reads it, string literals with their quotes.

    `quoted` tells that the script gave a plain Python string, which SQLAlchemy renders as a string
    literal: `server_default="now()"` stores the text, `sa.text("now()")` calls the function.
    """

    sql: str | Unknown
    quoted: bool = False


@dataclass(frozen=True, slots=True)
class Identity:
    """`GENERATED … AS IDENTITY`; the options that matter to nobody here are left out."""

    always: bool = False


@dataclass(frozen=True, slots=True)
class Computed:
    """A generated column: its expression and whether it is stored (`None`: the server's default)."""

    sql: str | Unknown
    stored: bool | None = None


@dataclass(frozen=True, slots=True)
class Column:
    """A column without its constraints and indexes, which are elements of their own.

    `python_default` tells that the script gave `default=`, which the database never sees.
    `serial` tells that the server fills the column from a sequence (`SERIAL`, `AUTO_INCREMENT`).
    `certain` turns false when something that could not be read may have touched the column.
    """

    name: str
    type: SqlType | Unknown | None
    nullable: bool | Unknown = True
    default: Default | Unknown | None = None
    identity: Identity | Unknown | None = None
    computed: Computed | Unknown | None = None
    comment: str | Unknown | None = None
    autoincrement: bool | Literal["auto"] = "auto"
    serial: bool = False
    python_default: bool = False
    certain: bool = True


ConstraintName: TypeAlias = str | Unknown | None
"""`None` is a constraint that the script leaves unnamed; a server may choose a name for it.

Where a naming convention that could not be read may give another name, the name is `UNKNOWN` and the
attribute `given` of the constraint or index is the one that it has without a convention.
"""


class FinalName(str):
    """A name that no naming convention changes: that of `op.f("…")` or of SQLAlchemy's `conv`.

    As there, a text that is made from one is a plain text again.
    """

    __slots__ = ()


class DefaultName(str):
    """The name that SQLAlchemy's own convention gives an index which the script leaves unnamed.

    Another convention of the project's MetaData takes its place.
    """

    __slots__ = ()


@dataclass(frozen=True, slots=True)
class PrimaryKey:
    """A primary key; its columns are NOT NULL by implication.

    `using_index` names the unique index that it is made from; its columns are then those of the index.
    `inline` tells that SQLAlchemy writes it on its column, where it can have no name: SQLite's
    `PRIMARY KEY AUTOINCREMENT`.
    """

    name: ConstraintName
    columns: tuple[str, ...] | Unknown
    using_index: str | None = None
    inline: bool = False
    given: str | None = None


@dataclass(frozen=True, slots=True)
class Unique:
    """A unique constraint, not a unique index; `using_index` names the index it is made from."""

    name: ConstraintName
    columns: tuple[str, ...] | Unknown
    nulls_not_distinct: bool = False
    deferrable: bool = False
    using_index: str | None = None
    given: str | None = None


@dataclass(frozen=True, slots=True)
class ForeignKey:
    """A foreign key; `validated` is false after `NOT VALID`. `target` is `UNKNOWN` if undecidable."""

    name: ConstraintName
    columns: tuple[str, ...] | Unknown
    target: TableName | Unknown
    target_columns: tuple[str, ...] | Unknown = ()
    ondelete: str | None = None
    onupdate: str | None = None
    deferrable: bool = False
    validated: bool = True
    given: str | None = None


@dataclass(frozen=True, slots=True)
class Check:
    """A CHECK constraint; `not_null` is the column of PostgreSQL 18's `NOT NULL c NOT VALID` form.

    `of_type` tells that a `Boolean` or a non-native `Enum` brought it along.
    """

    name: ConstraintName
    sql: str | Unknown
    validated: bool = True
    not_null: str | None = None
    of_type: bool = False
    given: str | None = None


@dataclass(frozen=True, slots=True)
class Exclude:
    """PostgreSQL's EXCLUDE constraint; the text of its elements is kept as written."""

    name: ConstraintName
    sql: str | Unknown


Constraint: TypeAlias = PrimaryKey | Unique | ForeignKey | Check | Exclude


@dataclass(frozen=True, slots=True)
class IndexPart:
    """One key of an index: a column, or an expression as text; `sort` is the rest, as written."""

    column: str | None = None
    expression: str | None = None
    sort: str = ""


@dataclass(frozen=True, slots=True)
class Index:
    """An index. `valid` turns false after a concurrent build that may have failed.

    `implied` tells that MySQL made it by itself for a foreign key; an index that can serve the key in its
    place makes it go away again.
    """

    name: ConstraintName
    table: TableName
    parts: tuple[IndexPart, ...] | Unknown
    unique: bool | Unknown = False
    method: str | None = None
    where: str | Unknown | None = None
    include: tuple[str, ...] = ()
    nulls_not_distinct: bool = False
    valid: bool = True
    implied: bool = False
    given: str | None = None

    @property
    def columns(self) -> tuple[str, ...]:
        """The plain columns among the keys, in order; empty when the keys are unknown."""
        if isinstance(self.parts, Unknown):
            return ()
        return tuple(part.column for part in self.parts if part.column is not None)


@dataclass(frozen=True, slots=True)
class Existence:
    """The question whether there is a table; `present` is false for the question whether there is none."""

    table: TableName
    present: bool = True


@dataclass(frozen=True, slots=True)
class Condition:
    """A guard that reading cannot decide; `text` is its source, `holds` the side that was taken.

    `asks` is what the guard asks the database, where it is nothing but that.
    """

    text: str
    path: str
    line: int
    holds: bool = True
    asks: Existence | None = None

    def __str__(self) -> str:
        return self.text if self.holds else f"not ({self.text})"


@dataclass(frozen=True, slots=True)
class TableShape:
    """All that a table is made of, as a script gives it without creating the table."""

    columns: tuple[Column, ...]
    constraints: tuple[Constraint, ...] = ()
    indexes: tuple[Index, ...] = ()


@dataclass(frozen=True, slots=True)
class BatchContext:
    """`with op.batch_alter_table(…)`: on SQLite the table is rebuilt once, at the end of the block.

    `recreate` is Alembic's argument. `number` tells the blocks of one revision apart. `naming_convention`
    are the templates by kind, as in a MetaData, that name what the table has without a name; `UNKNOWN` if
    they could not be read. `copy_from` is what the table is taken to be, instead of what the database says.
    """

    table: TableName
    number: int
    recreate: Literal["auto", "always", "never"] = "auto"
    naming_convention: tuple[tuple[str, str | Unknown], ...] | Unknown = ()
    copy_from: TableShape | Unknown | None = None


@dataclass(frozen=True, slots=True)
class SqlText:
    """The SQL statement that an operation was read from, as the server would get it."""

    text: str
    reader: Literal["own", "libpg_query"] = "own"
    parameters: bool = False
