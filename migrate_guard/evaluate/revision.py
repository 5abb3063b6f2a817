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
from migrate_guard.project.script import Script
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
) -> Evaluation:
    """Return what a direction of a revision does on a dialect, starting from a schema.

    `database` is the name that a multidb environment gives to `upgrade(engine_name)`. Without `audit`, calls
    that were missed are not looked for, as nobody judges the revision. Never raises for
    anything that stands in the script: what cannot be read is in the result.
    """
    recorder = Recorder(script.revision, script.source.path, dialect, before)
    module = loader.revision(script)
    interpreter = Interpreter(recorder, loader, module)
    function = _function_node(script.tree, direction)
    aborted, raises = _run(interpreter, module, direction, database)
    holes = () if aborted or not audit else missed(script, direction, recorder.visited, recorder.pruned)
    return Evaluation(
        revision=script.revision,
        direction=direction,
        before=before,
        after=recorder.schema,
        transitions=tuple(recorder.transitions),
        defined=function is not None or direction in module.scope.names,
        empty=function is not None and _does_nothing(function.body),
        raises=None if recorder.flow.conditional else raises,
        missed=tuple(script.source.span(node) for node in holes),
        pruned=_pruned(script, recorder),
    )


def _run(
    interpreter: Interpreter, module: Module, direction: Direction, database: str | None
) -> tuple[bool, Span | None]:
    """Run the module and the direction's function; return whether it was aborted, and where it raises."""
    place = Span(module.source.path, 1, 1, 1, 1)
    try:
        if module.parsed.plain is None:
            interpreter.execute(module.parsed.tree.body, module.scope)
        if direction not in module.scope.names and direction not in module.parsed.bindings:
            return False, None
        function = interpreter.get_attribute(module, direction)
        place = (
            interpreter.span(function.node, module.scope) if isinstance(function, FunctionValue) else place
        )
        interpreter.recorder.entry = place
        _invoke(interpreter, function, place, database)
    except Raise as signal:
        return False, signal.span
    except Signal:
        return False, None
    except (Abort, RecursionError, MemoryError) as error:
        reason = _why(error)
        last = interpreter.recorder.calls[-1] if interpreter.recorder.calls else place
        interpreter.recorder.record_abort(reason, last)
        return True, None
    return False, None


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


def _function_node(tree: ast.Module, name: str) -> ast.FunctionDef | ast.AsyncFunctionDef | None:
    found = [
        node
        for node in tree.body
        if isinstance(node, (ast.FunctionDef, ast.AsyncFunctionDef)) and node.name == name
    ]
    return found[-1] if found else None


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
