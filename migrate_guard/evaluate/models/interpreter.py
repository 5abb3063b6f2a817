"""The interpreter for models: it executes whole modules, as importing them would, and notes what they map."""

from __future__ import annotations

import ast
from collections import deque
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path

from migrate_guard.evaluate.interpret.classes import ancestors, declared
from migrate_guard.evaluate.interpret.frames import Abort, CutOff, Flow, Raise, Signal
from migrate_guard.evaluate.interpret.interpreter import Interpreter
from migrate_guard.evaluate.interpret.loader import Loader, ModuleFiles
from migrate_guard.evaluate.interpret.lookups import absolute_name
from migrate_guard.evaluate.interpret.modules import Module, bound_names
from migrate_guard.evaluate.interpret.objects import Descriptor, Outside
from migrate_guard.evaluate.interpret.plain import is_open
from migrate_guard.evaluate.interpret.recorder import Recorder
from migrate_guard.evaluate.interpret.scope import Scope
from migrate_guard.evaluate.library import canonical
from migrate_guard.evaluate.library.columns import ColumnValue
from migrate_guard.evaluate.library.constraints import ConstraintValue
from migrate_guard.evaluate.library.defaults import SequenceValue
from migrate_guard.evaluate.library.friends import FlaskSqlalchemyValue, flask_sqlalchemy
from migrate_guard.evaluate.library.indexes import IndexValue
from migrate_guard.evaluate.library.metadata import MetaDataValue
from migrate_guard.evaluate.library.project_types import CompilesValue
from migrate_guard.evaluate.library.reading import depends
from migrate_guard.evaluate.library.tables import DeclarativeBase, TableValue
from migrate_guard.evaluate.models import declarative
from migrate_guard.evaluate.models.annotations import Annotation, evaluated, is_type, subscripted, union
from migrate_guard.evaluate.models.lineage import lineage
from migrate_guard.evaluate.models.patterns import compiled_pattern
from migrate_guard.evaluate.models.registry import Body, Registry
from migrate_guard.evaluate.models.sqlmodel import field_value
from migrate_guard.evaluate.values import Call, ClassValue, Thing, Undecided, Value
from migrate_guard.operations import AnyOperation, Condition, TableName
from migrate_guard.record import replace

MOST_MODULES = 5_000
MOST_STEPS = 5_000_000
MOST_STATEMENT_STEPS = 8_000
_DYNAMIC = frozenset({"importlib.import_module", "pkgutil.iter_modules", "pkgutil.walk_packages"})


class RunningLoader(Loader):
    """Gives the modules of a project, each executed when it is first asked for.

    A file is one module, under whatever names it is imported.
    """

    def __init__(self, files: ModuleFiles) -> None:
        super().__init__(files)
        self.files = files
        self.interpreter: ModelInterpreter | None = None
        self._by_file: dict[Path, Module] = {}

    def load(self, dotted: str) -> Module | None:
        """Return the module of that name, or `None` if it is not the project's or not readable."""
        parsed = self.files.module(dotted)
        if parsed is None:
            return None
        file = parsed.source.file
        if file not in self._by_file:
            if len(self._by_file) >= MOST_MODULES:
                return None
            self._by_file[file] = Module(parsed, main=True)
            if self.interpreter is not None:
                self.interpreter.run(self._by_file[file])
        return self._by_file[file]

    @property
    def full(self) -> bool:
        """Whether no more modules are read."""
        return len(self._by_file) >= MOST_MODULES


