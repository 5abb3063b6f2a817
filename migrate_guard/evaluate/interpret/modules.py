"""Modules of the project: found on disk, parsed once, and evaluated name by name when one is asked for."""

from __future__ import annotations

import ast
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import field
from functools import cached_property, lru_cache

from migrate_guard.evaluate.interpret.scope import Scope
from migrate_guard.evaluate.values import Thing
from migrate_guard.project.source import Source
from migrate_guard.project.trees import nodes_of
from migrate_guard.record import dataclass

_DEFINITIONS = (ast.FunctionDef, ast.AsyncFunctionDef, ast.ClassDef)


@dataclass(frozen=True, eq=False)
class Parsed:
    """A parsed module, shared by all evaluations; what it binds is only looked for when it is asked.

    `dotted` is its name, `package` the name that relative imports start from.
    """

    dotted: str
    package: str
    source: Source
    tree: ast.Module

    @cached_property
    def bindings(self) -> Mapping[str, list[ast.stmt]]:
        """The names that the top level binds, and the statements that do so."""
        if self.plain is not None:
            return self.plain
        found: dict[str, list[ast.stmt]] = {}
        for statement in self.tree.body:
            for name in bound_names([statement]):
                found.setdefault(name, []).append(statement)
        return found

    @cached_property
    def changes(self) -> Mapping[str, list[ast.stmt]]:
        """The names whose values top-level statements change in place, and these statements."""
        if self.plain is not None:
            return {}
        found: dict[str, list[ast.stmt]] = {}
        for statement in self.tree.body:
            for name in dict.fromkeys(_changed_names(statement)):
                found.setdefault(name, []).append(statement)
        return found

    @cached_property
    def rebound(self) -> frozenset[str]:
        """The names that functions of the module bind anew."""
        if "global " not in self.source.text:
            return frozenset()
        return frozenset(
            name for node in nodes_of(self.tree) if isinstance(node, ast.Global) for name in node.names
        )

    @cached_property
    def stars(self) -> tuple[ast.ImportFrom, ...]:
        """The imports of `*`."""
        return tuple(s for s in self.tree.body if isinstance(s, ast.ImportFrom) and s.names[0].name == "*")

    @cached_property
    def plain(self) -> dict[str, list[ast.stmt]] | None:
        """The bindings of a top level that only imports, defines functions and binds literals, each once.

        Then the order does not matter, and each name can be evaluated when it is first used. `None` for any
        other top level.
        """
        return None if self.rebound else _plain_bindings(self.tree)

    @cached_property
    def has_generators(self) -> bool:
        """Whether any function of the module may be a generator."""
        return "yield" in self.source.text


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


def _plain_bindings(tree: ast.Module) -> dict[str, list[ast.stmt]] | None:
    found: dict[str, list[ast.stmt]] = {}
    for statement in tree.body:
        names = _plainly_bound(statement)
        if names is None or not found.keys().isdisjoint(names):
            return None
        found.update({name: [statement] for name in names})
    return found


def _plainly_bound(statement: ast.stmt) -> tuple[str, ...] | None:
    """Return what a statement binds that can be evaluated at any time, `None` if it is no such statement."""
    if isinstance(statement, ast.FunctionDef):
        return (statement.name,)
    if isinstance(statement, (ast.Import, ast.ImportFrom)):
        names = tuple(alias.asname or alias.name.partition(".")[0] for alias in statement.names)
        return None if "*" in names else names
    if isinstance(statement, ast.Expr):
        return () if isinstance(statement.value, ast.Constant) else None
    if isinstance(statement, ast.Assign) and len(statement.targets) == 1:
        target: ast.expr = statement.targets[0]
    elif isinstance(statement, ast.AnnAssign):
        target = statement.target
    else:
        return None
    literal = statement.value is not None and _is_literal(statement.value)
    return (target.id,) if literal and isinstance(target, ast.Name) else None


def _is_literal(node: ast.expr) -> bool:
    if isinstance(node, (ast.Tuple, ast.List)):
        return all(map(_is_literal, node.elts))
    return isinstance(node, ast.Constant)


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
