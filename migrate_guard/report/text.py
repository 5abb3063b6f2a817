"""The text report: each finding with its source line, then what was judged and what was not."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping

from migrate_guard.finding import Confidence, Finding
from migrate_guard.judgement import Judgement
from migrate_guard.report.excerpt import Excerpt
from migrate_guard.report.formats import Context
from migrate_guard.report.summary import counting, environment_line, plural, verdict_line
from migrate_guard.report.terminal import Style, visible, visible_line

Sources = Mapping[str, tuple[str, ...]]
_PLAIN = Style()


def render(judgement: Judgement, context: Context) -> str:
    """Return the text report."""
    return text(judgement, context.style)


def text(judgement: Judgement, style: Style = _PLAIN) -> str:
    """Return the report that a person reads, ending in a newline. Suppressed findings are only counted,
    unless the style is verbose."""
    findings = counting(judgement.findings)
    several = len(judgement.summary.environments) > 1
    blocks: list[str] = []
    for name in dict.fromkeys(finding.environment for finding in findings):
        if several:
            blocks.append(style.paint(visible_line(f"In {name}:"), "bold"))
        judged_for = _dialects(judgement, name)
        for finding in findings:
            if finding.environment == name:
                blocks.append(finding_block(finding, judgement.sources, style, judged_for))
    if style.verbose:
        blocks += _details(judgement)
    blocks.append("\n".join(_footer(judgement, style)))
    return "\n\n".join(blocks) + "\n"


def finding_block(
    finding: Finding, sources: Sources, style: Style = _PLAIN, judged_for: tuple[str, ...] = ()
) -> str:
    """Return one finding as it stands in the report, without a newline at its end.

    `judged_for` are the dialects of its environment: a finding that not all of them share says so.
    """
    lines = sources.get(finding.span.path, ())
    gutter = len(str(min(finding.span.end_line, len(lines)) if lines else finding.span.line))
    excerpt = Excerpt(lines, finding.span, finding.label, gutter, finding.severity).render(style)
    arrow = style.paint(" " * gutter + "-->", "blue")
    return "\n".join(
        [
            _headline(finding, style),
            f"{arrow} {visible_line(str(finding.span))}",
            *excerpt,
            *_remarks(finding, gutter, style, judged_for),
        ]
    )


def _headline(finding: Finding, style: Style) -> str:
    rule = style.link(finding.rule, finding.family, finding.rule)
    head = style.severity(f"{finding.severity}[{rule}]", finding.severity)
    return f"{head}{style.paint(': ' + visible_line(finding.message), 'bold')}"


def _remarks(finding: Finding, gutter: int, style: Style, judged_for: tuple[str, ...]) -> Iterator[str]:
    """Yield the lines under the excerpt: what to do, and what supports the finding."""
    remarks = [("help", finding.help)] if finding.help else []
    remarks += [("note", note) for note in finding.notes]
    remarks += [("note", f"{related.message}: {related.span}") for related in finding.related]
    if finding.confidence is Confidence.POSSIBLE:
        remarks.append(
            ("note", "this is possible, not certain: it rests on something that could not be read")
        )
    if finding.dialects and set(finding.dialects) < set(judged_for):
        remarks.append(("note", f"on {', '.join(finding.dialects)} only"))
    for word, remark in remarks:
        first, *more = visible(remark).rstrip().split("\n")
        sign = style.paint(" " * (gutter + 1) + "=", "blue")
        yield f"{sign} {style.paint(word, 'bold')}: {first}".rstrip()
        indent = " " * (gutter + len(" = : ") + len(word))
        for line in more:
            yield (indent + line).rstrip()


def _dialects(judgement: Judgement, environment: str) -> tuple[str, ...]:
    return next((e.dialects for e in judgement.summary.environments if e.name == environment), ())


def _details(judgement: Judgement) -> Iterator[str]:
    """Yield the blocks of the long form."""
    suppressed = [finding for finding in judgement.findings if finding.suppressed is not None]
    if suppressed:
        lines = (f"  {f.span}: {f.rule}: {f.suppressed}" for f in suppressed)
        yield "\n".join(["Suppressed:", *(visible_line(line) for line in lines)])
    if judgement.summary.reasons:
        yield "\n".join(["Not analysed, because of:", *_reasons(judgement.summary.reasons)])


def _reasons(reasons: Iterable[tuple[str, int]]) -> Iterator[str]:
    for reason, number in reasons:
        yield f"  {visible_line(reason)} ({plural(number, 'operation')})"


def _footer(judgement: Judgement, style: Style) -> Iterator[str]:
    findings = counting(judgement.findings)
    several = len(judgement.summary.environments) > 1
    for environment in judgement.summary.environments:
        own = [finding for finding in findings if finding.environment == environment.name]
        yield style.paint(visible_line(environment_line(environment, own if several else [])), "dim")
        for note in environment.notes:
            yield style.paint(visible_line(f"  note: {note}"), "dim")
    yield style.paint(visible_line(verdict_line(judgement)), "bold")
