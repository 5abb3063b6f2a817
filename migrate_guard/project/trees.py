"""Walking syntax trees: each tree is walked once, however many ask for its nodes."""

from __future__ import annotations

import ast
from functools import lru_cache

_REMEMBERED = 16_384


@lru_cache(maxsize=_REMEMBERED)
def nodes_of(tree: ast.AST) -> tuple[ast.AST, ...]:
    """Return a node and all nodes below it, parents before their children."""
    found: list[ast.AST] = [tree]
    for node in found:
        for name in node._fields:
            value = getattr(node, name, None)
            if isinstance(value, list):
                found.extend(item for item in value if isinstance(item, ast.AST))
            elif isinstance(value, ast.AST):
                found.append(value)
    return tuple(node for node in found if not isinstance(node, ast.expr_context))
