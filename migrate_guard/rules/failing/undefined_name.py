"""Names that a revision uses and nothing binds, as autogenerate leaves them without an import."""

from __future__ import annotations

import ast
import builtins
from collections.abc import Iterator

from migrate_guard.finding import Problem, Severity
from migrate_guard.project.trees import nodes_of
from migrate_guard.rule import RevisionView, revision_rule

_ALWAYS_THERE = frozenset(dir(builtins)) | {
    "__name__",
    "__file__",
    "__doc__",
    "__spec__",
    "__loader__",
    "__package__",
    "__path__",
    "__builtins__",
    "__annotations__",
    "__class__",
    "WindowsError",
}


_NAMED = (
    ast.FunctionDef,
    ast.AsyncFunctionDef,
    ast.ClassDef,
    ast.ExceptHandler,
    ast.MatchAs,
    ast.MatchStar,
)


@revision_rule(severity=Severity.ERROR)
def undefined_name(view: RevisionView) -> Iterator[Problem]:
    """A name that nothing in the file binds ends the revision in a NameError."""
    names = _Names(view.script.tree)
    if names.open:
        return
    for name, node in names.first_uses.items():
        if name in names.bound or name in _ALWAYS_THERE:
            continue
        yield Problem(
            f"{name} is not defined: this ends in a NameError",
            label="nothing binds this name",
            help=f"import it at the top of the file:\n    import {name}"
            if name in names.roots
            else "import it at the top of the file, or define it",
            span=view.script.source.span(node),
            subject=name,
        )


_TELLING = frozenset(
    {ast.Name, ast.Import, ast.ImportFrom, ast.arg, ast.Attribute, ast.MatchMapping, ast.Global, *_NAMED}
)


class _Names:
    """The names of a module: where each is used first, and which are bound anywhere in it.

    `roots` are the names that stand at the start of a dotted one, as a module's does.
    `open` tells that a star import or `exec` may bind names that cannot be seen.
    """

    def __init__(self, tree: ast.Module) -> None:
        self.first_uses: dict[str, ast.Name] = {}
        self.bound: set[str] = set()
        self.roots: set[str] = set()
        self.open = False
        for node in nodes_of(tree):
            if type(node) in _TELLING:
                self._look_at(node)

    def _look_at(self, node: ast.AST) -> None:
        if isinstance(node, ast.Name):
            self._name(node)
        elif isinstance(node, (ast.Import, ast.ImportFrom)):
            self._import(node)
        elif isinstance(node, ast.arg):
            self.bound.add(node.arg)
        elif isinstance(node, _NAMED):
            self.bound.add(node.name or "")
        elif isinstance(node, ast.Attribute) and isinstance(node.value, ast.Name):
            self.roots.add(node.value.id)
        elif isinstance(node, ast.MatchMapping) and node.rest:
            self.bound.add(node.rest)
        elif isinstance(node, ast.Global):
            self.bound.update(node.names)

    def _name(self, node: ast.Name) -> None:
        if not isinstance(node.ctx, ast.Load):
            self.bound.add(node.id)
        elif node.id in ("exec", "globals"):
            self.open = True
        else:
            first = self.first_uses.setdefault(node.id, node)
            if (node.lineno, node.col_offset) < (first.lineno, first.col_offset):
                self.first_uses[node.id] = node

    def _import(self, node: ast.Import | ast.ImportFrom) -> None:
        for alias in node.names:
            if alias.name == "*":
                self.open = True
            elif isinstance(node, ast.Import):
                self.bound.add(alias.asname or alias.name.partition(".")[0])
            else:
                self.bound.add(alias.asname or alias.name)
