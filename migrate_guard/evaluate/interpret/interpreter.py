"""The interpreter: dispatches on syntax, holds the budgets, and is the machine that the things talk to."""

from __future__ import annotations

import ast
from collections import Counter
from collections.abc import Callable, Iterable, Iterator
from contextlib import AbstractContextManager, contextmanager

from migrate_guard.dialect import Dialect
from migrate_guard.evaluate.interpret import calling, classes, lookups, plain, sizes
from migrate_guard.evaluate.interpret.choices import opposite, shortened
from migrate_guard.evaluate.interpret.expressions import EXPRESSIONS
from migrate_guard.evaluate.interpret.frames import Abort, CutOff, Flow, Signal
from migrate_guard.evaluate.interpret.loader import Loader
from migrate_guard.evaluate.interpret.modules import Module
from migrate_guard.evaluate.interpret.objects import FunctionValue
from migrate_guard.evaluate.interpret.reach import reaches
from migrate_guard.evaluate.interpret.recorder import Recorder
from migrate_guard.evaluate.interpret.scope import Scope
from migrate_guard.evaluate.interpret.statements import STATEMENTS
from migrate_guard.evaluate.interpret.text import span_in_literal
from migrate_guard.evaluate.library import table_of_class
from migrate_guard.evaluate.sql import read_sql
from migrate_guard.evaluate.values import OPEN, Call, ClassValue, Either, Maybe, PartialText, Undecided, Value
from migrate_guard.operations import AnyOperation, BatchContext, Condition, TableName
from migrate_guard.project.source import Source
from migrate_guard.schema import Schema
from migrate_guard.span import Span

MAX_STEPS = 60_000
MAX_CALL_DEPTH = 25
MAX_VALUE_STEPS = 1_500


