"""The Markdown report: a comment on a pull request that later runs replace.

It begins with a comment of its own that is not shown, by which a later run finds it. A comment on GitHub
has at most 65,536 characters.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from textwrap import dedent
from urllib.parse import quote

from migrate_guard.finding import Confidence, Finding, Severity
from migrate_guard.judgement import Judgement
from migrate_guard.report.excerpt import Excerpt
from migrate_guard.report.formats import PAGES, Context
from migrate_guard.report.marking import SIGNS, fenced, html, inline, table, waits
from migrate_guard.report.places import from_root
from migrate_guard.report.summary import counting, listed, not_checked, outcome, plural, worst_first
from migrate_guard.report.terminal import Style
from migrate_guard.report.text import Sources
from migrate_guard.span import Span

LIMIT = 65_536
MARKER = "<!-- migrate-guard"
"""How the comment begins; after it stands the directory that was checked, if it is not the root."""

_MOST_UNSEEN = 20
_LONGEST_LINE = 500
_MARGIN = 100
_WIDTH = 100


def render(judgement: Judgement, context: Context) -> str:
    """Return the comment, the findings that count worst first, ending in a newline.

    Findings that would make it too long are left out, and their number is told.
    """
    findings = worst_first(counting(judgement.findings))
    head = "\n".join(_head(judgement, findings, context))
    foot = "\n".join(_foot(judgement))
    left = LIMIT - _length(head) - _length(foot) - _MARGIN
    blocks = []
    for finding in findings:
        block = "\n\n" + "\n".join(_block(finding, judgement.sources, context))
        if _length(block) <= left:
            left -= _length(block)
            blocks.append(block)
    missing = len(findings) - len(blocks)
    more = f"\n\n**{plural(missing, 'more finding')} left out**: a comment holds no more." if missing else ""
    return f"{head}{''.join(blocks)}{more}{foot}\n"


def _length(text: str) -> int:
    """Return how long a text is at most to a service, whatever it counts: UTF-16 units."""
    return len(text.encode("utf-16-le", errors="surrogatepass")) // 2


def _head(judgement: Judgement, findings: Sequence[Finding], context: Context) -> Iterator[str]:
    where = f": {quote(context.prefix.rstrip('/'), safe='/').replace('--', '%2D-')}" if context.prefix else ""
    yield f"{MARKER}{where} -->"
    place = f" in {inline(context.prefix.rstrip('/'))}" if context.prefix else ""
    yield from (f"### migrate-guard{place}", "", f"{inline(outcome(judgement))}.")
    rows = []
    for severity in sorted(Severity, reverse=True):
        own = [finding for finding in findings if finding.severity is severity]
        if own:
            rows.append((f"{SIGNS[severity]} {severity}", str(len(own)), _rules(own)))
    if rows:
        yield from ("", *table(("severity", "findings", "rules"), rows))


def _rules(findings: Sequence[Finding]) -> str:
    families = {finding.rule: finding.family for finding in findings}
    shown = [f"[{rule}]({PAGES}/{family}/{rule}.md)" for rule, family in sorted(families.items())]
    most = shown[:_MOST_UNSEEN]
    return ", ".join([*most, f"and {len(shown) - len(most)} more"] if shown[len(most) :] else most)


def _block(finding: Finding, sources: Sources, context: Context) -> Iterator[str]:
    yield f"<details><summary>{SIGNS[finding.severity]} {html(finding.message)}<br>"
    yield f"<code>{html(_place(finding.span, context))}</code> <code>{html(finding.rule)}</code></summary>"
    yield ""
    lines = sources.get(finding.span.path, ())
    gutter = len(str(finding.span.end_line))
    excerpt = Excerpt(lines, finding.span, finding.label, gutter, finding.severity).render(Style(_WIDTH))
    if excerpt:
        yield from (fenced("\n".join(excerpt)), "")
    if finding.help:
        yield from (*_help(finding.help), "")
    notes = [*finding.notes, *(f"{one.message}: {_place(one.span, context)}" for one in finding.related)]
    if finding.confidence is Confidence.POSSIBLE:
        notes.append("this is possible, not certain: it rests on something that could not be read")
    yield from (f"- {inline(note)}" for note in notes)
    yield from (f"- has to wait: {inline(line)}" for line in waits(finding))
    yield from ("", "</details>")


def _place(span: Span, context: Context) -> str:
    return f"{from_root(context.prefix, span.path)}:{span.line}"


def _help(text: str) -> Iterator[str]:
    """Yield the sentence of a help, then its code: the indented lines below."""
    sentence, _, code = text.partition("\n")
    yield inline(sentence)
    if code.strip():
        yield from ("", fenced(dedent(code).strip("\n"), "python"))


def _foot(judgement: Judgement) -> Iterator[str]:
    unseen = not_checked(judgement)
    if not unseen:
        return
    shown = [inline(what[:_LONGEST_LINE]) for what in unseen[:_MOST_UNSEEN]]
    if unseen[len(shown) :]:
        shown.append(f"{len(unseen) - len(shown)} more")
    yield from ("", "", f"Not checked: {listed(shown)}.")
