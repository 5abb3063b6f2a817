"""Packages around SQLAlchemy: their column types, `flask_sqlalchemy`, `sqlmodel`.

Part of the library that gives SQLAlchemy's names their meaning (second stage). A package's name is its
root and the last part of the dotted path, since types are re-exported from many modules.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import field

from migrate_guard.evaluate.library.binds import BindValue
from migrate_guard.evaluate.library.core import FUNCTIONS, Function
from migrate_guard.evaluate.library.metadata import MetaDataValue
from migrate_guard.evaluate.library.sessions import SessionValue
from migrate_guard.evaluate.library.signature import Signature
from migrate_guard.evaluate.library.tables import DeclarativeBase
from migrate_guard.evaluate.library.types import Reader, TypeClass, TypeValue, type_value
from migrate_guard.evaluate.values import Call, ClassValue, Machine, Method, Thing, Undecided, Value
from migrate_guard.operations import SqlType
from migrate_guard.record import dataclass


def _by_family(postgresql: SqlType, other: SqlType) -> TypeClass:
    def read(reader: Reader) -> SqlType:
        return postgresql if reader.dialect.family == "postgresql" else other

    return TypeClass("", Signature("", options=True, positional=0), read)


def _fixed(sql: SqlType) -> TypeClass:
    return _by_family(sql, sql)


def _sized(name: str, parameter: str, default: int | None = None) -> TypeClass:
    def read(reader: Reader) -> SqlType:
        found = reader.numbers(parameter)
        return SqlType(name, found or (() if default is None else (default,)))

    return TypeClass(name, Signature(name, (parameter,), options=True), read)


def _auto_string(reader: Reader) -> SqlType:
    """Return the type that SQLModel gives to `str`: MySQL and MariaDB have no VARCHAR without a length."""
    found = reader.numbers("length")
    return SqlType("VARCHAR", found or ((255,) if reader.dialect.family == "mysql" else ()))


def _uuid_utils(reader: Reader) -> SqlType:
    native = reader.given.get("native", True)
    if reader.dialect.family == "postgresql" and native is not False:
        return SqlType("UUID")
    binary = reader.given.get("binary", True)
    return SqlType("BINARY", (16,)) if binary is not False else SqlType("CHAR", (32,))


def _with_impl(default: SqlType, *parameters: str) -> TypeClass:
    """Return a type that stores what its `impl` argument says, or a default."""

    def read(reader: Reader) -> SqlType | TypeValue:
        found = reader.given["impl"]
        return default if found is None else type_value(found, reader.machine)

    return TypeClass("", Signature("", (*parameters, "impl"), options=True), read)


SQLMODEL = DeclarativeBase(name="sqlmodel")
"""`sqlmodel.SQLModel`; its MetaData is made by whoever reads models."""

FLASK_APPBUILDER = DeclarativeBase(name="flask_appbuilder")
"""`flask_appbuilder.Model`, which adds no columns; its MetaData holds the tables of the library too."""

_JSON = _by_family(SqlType("JSON"), SqlType("TEXT"))
_GUID = TypeClass(
    "GUID",
    Signature("GUID", positional=0, options=True),
    lambda reader: SqlType("UUID") if reader.dialect.family == "postgresql" else SqlType("CHAR", (36,)),
)

_TYPES: Mapping[str, TypeClass] = {
    "sqlmodel.AutoString": TypeClass(
        "AutoString", Signature("AutoString", ("length",), options=True), _auto_string
    ),
    "sqlmodel.GUID": _GUID,
    "sqlalchemy_utils.UUIDType": TypeClass(
        "UUIDType", Signature("UUIDType", ("binary", "native")), _uuid_utils
    ),
    "sqlalchemy_utils.EmailType": _sized("VARCHAR", "length", 255),
    "sqlalchemy_utils.URLType": _fixed(SqlType("TEXT")),
    "sqlalchemy_utils.JSONType": _JSON,
    "sqlalchemy_utils.IPAddressType": _sized("VARCHAR", "max_length", 50),
    "sqlalchemy_utils.ColorType": _sized("VARCHAR", "max_length", 20),
    "sqlalchemy_utils.CountryType": _fixed(SqlType("VARCHAR", (2,))),
    "sqlalchemy_utils.CurrencyType": _fixed(SqlType("VARCHAR", (3,))),
    "sqlalchemy_utils.LocaleType": _fixed(SqlType("VARCHAR", (10,))),
    "sqlalchemy_utils.TimezoneType": _fixed(SqlType("VARCHAR", (50,))),
    "sqlalchemy_utils.TSVectorType": _by_family(SqlType("TSVECTOR"), SqlType("TEXT")),
    "sqlalchemy_utils.LtreeType": _fixed(SqlType("LTREE")),
    "sqlalchemy_utils.ScalarListType": _fixed(SqlType("TEXT")),
    "sqlalchemy_utils.StringEncryptedType": _fixed(SqlType("VARCHAR")),
    "sqlalchemy_utils.EncryptedType": _by_family(SqlType("BYTEA"), SqlType("BLOB")),
    "sqlalchemy_utils.PhoneNumberType": _sized("VARCHAR", "max_length", 20),
    "sqlalchemy_utils.ChoiceType": _with_impl(SqlType("VARCHAR", (255,)), "choices"),
    "geoalchemy2.Geometry": _fixed(SqlType("GEOMETRY")),
    "geoalchemy2.Geography": _fixed(SqlType("GEOGRAPHY")),
    "geoalchemy2.Raster": _fixed(SqlType("RASTER")),
    "pgvector.Vector": _sized("VECTOR", "dim"),
    "pgvector.VECTOR": _sized("VECTOR", "dim"),
    "pgvector.HALFVEC": _sized("HALFVEC", "dim"),
    "pgvector.SPARSEVEC": _sized("SPARSEVEC", "dim"),
    "pgvector.BIT": _sized("BIT", "length"),
    "fastapi_users_db_sqlalchemy.GUID": _GUID,
    "fastapi_users_db_sqlalchemy.TIMESTAMPAware": _by_family(
        SqlType("TIMESTAMP", timezone=True), SqlType("TIMESTAMP")
    ),
    "advanced_alchemy.DateTimeUTC": _by_family(SqlType("TIMESTAMP", timezone=True), SqlType("DATETIME")),
    "advanced_alchemy.BigIntIdentity": _fixed(SqlType("BIGINT")),
    "sqlalchemy_jsonfield.JSONField": _JSON,
    "citext.CIText": _fixed(SqlType("CITEXT")),
}


def friend_type(root: str, last: str) -> TypeClass | None:
    """Return a type of a package by the package's root and the type's name."""
    found = _TYPES.get(f"{root}.{last}")
    if found is None:
        return None
    return TypeClass(f"{root}.{last}", found.signature, found.read)


@dataclass(slots=True, eq=False)
class FlaskSqlalchemyValue(Thing):
    """`db = SQLAlchemy()`: the names of SQLAlchemy as attributes, with a session and an engine.

    `given` are the arguments it was made with; `binds` are the further MetaData by bind key.
    """

    metadata: MetaDataValue
    given: Call | None = None
    binds: dict[str, MetaDataValue] = field(default_factory=dict)

    def describe(self) -> str:
        return "a SQLAlchemy()"

    def attribute(self, name: str, machine: Machine) -> Value:
        if name == "session":
            return SessionValue()
        if name in {"engine", "get_engine"}:
            return BindValue(engine=True) if name == "engine" else Method(self, name)
        if name == "metadata":
            return self.metadata
        if name == "Model":
            made_from = None if self.given is None else self.given.get(None, "model_class")
            return DeclarativeBase(self.metadata, "flask_sqlalchemy", made_from, application=self)
        found = sqlalchemy_value(name)
        return Method(self, name) if found is None else found

    def method(self, name: str, call: Call, machine: Machine) -> Value:
        if name in {"create_all", "drop_all"}:
            machine.opaque(f"the tables of {name}() are not known", call)
            return None
        if name == "get_engine":
            return BindValue(engine=True)
        made = FUNCTIONS.get(name)
        if name == "Table" and made is not None:
            return made(self._table(call), machine)
        if made is not None:
            return made(call, machine)
        return Undecided(f"{name}() of {self.describe()}", data=name in {"init_app"})

    def bind(self, key: Value) -> MetaDataValue:
        """Return the MetaData of a bind key, which has the naming convention of the default one."""
        if not isinstance(key, str):
            return self.metadata
        made = MetaDataValue(self.metadata.schema, self.metadata.convention, open=self.metadata.open)
        return self.binds.setdefault(key, made)

    def _table(self, call: Call) -> Call:
        """Return the call of `sa.Table()` that `db.Table(…)` makes."""
        keywords = {name: value for name, value in call.keywords.items() if name not in _TABLE_OPTIONS}
        name, rest = call.get(0, "name"), call.positional[1:]
        metadata = call.keywords.get("metadata")
        if rest and isinstance(rest[0], MetaDataValue):
            metadata, rest = rest[0], rest[1:]
        owner = self.bind(call.keywords.get("bind_key")) if metadata is None else metadata
        return Call(call.span, (name, owner, *rest), keywords, call.open)


_TABLE_OPTIONS = frozenset({"name", "metadata", "bind_key"})


class FlaskSqlalchemyClass(Thing):
    """The class of a `SQLAlchemy()` object, where a function gives it."""

    __slots__ = ()

    def describe(self) -> str:
        return "flask_sqlalchemy.SQLAlchemy"

    def call(self, call: Call, machine: Machine) -> Value:
        return flask_sqlalchemy(call, machine)


def flask_sqlalchemy(call: Call, machine: Machine) -> Value:
    """Return what `flask_sqlalchemy.SQLAlchemy(…)` is."""
    found = call.get(None, "metadata")
    model = call.get(None, "model_class")
    if found is None and isinstance(model, ClassValue):
        found = model.attributes.get("metadata")
    if not isinstance(found, MetaDataValue):
        found = MetaDataValue()
    found.open = "it belongs to the application"
    return FlaskSqlalchemyValue(found, call)


def sqlalchemy_value(name: str) -> Value | None:
    """Return what an uncalled name of SQLAlchemy is, for those that are more than functions."""
    from migrate_guard.evaluate.library import constant

    return constant(f"sqlalchemy.{name}")


def friend_function(root: str, last: str) -> Function | None:
    """Return what calling a name of a package gives, where it is one of SQLAlchemy's functions."""
    if (root, last) in {("flask_sqlalchemy", "SQLAlchemy"), ("flask_appbuilder", "SQLA")}:
        return flask_sqlalchemy
    if root == "flask_appbuilder" and last == "get_sqla_class":
        return lambda call, machine: FlaskSqlalchemyClass()
    if root == "sqlmodel" and last in {"Session", "select", "text", "Column", "func", "create_session"}:
        return FUNCTIONS.get(last)
    return None
