"""Evaluate one direction of one revision."""

from __future__ import annotations

import ast

from migrate_guard.dialect import Dialect
from migrate_guard.evaluate.audit import missed
from migrate_guard.evaluate.interpret.frames import Abort, Raise, Signal
from migrate_guard.evaluate.interpret.interpreter import Interpreter
from migrate_guard.evaluate.interpret.loader import Loader
from migrate_guard.evaluate.interpret.modules import Module
from migrate_guard.evaluate.interpret.objects import FunctionValue
from migrate_guard.evaluate.interpret.recorder import Recorder
from migrate_guard.evaluate.outcome import Direction, Evaluation, Pruned
from migrate_guard.evaluate.values import Call, Undecided, Value
from migrate_guard.project.databases import database_names
from migrate_guard.project.script import Script
from migrate_guard.project.trees import code_of
from migrate_guard.record import dataclass
from migrate_guard.schema import Schema
from migrate_guard.span import Span


def evaluate(
    script: Script,
    direction: Direction,
    dialect: Dialect,
    before: Schema,
    loader: Loader,
    database: str | None = None,
    audit: bool = True,
    transactional: bool = True,
) -> Evaluation:
    """Return what a direction of a revision does on a dialect, starting from a schema.

    `database` is the name that a multidb environment gives to `upgrade(engine_name)`. Without `audit`, calls
    that were missed are not looked for, as nobody judges the revision. `transactional` tells that the project
    runs migrations in a transaction, where the database can. Never raises for anything that stands in the
    script: what cannot be read is in the result.
    """
    recorder = Recorder(script.revision, script.source.path, dialect, before, transactional)
    module = loader.revision(script)
    interpreter = Interpreter(recorder, loader, module)
    function = _function_node(script.tree, direction)
    end = _run(interpreter, module, direction, database)
    if function is not None and function.decorator_list and function not in interpreter.ran:
        recorder.prune(function.body, "what decorates it does not call it")
    holes = () if end.aborted or not audit else missed(script, direction, recorder.visited, recorder.pruned)
    return Evaluation(
        revision=script.revision,
        direction=direction,
        before=before,
        after=recorder.schema,
        transitions=tuple(recorder.transitions),
        defined=function is not None or direction in module.scope.names,
        empty=function is not None and _is_empty(script, direction, function),
        raises=None if recorder.flow.conditional else end.raises,
        missed=tuple(script.source.span(node) for node in holes),
        pruned=_pruned(script, recorder),
        failure=end.failure,
    )


@dataclass(frozen=True, slots=True)
class _End:
    """How a run ended: whether it was cut off, where it raises, and a bug of ours that stopped it."""

    aborted: bool = False
    raises: Span | None = None
    failure: str | None = None


def _run(interpreter: Interpreter, module: Module, direction: Direction, database: str | None) -> _End:
    """Run the module and the direction's function; return how that ended."""
    try:
        _execute(interpreter, module, direction, database)
    except Raise as signal:
        return _End(raises=signal.span)
    except Signal:
        return _End()
    except (Abort, RecursionError, MemoryError) as error:
        _record_end(interpreter, module, _why(error))
        return _End(aborted=True)
    except Exception as error:  # noqa: BLE001  # a bug of ours: it is told, and the other revisions are read
        _record_end(interpreter, module, "reading it failed")
        return _End(aborted=True, failure=_told(error))
    return _End()


def _execute(interpreter: Interpreter, module: Module, direction: Direction, database: str | None) -> None:
    if module.parsed.plain is None:
        interpreter.execute(module.parsed.tree.body, module.scope)
    if direction not in module.scope.names and direction not in module.parsed.bindings:
        return
    function = interpreter.get_attribute(module, direction)
    place = _beginning(module)
    if isinstance(function, FunctionValue):
        place = interpreter.span(function.node, module.scope)
    interpreter.recorder.entry = place
    _invoke(interpreter, function, place, database)


def _beginning(module: Module) -> Span:
    return Span(module.source.path, 1, 1, 1, 1)


def _record_end(interpreter: Interpreter, module: Module, reason: str) -> None:
    recorder = interpreter.recorder
    last = recorder.calls[-1] if recorder.calls else recorder.entry or _beginning(module)
    recorder.record_abort(reason, last)


def _told(error: Exception) -> str:
    import traceback  # here, because only a bug needs it

    frame = traceback.extract_tb(error.__traceback__)[-1]
    return f"{type(error).__name__}: {error} ({frame.filename.rpartition('migrate_guard')[2]}:{frame.lineno})"


def _why(error: Abort | RecursionError | MemoryError) -> str:
    if isinstance(error, Abort):
        return error.reason
    return "it is nested too deeply" if isinstance(error, RecursionError) else "it takes too much memory"


def _invoke(interpreter: Interpreter, function: Value, place: Span, database: str | None) -> None:
    arguments: tuple[Value, ...] = ()
    if isinstance(function, FunctionValue):
        required = len(function.node.args.args) - len(function.defaults)
        if required > 0:
            name: Value = database if database is not None else Undecided("the database's name", data=True)
            arguments = (name,)
    interpreter.invoke(function, Call(place, arguments, statement=True))


_Function = ast.FunctionDef | ast.AsyncFunctionDef


def _function_node(tree: ast.Module, name: str) -> _Function | None:
    found = [
        node
        for node in tree.body
        if isinstance(node, (ast.FunctionDef, ast.AsyncFunctionDef)) and node.name == name
    ]
    return found[-1] if found else None


def _is_empty(script: Script, direction: Direction, function: _Function) -> bool:
    """Tell whether a direction does nothing; one of a multidb environment does so for every database."""
    names = database_names(script)
    if not names or len(function.body) != 1 or f"{direction}_" not in code_of(function):
        return _does_nothing(function.body)
    parts = [_function_node(script.tree, f"{direction}_{name}") for name in names]
    return all(part is not None and _does_nothing(part.body) for part in parts)


def _does_nothing(body: list[ast.stmt]) -> bool:
    return all(
        isinstance(statement, ast.Pass)
        or (isinstance(statement, ast.Expr) and isinstance(statement.value, ast.Constant))
        or (isinstance(statement, ast.Return) and statement.value is None)
        for statement in body
    )


def _pruned(script: Script, recorder: Recorder) -> tuple[Pruned, ...]:
    found = []
    for nodes, reason in recorder.pruned:
        for node in nodes:
            if hasattr(node, "lineno"):
                found.append(Pruned(script.source.span(node), reason))
    return tuple(found)
