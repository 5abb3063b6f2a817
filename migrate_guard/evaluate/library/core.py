"""The functions and classes of SQLAlchemy by canonical name.

Part of the library that gives SQLAlchemy's names their meaning (second stage).
"""

from __future__ import annotations

from collections.abc import Callable, Mapping

from migrate_guard.evaluate.library import (
    columns,
    constraints,
    defaults,
    indexes,
    inspector,
    metadata,
    project_types,
    sessions,
)
from migrate_guard.evaluate.library.expressions import (
    Expression,
    TextValue,
    build,
    function,
    joined,
    literal,
    type_text,
)
from migrate_guard.evaluate.library.naming import final
from migrate_guard.evaluate.library.reading import Unreadable
from migrate_guard.evaluate.library.schema_ddl import DDL_CLASSES, DdlValue
from migrate_guard.evaluate.library.statements import (
    StatementValue,
    delete_from,
    insert_into,
    select,
    update_of,
)
from migrate_guard.evaluate.library.tables import RELATIONSHIP, DeclarativeBase, require_table, table
from migrate_guard.evaluate.values import Call, Machine, Undecided, Value

Function = Callable[[Call, Machine], Value]


def _text(call: Call, machine: Machine) -> Value:
    return TextValue(call.get(0, "text"), parameters="bindparams" in call.keywords)


def _joined(separator: str) -> Function:
    return lambda call, machine: joined(separator, call.positional)


def _not(call: Call, machine: Machine) -> Value:
    return build("NOT (", literal(call.get(0, "clause")), ")")


def _wrapped(before: str, after: str = "") -> Function:
    return lambda call, machine: build(before, joined(", ", call.positional), after)


def _first(call: Call, machine: Machine) -> Value:
    return literal(call.get(0, "element", call.get(0, "value")))


def _literal_column(call: Call, machine: Machine) -> Value:
    found = call.get(0, "text")
    return Expression(found) if isinstance(found, str) else TextValue(found)


def _bindparam(call: Call, machine: Machine) -> Value:
    return Expression(f":{call.get(0, 'key')}")


def _constant(text: str, sqlite: str | None = None) -> Function:
    return lambda call, machine: Expression(
        sqlite if sqlite is not None and machine.dialect.name == "sqlite" else text
    )


def _cast(call: Call, machine: Machine) -> Value:
    kind = type_text(call.get(1, "type_"), machine)
    return build("CAST(", literal(call.get(0, "expression")), " AS ", kind, ")")


def _case(call: Call, machine: Machine) -> Value:
    parts: list[Value] = ["CASE"]
    whens = call.positional
    if len(whens) == 1 and isinstance(whens[0], list):
        whens = tuple(whens[0])
    for when in whens:
        if isinstance(when, (tuple, list)) and len(when) == 2:
            parts += [" WHEN ", literal(when[0]), " THEN ", literal(when[1])]
    if "else_" in call.keywords:
        parts += [" ELSE ", literal(call.keywords["else_"])]
    return build(*parts, " END")


def _extract(call: Call, machine: Machine) -> Value:
    return build(f"EXTRACT({call.get(0, 'field')} FROM ", literal(call.get(1, "expr")), ")")


def _between(call: Call, machine: Machine) -> Value:
    return build(
        literal(call.get(0, "expr")),
        " BETWEEN ",
        literal(call.get(1, "lower_bound")),
        " AND ",
        literal(call.get(2, "upper_bound")),
    )


def _sorted(word: str) -> Function:
    return lambda call, machine: build(literal(call.get(0, "column")), f" {word}")


def _on_table(make: Callable[..., Value]) -> Function:
    """Return the function form of a statement: `sa.update(table)` for `table.update()`."""

    def perform(call: Call, machine: Machine) -> Value:
        try:
            found = require_table(call.get(0, "table"), machine)
        except Unreadable as problem:
            return Undecided(f"a table that is not known, since {problem.reason}", data=True)
        keywords = {name: value for name, value in call.keywords.items() if name != "table"}
        return make(found, Call(call.span, call.positional[1:], keywords, call.open), machine)

    return perform


def _name(call: Call, machine: Machine) -> Value:
    return call.get(0, "value")


def _conv(call: Call, machine: Machine) -> Value:
    return final(call.get(0, "value"), machine.dialect)


def _declared(call: Call, machine: Machine) -> Value:
    return RELATIONSHIP


def _with_columns(call: Call, machine: Machine) -> Value:
    """Return what `deferred(…)`, `column_property(…)` and `composite(…)` are to a table."""
    made = [
        value for value in call.values() if isinstance(value, columns.ColumnValue) and value.owner is None
    ]
    if len(made) == 1 and call.positional and call.positional[0] is made[0]:
        return made[0]
    return Undecided("a property with columns of its own") if made else _declared(call, machine)


def _mutable(call: Call, machine: Machine) -> Value:
    return call.get(0, "sqltype")


def _exists(call: Call, machine: Machine) -> Value:
    return StatementValue("select").reading(call.values())


def _aliased(call: Call, machine: Machine) -> Value:
    return call.get(0, "element")


def _array(call: Call, machine: Machine) -> Value:
    return build("ARRAY[", joined(", ", call.get(0, "clauses") or ()), "]")


def _ddl(kind: str) -> Function:
    return lambda call, machine: DdlValue(kind, call)


