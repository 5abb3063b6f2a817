"""Names and what they are bound to."""

from __future__ import annotations

from typing import TYPE_CHECKING

from migrate_guard.evaluate.values import Value

if TYPE_CHECKING:
    from migrate_guard.evaluate.interpret.modules import Module


class Scope:
    """The names of a module, class or function body, and the scope around it."""

    __slots__ = ("is_class", "module", "names", "outer", "parent")

    def __init__(self, module: Module, parent: Scope | None = None, is_class: bool = False) -> None:
        self.module = module
        self.parent = parent
        self.is_class = is_class
        self.names: dict[str, Value] = {}
        self.outer: dict[str, Scope] = {}

    def find(self, name: str) -> Scope | None:
        """Return the innermost scope that binds a name."""
        scope: Scope | None = self
        while scope is not None:
            if name in scope.names:
                return scope
            scope = scope.parent
        return None

    def bind(self, name: str, value: Value) -> None:
        """Bind a name, in the scope that a `global` or `nonlocal` statement named."""
        self.outer.get(name, self).names[name] = value

    def root(self) -> Scope:
        """Return the scope of the module."""
        scope = self
        while scope.parent is not None:
            scope = scope.parent
        return scope

    def chain(self) -> tuple[Scope, ...]:
        """Return this scope and those around it, innermost first."""
        found = []
        scope: Scope | None = self
        while scope is not None:
            found.append(scope)
            scope = scope.parent
        return tuple(found)
