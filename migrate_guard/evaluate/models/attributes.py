"""The attributes of a mapped class and its mixins: which columns and which `__…__` settings they give."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from typing import TYPE_CHECKING

from migrate_guard.evaluate.interpret.classes import declared as invoke_declared
from migrate_guard.evaluate.interpret.modules import bound_names
from migrate_guard.evaluate.interpret.objects import Descriptor, FunctionValue, Outside
from migrate_guard.evaluate.library.columns import ColumnValue
from migrate_guard.evaluate.models.annotations import Declared, declared, evaluated
from migrate_guard.evaluate.models.mapped_columns import annotated, copied, implied, type_annotation_map
from migrate_guard.evaluate.values import ClassValue, Undecided, Value
from migrate_guard.record import dataclass, replace
from migrate_guard.span import Span

if TYPE_CHECKING:
    from migrate_guard.evaluate.models.interpreter import ModelInterpreter

ABSENT = Undecided("an attribute that is only annotated", data=True)
_HIDDEN = frozenset(
    {
        "__fields__",
        "@compiles",
        "__class__",
        "__table__",
        "metadata",
        "registry",
        "query_class",
        "model_config",
    }
)


@dataclass(slots=True, eq=False)
class Attribute:
    """An attribute that a class body binds or annotates; `value` is `ABSENT` if it is only annotated."""

    name: str
    value: Value
    annotation: ast.expr | None
    span: Span


def attributes_of(cls: ClassValue, interpreter: ModelInterpreter) -> Iterator[Attribute]:
    """Go through the own attributes of a class in the order of its body."""
    body = interpreter.models.bodies.get(cls)
    if body is None:
        return
    seen: set[str] = set(_HIDDEN)
    source = body.scope.module.source
    for statement in body.node.body:
        note = statement.annotation if isinstance(statement, ast.AnnAssign) else None
        names = [statement.target.id] if isinstance(statement, ast.AnnAssign) and isinstance(
            statement.target, ast.Name
        ) else sorted(bound_names([statement]))  # fmt: skip
        for name in names:
            if name not in seen:
                seen.add(name)
                value = cls.attributes.get(name, ABSENT)
                if isinstance(statement, ast.FunctionDef) and isinstance(value, Undecided):
                    value = replace(value, data=not _declares(statement))
                yield Attribute(name, value, note, source.span(statement))
    for name, value in tuple(cls.attributes.items()):
        if name not in seen:
            yield Attribute(name, value, None, body.span)


def _declares(function: ast.FunctionDef) -> bool:
    """Tell whether what decorates a function may make an attribute of it that SQLAlchemy maps."""
    return any("declared" in ast.unparse(node) for node in function.decorator_list)


class Columns:
    """Collects the columns of a class from itself, its mixins and abstract bases, nearest first.

    `doubts` are the reasons why there may be more or other columns. `sources` are the classes whose bodies
    make them, `None` for one that a `@declared_attr` makes.
    """

    def __init__(self, cls: ClassValue, line: tuple[Value, ...], interpreter: ModelInterpreter) -> None:
        self.cls = cls
        self.found: dict[str, ColumnValue] = {}
        self.doubts: list[str] = []
        self.sources: dict[str, ClassValue | None] = {}
        self._line = line
        self._interpreter = interpreter
        self._types = type_annotation_map(line, interpreter)
        self._seen: set[str] = set()
        self._later: list[Attribute] = []

    def collect(self) -> None:
        """Collect the columns of the whole lineage."""
        for base in self._line:
            if isinstance(base, ClassValue):
                self._of_class(base)

    def _of_class(self, base: ClassValue) -> None:
        mapped = base is not self.cls and base in self._interpreter.models.mapped
        computed: list[Attribute] = []
        for attribute in attributes_of(base, self._interpreter):
            name = attribute.name
            if name in self._seen or (name.startswith("__") and name.endswith("__")):
                continue
            if attribute.value is ABSENT and not self._is_mapped(attribute, base):
                continue
            self._seen.add(name)
            if mapped:
                continue
            if isinstance(attribute.value, Descriptor):
                computed.append(attribute)
            else:
                self._plain(attribute, base)
        for attribute in computed:
            self._computed(attribute)

    def _is_mapped(self, attribute: Attribute, base: ClassValue) -> bool:
        said = self._said(attribute, base)
        return said is not None and said.kind == "mapped"

    def _said(self, attribute: Attribute, base: ClassValue) -> Declared | None:
        body = self._interpreter.models.bodies[base]
        if attribute.annotation is None:
            return None
        return declared(evaluated(self._interpreter, attribute.annotation, body.scope))

    def _plain(self, attribute: Attribute, base: ClassValue) -> None:
        value = attribute.value
        if value is ABSENT:
            value = implied(attribute.span)
        if isinstance(value, ColumnValue):
            column = value if base is self.cls and value.owner is None else copied(value)
            _settle_name(column)
            said = self._said(attribute, base) if column.mapped else None
            if said is not None:
                annotated(column, said, self._types, self._interpreter)
            self._add(attribute, column)
            self.sources[attribute.name] = base
        elif _may_be_column(value):
            self.doubts.append(f"{base.name}.{attribute.name} is not known: it is {value.describe()}")

    def _computed(self, attribute: Attribute) -> None:
        descriptor = attribute.value
        if descriptor.kind != "declared_attr":
            return
        value = invoke_declared(self._interpreter, descriptor, self.cls)
        if isinstance(value, ColumnValue):
            made = copied(value)
            function = descriptor.function
            node = function.node if isinstance(function, FunctionValue) else None
            note = None if node is None or isinstance(node, ast.Lambda) else node.returns
            if made.mapped and note is not None:
                said = declared(evaluated(self._interpreter, note, function.scope))
                if said.kind == "mapped":
                    annotated(made, said, self._types, self._interpreter)
            self._add(attribute, made)
        elif _may_be_column(value):
            self.doubts.append(f"{attribute.name} is what a @declared_attr gives: {value.describe()}")

    def _add(self, attribute: Attribute, column: ColumnValue) -> None:
        _settle_name(column)
        if column.name is None:
            column.name = attribute.name
        if not isinstance(column.name, str):
            self.doubts.append(f"the name of the column {attribute.name} is not known")
            return
        column.span = attribute.span
        self.found[attribute.name] = column
        self.cls.attributes[attribute.name] = column

    @property
    def mixed_key(self) -> bool:
        """Whether the columns that are marked as primary key come from several places."""
        marked = [name for name, one in self.found.items() if one.options.get("primary_key") is True]
        return len({self.sources.get(name) for name in marked}) > 1

    def ordered(self) -> list[tuple[str, ColumnValue]]:
        """Return the attributes and columns in the order of the table: by `sort_order`, then as collected."""
        return sorted(self.found.items(), key=lambda item: _sort_order(item[1]))


def _settle_name(column: ColumnValue) -> None:
    """Take what may be a column's name or its type for the type, where it would have none otherwise."""
    if column.name is None or isinstance(column.name, str) or column.type is not None:
        return
    if isinstance(column.name, Outside) or not column.foreign_keys:
        column.type, column.name = column.name, None


def _sort_order(column: ColumnValue) -> int:
    value = column.options.get("sort_order", 0)
    return value if isinstance(value, int) else 0


def _may_be_column(value: Value) -> bool:
    """Tell whether a value that is not known may be a column; data and relationships are none."""
    return isinstance(value, Undecided) and not value.data


def setting(
    name: str, cls: ClassValue, line: tuple[Value, ...], interpreter: ModelInterpreter
) -> tuple[Value, ClassValue | None]:
    """Return a `__…__` setting of a class and the class that has it; `None` without one.

    What a mapped base says plainly is for that base only, what a `@declared_attr` says is for all.
    """
    for base in line:
        if not isinstance(base, ClassValue) or name not in base.attributes:
            continue
        value = base.attributes[name]
        computed = isinstance(value, Descriptor)
        if base is not cls and base in interpreter.models.mapped and not computed:
            continue
        if isinstance(value, Descriptor):
            value = invoke_declared(interpreter, value, cls)
        elif isinstance(value, FunctionValue):
            value = Undecided(f"{name}, which is a function")
        if value is not None and value != ():
            return value, base
    return None, None
