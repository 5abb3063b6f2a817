"""The JSON report: the contract with other programs, described by `report-v1.schema.json` beside it.

Within version 1, fields may be added; none is removed or changes its meaning.
"""

from __future__ import annotations

import json

from migrate_guard.finding import Finding, Severity
from migrate_guard.judgement import EnvironmentSummary, Judgement
from migrate_guard.report.formats import Context
from migrate_guard.report.summary import count, counting, in_baseline, not_checked

VERSION = 1


def render(judgement: Judgement, context: Context) -> str:
    """Return the JSON report."""
    del context
    return json_report(judgement)


def json_report(judgement: Judgement) -> str:
    """Return the whole judgement as one JSON document of ASCII characters, ending in a newline."""
    document = {
        "version": VERSION,
        "findings": [_finding(finding) for finding in judgement.findings],
        "summary": _summary(judgement),
    }
    return json.dumps(document, indent=2) + "\n"


def _finding(finding: Finding) -> dict[str, object]:
    return {
        "rule": finding.rule,
        "family": finding.family,
        "severity": str(finding.severity),
        "confidence": str(finding.confidence),
        "message": finding.message,
        "help": finding.help,
        "path": finding.span.path,
        "line": finding.span.line,
        "column": finding.span.column,
        "end_line": finding.span.end_line,
        "end_column": finding.span.end_column,
        "revision": finding.revision,
        "environment": finding.environment,
        "fingerprint": finding.fingerprint,
        "suppressed": finding.suppressed is not None,
        "in_baseline": finding.recorded,
    }


def _summary(judgement: Judgement) -> dict[str, object]:
    summary = judgement.summary
    findings = counting(judgement.findings)
    return {
        "environments": [_environment(environment) for environment in summary.environments],
        "revisions": summary.revisions,
        "judged": summary.judged,
        "replayed": summary.replayed,
        "operations": summary.operations,
        "opaque": summary.opaque,
        "conditional": summary.conditional,
        "errors": count(findings, Severity.ERROR),
        "warnings": count(findings, Severity.WARNING),
        "infos": count(findings, Severity.INFO),
        "suppressed": len(judgement.findings) - len(findings),
        "in_baseline": in_baseline(judgement.findings),
        "not_checked": list(not_checked(judgement)),
    }


def _environment(environment: EnvironmentSummary) -> dict[str, object]:
    return {
        "name": environment.name,
        "kind": environment.kind,
        "revisions": environment.revisions,
        "judged": environment.judged,
        "heads": list(environment.heads),
        "dialects": list(environment.dialects),
        "dialect_reason": environment.dialect_reason,
    }
