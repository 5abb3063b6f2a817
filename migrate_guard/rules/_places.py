"""Places in a revision file that rules point to."""

from __future__ import annotations

import ast

from migrate_guard.evaluate.outcome import Direction
from migrate_guard.project.script import Script
from migrate_guard.rule import ProjectView, RevisionView
from migrate_guard.span import Span, whole_line


def definition(view: RevisionView, direction: Direction) -> Span:
    """Return the `def` line of a direction's function, the header where there is no such function."""
    for node in view.script.tree.body:
        if isinstance(node, ast.FunctionDef) and node.name.partition("_")[0] == direction:
            return _first_line(view.script, node)
    return header(view.script, "revision")


def _first_line(script: Script, node: ast.FunctionDef) -> Span:
    lines = script.source.lines
    text = lines[node.lineno - 1].rstrip() if node.lineno <= len(lines) else ""
    whole = script.source.span(node)
    return Span(whole.path, whole.line, whole.column, whole.line, len(text) + 1)


def header(script: Script, name: str) -> Span:
    """Return where the header assigns a name, the first line where it does not."""
    return script.header.get(name) or whole_line(script.source.path, 1)


def newest(view: ProjectView) -> Span:
    """Return the newest revision's own line, which a new one would follow; line 1 of the configuration if
    there is none."""
    heads = [view.graph.scripts[head] for head in view.graph.heads if head in view.graph.scripts]
    return header(heads[-1], "revision") if heads else whole_line(view.environment.name, 1)