class Interpreter:
    """One evaluation of one direction of one revision.

    It implements `Machine`. Budgets: `MAX_STEPS` statements and calls, `MAX_CALL_DEPTH` nested calls, and
    the sizes of `plain.LIMIT`; past any of them the rest is not analysed, and the record says so. Code of
    other modules that only gives a value has `MAX_VALUE_STEPS`, then the value is undecided. With a `budget`
    of steps nothing has more than it, and each name and call half of what is left, so that one which takes
    too long leaves the others what they need.
    """

    most_steps = MAX_STEPS
    most_value_steps = MAX_VALUE_STEPS

    def __init__(self, recorder: Recorder, loader: Loader, main: Module, budget: int | None = None) -> None:
        self.recorder = recorder
        self.loader = loader
        self.main = main
        self.private: dict[tuple[Module, str], Value] = {}
        self.on_yield: list[Callable[[Value], Value]] = []
        self.fresh: dict[int, tuple[Value, tuple[object, ...]]] = {}
        self._literals: dict[int, tuple[ast.Constant, Source]] = {}
        self.ran: set[ast.AST] = set()
        self.stakes: list[bool] = []
        self.active: dict[ast.AST, list[int]] = {}
        self.rounds: Counter[ast.AST] = Counter()
        self._steps = 0
        self._limit = budget
        self._divides = budget is not None
        self._importing = 0

    @property
    def dialect(self) -> Dialect:
        """The dialect that the revision is evaluated for."""
        return self.recorder.dialect

    @property
    def schema(self) -> Schema:
        """The schema as it stands after the operations recorded so far."""
        return self.recorder.schema

    @property
    def flow(self) -> Flow:
        """The open branches and frames."""
        return self.recorder.flow

    @property
    def at_stake(self) -> bool:
        """Whether the code at this point may be there to change the database.

        A function of another module that is called for a value, and is given no connection, is not.
        """
        return not self._importing and (not self.stakes or self.stakes[-1])

    def tick(self, steps: int = 1) -> None:
        """Spend steps of the budget."""
        self._steps += steps
        if self._limit is not None and self._steps > self._limit:
            raise CutOff
        if self._steps > self.most_steps:
            raise Abort(f"it takes more than {self.most_steps} steps to evaluate")

    def evaluate(self, node: ast.expr, scope: Scope) -> Value:
        """Return the value of an expression."""
        handler = EXPRESSIONS.get(type(node))
        if handler is None:
            return Undecided(f"a {type(node).__name__} expression")
        value = handler(self, node, scope)
        cost = sizes.steps(value)
        if cost:
            self.tick(cost)
        return value

    def execute(self, body: Iterable[ast.stmt], scope: Scope) -> None:
        """Execute statements; a statement that leaves the block raises its `Signal`."""
        statements = list(body)
        for position, statement in enumerate(statements):
            self.tick()
            handler = STATEMENTS.get(type(statement))
            try:
                if handler is None:
                    self._not_analysed(statement, scope)
                else:
                    handler(self, statement, scope)
            except Signal:
                self.recorder.prune(statements[position + 1 :], "the code before it always leaves here")
                raise

    def _not_analysed(self, statement: ast.stmt, scope: Scope) -> None:
        reason = f"a {type(statement).__name__} statement is not evaluated"
        self.recorder.prune([statement], reason)
        self.recorder.record_opaque(reason, scope.module.source.span(statement), None)

    # What the things ask for (see `Machine`).

    def emit(self, operation: type[AnyOperation], call: Call, **fields: object) -> None:
        """Record an operation; `fields` win over what is filled in."""
        self.recorder.record(operation, call.span, dict(fields))

    def opaque(self, reason: str, call: Call, may_touch: tuple[TableName, ...] | None = None) -> None:
        """Record that something could not be read."""
        self.recorder.record_opaque(reason, call.span, may_touch)

    @contextmanager
    def importing(self) -> Iterator[None]:
        """Evaluate the top level of another module for the time of a `with` block.

        It depends on nothing that the revision does, and has no connection to do anything with.
        """
        flow, self.recorder.flow = self.recorder.flow, Flow()
        self._importing += 1
        try:
            with self.within_limit():
                yield
        finally:
            self._importing -= 1
            self.recorder.flow = flow

    @property
    def imports(self) -> bool:
        """Whether the top level of another module is being evaluated."""
        return self._importing > 0

    @contextmanager
    def within_limit(self, at_stake: bool = False) -> Iterator[None]:
        """Evaluate for the time of a `with` block under the limit for code that only gives a value.

        The outermost such block ends with a `CutOff` when it takes more than `MAX_VALUE_STEPS`; code that
        is `at_stake` knows no limit but the one of the whole evaluation.
        """
        limit = self._limit
        if self._divides and limit is not None:
            self._limit = (self._steps + limit) // 2
        elif at_stake:
            self._limit = None
        elif limit is None:
            self._limit = self._steps + self.most_value_steps
        try:
            yield
        finally:
            self._limit = limit

    @property
    def limited(self) -> bool:
        """Whether a `CutOff` may come from further out."""
        return self._limit is not None and not self._divides

    def unresolved(self, what: str, call: Call) -> Undecided:
        """Record a call into code that cannot be seen, and return its undecided result."""
        connected = any(map(reaches, call.values()))
        if self._importing and not connected:
            return Undecided(_result_of(what))
        touches_all = connected or (call.statement and self.at_stake)
        self.opaque(f"{what} cannot be followed", call, None if touches_all else ())
        return Undecided(_result_of(what), data=not connected)

    def for_either(self, value: Either, use: Callable[[Value], None]) -> None:
        """Do something with each of two values under its condition."""
        with self.flow.branch(value.condition):
            use(value.first)
        with self.flow.branch(opposite(value.condition)):
            use(value.second)

    def execute_sql(self, text: Value, call: Call, parameters: bool = False) -> None:
        """Record the operations of a SQL text."""
        if isinstance(text, Either):
            self.for_either(text, lambda one: self.execute_sql(one, call, parameters))
            return
        if isinstance(text, PartialText):
            written, span_of = text.text, lambda start, end: call.span
        elif isinstance(text, str):
            written = text
            literal = self._literals.get(id(text))
            span_of = span_in_literal(literal[1], literal[0]) if literal else lambda start, end: call.span
        else:
            reason = text.reason if isinstance(text, Undecided) else "a value that is no text"
            self.opaque(f"the SQL depends on {reason}", call, None)
            return
        for operation in read_sql(written, self.dialect, span_of):
            self._add_sql(operation, call)

    def _add_sql(self, operation: AnyOperation, call: Call) -> None:
        if operation.span == call.span:
            self.recorder.add(operation)
            return
        if operation.span.path == self.recorder.path:
            self.recorder.add(operation)
            return
        with self.recorder.calling(call.span):
            self.recorder.add(operation)

    def note_literal(self, node: ast.Constant, source: Source) -> None:
        """Remember where a string value is written, so that findings can point into it."""
        self._literals[id(node.value)] = (node, source)

    def begin_batch(self, batch: BatchContext) -> None:
        """Enter a batch: what its directives do waits for `end_batch`."""
        self.recorder.open_batch(batch)

    def batching(self, batch: BatchContext) -> AbstractContextManager[None]:
        """Record what happens in a `with` block as part of a batch."""
        return self.recorder.batching(batch)

    def end_batch(self, batch: BatchContext) -> None:
        """Leave a batch: record what its directives do."""
        self.recorder.close_batch(batch)

    def next_batch(self) -> int:
        """Return a number for a batch."""
        return self.recorder.next_batch()

    def begin_autocommit(self) -> None:
        """Enter an `autocommit_block()`."""
        self.recorder.autocommit += 1

    def end_autocommit(self) -> None:
        """Leave the innermost `autocommit_block()`."""
        self.recorder.autocommit = max(0, self.recorder.autocommit - 1)

    def class_attribute(self, cls: ClassValue, name: str) -> Value:
        """Return an attribute of a class of the project."""
        return classes.class_attribute(self, cls, name)

    def bound_by(self, method: Value) -> frozenset[str]:
        """Return the attributes that a method binds on its object."""
        return classes.bound_by(method)

    def instantiate(self, cls: ClassValue, call: Call) -> Value:
        """Return what calling a class of the project gives."""
        return classes.instantiate(self, cls, call)

    def set_class_attribute(self, cls: ClassValue, name: str, value: Value) -> None:
        """Do what `cls.name = value` does after the class body."""
        cls.attributes[name] = value

    def class_defined(self, cls: ClassValue, node: ast.ClassDef, scope: Scope) -> None:
        """Take note of a class whose body, executed in `scope`, is done."""
        if isinstance(cls.attributes.get("__tablename__"), str):
            cls.attributes.update(classes.declared_columns(self, cls))
        table_of_class(cls, self)

    def invoke(self, function: Value, call: Call) -> Value:
        """Call any value."""
        self.tick()
        if len(self.recorder.calls) > MAX_CALL_DEPTH and isinstance(function, FunctionValue):
            reason = f"{function.describe()} is called from too deep inside other calls"
            self.opaque(reason, call, None if self.at_stake else ())
            return Undecided(f"what {function.describe()} gives")
        return calling.invoke(self, function, call)

    def get_attribute(self, owner: Value, name: str) -> Value:
        """Return what `owner.name` is, for any value."""
        return lookups.get_attribute(self, owner, name)

    def import_module(self, dotted: str) -> Value:
        """Return what importing a module by its name gives."""
        return lookups.imported(self, dotted)

    def span(self, node: ast.AST, scope: Scope) -> Span:
        """Return where a node stands."""
        return scope.module.source.span(node)

    def keep(self, value: Value) -> Value:
        """Remember that a collection was made under the conditions that hold now."""
        if self.flow.conditional:
            self.fresh[id(value)] = (value, self.flow.conditions())
        return value

    def add_perhaps(self, owner: Value, item: Value) -> bool:
        """Add an item to a list where it is not certain that this happens; return whether that was done."""
        if self.is_fresh(owner) or not isinstance(owner, list) or any(one is OPEN for one in owner):
            return False
        conditions = self.flow.conditions()
        text = " and ".join(map(str, conditions))
        owner.append(Maybe(item, Condition(shortened(text), conditions[-1].path, conditions[-1].line)))
        return True

    def change(self, value: Value) -> bool:
        """Tell whether a collection may be changed for certain; make it undecidable if not."""
        if self.is_fresh(value):
            return True
        plain.poison(value)
        return False

    def is_fresh(self, value: Value) -> bool:
        """Tell whether everything that a value depends on is what the code at this point depends on."""
        if not self.flow.conditional:
            return True
        made = self.fresh.get(id(value))
        return made is not None and made[1] == self.flow.conditions()


def _result_of(what: str) -> str:
    return what if what.startswith("what ") else f"what {what} gives"
