"""Facts about columns and constraints from PostgreSQL's own parse tree."""

from __future__ import annotations

from collections.abc import Iterator

from benchmarks.sql.facts import Fact, flags
from migrate_guard.evaluate.sql.libpg import Tree

_TYPES = {
    "int4": "INTEGER",
    "int8": "BIGINT",
    "int2": "SMALLINT",
    "bool": "BOOLEAN",
    "bpchar": "CHAR",
    "float4": "REAL",
    "float8": "DOUBLE PRECISION",
    "timestamptz": "TIMESTAMP tz",
    "timetz": "TIME tz",
    "varbit": "BIT VARYING",
    "serial": "INTEGER",
    "serial4": "INTEGER",
    "bigserial": "BIGINT",
    "serial8": "BIGINT",
    "smallserial": "SMALLINT",
    "serial2": "SMALLINT",
}
_SERIALS = frozenset("serial serial4 serial8 serial2 bigserial smallserial".split())
_ACTIONS = {
    "a": "NO ACTION",
    "r": "RESTRICT",
    "c": "CASCADE",
    "n": "SET NULL",
    "d": "SET DEFAULT",
    "": "NO ACTION",
}


def relation_name(relation: Tree) -> str:
    schema = relation.text("schemaname")
    return f"{schema}.{relation.text('relname')}" if schema else relation.text("relname")


def strings(trees: list[Tree]) -> list[str]:
    return [tree.text("sval") for tree in trees]


def type_text(of: Tree) -> str:
    names = strings(of.all("names"))
    name = _TYPES.get(names[-1], names[-1])
    known = len(names) == 1 or names[0] == "pg_catalog"
    text = name.upper().replace(" TZ", " tz") if known and name != names[-1] else ".".join(names)
    if known and names[-1] in ("varchar", "bpchar", "numeric"):
        sizes = [str(size.get("ival").number("ival")) for size in of.all("typmods")]
        text = name.upper() + (f"({','.join(sizes)})" if sizes and sizes != ["1"] else "")
    elif known and names[0] == "pg_catalog" and name == names[-1]:
        text = name.upper()
    text = text.upper().replace(" TZ", " tz")
    return text + ("[]" if of.all("array_bounds") else "")


def column_facts(table: str, column: Tree) -> Iterator[Fact]:
    kinds = {constraint.choice("contype") for constraint in column.all("constraints")}
    type_name = column.get("type_name")
    serial = bool(type_name.kind) and strings(type_name.all("names"))[-1] in _SERIALS
    defaults = [c for c in column.all("constraints") if c.choice("contype") == "CONSTR_DEFAULT"]
    states = flags(
        not_null=serial or bool(kinds & {"CONSTR_NOTNULL", "CONSTR_PRIMARY", "CONSTR_IDENTITY"}),
        default=any(not c.get("raw_expr").flag("isnull") for c in defaults),
        identity="CONSTR_IDENTITY" in kinds,
        computed="CONSTR_GENERATED" in kinds,
        serial=serial,
    )
    yield ("column", table, column.text("colname"), type_text(type_name) if type_name.kind else "", *states)


def column_constraints(table: str, column: Tree) -> Iterator[Fact]:
    for constraint in column.all("constraints"):
        yield from constraint_facts(table, constraint, column.text("colname"))


def constraint_facts(table: str, constraint: Tree, column: str = "") -> Iterator[Fact]:
    kind, name = constraint.choice("contype"), constraint.text("conname")
    keys = ",".join(strings(constraint.all("keys"))) or column
    not_valid = flags(not_valid=constraint.flag("skip_validation") or not constraint.flag("is_enforced"))
    if kind == "CONSTR_FOREIGN":
        yield _foreign_key(table, constraint, column)
    elif kind == "CONSTR_CHECK":
        yield ("check", table, name, "", *not_valid)
    elif kind == "CONSTR_NOTNULL" and not column:
        yield ("not null", table, name, keys, *flags(not_valid=constraint.flag("skip_validation")))
    elif kind == "CONSTR_EXCLUSION":
        yield ("exclude", table, name)
    elif kind in ("CONSTR_PRIMARY", "CONSTR_UNIQUE"):
        index = constraint.text("indexname")
        distinct = flags(nulls_not_distinct=constraint.flag("nulls_not_distinct"))
        word = "primary key" if kind == "CONSTR_PRIMARY" else "unique"
        yield (word, table, name, "" if index else keys, index, *distinct)


def _foreign_key(table: str, constraint: Tree, column: str) -> Fact:
    columns = ",".join(strings(constraint.all("fk_attrs"))) or column
    targets = (relation_name(constraint.get("pktable")), ",".join(strings(constraint.all("pk_attrs"))))
    actions = [
        _ACTIONS.get(constraint.text(field), "NO ACTION") for field in ("fk_del_action", "fk_upd_action")
    ]
    states = flags(
        deferrable=constraint.flag("deferrable"),
        not_valid=constraint.flag("skip_validation") or not constraint.flag("is_enforced"),
    )
    return ("foreign key", table, constraint.text("conname"), columns, *targets, *actions, *states)
