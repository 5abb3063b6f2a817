"""The names that a MetaData's `naming_convention` gives to constraints and indexes.

Part of the fourth stage of the pipeline. Alembic puts the convention of `target_metadata` on the tables
that its directives make (`operations/schemaobj.py`), so it names what a script leaves unnamed, before the
server could. A convention with `%(constraint_name)s`, which is usual for CHECK constraints, renames what the
script does name, where it is made and where it is dropped, unless `op.f()` marks the name as final.
SQLAlchemy 2.1 manual, Configuring Constraint Naming Conventions; `sql/naming.py` and
`IdentifierPreparer._truncate_and_render_maxlen_name`, SQLAlchemy 1.4 to 2.1.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence

from migrate_guard.dialect import DialectName
from migrate_guard.operations import (
    UNKNOWN,
    Check,
    Constraint,
    ConstraintKind,
    ConstraintName,
    DefaultName,
    DropConstraint,
    Exclude,
    FinalName,
    ForeignKey,
    Index,
    PrimaryKey,
    TableName,
    Unique,
    Unknown,
)
from migrate_guard.pattern import pattern
from migrate_guard.record import replace

Convention = Mapping[str, str | Unknown]
"""The templates by kind: `pk`, `uq`, `fk`, `ck`, `ix`. One that could not be read is `UNKNOWN`."""

_TOKEN = pattern(r"%\((\w+)\)s")
_COLUMN = pattern(r"(referred_)?column_(\d+)(_?N)?_(name|key|label)")
_PREFIXES: tuple[tuple[type[Constraint], str], ...] = (
    (PrimaryKey, "pk"),
    (Unique, "uq"),
    (ForeignKey, "fk"),
    (Check, "ck"),
)
_DROPPED: Mapping[ConstraintKind, str] = {
    "primary": "pk",
    "unique": "uq",
    "foreignkey": "fk",
    "check": "ck",
}
_GIVEN = "constraint_name"
_LONGEST: Mapping[str, int] = {"postgresql": 63, "mysql": 64, "mariadb": 64}
"""`max_identifier_length` and `max_index_name_length` of SQLAlchemy's dialects; SQLite has no limit."""


def truncated(name: str, dialect: DialectName) -> str:
    """Return the name under which a database gets a name that SQLAlchemy may shorten.

    Names that a convention or `op.f()` made are cut and given a hash where they are longer than the
    database allows.
    """
    longest = _LONGEST.get(dialect)
    if longest is None or len(name) <= longest:
        return name
    import hashlib

    digest = hashlib.md5(name.encode("utf-8"), usedforsecurity=False).hexdigest()
    return f"{name[: longest - 8]}_{digest[-4:]}"


def label(table: TableName, column: str) -> str:
    """Return what `%(column_0_label)s` stands for in a naming convention."""
    parts = [table.schema.replace(".", "_"), table.name, column]
    return "_".join(part for part in parts if part)


def named(
    constraint: Constraint, table: TableName, convention: Convention | Unknown | None, dialect: DialectName
) -> Constraint:
    """Return the constraint with the name that the convention gives it.

    The name is `UNKNOWN` where the convention, or what it needs, is. Of the given names, an unknown
    convention makes only those of CHECK constraints uncertain: one that renames other kinds too would be
    an error wherever a script leaves one of them unnamed. An empty `given` is for the server to fill in.
    """
    if convention is None or isinstance(constraint, Exclude) or _is_settled(constraint.name):
        return constraint
    if isinstance(constraint, PrimaryKey) and constraint.inline:
        return constraint
    prefix = next(prefix for cls, prefix in _PREFIXES if isinstance(constraint, cls))
    template = convention if isinstance(convention, Unknown) else convention.get(prefix)
    if isinstance(template, Unknown):
        if isinstance(constraint, Check) and isinstance(constraint.name, str):
            return replace(constraint, name=UNKNOWN, given=constraint.name)
        return constraint if constraint.name is not None else replace(constraint, name=UNKNOWN, given="")
    if template is None or not _applies(template, constraint.name):
        return constraint
    columns = _columns(constraint, referred=False)
    referred = _columns(constraint, referred=True)
    target = constraint.target if isinstance(constraint, ForeignKey) else UNKNOWN
    made = _filled(template, convention, _Subject(table, constraint.name, columns, referred, target))
    return replace(constraint, name=truncated(made, dialect) if isinstance(made, str) else made)


