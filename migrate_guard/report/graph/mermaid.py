"""A drawing as a Mermaid flowchart, which GitHub and GitLab draw in Markdown.

Names stand only in quoted labels, with entity codes for what the lexer or the HTML of a label would take for
its own (https://mermaid.js.org/syntax/flowchart.html#entity-codes-to-escape-characters).
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from migrate_guard.drawing import Drawing, Node
from migrate_guard.finding import Severity
from migrate_guard.pattern import pattern
from migrate_guard.report.graph import words
from migrate_guard.report.terminal import visible_line

MOST_EDGES = 500
"""Mermaid's own default, `maxEdges`, which a diagram cannot raise: schemas/config.schema.yaml, Mermaid 11."""

_MEANT = '"#&<>`\\;%{}[]()|*_~@:'
# Labels are read as Markdown too, which draws no lists.
_ITEM = pattern(r"\s*(?:\d+\.|[-+=])")
_CLASSES = (
    "classDef known fill:#8883,stroke:#888",
    "classDef new fill:#2da44e33,stroke:#2da44e,stroke-width:2px",
    "classDef arrived fill:#0969da33,stroke:#0969da,stroke-dasharray:4",
    "classDef error fill:#cf222e44,stroke:#cf222e,stroke-width:3px",
    "classDef warning fill:#bf870044,stroke:#bf8700,stroke-width:3px",
    "classDef unread stroke-dasharray:2,stroke:#cf222e",
)


def graph_mermaid(drawings: Sequence[Drawing]) -> str:
    """Return one diagram, ending in a newline; several become a Markdown document of diagrams."""
    if len(drawings) == 1:
        return _diagram(drawings[0])
    blocks = (f"## {_comment(words.headline(one))}\n\n```mermaid\n{_diagram(one)}```\n" for one in drawings)
    return "\n".join(blocks)


def too_long_for_mermaid(drawing: Drawing) -> bool:
    """Tell whether Mermaid as it is configured elsewhere refuses to draw so many lines."""
    return len(list(_edges(drawing))) > MOST_EDGES


def _diagram(drawing: Drawing) -> str:
    remarks = [words.headline(drawing), *words.summary(drawing), *(f"note: {one}" for one in drawing.notes)]
    lines = [f"%% {_comment(line)}" for line in remarks]
    lines.append("flowchart TB")
    lines += [f"    {line}" for line in _CLASSES]
    for number, node in enumerate(reversed(drawing.nodes)):
        lines.append(f"    r{number}{_shape(node, _label(node))}:::{_class(node)}")
    lines += [f"    {line}" for line in _edges(drawing)]
    drawn = frozenset(node.revision for node in drawing.nodes)
    if any(parent not in drawn for node in drawing.nodes for parent in node.parents):
        lines.append('    earlier(["earlier revisions"]):::known')
    return "\n".join(lines) + "\n"


def _edges(drawing: Drawing) -> Iterator[str]:
    names = {node.revision: f"r{number}" for number, node in enumerate(reversed(drawing.nodes))}
    for node in reversed(drawing.nodes):
        own = names[node.revision]
        parents = list(dict.fromkeys(names.get(parent, "earlier") for parent in node.parents))
        yield from (f"{parent} --> {own}" for parent in parents)
        yield from (f'{names[name]} -. "needed by" .-> {own}' for name in node.depends_on if name in names)


def _shape(node: Node, label: str) -> str:
    if node.reading != "read":
        return f'{{{{"{label}"}}}}'
    return f'(["{label}"])' if node.head else f'["{label}"]'


def _class(node: Node) -> str:
    if node.reading != "read":
        return "unread"
    worst = words.worst(node)
    if worst in (Severity.ERROR, Severity.WARNING):
        return str(worst)
    return node.novelty or "known"


def _label(node: Node) -> str:
    marks = words.marks(node)
    found = ", ".join(text for text, _ in words.counts(node.findings))
    lines = [node.revision, node.message, f"({', '.join(marks)})" if marks else "", found, *node.remarks]
    return "<br/>".join(_text(line) for line in lines if line)


def _text(text: str) -> str:
    """Return a text for a label: what is not a letter, digit, space or harmless sign as an entity code."""
    shown = visible_line(text)
    item = _ITEM.match(shown)
    meant = {index for index, one in enumerate(shown) if one in _MEANT} | (
        {item.end() - 1} if item else set()
    )
    return "".join(f"#{ord(one)};" if index in meant else one for index, one in enumerate(shown))


def _comment(text: str) -> str:
    return visible_line(text).replace("{", "(").replace("}", ")")
