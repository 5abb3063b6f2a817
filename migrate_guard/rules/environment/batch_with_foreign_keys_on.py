"""Batch rebuilds on SQLite while the project enforces foreign keys."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from functools import lru_cache
from pathlib import Path

from migrate_guard.finding import Confidence, Problem, Related, Severity
from migrate_guard.operations import Operation, SetParameter
from migrate_guard.pattern import pattern
from migrate_guard.project.env_script import Function, imported_names
from migrate_guard.project.environment import Environment
from migrate_guard.project.near_modules import module_of
from migrate_guard.project.nearby import near, text_of
from migrate_guard.project.reach import imported_files
from migrate_guard.project.source import Source
from migrate_guard.project.trees import code_of, nodes_of
from migrate_guard.rule import RevisionView, Step, revision_rule
from migrate_guard.rules._facts import rebuilds
from migrate_guard.span import Span

_ON = pattern(r"(?i)foreign_keys\s*=\s*(?:on|1|true|yes)\b")
_OFF = pattern(r"(?i)foreign_keys\s*=\s*(?:off|0|false|no)\b")
_ENGINE = frozenset({"sqlalchemy.engine.Engine", "sqlalchemy.Engine", "sqlalchemy.engine.base.Engine"})


@revision_rule(severity=Severity.WARNING, dialects={"sqlite"})
def batch_with_foreign_keys_on(view: RevisionView) -> Iterator[Problem]:
    """With foreign keys enforced, a batch rebuild fails or deletes the rows that refer to the table."""
    env = view.project.env
    if env is None or not env.configured or _OFF.search(env.code):
        return
    rebuilt = next((step for step in view.steps() if _rebuilds_a_parent(step)), None)
    listener = _listener(view.environment, view.project.root) if rebuilt is not None else None
    if rebuilt is None or listener is None or rebuilt.operation.batch is None:
        return
    call = next((one for one in env.configured if one.online), env.configured[0])
    yield Problem(
        "foreign keys are enforced while batch mode rebuilds tables: dropping the old table fails "
        "where rows refer to it, or deletes those rows where ON DELETE says so",
        label="migrates with foreign keys enforced",
        help=(
            "switch enforcement off for migrations, before Alembic gets the connection:\n"
            '    connection.exec_driver_sql("PRAGMA foreign_keys=OFF")\n'
            "    connection.commit()"
        ),
        related=(
            Related("every connection begins with this", listener[0]),
            Related(f"this rebuilds {rebuilt.operation.batch.table}", rebuilt.operation.span),
        ),
        span=call.span,
        confidence=listener[1],
        subject="foreign_keys",
        of_environment=True,
    )


def _rebuilds_a_parent(step: Step[Operation]) -> bool:
    batch = step.operation.batch
    if batch is None or not rebuilds(step.operation) or step.is_new(batch.table):
        return False
    if not any(child.name != batch.table for child, _ in step.before.referring(batch.table)):
        return False
    return not any(
        isinstance(one.operation, SetParameter) and one.operation.name == "foreign_keys"
        for one in step.earlier()
    )


@lru_cache(maxsize=8)
def _listener(environment: Environment, root: Path) -> tuple[Span, Confidence] | None:
    """Return where the project switches enforcement on for every engine, and whether `env.py` loads it."""
    env_py = environment.env_py
    own = () if env_py is None else ((env_py, text_of(env_py)),)
    for file, text in (*own, *near(environment)):
        span = _switches_on(file, root) if _ON.search(text) else None
        if span is None:
            continue
        reached = imported_files(environment)
        if file == env_py or (reached is not None and file in reached):
            return span, Confidence.CERTAIN
        if environment.command == "flask db":
            return span, Confidence.POSSIBLE
    return None


def _switches_on(file: Path, root: Path) -> Span | None:
    """Return the function that listens to the `connect` of all engines and switches enforcement on."""
    module = module_of(file, root)
    if module is None:
        return None
    source, tree = module
    names = imported_names(source, tree)
    functions = [node for node in nodes_of(tree) if isinstance(node, (ast.FunctionDef, ast.AsyncFunctionDef))]
    listened = {
        code_of(call.args[2])
        for call in nodes_of(tree)
        if isinstance(call, ast.Call) and len(call.args) == 3 and _is_connect(call, names)
    }
    for function in functions:
        decorated = any(
            isinstance(one, ast.Call) and _is_connect(one, names) for one in function.decorator_list
        )
        if (decorated or function.name in listened) and _ON.search(code_of(function)):
            return _name_span(source, function)
    return None


def _name_span(source: Source, function: Function) -> Span:
    whole = source.span(function)
    return Span(
        whole.path, whole.line, whole.column, whole.line, len(source.lines[whole.line - 1].rstrip()) + 1
    )


def _is_connect(call: ast.Call, names: dict[str, str]) -> bool:
    """Tell whether a call is `event.listens_for(Engine, "connect")` or the beginning of `event.listen(…)`."""
    if len(call.args) < 2 or code_of(call.func).rpartition(".")[2] not in ("listens_for", "listen"):
        return False
    target, _, rest = code_of(call.args[0]).partition(".")
    dotted = names.get(target, "") + (f".{rest}" if rest else "")
    return dotted in _ENGINE and isinstance(call.args[1], ast.Constant) and call.args[1].value == "connect"
