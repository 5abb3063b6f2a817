"""What an `env.py` does with its connection before Alembic gets it, followed in the order of the text.

SQLAlchemy 2.0 begins a transaction at the first statement of a connection ("autobegin"). Alembic leaves a
transaction that it finds at `context.configure()` to whoever began it: `MigrationContext.__init__` and
`begin_transaction` in alembic/runtime/migration.py, Alembic 1.20.
"""

from __future__ import annotations

import ast
from collections.abc import Iterable, Iterator
from typing import Literal

from migrate_guard.project.env_script import EnvScript, Function, bodies
from migrate_guard.project.trees import nodes_of
from migrate_guard.record import dataclass, replace
from migrate_guard.span import Span

_EXECUTES = frozenset({"execute", "exec_driver_sql", "scalar", "scalars"})
_ENDS = frozenset({"commit", "rollback"})
_INLINED = 4
_FUNCTIONS = (ast.FunctionDef, ast.AsyncFunctionDef)
# They look at a connection and neither begin nor end a transaction of it that they leave behind.
_HARMLESS = frozenset({"isinstance", "print", "repr", "str"})

_Kind = Literal["execute", "end", "configure", "run", "unknown"]


@dataclass(frozen=True, slots=True)
class EarlyStatement:
    """A statement that runs before `context.configure()` on the same connection and is not committed.

    `certain` is false where it stands under a condition. `configure` is the call that comes too late.
    `awaited` tells that the connection is an asynchronous one there.
    """

    span: Span
    configure: Span
    certain: bool
    awaited: bool = False


@dataclass(frozen=True, slots=True)
class _Event:
    kind: _Kind
    span: Span
    certain: bool = True


def early_statements(env: EnvScript) -> tuple[EarlyStatement, ...]:
    """Return the first early statement of each connection that `env.py` opens with `.connect()`.

    Only where everything that happens to the connection can be followed: a connection that comes from
    elsewhere, is handed to code outside of the file or runs in autocommit mode is passed over.
    """
    try:
        return () if "AUTOCOMMIT" in env.code else _found(env)
    except RecursionError:  # a chain of hundreds of `elif` is as many blocks in each other
        return ()


def _found(env: EnvScript) -> tuple[EarlyStatement, ...]:
    found: dict[Span, EarlyStatement] = {}
    for name, rest in _opened(env.tree.body):
        early = _early(_Flow(env).through(rest, name))
        if early is not None:
            before = env.source.lines[early.span.line - 1][: early.span.column - 1]
            awaited = before.rstrip().endswith("await")
            found.setdefault(early.span, replace(early, awaited=awaited))
    return tuple(found.values())


def _early(events: Iterable[_Event]) -> EarlyStatement | None:
    pending: _Event | None = None
    at: Span | None = None
    runs = False
    for event in events:
        if event.kind == "unknown":
            return None
        if event.kind == "end":
            if at is not None:
                return None
            pending = None
        elif event.kind == "execute" and at is None:
            pending = pending or event
        elif event.kind == "configure" and pending is not None:
            at = at or event.span
        elif event.kind == "run":
            runs = runs or at is not None
    if pending is None or at is None or not runs:
        return None
    return EarlyStatement(pending.span, at, pending.certain)


def _opened(body: list[ast.stmt]) -> Iterator[tuple[str, list[ast.stmt]]]:
    """Go through the connections that are opened: their name and the statements that follow."""
    for number, statement in enumerate(body):
        if isinstance(statement, (ast.With, ast.AsyncWith)):
            for place, item in enumerate(statement.items):
                if isinstance(item.optional_vars, ast.Name) and _connects(item.context_expr):
                    rest = statement.items[place + 1 :]
                    yield item.optional_vars.id, [_with(statement, rest)] if rest else statement.body
        elif isinstance(statement, ast.Assign) and len(statement.targets) == 1:
            target = statement.targets[0]
            if isinstance(target, ast.Name) and _connects(statement.value):
                yield target.id, body[number + 1 :]
        for inner in bodies(statement):
            yield from _opened(inner)


def _with(statement: ast.With | ast.AsyncWith, items: list[ast.withitem]) -> ast.stmt:
    made = ast.With(items=items, body=statement.body)
    return ast.copy_location(made, statement)


def _connects(node: ast.expr) -> bool:
    """Tell whether an expression is `….connect()`, awaited or with execution options."""
    if isinstance(node, ast.Await):
        node = node.value
    if not isinstance(node, ast.Call) or not isinstance(node.func, ast.Attribute):
        return False
    if node.func.attr == "execution_options":
        return _connects(node.func.value)
    return node.func.attr == "connect" and not node.args and not node.keywords


