"""Identifiers and string literals as each dialect reads them; part of the dialects' spelling."""

from __future__ import annotations

from migrate_guard.dialect import Dialect
from migrate_guard.operations import TableName
from migrate_guard.pattern import pattern

_PLAIN = pattern(r"[a-z_][a-z0-9_]*")

# PostgreSQL 18, `pg_get_keywords()`: all that is not "unreserved". `quote_identifier()` quotes these.
POSTGRESQL_KEYWORDS = frozenset(
    """all analyse analyze and any array as asc asymmetric authorization between bigint binary bit boolean
    both case cast char character check coalesce collate collation column concurrently constraint create
    cross current_catalog current_date current_role current_schema current_time current_timestamp
    current_user dec decimal default deferrable desc distinct do else end except exists extract false fetch
    float for foreign freeze from full grant greatest group grouping having ilike in initially inner inout
    int integer intersect interval into is isnull join json json_array json_arrayagg json_exists json_object
    json_objectagg json_query json_scalar json_serialize json_table json_value lateral leading least left
    like limit localtime localtimestamp merge_action national natural nchar none normalize not notnull null
    nullif numeric offset on only or order out outer overlaps overlay placing position precision primary
    real references returning right row select session_user setof similar smallint some substring symmetric
    system_user table tablesample then time timestamp to trailing treat trim true union unique user using
    values varchar variadic verbose when where window with xmlattributes xmlconcat xmlelement xmlexists
    xmlforest xmlnamespaces xmlparse xmlpi xmlroot xmlserialize xmltable""".split()
)


def quoted(name: str, dialect: Dialect) -> str:
    """Return an identifier as it has to be written; PostgreSQL's are quoted only where they must be."""
    if dialect.family == "mysql":
        return f"`{name.replace('`', '``')}`"
    if dialect.family == "postgresql" and _PLAIN.fullmatch(name) and name not in POSTGRESQL_KEYWORDS:
        return name
    doubled = name.replace('"', '""')
    return f'"{doubled}"'


def qualified(name: TableName, dialect: Dialect) -> str:
    """Return the name of a table or another object, with its schema unless that is the default one."""
    own = quoted(name.name, dialect)
    return f"{quoted(name.schema, dialect)}.{own}" if name.schema else own


def literal(text: str, dialect: Dialect) -> str:
    """Return a string literal; MySQL also reads backslashes as escapes (manual, String Literals)."""
    if dialect.family == "mysql":
        text = text.replace("\\", "\\\\")
    doubled = text.replace("'", "''")
    return f"'{doubled}'"
