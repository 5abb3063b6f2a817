"""The words of a drawing that every format uses: the marks of a revision, headline and summary."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence

from migrate_guard.drawing import Drawing, Node, Row
from migrate_guard.finding import Finding, Severity
from migrate_guard.report.summary import count, listed, plural

_NOUNS = {Severity.ERROR: "error", Severity.WARNING: "warning", Severity.INFO: "info"}


def headline(drawing: Drawing) -> str:
    """Return one line that says what is drawn."""
    total = sum(node.reading == "read" for node in (*drawing.nodes, *drawing.hidden))
    parts = [drawing.environment, ", ".join(drawing.dialects)]
    parts.append(f"{plural(total, 'revision')}, {plural(len(drawing.heads), 'head')}")
    if drawing.against is not None:
        parts.append(f"against {drawing.against}")
    return " · ".join(part for part in parts if part)


def marks(node: Node) -> tuple[str, ...]:
    """Return what a revision is, in words: its place, what is new, its labels and dependencies."""
    found = [word for word, holds in (("head", node.head), ("base", node.base)) if holds]
    if node.novelty == "new":
        found.append("new")
    elif node.novelty == "arrived":
        found.append("only in the base")
    if node.reading != "read":
        found.append(node.reading)
    found += [f"label: {label}" for label in node.labels]
    found += [f"depends on {name}" for name in node.depends_on]
    return tuple(found)


def worst(node: Node) -> Severity | None:
    """Return the severity of the worst finding of a revision, `None` for none."""
    return max((finding.severity for finding in node.findings), default=None)


def counts(findings: Sequence[Finding]) -> list[tuple[str, Severity]]:
    """Return how many findings there are of each severity, the worst first."""
    numbers = [(count(findings, level), level) for level in _NOUNS]
    return [(plural(number, _NOUNS[level]), level) for number, level in numbers if number]


def remarks(row: Row) -> tuple[str, ...]:
    """Return what has to be said of a revision because no line says it, or because it is wrong."""
    apart = [f"follows {name}, to which no line is drawn" for name in row.apart]
    return (*row.node.remarks, *apart)


def summary(drawing: Drawing) -> Iterator[str]:
    """Go through the sentences below a drawing: what was found, what is not drawn, what was not looked at."""
    if drawing.against is not None:
        yield f"{_new(drawing.nodes + drawing.hidden)} against {drawing.against}."
    if drawing.hidden:
        yield f"{_hidden(drawing.hidden)}."
    if drawing.checked:
        yield _findings(drawing)
    else:
        yield "Not checked: no rule looked at these revisions (--no-check)."


def _new(nodes: Iterable[Node]) -> str:
    every = list(nodes)
    new = sum(node.novelty == "new" for node in every)
    arrived = sum(node.novelty == "arrived" for node in every)
    more = f", {arrived} only in the base" if arrived else ""
    return f"{plural(new, 'revision')} new{more}"


def _hidden(hidden: Sequence[Node]) -> str:
    number = len(hidden)
    parts = []
    new, bad = sum(node.novelty == "new" for node in hidden), sum(bool(node.findings) for node in hidden)
    if new:
        parts.append(f"{new} of them new")
    if bad:
        parts.append(f"{bad} with findings")
    more = f": {listed(parts)}" if parts else ""
    return f"{plural(number, 'more revision')} not drawn{more}"


def _findings(drawing: Drawing) -> str:
    every = (*drawing.nodes, *drawing.hidden)
    judged = sum(node.judged for node in every)
    found = [finding for node in every for finding in node.findings]
    affected = sum(bool(node.findings) for node in every)
    place = (
        f"{affected} of {plural(judged, 'judged revision')}" if found else plural(judged, "judged revision")
    )
    sentence = f"{_counted(found)} in {place}"
    rest = [f"{_counted(drawing.loose)} about the environment as a whole"] if drawing.loose else []
    if drawing.suppressed:
        rest.append(f"{plural(drawing.suppressed, 'finding')} suppressed")
    if drawing.in_baseline:
        rest.append(f"{drawing.in_baseline} in the baseline")
    return f"{'; '.join([sentence, ', '.join(rest)])}." if rest else f"{sentence}."


def _counted(findings: Sequence[Finding]) -> str:
    return listed([text for text, _ in counts(findings)]) or "No findings"
