"""The parts of a table, each of which can be written for Alembic and in SQL."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Literal

from migrate_guard.dialect import DialectName
from migrate_guard.record import dataclass

Form = Literal["alembic", "sql"]
Family = Literal["integer", "text", "number", "boolean", "time", "enum"]


@dataclass(frozen=True, slots=True)
class Target:
    """What a history is written for; `quote` writes an identifier of the dialect."""

    dialect: DialectName
    form: Form
    quote: Callable[[str], str]

    def listed(self, names: tuple[str, ...]) -> str:
        """Return identifiers between parentheses."""
        return f"({', '.join(map(self.quote, names))})"


@dataclass(frozen=True, slots=True)
class Kind:
    """A column type: its Python, its spellings in SQL by dialect, and defaults as (Python, SQL)."""

    family: Family
    python: str
    sql: Mapping[str, tuple[str, ...]]
    defaults: tuple[tuple[str, str], ...] = ()

    def spellings(self, dialect: DialectName) -> tuple[str, ...]:
        """Return the ways to write it in a dialect's SQL."""
        return self.sql.get(dialect) or self.sql["all"]


_NUMBERS = (('"0"', "0"), ('sa.text("7")', "7"), ('"-1"', "-1"))
_WORDS = (('"x"', "'x'"), ('""', "''"), ('"it\'s"', "'it''s'"), ("sa.text(\"'y'\")", "'y'"))
_TRUTHS = (("sa.true()", "true"), ("sa.false()", "false"), ('"1"', "'1'"))
_TIMES = (("sa.func.now()", "CURRENT_TIMESTAMP"), ('sa.text("CURRENT_TIMESTAMP")', "CURRENT_TIMESTAMP"))

KINDS: tuple[Kind, ...] = (
    Kind(
        "integer", "sa.Integer()", {"postgresql": ("INTEGER", "int4", "int"), "all": ("INTEGER",)}, _NUMBERS
    ),
    Kind("integer", "sa.BigInteger()", {"postgresql": ("BIGINT", "int8"), "all": ("BIGINT",)}, _NUMBERS),
    Kind(
        "integer", "sa.SmallInteger()", {"postgresql": ("SMALLINT", "int2"), "all": ("SMALLINT",)}, _NUMBERS
    ),
    Kind(
        "text",
        "sa.String(20)",
        {"postgresql": ("VARCHAR(20)", "character varying(20)"), "all": ("VARCHAR(20)",)},
        _WORDS,
    ),
    Kind("text", "sa.String(length=80)", {"all": ("VARCHAR(80)",)}, _WORDS),
    Kind("text", "sa.Text()", {"all": ("TEXT",)}, _WORDS),
    Kind("number", "sa.Numeric(8, 2)", {"all": ("NUMERIC(8, 2)", "DECIMAL(8,2)")}, _NUMBERS),
    Kind("number", "sa.Numeric(precision=10, scale=4)", {"all": ("NUMERIC(10, 4)",)}, _NUMBERS),
    Kind(
        "number",
        "sa.Float()",
        {"postgresql": ("FLOAT", "double precision", "float8"), "all": ("FLOAT",)},
        _NUMBERS,
    ),
    Kind("boolean", "sa.Boolean()", {"postgresql": ("BOOLEAN", "bool"), "all": ("BOOLEAN",)}, _TRUTHS),
    Kind(
        "time",
        "sa.DateTime()",
        {"postgresql": ("TIMESTAMP WITHOUT TIME ZONE", "timestamp"), "all": ("DATETIME",)},
        _TIMES,
    ),
    Kind("time", "sa.Date()", {"all": ("DATE",)}),
)
KEYS = tuple(kind for kind in KINDS if kind.family in ("integer", "text") and "Text()" not in kind.python)


@dataclass(frozen=True, slots=True)
class Reference:
    """What a foreign key refers to, and what it does."""

    table: str
    columns: tuple[str, ...]
    ondelete: str | None = None
    onupdate: str | None = None

    def options(self) -> str:
        """Return the actions as keyword arguments."""
        given = {"ondelete": self.ondelete, "onupdate": self.onupdate}
        return "".join(f", {name}={action!r}" for name, action in given.items() if action)

    def sql(self, target: Target) -> str:
        """Return the REFERENCES clause."""
        actions = f" ON DELETE {self.ondelete}" if self.ondelete else ""
        actions += f" ON UPDATE {self.onupdate}" if self.onupdate else ""
        return f"REFERENCES {target.quote(self.table)} {target.listed(self.columns)}{actions}"


