"""What a revision imports, for the rules and for following the project's own modules."""

from __future__ import annotations

import ast
from collections.abc import Iterator

from migrate_guard.project.locations import import_root
from migrate_guard.project.script import Script, Source
from migrate_guard.record import dataclass
from migrate_guard.span import Span


@dataclass(frozen=True, slots=True)
class Import:
    """One module that an import statement asks for.

    `module` is its full dotted name; of a relative import (`level` above 0) as Python would resolve it if
    the file were imported as part of its package. `names` are what `from … import` takes from it (`*` for
    all), `bound` the names that the statement binds. `nested` tells that it stands inside a function.
    """

    module: str
    names: tuple[str, ...]
    bound: tuple[str, ...]
    span: Span
    level: int = 0
    nested: bool = False


def imports(script: Script) -> tuple[Import, ...]:
    """Return everything that a revision imports, in the order of the file."""
    return tuple(
        found for node, nested in _statements(script.tree) for found in _imports(script.source, node, nested)
    )


def absolute_name(source: Source, module: str | None, level: int) -> str:
    """Return the dotted name of a `from` import's module, resolved against the file's own package."""
    if level == 0:
        return module or ""
    directory = source.file.parent
    package = list(directory.relative_to(import_root(directory)).parts)
    kept = package[: max(len(package) - (level - 1), 0)]
    return ".".join([*kept, *([module] if module else [])])


def _statements(tree: ast.Module) -> Iterator[tuple[ast.Import | ast.ImportFrom, bool]]:
    pending: list[tuple[ast.AST, bool]] = [(node, False) for node in reversed(tree.body)]
    while pending:
        node, nested = pending.pop()
        if isinstance(node, (ast.Import, ast.ImportFrom)):
            yield node, nested
        elif not isinstance(node, ast.expr):
            inside = nested or isinstance(node, (ast.FunctionDef, ast.AsyncFunctionDef))
            pending.extend((child, inside) for child in reversed(list(ast.iter_child_nodes(node))))


def _imports(source: Source, node: ast.Import | ast.ImportFrom, nested: bool) -> Iterator[Import]:
    span = source.span(node)
    if isinstance(node, ast.Import):
        for alias in node.names:
            bound = alias.asname or alias.name.partition(".")[0]
            yield Import(alias.name, (), (bound,), span, nested=nested)
        return
    yield Import(
        module=absolute_name(source, node.module, node.level),
        names=tuple(alias.name for alias in node.names),
        bound=tuple(alias.asname or alias.name for alias in node.names if alias.name != "*"),
        span=span,
        level=node.level,
        nested=nested,
    )
