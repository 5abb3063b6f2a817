"""The SARIF report, which GitHub's code scanning and many editors read.

The form: "Static Analysis Results Interchange Format (SARIF) Version 2.1.0", OASIS standard. What GitHub
takes of it, and how much: its manual, "SARIF support for code scanning".
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping, Sequence
from os import fsencode
from urllib.parse import quote

from migrate_guard import __version__
from migrate_guard.finding import Finding, Related, Severity
from migrate_guard.judgement import Judgement
from migrate_guard.pattern import pattern
from migrate_guard.report.formats import PAGES, Context
from migrate_guard.report.places import from_root, is_absolute
from migrate_guard.report.summary import plural, worst_first
from migrate_guard.report.terminal import visible
from migrate_guard.rule import RuleInfo
from migrate_guard.rule_list import all_rules
from migrate_guard.span import Span

SCHEMA = "https://docs.oasis-open.org/sarif/sarif/v2.1.0/errata01/os/schemas/sarif-schema-2.1.0.json"
MOST_RESULTS = 25_000
"""GitHub refuses a file with more."""
MOST_RELATED = 10
LONGEST_DESCRIPTION = 1_024
"""GitHub takes no longer descriptions of a rule, in characters."""

_HOME = PAGES.partition("/blob/")[0]
_ROOT = "%SRCROOT%"
_FINGERPRINT = "migrateGuard/v1"
"""Not `primaryLocationLineHash`: GitHub's upload computes that itself and warns of every other value."""
_LEVELS = {Severity.ERROR: "error", Severity.WARNING: "warning", Severity.INFO: "note"}
_PLACEHOLDER = pattern(r"\{(\d+)\}")

_Json = dict[str, object]


def render(judgement: Judgement, context: Context) -> str:
    """Return one run as a JSON document of ASCII characters, ending in a newline.

    Suppressed findings are in it, marked. Of more results than GitHub takes the worst that count are kept.
    """
    order = sorted(worst_first(judgement.findings), key=lambda finding: finding.suppressed is not None)
    kept = order[:MOST_RESULTS]
    rules = {finding.rule: finding for finding in reversed(kept)}
    numbers = {rule: number for number, rule in enumerate(sorted(rules))}
    run: _Json = {
        "tool": {"driver": _driver([rules[name] for name in sorted(rules)], context)},
        "invocations": [_invocation(judgement, len(order) - len(kept))],
        "originalUriBaseIds": {_ROOT: {"description": _message("The root of the repository.")}},
        "columnKind": "unicodeCodePoints",
        "results": [_result(finding, numbers[finding.rule], context.prefix) for finding in kept],
    }
    return json.dumps({"$schema": SCHEMA, "version": "2.1.0", "runs": [run]}, indent=2) + "\n"


def _driver(examples: Sequence[Finding], context: Context) -> _Json:
    known = {rule.info.name: rule.info for rule in all_rules()}
    return {
        "name": "migrate-guard",
        "version": __version__,
        "semanticVersion": __version__,
        "informationUri": _HOME,
        "rules": [_rule(example, known, context) for example in examples],
    }


def _rule(example: Finding, known: Mapping[str, RuleInfo], context: Context) -> _Json:
    """Return what is said of a rule, for a finding of it; its page is the help."""
    name, info = example.rule, known.get(example.rule)
    summary = _text(info.summary if info else name)[:LONGEST_DESCRIPTION]
    page = context.page(name)
    # The standard wants no name that is the id but for case.
    friendly = {"name": name.title().replace("-", "")} if "-" in name else {}
    return {
        "id": name,
        **friendly,
        "shortDescription": {"text": summary},
        "fullDescription": {"text": summary},
        "help": {"text": page or summary, "markdown": page or summary},
        "helpUri": f"{PAGES}/{example.family}/{name}.md",
        "defaultConfiguration": {"level": _LEVELS[info.severity if info else example.severity]},
        "properties": {"tags": [example.family]},
    }


def _invocation(judgement: Judgement, left_out: int) -> _Json:
    failed = [
        _notification("error", f"internal error: {error.rule or 'reading'} on {error.place}: {error.error}")
        for error in judgement.internal_errors
    ]
    skipped = [_notification("error", f"not checked: {what}") for what in judgement.skipped]
    notes = [_notification("note", f"not checked: {what}") for what in judgement.summary.not_checked]
    if judgement.summary.opaque:
        notes.append(_notification("note", f"{plural(judgement.summary.opaque, 'operation')} not analysed"))
    if left_out:
        notes.append(_notification("warning", f"{plural(left_out, 'result')} left out"))
    return {
        "executionSuccessful": not (failed or skipped),
        "toolExecutionNotifications": failed + skipped,
        "toolConfigurationNotifications": notes,
    }


def _notification(level: str, text: str) -> _Json:
    return {"level": level, "message": _message(text)}


def _result(finding: Finding, rule: int, prefix: str) -> _Json:
    related = finding.related[:MOST_RELATED]
    result: _Json = {
        "ruleId": finding.rule,
        "ruleIndex": rule,
        "level": _LEVELS[finding.severity],
        "message": {"text": _result_text(finding, related)},
        "locations": [_location(finding.span, prefix)],
        "partialFingerprints": {_FINGERPRINT: finding.fingerprint},
        "properties": {
            "confidence": str(finding.confidence),
            "environment": visible(finding.environment),
            "revision": None if finding.revision is None else visible(finding.revision),
        },
    }
    if related:
        result["relatedLocations"] = [
            {"id": number, "message": _message(one.message), **_location(one.span, prefix)}
            for number, one in enumerate(related, 1)
        ]
    if finding.suppressed is not None:
        reason = {"justification": visible(finding.suppressed)} if finding.suppressed else {}
        kind = "external" if finding.recorded else "inSource"
        result["suppressions"] = [{"kind": kind, **reason}]
    return result


def _result_text(finding: Finding, related: Iterable[Related]) -> str:
    """Return the message, what to do and the notes; GitHub shows a related place where a link names it."""
    parts = [_text(part) for part in (finding.message, finding.help or "", *finding.notes)]
    links = [f"[{_link_text(one)}]({number})" for number, one in enumerate(related, 1)]
    return "\n\n".join(part for part in (*parts, *links) if part.strip()) or finding.rule


def _link_text(related: Related) -> str:
    text = visible(related.message).replace("\n", " ") or "see here"
    for character in "\\[]":
        text = text.replace(character, "\\" + character)
    return _PLACEHOLDER.sub(r"{{\1}}", text)


def _location(span: Span, prefix: str) -> _Json:
    region: _Json = {"startLine": span.line, "endLine": span.end_line}
    if (span.line, span.column) != (span.end_line, span.end_column):  # else no column is known
        region |= {"startColumn": span.column, "endColumn": span.end_column}
    return {"physicalLocation": {"artifactLocation": _artifact(span.path, prefix), "region": region}}


def _artifact(path: str, prefix: str) -> _Json:
    place = from_root(prefix, path)
    if is_absolute(place):
        return {"uri": "file:///" + quote(fsencode(place.replace("\\", "/").lstrip("/")), safe="/:")}
    return {"uri": quote(fsencode(place)), "uriBaseId": _ROOT}


def _message(text: str) -> _Json:
    return {"text": _text(text) or "?"}


def _text(text: str) -> str:
    """Return a text in which nothing is a placeholder or a link.

    The standard wants all braces doubled (3.11.5), which viewers show as two: only a number in braces is.
    """
    return _PLACEHOLDER.sub(r"{{\1}}", visible(text)).replace("](", "] (")
