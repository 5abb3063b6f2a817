"""What a run comes to: the counts behind every report, and the sentences at the end of the text."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from migrate_guard.finding import Finding, Severity
from migrate_guard.judgement import EnvironmentSummary, InternalError, Judgement


def counting(findings: Iterable[Finding]) -> tuple[Finding, ...]:
    """Return the findings that are not suppressed."""
    return tuple(finding for finding in findings if finding.suppressed is None)


def worst_first(findings: Iterable[Finding]) -> list[Finding]:
    """Return the findings by severity, and by place within one."""
    return sorted(findings, key=lambda finding: -finding.severity)


def count(findings: Iterable[Finding], severity: Severity) -> int:
    """Return how many findings have exactly that severity."""
    return sum(finding.severity is severity for finding in findings)


def in_baseline(findings: Iterable[Finding]) -> int:
    """Return how many findings are silenced because the baseline holds them."""
    return sum(finding.recorded for finding in findings)


def not_checked(judgement: Judgement) -> tuple[str, ...]:
    """Return what was not looked at: what could not be, then evidence that was not asked for."""
    failed = (f"{_what(error)} {error.place} (it failed)" for error in judgement.internal_errors)
    return (*judgement.skipped, *failed, *judgement.summary.not_checked)


def _what(error: InternalError) -> str:
    return f"{error.rule} on" if error.rule else "the rest of"


def plural(number: int, noun: str) -> str:
    """Return a number with its noun: `1 error`, `2 errors`."""
    return f"{number} {noun}" if number == 1 else f"{number} {noun}s"


def listed(parts: Sequence[str]) -> str:
    """Return words as a list in a sentence: `a, b and c`."""
    return " and ".join([", ".join(parts[:-1]), parts[-1]] if len(parts) > 1 else parts)


def verdict_line(judgement: Judgement) -> str:
    """Return the last line of a report: what was found where, and what was not looked at."""
    line, unseen = outcome(judgement), not_checked(judgement)
    return f"{line}. Not checked: {', '.join(unseen)}." if unseen else f"{line}."


def outcome(judgement: Judgement) -> str:
    """Return what was found where, without a full stop."""
    summary = judgement.summary
    findings = counting(judgement.findings)
    sentence = _found(findings) + _where(findings, summary.judged, summary.replayed > 0)
    rest = []
    if summary.replayed:
        rest.append(f"{summary.replayed} older {'one' if summary.replayed == 1 else 'ones'} replayed")
    if summary.opaque:
        rest.append(f"{plural(summary.opaque, 'operation')} not analysed")
    if summary.conditional:
        rest.append(f"{summary.conditional} under a condition that could not be decided")
    recorded = in_baseline(judgement.findings)
    suppressed = len(judgement.findings) - len(findings) - recorded
    if suppressed:
        rest.append(f"{plural(suppressed, 'finding')} suppressed")
    if recorded:
        rest.append(f"{recorded} in the baseline")
    return "; ".join([sentence, ", ".join(rest)]) if rest else sentence


def environment_line(environment: EnvironmentSummary, findings: Sequence[Finding]) -> str:
    """Return one line on an environment: where it is, for which databases and why, how much it holds.

    `findings` are those of this environment that count.
    """
    dialects = ", ".join(environment.dialects)
    reason = f" ({environment.dialect_reason})" if environment.dialect_reason else ""
    heads = plural(len(environment.heads), "head")
    return " · ".join(
        [environment.name, dialects + reason, f"{plural(environment.revisions, 'revision')}, {heads}"]
        + ([_found(findings)] if findings else [])
    )


def _found(findings: Sequence[Finding]) -> str:
    names = {Severity.ERROR: "error", Severity.WARNING: "warning", Severity.INFO: "info"}
    counts = [(count(findings, level), name) for level, name in names.items()]
    parts = [plural(number, name) for number, name in counts if number]
    return listed(parts) if parts else "No findings"


def _where(findings: Sequence[Finding], judged: int, only_new: bool) -> str:
    if only_new and not judged:
        return " and no new revisions"
    noun = "new revision" if only_new else "revision"
    affected = len({(f.environment, f.revision) for f in findings if f.revision is not None})
    return f" in {affected} of {plural(judged, noun)}" if affected else f" in {plural(judged, noun)}"
