"""SQLModel: fields of pydantic's kind as columns.

What a field becomes is what `sqlmodel.main.get_column_from_field` makes of it, 0.0.14 to 0.0.50.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING

from migrate_guard.evaluate.interpret.objects import Descriptor, FunctionValue, Outside
from migrate_guard.evaluate.library.columns import ColumnValue
from migrate_guard.evaluate.library.constraints import column_foreign_key
from migrate_guard.evaluate.library.friends import friend_type
from migrate_guard.evaluate.library.standard import type_class
from migrate_guard.evaluate.library.types import no_arguments
from migrate_guard.evaluate.models.annotations import Annotation, Declared
from migrate_guard.evaluate.models.attributes import ABSENT, Attribute, Columns, attributes_of
from migrate_guard.evaluate.models.lineage import lineage
from migrate_guard.evaluate.models.python_types import enum_type, python_name
from migrate_guard.evaluate.values import Call, ClassValue, Thing, Undecided, Value
from migrate_guard.record import dataclass

if TYPE_CHECKING:
    from migrate_guard.evaluate.models.interpreter import ModelInterpreter

_FIELDS = frozenset({"sqlmodel.Field", "sqlmodel.main.Field", "pydantic.Field", "pydantic.fields.Field"})
_RELATIONSHIPS = frozenset({"sqlmodel.Relationship", "sqlmodel.main.Relationship"})
_TEXT = frozenset(
    """builtins.str pathlib.Path ipaddress.IPv4Address ipaddress.IPv4Network ipaddress.IPv6Address
    ipaddress.IPv6Network pydantic.EmailStr pydantic.networks.EmailStr""".split()
)
_TYPES: Mapping[str, str] = {
    "builtins.float": "Float",
    "builtins.bool": "Boolean",
    "builtins.int": "Integer",
    "datetime.date": "Date",
    "datetime.timedelta": "Interval",
    "datetime.time": "Time",
    "builtins.bytes": "LargeBinary",
    "uuid.UUID": "Uuid",
}
_DATETIME = "datetime, which newer versions of SQLModel store with a time zone and older ones without"


@dataclass(slots=True, eq=False)
class FieldValue(Thing):
    """`Field(…)` of SQLModel or pydantic."""

    given: Call

    def describe(self) -> str:
        return "a Field()"


def field_value(dotted: str, call: Call) -> Value | None:
    """Return what calling a name of SQLModel gives in the body of a model, `None` for another name."""
    if dotted in _FIELDS:
        return FieldValue(call)
    return Undecided("a relationship", data=True) if dotted in _RELATIONSHIPS else None


class Fields(Columns):
    """Collects the columns of a SQLModel table: the fields of all its bases, the outermost first."""

    def collect(self) -> None:
        """Collect the columns of the whole lineage."""
        found: dict[str, tuple[Attribute, ClassValue]] = {}
        for base in reversed(lineage(self.cls)):
            if isinstance(base, ClassValue):
                for attribute in attributes_of(base, self._interpreter):
                    if attribute.annotation is not None and not attribute.name.startswith("_"):
                        found[attribute.name] = (attribute, base)
                    elif isinstance(attribute.value, ColumnValue):
                        self._add(attribute, attribute.value)
        mapped = [base for base in self._line[1:] if base in self._interpreter.models.mapped]
        for attribute, base in found.values():
            if not mapped or base is self.cls:
                self._field(attribute, base)

    def _field(self, attribute: Attribute, base: ClassValue) -> None:
        if attribute.value is not ABSENT and _is_relationship(attribute.value):
            return
        said = self._said(attribute, base)
        if said is None or said.kind in {"class variable", "relationship"}:
            return
        if isinstance(attribute.value, (Descriptor, FunctionValue)):
            return
        field = _field_of(attribute, said)
        if field.open:
            self.doubts.append(f"the field {attribute.name} is given ** arguments that are not known")
        given = field.keywords.get("sa_column")
        if isinstance(given, ColumnValue):
            self._add(attribute, given)
        elif given is not None and not _is_undefined(given):
            self.doubts.append(f"the sa_column of {attribute.name} is not known")
        else:
            self._add(attribute, _column(field, said, self._interpreter))


def _is_relationship(value: Value) -> bool:
    return isinstance(value, Undecided) and value.reason == "a relationship"


def _is_undefined(value: Value) -> bool:
    return isinstance(value, Outside) and value.dotted.endswith("Undefined")


def _field_of(attribute: Attribute, said: Declared) -> Call:
    """Return the arguments of the field; a plain default stands for `Field(default)`."""
    inner = next((extra for extra in said.extras if isinstance(extra, FieldValue)), None)
    if isinstance(attribute.value, FieldValue):
        given = attribute.value.given
    else:
        positional = () if attribute.value is ABSENT else (attribute.value,)
        given = Call(attribute.span, positional)
    if inner is None:
        return given
    keywords = {**inner.given.keywords, **given.keywords}
    positional = given.positional or inner.given.positional
    return Call(given.span, positional, keywords, given.open or inner.given.open)


def _column(field: Call, said: Declared, interpreter: ModelInterpreter) -> ColumnValue:
    keywords = {name: value for name, value in field.keywords.items() if not _is_undefined(value)}
    primary = keywords.get("primary_key", False)
    optional: Value = said.optional and primary is False
    if isinstance(primary, Thing):
        optional = Undecided("primary_key of a Field()")
    options: dict[str, Value] = {
        "primary_key": primary,
        "nullable": keywords.get("nullable", optional),
        "index": keywords.get("index", False),
        "unique": keywords.get("unique", False),
    }
    default = field.get(0, "default")
    factory = keywords.get("default_factory")
    if factory is not None or (default is not None and default is not Ellipsis):
        options["default"] = factory if factory is not None else default
    items: list[Value] = []
    target = keywords.get("foreign_key")
    if target is not None:
        items.append(_foreign_key(target, keywords.get("ondelete"), field, interpreter))
    more = keywords.get("sa_column_args", ())
    items.extend(more if isinstance(more, (list, tuple)) else [more])
    extra = keywords.get("sa_column_kwargs", {})
    is_open = not isinstance(extra, dict)
    options.update({} if is_open else {str(name): value for name, value in extra.items()})
    name = options.pop("name", None)
    kind = keywords.get("sa_type")
    made = _type(said, keywords, interpreter) if kind is None else kind
    made = options.pop("type_", made)
    return ColumnValue(name, made, tuple(items), options, open=is_open, span=field.span)


def _foreign_key(target: Value, ondelete: Value, field: Call, interpreter: ModelInterpreter) -> Value:
    keywords = {} if ondelete is None else {"ondelete": ondelete}
    return column_foreign_key(Call(field.span, (target,), keywords), interpreter)


def _type(said: Declared, keywords: Mapping[str, Value], interpreter: ModelInterpreter) -> Value:
    python = said.python
    if isinstance(python, Annotation):
        return Undecided(f"{python.describe()}, for which SQLModel has no column type")
    if isinstance(python, ClassValue) and python.members is not None:
        return enum_type(python, interpreter)
    names = [python_name(one) for one in (lineage(python) if isinstance(python, ClassValue) else (python,))]
    if any(name in _TEXT for name in names):
        return _text(keywords, interpreter)
    if "datetime.datetime" in names:
        sqlite = interpreter.dialect.family != "postgresql"
        return type_class("DateTime") if sqlite else Undecided(_DATETIME)
    if "decimal.Decimal" in names:
        return _decimal(keywords, interpreter)
    found = next((_TYPES[name] for name in names if name in _TYPES), None)
    if found is None:
        return Undecided(f"{names[0] or 'an annotation'}, for which SQLModel has no column type")
    return type_class(found)


def _text(keywords: Mapping[str, Value], interpreter: ModelInterpreter) -> Value:
    found = friend_type("sqlmodel", "AutoString")
    length = keywords.get("max_length")
    given = {} if length is None else {"length": length}
    return Undecided("AutoString") if found is None else found.made(_call(given), interpreter)


def _decimal(keywords: Mapping[str, Value], interpreter: ModelInterpreter) -> Value:
    found = type_class("Numeric")
    names = {"precision": "max_digits", "scale": "decimal_places"}
    given = {name: keywords[key] for name, key in names.items() if keywords.get(key) is not None}
    return Undecided("Numeric") if found is None else found.made(_call(given), interpreter)


def _call(keywords: Mapping[str, Value]) -> Call:
    return Call(no_arguments().span, (), keywords)