@dataclass(frozen=True, slots=True)
class Rule:
    """A constraint: a key, a unique, a foreign key or a check, named or not."""

    kind: Literal["primary", "unique", "foreignkey", "check"]
    name: str | None
    columns: tuple[str, ...] = ()
    reference: Reference | None = None
    check: str = ""

    def element(self) -> str:
        """Return it as an argument of `create_table()`."""
        name = "" if self.name is None else f", name={self.name!r}"
        columns = ", ".join(map(repr, self.columns))
        if self.kind == "primary":
            return f"sa.PrimaryKeyConstraint({columns}{name})"
        if self.kind == "unique":
            return f"sa.UniqueConstraint({columns}{name})"
        if self.reference is not None:
            targets = [f"{self.reference.table}.{column}" for column in self.reference.columns]
            return f"sa.ForeignKeyConstraint([{columns}], {targets!r}{name}{self.reference.options()})"
        return f"sa.CheckConstraint({self.check!r}{name})"

    def directive(self, table: str, batch: bool = False) -> str:
        """Return the call that adds it to a table."""
        name, columns = repr(self.name), list(self.columns)
        owner, subject = ("batch", "") if batch else ("op", f"{table!r}, ")
        if self.kind == "primary":
            return f"{owner}.create_primary_key({name}, {subject}{columns!r})"
        if self.kind == "unique":
            return f"{owner}.create_unique_constraint({name}, {subject}{columns!r})"
        if self.reference is not None:
            of = f"{subject}{self.reference.table!r}, {columns!r}, {list(self.reference.columns)!r}"
            return f"{owner}.create_foreign_key({name}, {of}{self.reference.options()})"
        return f"{owner}.create_check_constraint({name}, {subject}sa.text({self.check!r}))"

    def sql(self, target: Target) -> str:
        """Return it as a table constraint."""
        name = "" if self.name is None else f"CONSTRAINT {target.quote(self.name)} "
        if self.kind == "check":
            return f"{name}CHECK ({self.check})"
        columns = target.listed(self.columns)
        if self.reference is not None:
            return f"{name}FOREIGN KEY {columns} {self.reference.sql(target)}"
        return f"{name}{'PRIMARY KEY' if self.kind == 'primary' else 'UNIQUE'} {columns}"


@dataclass(frozen=True, slots=True)
class Field:
    """A column with what hangs on it; `rules` are those of the column alone, `index` is `index=True`.

    `implicit` leaves out `nullable=True`, which is not the same for a column of a primary key.
    """

    name: str
    kind: Kind
    spelling: str
    nullable: bool = True
    default: tuple[str, str] | None = None
    primary: bool = False
    unique: bool = False
    index: bool = False
    implicit: bool = False
    rules: tuple[Rule, ...] = ()

    def python(self) -> str:
        """Return the `sa.Column(…)`."""
        parts = [repr(self.name), self.kind.python]
        for rule in self.rules:
            name = "" if rule.name is None else f", name={rule.name!r}"
            if rule.reference is not None:
                of = f"{rule.reference.table}.{rule.reference.columns[0]}"
                parts.append(f"sa.ForeignKey({of!r}{name}{rule.reference.options()})")
            else:
                parts.append(f"sa.CheckConstraint({rule.check!r}{name})")
        given = [] if self.nullable and self.implicit else [f"nullable={self.nullable}"]
        parts += ["primary_key=True"] if self.primary else given
        parts += [f"server_default={self.default[0]}"] if self.default else []
        parts += ["unique=True"] if self.unique else []
        parts += ["index=True"] if self.index else []
        return f"sa.Column({', '.join(parts)})"

    def sql(self, target: Target) -> str:
        """Return the column definition."""
        parts = [target.quote(self.name), self.spelling]
        parts += [f"DEFAULT {self.default[1]}"] if self.default else []
        parts += [] if self.nullable else ["NOT NULL"]
        parts += ["PRIMARY KEY"] if self.primary else []
        parts += ["UNIQUE"] if self.unique else []
        for rule in self.rules:
            name = "" if rule.name is None else f"CONSTRAINT {target.quote(rule.name)} "
            what = rule.reference.sql(target) if rule.reference else f"CHECK ({rule.check})"
            parts.append(name + what)
        return " ".join(parts)


@dataclass(frozen=True, slots=True)
class Change:
    """One step of a history: the body of an `upgrade()`, and what it is called in the counts."""

    name: str
    lines: tuple[str, ...]


def raw(name: str, *statements: str) -> Change:
    """Return a change that sends SQL."""
    return Change(name, tuple(f"op.execute({statement!r})" for statement in statements))
