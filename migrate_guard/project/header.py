"""What a revision file says of itself at its top level: its id, its parents, its labels."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from typing import TypeGuard

from migrate_guard.pattern import pattern
from migrate_guard.project.source import Source
from migrate_guard.record import dataclass
from migrate_guard.span import Span

_NEEDED = ("revision", "down_revision")
NAMES = (*_NEEDED, "depends_on", "branch_labels")

# Characters that Alembic refuses in a revision id because they mean something on its command line:
# `_revision_illegal_chars` in alembic/script/revision.py, Alembic 1.20.
ILLEGAL = "@-+:"

_SEQUENCES = frozenset({"tuple", "list", "set", "frozenset"})
_Constant = str | tuple[str, ...] | None


class HeaderError(Exception):
    """A header that cannot be used; `node` is where, the message says why."""

    def __init__(self, node: ast.AST, reason: str, hint: str) -> None:
        super().__init__(reason)
        self.node = node
        self.reason = reason
        self.hint = hint


@dataclass(frozen=True, slots=True)
class Header:
    """The header's values as they are written, and where; a name that is not assigned is in neither.

    `undecided` are the names whose values only running the file would tell.
    """

    values: dict[str, _Constant]
    spans: dict[str, Span]
    undecided: tuple[str, ...] = ()


def read_header(source: Source, tree: ast.Module) -> Header:
    """Read the assignments of the header.

    Raise `HeaderError` if the id or the parents are not plain constants: without them the revision has no
    place in the history. Labels and dependencies that are not are `undecided`.
    """
    values: dict[str, _Constant] = {}
    undecided: dict[str, None] = {}
    spans: dict[str, Span] = {}
    names: dict[str, ast.expr] = {}
    for name, node, value in _assignments(tree):
        names[name] = value
        if name not in NAMES:
            continue
        spans[name] = source.span(node)
        constant = _value(value, names, depth=20)
        if isinstance(constant, ast.AST):
            if name in _NEEDED:
                raise _not_literal(name, value)
            undecided[name] = None
            continue
        if name == "revision":
            _check_id(value, constant)
        values[name] = constant
    for name, place in _other_bindings(tree):
        if name in _NEEDED:
            raise _not_literal(name, place)
        undecided[name] = None
        values.pop(name, None)
    return Header(values, spans, tuple(undecided))


def ids(value: _Constant) -> tuple[str, ...]:
    """Return a header's value as the tuple that Alembic makes of it, without repetitions."""
    if value is None:
        return ()
    return (value,) if isinstance(value, str) else tuple(dict.fromkeys(value))


def _assignments(tree: ast.Module) -> Iterator[tuple[str, ast.stmt, ast.expr]]:
    """Go through the names that the top level binds to one expression each."""
    for statement in tree.body:
        if isinstance(statement, ast.Assign):
            for target in statement.targets:
                yield from ((name, statement, value) for name, value in _pairs(target, statement.value))
        elif isinstance(statement, ast.AnnAssign) and statement.value is not None:
            yield from ((name, statement, value) for name, value in _pairs(statement.target, statement.value))


def _other_bindings(tree: ast.Module) -> Iterator[tuple[str, ast.AST]]:
    """Go through what else binds a name of the header: a block, an import, `+=`, a function."""
    for statement in tree.body:
        if not isinstance(statement, (ast.Assign, ast.AnnAssign, ast.Expr)):
            yield from ((name, node) for name, node in _bindings(statement) if name in NAMES)


def _bindings(statement: ast.stmt) -> Iterator[tuple[str, ast.AST]]:
    if isinstance(statement, (ast.Import, ast.ImportFrom)):
        yield from ((alias.asname or alias.name, alias) for alias in statement.names)
    elif isinstance(statement, (ast.FunctionDef, ast.AsyncFunctionDef, ast.ClassDef)):
        yield statement.name, statement
    else:
        yield from ((node.id, node) for node in ast.walk(statement) if _is_stored(node))


def _is_stored(node: ast.AST) -> TypeGuard[ast.Name]:
    return isinstance(node, ast.Name) and not isinstance(node.ctx, ast.Load)


def _pairs(target: ast.expr, value: ast.expr) -> Iterator[tuple[str, ast.expr]]:
    if isinstance(target, ast.Name):
        yield target.id, value
    elif (
        isinstance(target, (ast.Tuple, ast.List))
        and isinstance(value, (ast.Tuple, ast.List))
        and len(target.elts) == len(value.elts)
    ):
        for one, its_value in zip(target.elts, value.elts, strict=True):
            if isinstance(one, ast.Name):
                yield one.id, its_value


def _not_literal(name: str, node: ast.AST) -> HeaderError:
    return HeaderError(
        node,
        f"{name} is not a literal, so the revision's place in the history cannot be read",
        f'write it as a string: {name} = "…"' if name == "revision" else f"write {name} as literal strings",
    )


def _check_id(node: ast.expr, value: _Constant) -> None:
    if not isinstance(value, str) or not value:
        raise HeaderError(node, "revision is not a string", 'write it as a string: revision = "…"')
    refused = sorted(set(value) & set(ILLEGAL))
    if refused:
        raise HeaderError(
            node,
            f"Alembic refuses the revision id {value!r} because of {' and '.join(map(repr, refused))}",
            "use letters, digits and underscores, here and in the revisions that follow it",
        )


def _value(node: ast.expr, names: dict[str, ast.expr], depth: int) -> _Constant | ast.AST:
    """Return the constant that an expression is, or the part of it that is none."""
    if depth == 0:
        return node
    if isinstance(node, ast.Constant):
        return node.value if node.value is None or isinstance(node.value, str) else node
    if isinstance(node, ast.Name) and node.id in names and names[node.id] is not node:
        return _value(names[node.id], names, depth - 1)
    if isinstance(node, (ast.Tuple, ast.List, ast.Set)):
        return _sequence(node, names, depth)
    if isinstance(node, ast.BinOp) and isinstance(node.op, ast.Add):
        left, right = _value(node.left, names, depth - 1), _value(node.right, names, depth - 1)
        if isinstance(left, str) and isinstance(right, str):
            return left + right
    if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id in _SEQUENCES:
        if not node.args and not node.keywords:
            return ()
        if len(node.args) == 1 and isinstance(node.args[0], (ast.Tuple, ast.List, ast.Set)):
            return _sequence(node.args[0], names, depth)
    return node


def _sequence(
    node: ast.Tuple | ast.List | ast.Set, names: dict[str, ast.expr], depth: int
) -> _Constant | ast.AST:
    found: list[str] = []
    for element in node.elts:
        value = _value(element, names, depth - 1)
        if not isinstance(value, str):
            return element
        found.append(value)
    return tuple(found)


_LINE = pattern(r"(?m)^(revision|down_revision)\b[^=\n]*=\s*(\([^()]*\)|\[[^\[\]]*\]|[^\n#]*)")
_STRING = pattern(r"""["']([^"'\n]+)["']""")


def guess_header(text: str) -> tuple[str | None, tuple[str, ...]]:
    """Make out id and parents in a text that does not parse; `None` and empty where it cannot."""
    found = {match[1]: tuple(_STRING.findall(match[2])) for match in _LINE.finditer(text[:20_000])}
    revision = found.get("revision", ())
    if len(revision) != 1:
        return None, ()
    return revision[0], found.get("down_revision", ())
