"""The Code Quality report of GitLab."""

from __future__ import annotations

import json
from typing import Any

import jsonschema
import pytest
from hypothesis import given

from migrate_guard.finding import Severity
from migrate_guard.judgement import Judgement
from migrate_guard.report import Context
from migrate_guard.report.gitlab import render
from migrate_guard.span import Span
from tests.judgements import JUDGEMENTS, PATH, finding, judgement

# GitLab's manual, "Code Quality report format"; GitLab itself checks no more than the types.
SCHEMA = {
    "type": "array",
    "items": {
        "type": "object",
        "required": ["description", "check_name", "fingerprint", "severity", "location"],
        "additionalProperties": False,
        "properties": {
            "description": {"type": "string", "minLength": 1},
            "check_name": {"type": "string", "minLength": 1},
            "fingerprint": {"type": "string", "minLength": 1},
            "severity": {"enum": ["info", "minor", "major", "critical", "blocker"]},
            "location": {
                "type": "object",
                "required": ["path", "lines"],
                "properties": {
                    "path": {"type": "string", "minLength": 1},
                    "lines": {
                        "type": "object",
                        "required": ["begin"],
                        "properties": {"begin": {"type": "integer", "minimum": 1}},
                    },
                },
            },
        },
    },
}
VALIDATOR = jsonschema.Draft202012Validator(SCHEMA)


def issues(made: Judgement, prefix: str = "") -> Any:
    """Return the issues of a report that is valid."""
    found = json.loads(render(made, Context(prefix=prefix)))
    VALIDATOR.validate(found)
    return found


def test_an_issue_is_what_the_finding_is() -> None:
    made = finding(message="two\nlines")

    assert issues(judgement(made, finding(suppressed="small")), "services/") == [
        {
            "check_name": "index-blocks-writes",
            "description": "index-blocks-writes: two lines",
            "fingerprint": made.fingerprint,
            "severity": "critical",
            "location": {"path": f"services/{PATH}", "lines": {"begin": 8}},
        }
    ]
    assert render(judgement(), Context()) == "[]\n"


@pytest.mark.parametrize(
    ("severity", "shown"),
    [(Severity.ERROR, "critical"), (Severity.WARNING, "major"), (Severity.INFO, "info")],
)
def test_severities_are_those_of_gitlab(severity: Severity, shown: str) -> None:
    assert issues(judgement(finding(severity=severity)))[0]["severity"] == shown


def test_names_that_no_encoding_has_are_spelled_out() -> None:
    (issue,) = issues(judgement(finding(message="\udcff\x1b", span=Span("\udcff", 1, 1, 1, 2))))

    assert issue["description"] == "index-blocks-writes: \\udcff\\x1b"
    assert issue["location"]["path"] == "\\udcff"


@given(JUDGEMENTS)
def test_every_report_is_valid_and_loses_nothing(made: Judgement) -> None:
    twice = Judgement((*made.findings, *made.findings), made.summary)
    found = issues(twice)

    assert render(made, Context()).isascii()
    assert len(found) == sum(one.suppressed is None for one in twice.findings)
    assert len({issue["fingerprint"] for issue in found}) == len(found)
    assert [issue["location"]["lines"]["begin"] for issue in found] == [
        one.span.line for one in twice.findings if one.suppressed is None
    ]