class _Flow:
    """Goes through statements and tells what they do with one connection."""

    def __init__(self, env: EnvScript, depth: int = 0) -> None:
        self._env = env
        self._depth = depth

    def through(self, body: list[ast.stmt], name: str, *, certain: bool = True) -> Iterator[_Event]:
        for statement in body:
            yield from self._statement(statement, name, certain=certain)

    def _statement(self, statement: ast.stmt, name: str, *, certain: bool) -> Iterator[_Event]:
        inner = bodies(statement)
        if isinstance(statement, (*_FUNCTIONS, ast.ClassDef)):
            if any(isinstance(node, ast.Name) and node.id == name for node in nodes_of(statement)):
                yield self._event("unknown", statement)
        elif isinstance(statement, (ast.With, ast.AsyncWith)):
            yield from self._with(statement, name, certain=certain)
        elif not inner:
            yield from self._expression(statement, name, certain=certain)
        else:
            # What `if`, `for` and `while` ask for; a `try` asks for nothing.
            for field in ("test", "iter", "subject"):
                asked = getattr(statement, field, None)
                if isinstance(asked, ast.AST):
                    yield from self._expression(asked, name, certain=certain)
            always = certain and isinstance(statement, ast.Try)
            for body in inner:
                if not _only_raises(statement, body):
                    yield from self.through(body, name, certain=always)

    def _with(self, statement: ast.With | ast.AsyncWith, name: str, *, certain: bool) -> Iterator[_Event]:
        own = any(_is_method(item.context_expr, name, "begin") for item in statement.items)
        if not own:
            for item in statement.items:
                yield from self._expression(item.context_expr, name, certain=certain)
        events = self.through(statement.body, name, certain=certain)
        if not own:
            yield from events
            return
        # Its end commits what is in it. A configure() in it leaves the transaction to this block as well.
        if any(event.kind in ("configure", "unknown") for event in events):
            yield self._event("unknown", statement)

    def _expression(self, root: ast.AST, name: str, *, certain: bool) -> Iterator[_Event]:
        handled: set[int] = set()
        found: list[_Event] = []
        for call in sorted(_calls(root), key=lambda node: (node.end_lineno, node.end_col_offset)):
            if self._env.dotted(call.func) == "alembic.context.run_migrations":
                found.append(self._event("run", call))
                continue
            uses = _direct_uses(call, name)
            if uses:
                handled.update(id(node) for node in uses)
                found += self._call(call, name, certain=certain)
        for node in nodes_of(root):
            if isinstance(node, ast.Attribute) and _is_name(node.value, name) and node.attr in _LOOKS:
                handled.add(id(node.value))
        others = (node for node in nodes_of(root) if _is_name(node, name) and id(node) not in handled)
        yield from found
        yield from (self._event("unknown", node) for node in others)

    def _call(self, call: ast.Call, name: str, *, certain: bool) -> Iterator[_Event]:
        function = call.func
        if isinstance(function, ast.Attribute) and _is_name(function.value, name):
            yield from self._method(call, function.attr, name, certain=certain)
        elif self._env.dotted(function) == "alembic.context.configure":
            yield self._event("configure", call)
        elif isinstance(function, ast.Name) and function.id in self._env.functions:
            yield from self._inlined(call, self._env.functions[function.id], call.args, name, certain=certain)
        elif not (isinstance(function, ast.Name) and function.id in _HARMLESS):
            yield self._event("unknown", call)

    def _method(self, call: ast.Call, method: str, name: str, *, certain: bool) -> Iterator[_Event]:
        first = call.args[0] if call.args else None
        if method in _EXECUTES:
            # SQLAlchemy 2.0 executes no plain string, and older versions commit on their own.
            legacy = method != "exec_driver_sql" and isinstance(first, (ast.Constant, ast.JoinedStr))
            yield self._event("unknown" if legacy else "execute", call, certain=certain)
        elif method in _ENDS:
            yield self._event("end", call)
        elif method == "run_sync" and isinstance(first, ast.Name) and first.id in self._env.functions:
            given = [ast.Name(name, ast.Load()), *call.args[1:]]
            yield from self._inlined(call, self._env.functions[first.id], given, name, certain=certain)
        elif method not in ("close", "execution_options"):
            yield self._event("unknown", call)

    def _inlined(
        self, call: ast.Call, function: Function, given: list[ast.expr], name: str, *, certain: bool
    ) -> Iterator[_Event]:
        parameters = [one.arg for one in (*function.args.posonlyargs, *function.args.args)]
        passed = [
            parameter
            for parameter, value in zip(parameters, given, strict=False)  # defaults fill the rest
            if _is_name(value, name)
        ]
        passed += [one.arg for one in call.keywords if one.arg and _is_name(one.value, name)]
        if len(passed) != 1 or self._depth >= _INLINED or function.decorator_list:
            yield self._event("unknown", call)
            return
        yield from _Flow(self._env, self._depth + 1).through(function.body, passed[0], certain=certain)

    def _event(self, kind: _Kind, node: ast.AST, *, certain: bool = True) -> _Event:
        return _Event(kind, self._env.source.span(node), certain)


_LOOKS = frozenset({"dialect", "engine", "closed", "info", "connection"})


def _only_raises(statement: ast.stmt, body: list[ast.stmt]) -> bool:
    """Tell whether a block is an `except` that ends in `raise`: the way of a failure, not of a success."""
    handlers = statement.handlers if isinstance(statement, ast.Try) else []
    return isinstance(body[-1], ast.Raise) and any(handler.body is body for handler in handlers)


def _calls(root: ast.AST) -> Iterator[ast.Call]:
    return (node for node in nodes_of(root) if isinstance(node, ast.Call))


def _direct_uses(call: ast.Call, name: str) -> list[ast.expr]:
    """Return where a call itself takes the connection: as its object or as an argument."""
    found = [call.func.value] if isinstance(call.func, ast.Attribute) else []
    found += [*call.args, *(one.value for one in call.keywords)]
    return [node for node in found if _is_name(node, name)]


def _is_method(node: ast.expr, name: str, method: str) -> bool:
    function = node.func if isinstance(node, ast.Call) else None
    return isinstance(function, ast.Attribute) and function.attr == method and _is_name(function.value, name)


def _is_name(node: ast.AST, name: str) -> bool:
    return isinstance(node, ast.Name) and node.id == name