class ModelInterpreter(Interpreter):
    """Executes the modules of a project from top to bottom and puts what they map into its registry.

    Nothing that they do to a database matters. A top-level statement has `MOST_STATEMENT_STEPS`; what a
    longer one binds is undecided.
    """

    most_steps = MOST_STEPS
    most_value_steps = MOST_STATEMENT_STEPS

    def __init__(self, recorder: Recorder, loader: RunningLoader, main: Module) -> None:
        super().__init__(recorder, loader, main)
        self.running = loader
        self.models = Registry()
        self.dynamic = False
        self._imports: deque[str] = deque()
        self._top_level: set[ast.stmt] = set()
        self._executed: set[ast.stmt] = set()
        loader.interpreter = self

    def run_imported(self) -> None:
        """Execute everything that the modules executed so far import."""
        while self._imports and not self.running.full:
            self.running.load(self._imports.popleft())
        if self._imports:
            self.models.note(f"only {MOST_MODULES} modules are read", missing=True)

    def run(self, module: Module) -> None:
        """Execute a module, statement by statement; what cannot be executed leaves its names undecided."""
        body = module.parsed.tree.body
        self._top_level.update(body)
        for statement in body:
            if statement not in self._executed:
                self._run_statement(statement, module)

    def _run_statement(self, statement: ast.stmt, module: Module) -> None:
        """Execute a top-level statement.

        One that ends in an exception leaves its names undecided: the module is imported, so that it is the
        evaluation that does not know enough.
        """
        span = module.source.span(statement)
        try:
            with self._apart(), self.within_limit():
                self.execute([statement], module.scope)
        except Raise:
            self.models.note("this ends in an exception", span, missing=True)
            _leave_open([statement], module.scope)
        except Signal:
            pass
        except (Abort, CutOff, RecursionError) as error:
            reason = "it is nested too deeply" if isinstance(error, RecursionError) else "it takes too long"
            self.models.note(f"this was not evaluated: {reason}", span, missing=True)
            _leave_open([statement], module.scope)

    @contextmanager
    def _apart(self) -> Iterator[None]:
        """Evaluate a statement of a module: nothing of what is under way here holds there, no budget either.

        Nor does it matter that an earlier statement may raise: then there are no models at all.
        """
        flow, limit, spent = self.recorder.flow, self._limit, self._steps
        self.recorder.flow, self._limit = Flow(), None
        try:
            yield
        finally:
            self.recorder.flow = flow
            self._limit = None if limit is None else limit + self._steps - spent

    @contextmanager
    def within_limit(self, at_stake: bool = False) -> Iterator[None]:
        """Evaluate under the limit of a statement; nothing here changes a database, so all code has it."""
        with super().within_limit():
            yield

    def execute(self, body: Iterable[ast.stmt], scope: Scope) -> None:
        """Execute statements, those at the top of a module once, and note what they import and name."""
        for statement in body:
            if statement in self._top_level:
                if statement in self._executed:
                    continue
                self._executed.add(statement)
            try:
                super().execute([statement], scope)
            except Raise:
                if not scope.is_class:
                    raise
                _leave_open([statement], scope)
            if isinstance(statement, (ast.Import, ast.ImportFrom)):
                self._imports.extend(self._imported(statement, scope.module))
            elif scope.is_class and isinstance(statement, (ast.Assign, ast.AnnAssign)):
                _name_columns(statement, scope)

    def _imported(self, node: ast.Import | ast.ImportFrom, module: Module) -> Iterator[str]:
        if isinstance(node, ast.Import):
            names = [alias.name for alias in node.names]
        else:
            dotted = absolute_name(module, node)
            names = [dotted, *(f"{dotted}.{alias.name}" for alias in node.names if alias.name != "*")]
        for name in names:
            parts = name.split(".")
            yield from (".".join(parts[:count]) for count in range(1, len(parts) + 1))

    def evaluate(self, node: ast.expr, scope: Scope) -> Value:
        """Return the value of an expression; types of annotations keep what they are made of."""
        if isinstance(node, ast.Name) and node.id == "TYPE_CHECKING":
            return False
        if isinstance(node, ast.Attribute) and node.attr == "TYPE_CHECKING":
            return False
        found: Value | None = None
        if isinstance(node, ast.Subscript):
            found = subscripted(self, node, scope)
        elif isinstance(node, ast.BinOp) and isinstance(node.op, ast.BitOr):
            found = self._union(node, scope)
        elif isinstance(node, ast.Dict) and not any(isinstance(key, ast.Constant) for key in node.keys):
            return self._by_type(node, scope)
        return super().evaluate(node, scope) if found is None else found

    def _by_type(self, node: ast.Dict, scope: Scope) -> Value:
        """Return a dict of types, as in a `type_annotation_map`: what is known of it stays in it."""
        made = super().evaluate(node, scope)
        if not is_open(made) or None in node.keys:
            return made
        for key, value in zip(node.keys, node.values, strict=True):
            kind = None if key is None else self.evaluate(key, scope)
            if is_type(kind):
                made[kind] = self.evaluate(value, scope)
        return made

    def _union(self, node: ast.BinOp, scope: Scope) -> Value | None:
        """Return the union of `X | None`, `None` where the operator does not stand between types."""
        right = evaluated(self, node.right, scope)
        if right is not None and not is_type(right):
            return None
        left = evaluated(self, node.left, scope)
        if left is None or is_type(left):
            return union(left, right)
        return union(left, None) if right is None and isinstance(left, Undecided) else None

    def invoke(self, function: Value, call: Call) -> Value:
        """Call any value, and keep the tables and indexes that are made."""
        found = self._special(function, call) if isinstance(function, Outside) else None
        if found is None:
            found = super().invoke(function, call)
            self._keep(function, found, call)
        return found

    def _special(self, function: Outside, call: Call) -> Value | None:
        """Return what calling a name from outside gives that matters to models only, `None` for others."""
        if function.dotted in _DYNAMIC and not isinstance(call.get(0, "name"), str):
            self.dynamic = True
        if function.dotted in {"typing.NewType", "typing_extensions.NewType"}:
            return Annotation("NewType", (call.get(0, "name"), call.get(1, "tp")))
        if canonical(function.dotted) == "MetaData" and isinstance(call.get(None, "schema"), Thing):
            return self._unsettled(function, call)
        return field_value(function.dotted, call) or compiled_pattern(function.dotted, call)

    def _keep(self, function: Value, found: Value, call: Call) -> None:
        if isinstance(found, TableValue) and found.span is call.span:
            self._keep_table(found)
        elif isinstance(found, (IndexValue, ConstraintValue)):
            columns = tuple(value for value in call.positional if isinstance(value, ColumnValue))
            if columns or found.table is not None:
                self.models.loose.append((found, columns))
        elif isinstance(found, SequenceValue) and isinstance(call.get(None, "metadata"), MetaDataValue):
            self.models.sequences.append((found, call.get(None, "metadata"), call.span))
        elif isinstance(found, FlaskSqlalchemyValue) and found not in self.models.applications:
            self.models.applications.append(found)
        elif isinstance(found, CompilesValue):
            self._note_rewriting(found)
        elif isinstance(found, Undecided) and _makes_table(function):
            self.models.note(f"the table made here is not known: {found.reason}", call.span, missing=True)

    def _unsettled(self, function: Value, call: Call) -> Value:
        """Return a MetaData whose schema is not known; what is in it is doubted for that."""
        keywords = {name: value for name, value in call.keywords.items() if name != "schema"}
        found = super().invoke(function, replace(call, keywords=keywords))
        if isinstance(found, MetaDataValue):
            self.models.unsettled[found] = depends("the schema of its MetaData", call.keywords["schema"])
        return found

    def _note_rewriting(self, found: CompilesValue) -> None:
        """Note that the project writes a function of SQLAlchemy in its own way on this dialect."""
        names = (self.dialect.name, self.dialect.family)
        if isinstance(found.cls, Outside) and (not found.dialects or any(n in found.dialects for n in names)):
            self.models.rewritten.add(found.cls.dotted.rpartition(".")[2].lower())

    def _keep_table(self, table: TableValue) -> None:
        if table.span is None or self.models.found(table) is not None:
            return
        found = self.models.add(table, table.span)
        for condition in self.conditions():
            self.models.doubt(found, f"it is only made if {condition}")

    def conditions(self) -> tuple[Condition, ...]:
        """Return what a definition at this point depends on, if importing its module succeeds at all."""
        exits = [one for frame in self.flow.frames if frame.kind != "script" for one in frame.exits]
        return tuple(dict.fromkeys([*exits, *self.flow.branches]))

    def get_attribute(self, owner: Value, name: str) -> Value:
        """Return what `owner.name` is; the bases of some libraries have one MetaData for a whole process."""
        if name == "metadata" and isinstance(owner, DeclarativeBase) and owner.name in self.models.shared:
            return self.models.shared[owner.name]
        return super().get_attribute(owner, name)

    def class_attribute(self, cls: ClassValue, name: str) -> Value:
        """Return an attribute of a class; its MetaData may come from the base that it is made from."""
        if name == "metadata":
            found = declarative.metadata_of(cls, self)
            if found is not None:
                return found
        hidden = [base for base in lineage(cls) if isinstance(base, ClassValue) and name in base.attributes]
        if hidden and hidden[0] not in ancestors(cls):
            value = hidden[0].attributes[name]
            is_declared = isinstance(value, Descriptor) and value.kind == "declared_attr"
            return declared(self, value, cls) if is_declared else super().class_attribute(hidden[0], name)
        return super().class_attribute(cls, name)

    def instantiate(self, cls: ClassValue, call: Call) -> Value:
        """Return what calling a class gives; the project may derive from Flask-SQLAlchemy's `SQLAlchemy`."""
        outside = [base.dotted for base in lineage(cls) if isinstance(base, Outside)]
        if any(
            dotted.startswith("flask_sqlalchemy.") and dotted.endswith("SQLAlchemy") for dotted in outside
        ):
            return flask_sqlalchemy(call, self)
        return super().instantiate(cls, call)

    def class_defined(self, cls: ClassValue, node: ast.ClassDef, scope: Scope) -> None:
        """Map a class, if it is a model, as SQLAlchemy does when the `class` statement ends."""
        self.models.bodies[cls] = Body(node, scope, scope.module.source.span(node))
        if cls.members is None:
            declarative.map_class(cls, self)

    def set_class_attribute(self, cls: ClassValue, name: str, value: Value) -> None:
        """Do what `cls.name = value` does: on a mapped class it adds a column."""
        super().set_class_attribute(cls, name, value)
        declarative.attribute_set(cls, name, value, self)

    def emit(self, operation: type[AnyOperation], call: Call, **fields: object) -> None:
        """Pass over an operation: what modules do to a database when they are imported is no model."""

    def opaque(self, reason: str, call: Call, may_touch: tuple[TableName, ...] | None = None) -> None:
        """Pass over what could not be read; where its value matters, that is noted there."""

    def unresolved(self, what: str, call: Call) -> Undecided:
        """Return the undecided result of a call into code that cannot be seen."""
        return Undecided(what if what.startswith("what ") else f"what {what} gives")


def _leave_open(body: list[ast.stmt], scope: Scope) -> None:
    """Bind what statements bind that could not be executed."""
    for name in bound_names(body):
        scope.names.setdefault(name, Undecided(f"{name}, which could not be evaluated"))


def _name_columns(statement: ast.Assign | ast.AnnAssign, scope: Scope) -> None:
    """Give a column the name of its attribute, by which constraints below it in the class may mean it."""
    targets = statement.targets if isinstance(statement, ast.Assign) else [statement.target]
    for target in targets:
        value = scope.names.get(target.id) if isinstance(target, ast.Name) else None
        if isinstance(target, ast.Name) and isinstance(value, ColumnValue) and value.name is None:
            value.name = target.id


def _makes_table(function: Value) -> bool:
    return isinstance(function, Outside) and canonical(function.dotted) == "Table"