def _guarded(make: Function) -> Function:
    """Return a function whose wrong arguments give an undecided value instead of an exception."""

    def perform(call: Call, machine: Machine) -> Value:
        try:
            return make(call, machine)
        except Unreadable as problem:
            return Undecided(problem.reason)

    return perform


def _func(name: str) -> Function:
    return lambda call, machine: function(name, call, machine)


_SCHEMA: Mapping[str, Function] = {
    "Column": columns.column,
    "mapped_column": columns.mapped_column,
    "column": columns.light_column,
    "ForeignKey": constraints.column_foreign_key,
    "ForeignKeyConstraint": constraints.foreign_key_constraint,
    "PrimaryKeyConstraint": constraints.primary_key,
    "UniqueConstraint": constraints.unique_constraint,
    "CheckConstraint": constraints.check_constraint,
    "postgresql.ExcludeConstraint": constraints.exclude_constraint,
    "Index": indexes.index,
    "Identity": defaults.identity,
    "Computed": defaults.computed,
    "Sequence": defaults.sequence,
    "DefaultClause": defaults.default_clause,
    "FetchedValue": lambda call, machine: defaults.FetchedValue(),
    "ColumnDefault": lambda call, machine: defaults.PythonDefault(),
    "MetaData": metadata.metadata,
    "Table": metadata.table,
    "table": table,
    "declarative_base": metadata.declarative_base,
    "automap_base": metadata.declarative_base,
    "registry": metadata.declarative_base,
    "inspect": inspector.inspect,
    "Inspector": inspector.inspect,
    "Inspector.from_engine": inspector.inspect,
    "Session": sessions.session,
    "AsyncSession": sessions.session,
    "sessionmaker": sessions.session_maker,
    "async_sessionmaker": sessions.session_maker,
    "scoped_session": sessions.session_maker,
    "create_session": sessions.session,
    "object_session": sessions.object_session,
    "Query": sessions.query_of,
    "compiler.compiles": project_types.compiles,
}

_EXPRESSIONS: Mapping[str, Function] = {
    "text": _text,
    "literal": _first,
    "literal_column": _literal_column,
    "bindparam": _bindparam,
    "and_": _joined(" AND "),
    "or_": _joined(" OR "),
    "not_": _not,
    "null": _constant("NULL"),
    "true": _constant("true", "1"),
    "false": _constant("false", "0"),
    "cast": _cast,
    "try_cast": _cast,
    "type_coerce": _first,
    "case": _case,
    "extract": _extract,
    "between": _between,
    "distinct": _wrapped("DISTINCT "),
    "tuple_": _wrapped("(", ")"),
    "any_": _wrapped("ANY (", ")"),
    "all_": _wrapped("ALL (", ")"),
    "asc": _sorted("ASC"),
    "desc": _sorted("DESC"),
    "nullsfirst": _sorted("NULLS FIRST"),
    "nulls_first": _sorted("NULLS FIRST"),
    "nullslast": _sorted("NULLS LAST"),
    "nulls_last": _sorted("NULLS LAST"),
    "label": lambda call, machine: literal(call.get(1, "element")),
    "over": _first,
    "collate": _first,
    "postgresql.array": _array,
    "quoted_name": _name,
    "conv": _conv,
    "coalesce": _func("coalesce"),
    "count": _func("count"),
    "now": _func("now"),
    "current_timestamp": _func("current_timestamp"),
}

_STATEMENTS: Mapping[str, Function] = {
    "select": select,
    "exists": _exists,
    "union": _exists,
    "union_all": _exists,
    "intersect": _exists,
    "except_": _exists,
    "join": _exists,
    "outerjoin": _exists,
    "values": _exists,
    "lateral": _exists,
    "subquery": _exists,
    "alias": _aliased,
    "aliased": _aliased,
    "insert": _on_table(insert_into),
    "update": _on_table(update_of),
    "delete": _on_table(delete_from),
    "postgresql.insert": _on_table(insert_into),
    "mysql.insert": _on_table(insert_into),
    "sqlite.insert": _on_table(insert_into),
}

_MAPPING = """relationship backref synonym declared_attr hybrid_property
validates joinedload selectinload subqueryload lazyload load_only contains_eager noload raiseload defer
undefer association_proxy foreign remote configure_mappers clear_mappers make_transient make_url URL.create
immutabledict mapper_registry ordering_list dynamic_loader
query_expression object_mapper class_mapper flag_modified""".split()
"""Functions of the ORM that say how objects are mapped, and do nothing to a schema."""

FUNCTIONS: Mapping[str, Function] = {
    **{name: _guarded(make) for name, make in {**_SCHEMA, **_EXPRESSIONS, **_STATEMENTS}.items()},
    **{name: _ddl(name) for name in DDL_CLASSES},
    **dict.fromkeys(_MAPPING, _declared),
    **dict.fromkeys(("deferred", "column_property", "composite"), _with_columns),
    **dict.fromkeys([f"Mutable{kind}.as_mutable" for kind in ("", "Dict", "List", "Set")], _mutable),
}
"""What calling a name of SQLAlchemy gives, by canonical name."""

BASES = frozenset("DeclarativeBase DeclarativeBaseNoMeta MappedAsDataclass AsyncAttrs".split())
"""Names that declarative bases derive from."""


def base(name: str) -> DeclarativeBase | None:
    """Return the base class of that canonical name, or `None`."""
    return DeclarativeBase(name=name) if name in BASES else None
