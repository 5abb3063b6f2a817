"""Modules of the project: found on disk, parsed once, and evaluated name by name when one is asked for."""

from __future__ import annotations

import ast
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from functools import lru_cache

from migrate_guard.evaluate.interpret.scope import Scope
from migrate_guard.evaluate.values import Thing
from migrate_guard.project.source import Source
from migrate_guard.project.trees import nodes_of

_DEFINITIONS = (ast.FunctionDef, ast.AsyncFunctionDef, ast.ClassDef)


@dataclass(frozen=True, slots=True, eq=False)
class Parsed:
    """A parsed module, shared by all evaluations.

    `dotted` is its name, `package` the name that relative imports start from. `bindings` maps each name
    that the top level binds to the statements that do so, and `changes` to those that change its value in
    place. `rebound` are names that functions bind anew; `stars` are the imports of `*`.
    """

    dotted: str
    package: str
    source: Source
    tree: ast.Module
    bindings: dict[str, list[ast.stmt]]
    changes: dict[str, list[ast.stmt]]
    rebound: frozenset[str]
    stars: tuple[ast.ImportFrom, ...] = ()


def index_module(dotted: str, package: str, source: Source, tree: ast.Module) -> Parsed:
    """Index what the top level of a module binds."""
    bindings: dict[str, list[ast.stmt]] = {}
    changes: dict[str, list[ast.stmt]] = {}
    for statement in tree.body:
        for name in bound_names([statement]):
            bindings.setdefault(name, []).append(statement)
        for name in dict.fromkeys(_changed_names(statement)):
            changes.setdefault(name, []).append(statement)
    stars = tuple(s for s in tree.body if isinstance(s, ast.ImportFrom) and s.names[0].name == "*")
    return Parsed(dotted, package, source, tree, bindings, changes, _rebound(source, tree), stars)


def _rebound(source: Source, tree: ast.Module) -> frozenset[str]:
    if "global " not in source.text:
        return frozenset()
    return frozenset(name for node in nodes_of(tree) if isinstance(node, ast.Global) for name in node.names)


@dataclass(slots=True, eq=False)
class Module(Thing):
    """A module and what its names are bound to so far.

    `main` tells the revision itself, evaluated from top to bottom, from a module that it imports, whose
    names are evaluated when they are first used and shared by all evaluations. `pending` are the names
    whose statements are being evaluated, `stars` the modules from outside of which it imports `*`.
    """

    parsed: Parsed
    main: bool = False
    pending: set[str] = field(default_factory=set)
    stars: list[str] = field(default_factory=list)
    scope: Scope = field(init=False)

    def __post_init__(self) -> None:
        self.scope = Scope(self)

    @property
    def source(self) -> Source:
        """The text that the module's nodes point into."""
        return self.parsed.source

    def describe(self) -> str:
        return f"module {self.parsed.dotted}"


def bound_names(body: Iterable[ast.stmt]) -> set[str]:
    """Return the names that statements bind in their own scope, those of nested blocks included."""
    found: set[str] = set()
    for node in _same_scope(body):
        if isinstance(node, _DEFINITIONS):
            found.add(node.name)
        elif isinstance(node, ast.Name) and not isinstance(node.ctx, ast.Load):
            found.add(node.id)
        elif isinstance(node, (ast.Import, ast.ImportFrom)):
            found.update(alias.asname or alias.name.partition(".")[0] for alias in node.names)
        elif isinstance(node, ast.ExceptHandler) and node.name:
            found.add(node.name)
    return found


@lru_cache(maxsize=4_096)
def has_yield(node: ast.FunctionDef | ast.AsyncFunctionDef) -> bool:
    """Tell whether a function is a generator."""
    return any(isinstance(found, (ast.Yield, ast.YieldFrom)) for found in _same_scope(node.body))


def _same_scope(body: Iterable[ast.AST]) -> Iterator[ast.AST]:
    pending = list(body)
    while pending:
        node = pending.pop()
        yield node
        if not isinstance(node, (*_DEFINITIONS, ast.Lambda)):
            pending.extend(ast.iter_child_nodes(node))


def _changed_names(statement: ast.stmt) -> Iterator[str]:
    """Go through the names whose values a top-level statement changes in place."""
    if isinstance(statement, _DEFINITIONS):
        return
    for node in _same_scope([statement]):
        if isinstance(node, ast.Expr) and isinstance(node.value, ast.Call):
            target: ast.AST = node.value.func
            if isinstance(target, ast.Name):
                continue
        elif isinstance(node, (ast.Subscript, ast.Attribute)) and not isinstance(node.ctx, ast.Load):
            target = node.value
        elif isinstance(node, ast.AugAssign):
            target = node.target
        else:
            continue
        while isinstance(target, (ast.Attribute, ast.Subscript)):
            target = target.value
        if isinstance(target, ast.Name):
            yield target.id
