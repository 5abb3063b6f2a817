"""Enum types: their labels, the database type where there is one, and the CHECK where there is none.

Part of the library that gives SQLAlchemy's names their meaning (second stage).
"""

from __future__ import annotations

from migrate_guard.evaluate.library.reading import depends, shown, undecided
from migrate_guard.evaluate.library.types import Reader, TypeValue
from migrate_guard.evaluate.values import Call, ClassValue, Value
from migrate_guard.operations import UNKNOWN, SqlType, TableName, Unknown

_OPTIONS = frozenset(
    """name schema metadata inherit_schema quote create_type native_enum create_constraint length
    values_callable validate_strings sort_key_function omit_aliases create_events _create_events charset
    collation convert_unicode""".split()
)


def read_enum(reader: Reader) -> TypeValue:
    """Read `sa.Enum(…)`."""
    native = _option_flag(reader, "native_enum", True)
    return _enum(reader, native, check_first=False)


def read_postgresql_enum(reader: Reader) -> TypeValue:
    """Read `postgresql.ENUM(…)`, which is native wherever there are native enums."""
    return _enum(reader, True, check_first=True)


def read_mysql_enum(reader: Reader) -> TypeValue:
    """Read `mysql.ENUM(…)`."""
    return _enum(reader, True, check_first=False)


def _enum(reader: Reader, native: bool, check_first: bool) -> TypeValue:
    unknown_option = min(set(reader.given.options) - _OPTIONS, default=None)
    if unknown_option is not None:
        reader.notes.unknown(f"Enum() takes no argument {unknown_option}")
        return TypeValue(UNKNOWN)
    labels, default_name = _labels(reader)
    family = reader.dialect.family
    if family == "postgresql" and native:
        sql = _database_type(reader, labels, default_name)
        return TypeValue(sql, check_first=check_first, inherits=_option_flag(reader, "inherit_schema", False))
    if family == "mysql" and native:
        return TypeValue(SqlType("ENUM", labels=labels, collation=_option_text(reader, "collation")))
    check = _option_flag(reader, "create_constraint", False)
    sql = SqlType("VARCHAR", _length(reader, labels), labels=labels, native=False, check=check)
    return TypeValue(sql, check_name=_option_text(reader, "name") or default_name)


def _database_type(
    reader: Reader, labels: tuple[str, ...] | Unknown, default_name: str | None
) -> SqlType | Unknown:
    name = reader.given.option("name", default_name)
    schema = _option_text(reader, "schema") or _schema_of_metadata(reader.given.option("metadata")) or ""
    if not isinstance(name, str):
        return reader.notes.unknown(depends("the name of the enum", name))
    create = _option_flag(reader, "create_type", True)
    return SqlType("ENUM", enum=TableName(name, schema), labels=labels, create=create)


def _schema_of_metadata(metadata: Value) -> str | None:
    schema = getattr(metadata, "schema", None)
    return schema if isinstance(schema, str) else None


def _option_flag(reader: Reader, name: str, default: bool) -> bool:
    value = reader.given.option(name, default)
    if isinstance(value, bool):
        return value
    reader.notes.unknown(depends(name, value))
    return default


def _option_text(reader: Reader, name: str) -> str | None:
    value = reader.given.option(name)
    if value is None or isinstance(value, str):
        return value
    reader.notes.unknown(depends(f"the {name} of the enum", value))
    return None


def _length(reader: Reader, labels: tuple[str, ...] | Unknown) -> tuple[int, ...]:
    length = reader.given.option("length")
    if isinstance(length, int):
        return (length,)
    if "length" in reader.given.options or isinstance(labels, Unknown):
        return ()
    longest = max((len(label) for label in labels), default=0)
    return (longest,) if longest else ()


def _labels(reader: Reader) -> tuple[tuple[str, ...] | Unknown, str | None]:
    """Return the labels, and the name that an Enum class gives the type."""
    values = reader.given.rest
    if len(values) == 1 and isinstance(values[0], ClassValue):
        return _labels_of_class(reader, values[0])
    if reader.given.call.open or not all(isinstance(value, str) for value in values):
        odd = next((value for value in values if not isinstance(value, str)), None)
        reason = "a * argument" if odd is None else shown(odd)
        return reader.notes.unknown(f"the labels of the enum depend on {reason}"), None
    return tuple(values), None


def _labels_of_class(reader: Reader, cls: ClassValue) -> tuple[tuple[str, ...] | Unknown, str | None]:
    name = cls.name.lower()
    callable_ = reader.given.option("values_callable")
    if callable_ is not None:
        call = Call(reader.given.call.span, (cls,))
        found = reader.machine.invoke(callable_, call)
        if isinstance(found, (list, tuple)) and all(isinstance(label, str) for label in found):
            return tuple(found), name
        return reader.notes.unknown(depends("what values_callable gives", found)), name
    if cls.members is None:
        return reader.notes.unknown(f"{cls.dotted} is no Enum that could be read"), name
    return _names_without_aliases(cls.members), name


def _names_without_aliases(members: dict[str, Value]) -> tuple[str, ...]:
    seen: list[Value] = []
    names: list[str] = []
    for name, value in members.items():
        if undecided(value) or value not in seen:
            names.append(name)
            seen.append(value)
    return tuple(names)