def has_template(convention: Convention, constraint: Constraint) -> bool:
    """Tell whether a convention speaks of constraints of this kind."""
    return any(prefix in convention for cls, prefix in _PREFIXES if isinstance(constraint, cls))


def named_index(index: Index, convention: Convention | Unknown | None, dialect: DialectName) -> Index:
    """Return the index with the name that the convention gives it."""
    unnamed = index.name is None or isinstance(index.name, DefaultName)
    if convention is None or _is_settled(index.name):
        return index
    template = convention if isinstance(convention, Unknown) else convention.get("ix", UNKNOWN)
    if isinstance(template, Unknown):
        given = index.name if isinstance(index.name, str) else None
        return replace(index, name=UNKNOWN, given=given) if unnamed else index
    name = None if unnamed else index.name
    if not _applies(template, name):
        return index
    columns = index.columns if _has_plain_columns(index) else None
    made = _filled(template, convention, _Subject(index.table, name, columns, None, UNKNOWN))
    return replace(index, name=truncated(made, dialect) if isinstance(made, str) else made)


def dropped_name(
    operation: DropConstraint, convention: Convention | Unknown | None, dialect: DialectName
) -> ConstraintName:
    """Return the name that is in the statement of a `drop_constraint`, `UNKNOWN` where that is not known.

    Alembic makes a constraint of the given kind and without columns, to which the convention applies; without
    a kind none does (`SchemaObjects.generic_constraint`).
    """
    name, kind = operation.name, None if operation.kind is None else _DROPPED.get(operation.kind)
    if convention is None or kind is None or operation.sql is not None or _is_settled(name) or name is None:
        return name
    template = convention if isinstance(convention, Unknown) else convention.get(kind)
    if isinstance(template, Unknown):
        return UNKNOWN if kind == "ck" else name
    if template is None or not _applies(template, name):
        return name
    made = _filled(template, convention, _Subject(operation.table, name, (), (), UNKNOWN))
    return truncated(made, dialect) if isinstance(made, str) else made


def _is_settled(name: ConstraintName) -> bool:
    return isinstance(name, (FinalName, Unknown))


def _applies(template: str, name: ConstraintName) -> bool:
    """Tell whether a template changes a name; one that asks for a name that is not given is an error."""
    return (_GIVEN in template) is (name is not None)


class _Subject:
    """What the tokens of a template are about; `columns` are `None` where they are not known."""

    def __init__(
        self,
        table: TableName,
        given: ConstraintName,
        columns: Sequence[str] | None,
        referred: Sequence[str] | None,
        target: TableName | Unknown,
    ) -> None:
        self.table = table
        self.given = given
        self.columns = columns
        self.referred = referred
        self.target = target

    def value(self, token: str) -> str | None:
        """Return what a token stands for, `None` if that is not known."""
        if token == _GIVEN:
            return self.given if isinstance(self.given, str) else None
        if token == "table_name":  # noqa: S105  # a token of a template
            return self.table.name
        if token == "referred_table_name":  # noqa: S105  # likewise
            return None if isinstance(self.target, Unknown) else self.target.name
        match = _COLUMN.fullmatch(token)
        return None if match is None else self._of_columns(match)

    def _of_columns(self, match: re.Match[str]) -> str | None:
        referred, number, several, form = match.groups()
        columns = self.referred if referred else self.columns
        if columns is None:
            return None
        spell: Callable[[str], str] = (lambda name: label(self.table, name)) if form == "label" else str
        if several:
            return ("_" if several.startswith("_") else "").join(map(spell, columns))
        position = int(number)
        return spell(columns[position]) if position < len(columns) else ""


def _filled(template: str, convention: Convention | Unknown, subject: _Subject) -> str | Unknown:
    own = () if isinstance(convention, Unknown) else convention
    tokens = _TOKEN.findall(template)
    # A token may be a function of the project.
    values = {token: None if token in own else subject.value(token) for token in tokens}
    if any(value is None for value in values.values()):
        return UNKNOWN
    return _TOKEN.sub(lambda match: values[match.group(1)] or "", template).replace("%%", "%")


def _columns(constraint: Constraint, referred: bool) -> Sequence[str] | None:
    if isinstance(constraint, (Check, Exclude)):
        return None
    columns = constraint.columns
    if referred:
        columns = constraint.target_columns if isinstance(constraint, ForeignKey) else UNKNOWN
    return None if isinstance(columns, Unknown) else columns


def _has_plain_columns(index: Index) -> bool:
    return not isinstance(index.parts, Unknown) and len(index.columns) == len(index.parts) > 0
