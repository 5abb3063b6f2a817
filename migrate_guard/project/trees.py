"""Walking syntax trees: each tree is walked once, however many ask for its nodes."""

from __future__ import annotations

import ast
from collections.abc import Mapping
from functools import lru_cache

_REMEMBERED = 65_536
_NO_NODES = frozenset(
    """ctx op ops id attr arg kind level module asname conversion simple type_comment lineno
    end_lineno""".split()
)
"""Fields that hold no nodes, or only nodes without a place in the source: contexts and operators."""


_CHILD_FIELDS: dict[type[ast.AST], tuple[str, ...]] = {}


def _child_fields(kind: type[ast.AST]) -> tuple[str, ...]:
    if kind not in _CHILD_FIELDS:
        _CHILD_FIELDS[kind] = tuple(name for name in kind._fields if name not in _NO_NODES)
    return _CHILD_FIELDS[kind]


def code_of(node: ast.AST) -> str:
    """Return a node as code, empty for one that is nested too deeply to be written."""
    try:
        return ast.unparse(node)
    except RecursionError:
        return ""


def dotted_name(node: ast.AST, names: Mapping[str, str]) -> str:
    """Return the dotted name that an expression such as `a.b.c` stands for, empty if it is no such.

    `names` maps the names that imports bind to what they stand for.
    """
    attributes: list[str] = []
    while isinstance(node, ast.Attribute):
        attributes.append(node.attr)
        node = node.value
    base = names.get(node.id, "") if isinstance(node, ast.Name) else ""
    return ".".join([base, *reversed(attributes)]) if base else ""


@lru_cache(maxsize=_REMEMBERED)
def nodes_of(tree: ast.AST) -> tuple[ast.AST, ...]:
    """Return a node and all nodes below it, parents before their children."""
    if isinstance(tree, ast.Module):
        return (tree, *(node for statement in tree.body for node in nodes_of(statement)))
    found: list[ast.AST] = [tree]
    for node in found:
        for name in _child_fields(type(node)):
            value = getattr(node, name, None)
            if isinstance(value, ast.AST):
                found.append(value)
            elif value.__class__ is list:
                found += [item for item in value if isinstance(item, ast.AST)]
    return tuple(found)
