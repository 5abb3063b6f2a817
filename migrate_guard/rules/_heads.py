"""What the rules about heads and parents share."""

from __future__ import annotations

import ast
from collections.abc import Sequence

from migrate_guard.project.graph import Graph
from migrate_guard.project.script import Script


def are_branches(graph: Graph, heads: Sequence[Script]) -> bool:
    """Tell whether every head but one is a branch with a label, which is meant to have its own head."""
    unlabelled = [head for head in heads if not is_labelled(graph, head)]
    return len(unlabelled) <= 1


def is_labelled(graph: Graph, revision: Script) -> bool:
    """Tell whether a revision, or one before it, has a branch label."""
    seen: set[str] = set()
    waiting = [revision.revision]
    while waiting:
        script = graph.scripts.get(waiting.pop())
        if script is None or script.revision in seen:
            continue
        seen.add(script.revision)
        if script.branch_labels or _label_is_not_literal(script):
            return True
        waiting.extend(script.down_revisions)
    return False


def _label_is_not_literal(script: Script) -> bool:
    """Tell whether the header takes its label from somewhere else, so that it has one that is not known."""
    for node in script.tree.body:
        targets = node.targets if isinstance(node, ast.Assign) else ()
        if any(isinstance(target, ast.Name) and target.id == "branch_labels" for target in targets):
            return isinstance(node, ast.Assign) and not isinstance(node.value, ast.Constant)
    return False
