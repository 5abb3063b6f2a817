"""What a web application calls when it starts, as far as its text shows it."""

from __future__ import annotations

import ast
from collections.abc import Iterator, Mapping
from functools import lru_cache
from pathlib import Path

from migrate_guard.pattern import pattern
from migrate_guard.project.env_script import bodies
from migrate_guard.project.environment import Environment
from migrate_guard.project.modules import find_module
from migrate_guard.project.near_modules import modules_near
from migrate_guard.project.paths import is_within
from migrate_guard.project.trees import code_of, dotted_name, nodes_of
from migrate_guard.record import dataclass
from migrate_guard.span import Span

_APP = pattern(r"\b(?:Flask|FastAPI|Starlette|Quart|Litestar|Sanic)\(|\blifespan\b|def (?:create|make)_app\b")
_MAKES_APP = frozenset({"Flask", "FastAPI", "Starlette", "Quart", "Litestar", "Sanic"})
_STARTS = frozenset({"create_app", "make_app", "lifespan", "startup", "on_startup", "startup_event"})
_STARTING_DECORATORS = frozenset({"before_first_request", "before_serving", "before_app_serving"})
_ASIDE = frozenset({"scripts", "script", "tools", "bin", "examples", "example", "docs", "benchmarks"})
_FUNCTIONS = (ast.FunctionDef, ast.AsyncFunctionDef)


@dataclass(frozen=True, slots=True, eq=False)
class StartCall:
    """A call that runs whenever the application starts.

    `names` are the imports of its file and `text` is that file. `via` is where the start leads to it.
    """

    span: Span
    node: ast.Call
    names: Mapping[str, str]
    text: str
    via: Span | None = None


def start_calls(environment: Environment, root: Path, method: str) -> Iterator[StartCall]:
    """Go through the calls of a method that run when the application starts, under no condition.

    That is: at the top of the module that makes the application, in its factory or its start-up hook, or in
    a function of the project that one of these calls. `root` is what shown paths are relative to.
    """

    def may_call(file: Path, text: str) -> bool:
        return method in text and not _is_aside(file, environment)

    for file, text, source, tree, names in modules_near(environment, root, may_call):
        direct = [node for statement in _start(tree, text) for node in nodes_of(statement)]
        for call in _calls_of(direct, method):
            yield StartCall(source.span(call), call, names, text)
        for function in (node for node in tree.body if isinstance(node, _FUNCTIONS)):
            via = _called_at_start(environment, root).get((file, function.name))
            if via is not None:
                inside = [node for one in _unconditional(function.body) for node in nodes_of(one)]
                for call in _calls_of(inside, method):
                    yield StartCall(source.span(call), call, names, text, via)


@lru_cache(maxsize=8)
def _called_at_start(environment: Environment, root: Path) -> Mapping[tuple[Path, str], Span]:
    """Return the project's functions that a start names, by file and name, with the place of that."""
    found: dict[tuple[Path, str], Span] = {}

    def may_start(file: Path, text: str) -> bool:
        return _APP.search(text) is not None and not _is_aside(file, environment)

    for file, text, source, tree, names in modules_near(environment, root, may_start):
        own = {node.name for node in tree.body if isinstance(node, _FUNCTIONS)}
        for node in (node for statement in _start(tree, text) for node in nodes_of(statement)):
            if isinstance(node, ast.Name) and node.id in own:
                found.setdefault((file, node.id), source.span(node))
                continue
            dotted = dotted_name(node, names)
            where, _, name = dotted.rpartition(".")
            target = find_module(where, environment) if where else None
            if target is not None:
                found.setdefault((target, name), source.span(node))
    return found


def _start(tree: ast.Module, text: str) -> Iterator[ast.stmt]:
    """Go through the simple statements of a module that run at every start of the application."""
    if not _APP.search(text):
        return
    for function in _functions(tree.body):
        if _is_start(function):
            yield from _unconditional(function.body)
    if _makes_app(tree):
        yield from _unconditional(tree.body)


def _functions(body: list[ast.stmt]) -> Iterator[ast.FunctionDef | ast.AsyncFunctionDef]:
    for statement in body:
        if isinstance(statement, _FUNCTIONS):
            yield statement
            yield from _functions(statement.body)


def _is_start(function: ast.FunctionDef | ast.AsyncFunctionDef) -> bool:
    if function.name in _STARTS:
        return True
    decorators = [code_of(one) for one in function.decorator_list]
    return any(
        one.rpartition(".")[2] in _STARTING_DECORATORS or one.endswith(".on_event('startup')")
        for one in decorators
    )


def _makes_app(tree: ast.Module) -> bool:
    values = (one.value for one in tree.body if isinstance(one, (ast.Assign, ast.AnnAssign)))
    return any(
        isinstance(value, ast.Call) and code_of(value.func).rpartition(".")[2] in _MAKES_APP
        for value in values
    )


def _unconditional(body: list[ast.stmt]) -> Iterator[ast.stmt]:
    """Go through the simple statements of a block that no condition keeps from running.

    `if __name__ == "__main__"` is how a small application is started and counts as none. What follows an
    early `return` may not run.
    """
    for statement in body:
        if isinstance(statement, (*_FUNCTIONS, ast.ClassDef, ast.For, ast.AsyncFor, ast.While)):
            continue
        inner = bodies(statement)
        if isinstance(statement, ast.If):
            if "__name__" in code_of(statement.test):
                yield from _unconditional(statement.body)
            elif any(isinstance(node, ast.Return) for node in nodes_of(statement)):
                return
        elif isinstance(statement, ast.Try):
            yield from _unconditional(statement.body)
        elif isinstance(statement, (ast.With, ast.AsyncWith)):
            yield from (ast.copy_location(ast.Expr(item.context_expr), statement) for item in statement.items)
            yield from _unconditional(statement.body)
        elif not inner:
            yield statement


def _calls_of(nodes: list[ast.AST], method: str) -> Iterator[ast.Call]:
    """Go through the calls of a method, and those that are handed it: `run_sync(metadata.create_all)`."""
    for node in nodes:
        if isinstance(node, ast.Call):
            handed = any(isinstance(one, ast.Attribute) and one.attr == method for one in node.args)
            named = getattr(node.func, "attr", None) or getattr(node.func, "id", None)
            if named == method or handed:
                yield node


def _is_aside(file: Path, environment: Environment) -> bool:
    """Tell whether a file belongs to the migrations themselves or is a script beside the application."""
    if is_within(file, environment.script_location) and environment.script_location != environment.root:
        return True
    return any(part in _ASIDE for part in file.relative_to(environment.root).parts[:-1])
