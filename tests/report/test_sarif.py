"""The SARIF report: valid by its schema, and as GitHub takes it."""

from __future__ import annotations

import json
import re
from pathlib import Path
from typing import Any
from urllib.parse import unquote

import jsonschema
import pytest
from hypothesis import given

from migrate_guard.explain import page
from migrate_guard.finding import Confidence, Finding, Related, Severity
from migrate_guard.judgement import InternalError, Judgement, Summary
from migrate_guard.report import Context
from migrate_guard.report.sarif import LONGEST_DESCRIPTION, MOST_RELATED, MOST_RESULTS, render
from migrate_guard.report.terminal import visible
from migrate_guard.span import Span, whole_line
from tests.judgements import JUDGEMENTS, PATH, finding, judgement

SCHEMA = json.loads((Path(__file__).parent / "schemas" / "sarif-2.1.0.json").read_text(encoding="utf-8"))
PLAIN = Context()
VALIDATOR = jsonschema.Draft202012Validator(SCHEMA)


def run_of(made: Judgement, context: Context = PLAIN) -> Any:
    """Return the one run of a report that is valid."""
    document = json.loads(render(made, context))
    VALIDATOR.validate(document)
    (run,) = document["runs"]
    return run


def result_of(one: Finding, context: Context = PLAIN) -> Any:
    """Return the result of a report about one finding."""
    (result,) = run_of(judgement(one), context)["results"]
    return result


def test_a_result_is_what_the_finding_is() -> None:
    made = finding(help="build it\nconcurrently", notes=("it has rows",))

    assert result_of(made) == {
        "ruleId": "index-blocks-writes",
        "ruleIndex": 0,
        "level": "error",
        "message": {
            "text": "building ix_orders_customer_id blocks writes to orders until it ends"
            "\n\nbuild it\nconcurrently\n\nit has rows"
        },
        "locations": [
            {
                "physicalLocation": {
                    "artifactLocation": {"uri": PATH, "uriBaseId": "%SRCROOT%"},
                    "region": {"startLine": 8, "endLine": 8, "startColumn": 5, "endColumn": 72},
                }
            }
        ],
        "partialFingerprints": {"migrateGuard/v1": made.fingerprint},
        "properties": {"confidence": "certain", "environment": "alembic.ini", "revision": "3f2a"},
    }


@pytest.mark.parametrize(
    ("severity", "level"),
    [(Severity.ERROR, "error"), (Severity.WARNING, "warning"), (Severity.INFO, "note")],
)
def test_severities_are_levels(severity: Severity, level: str) -> None:
    assert result_of(finding(severity=severity))["level"] == level


def test_a_rule_has_its_page_and_its_own_level() -> None:
    made = judgement(finding(severity=Severity.INFO), finding(rule="truncate", family="data-loss"))
    run = run_of(made, Context(page=page))
    rules = run["tool"]["driver"]["rules"]

    assert [rule["id"] for rule in rules] == ["index-blocks-writes", "truncate"]
    assert [rule.get("name") for rule in rules] == ["IndexBlocksWrites", None]
    assert [rules[result["ruleIndex"]]["id"] for result in run["results"]] == [
        result["ruleId"] for result in run["results"]
    ]
    assert rules[0]["help"]["markdown"] == page("index-blocks-writes")
    assert rules[0]["shortDescription"]["text"].startswith("`CREATE INDEX` without `CONCURRENTLY`")
    assert rules[0]["defaultConfiguration"] == {"level": "error"}
    assert rules[0]["helpUri"].endswith("/rules/locking/index-blocks-writes.md")
    assert rules[0]["properties"] == {"tags": ["locking"]}


def test_a_suppressed_finding_is_marked() -> None:
    assert result_of(finding(suppressed="small"))["suppressions"] == [
        {"kind": "inSource", "justification": "small"}
    ]
    assert result_of(finding(suppressed=""))["suppressions"] == [{"kind": "inSource"}]
    assert "suppressions" not in result_of(finding())


def test_a_related_place_is_linked_from_the_message() -> None:
    related = Related("orders [old] is {0} here", Span("a.py", 21, 5, 21, 9))
    result = result_of(finding(message="m", related=(related,)))

    assert result["message"]["text"] == "m\n\n[orders \\[old\\] is {{0}} here](1)"
    (place,) = result["relatedLocations"]
    assert place["id"] == 1
    assert place["physicalLocation"]["artifactLocation"]["uri"] == "a.py"


def test_what_would_be_a_link_or_a_placeholder_is_none() -> None:
    assert result_of(finding(message="see [a](1), {0} and {x}"))["message"]["text"] == (
        "see [a] (1), {{0}} and {x}"
    )


@pytest.mark.parametrize(
    ("path", "prefix", "artifact"),
    [
        ("a b/ü%.py", "", {"uri": "a%20b/%C3%BC%25.py", "uriBaseId": "%SRCROOT%"}),
        ("../m/a.py", "services/billing/", {"uri": "services/m/a.py", "uriBaseId": "%SRCROOT%"}),
        ("C:\\m\\a b.py", "x/", {"uri": "file:///C:/m/a%20b.py"}),
        ("/m/a.py", "x/", {"uri": "file:///m/a.py"}),
        ("a:b.py", "", {"uri": "a%3Ab.py", "uriBaseId": "%SRCROOT%"}),
    ],
)
def test_a_path_is_a_uri(path: str, prefix: str, artifact: dict[str, str]) -> None:
    result = result_of(finding(span=Span(path, 1, 1, 1, 2)), Context(prefix=prefix))

    assert result["locations"][0]["physicalLocation"]["artifactLocation"] == artifact


def test_names_that_no_encoding_has_are_reported() -> None:
    result = result_of(finding(message="\udcff", span=Span("\udcff.py", 1, 1, 1, 2)))

    assert result["message"]["text"] == "\\udcff"
    assert result["locations"][0]["physicalLocation"]["artifactLocation"]["uri"].endswith(".py")


def test_a_place_without_a_column_is_a_line() -> None:
    result = result_of(finding(span=whole_line("alembic.ini", 3)))

    assert result["locations"][0]["physicalLocation"]["region"] == {"startLine": 3, "endLine": 3}


def test_what_was_not_looked_at_is_told() -> None:
    made = Judgement(
        (),
        Summary((), opaque=1, not_checked=("models",)),
        internal_errors=(InternalError("drop-table", "3f2a", "KeyError: 1"),),
        skipped=("billing.ini: no section",),
    )
    (invocation,) = run_of(made)["invocations"]

    assert invocation["executionSuccessful"] is False
    assert [one["message"]["text"] for one in invocation["toolExecutionNotifications"]] == [
        "internal error: drop-table on 3f2a: KeyError: 1",
        "not checked: billing.ini: no section",
    ]
    assert [one["message"]["text"] for one in invocation["toolConfigurationNotifications"]] == [
        "not checked: models",
        "1 operation not analysed",
    ]
    assert run_of(judgement())["invocations"][0]["executionSuccessful"] is True


def test_no_more_results_than_github_takes() -> None:
    suppressed = [finding(suppressed="why")] * 2
    many = [finding(severity=Severity.INFO)] * MOST_RESULTS
    made = judgement(*suppressed, *many, finding(confidence=Confidence.POSSIBLE))
    run = json.loads(render(made, PLAIN))["runs"][0]

    assert len(run["results"]) == MOST_RESULTS
    assert run["results"][0]["level"] == "error"
    assert not any("suppressions" in result for result in run["results"])
    told = run["invocations"][0]["toolConfigurationNotifications"][-1]
    assert told == {"level": "warning", "message": {"text": "3 results left out"}}


@given(JUDGEMENTS)
def test_every_report_is_valid_and_as_github_wants_it(made: Judgement) -> None:
    report = render(made, PLAIN)
    run = run_of(made)
    rules = run["tool"]["driver"]["rules"]

    assert report.isascii()
    assert len(run["results"]) == len(made.findings)
    assert all(len(rule["fullDescription"]["text"]) <= LONGEST_DESCRIPTION for rule in rules)
    for result in run["results"]:
        related = result.get("relatedLocations", [])
        assert result["message"]["text"].strip()
        assert rules[result["ruleIndex"]]["id"] == result["ruleId"]
        assert len(related) <= MOST_RELATED
        links = re.findall(r"(?<!\\)(?:\\\\)*\]\((\d+)\)", result["message"]["text"])
        assert links == [str(place["id"]) for place in related]
        assert not re.search(r"(?<!\{)\{\d+\}", result["message"]["text"])
        for place in [*result["locations"], *related]:
            assert re.fullmatch(
                r"[\w.~%/:-]+", place["physicalLocation"]["artifactLocation"]["uri"], re.ASCII
            )
    relative = [uri for uri in map(_uri, run["results"]) if not uri.startswith("file:")]
    assert {unquote(uri) for uri in relative} <= {found.span.path for found in made.findings}


def _uri(result: Any) -> str:
    uri: str = result["locations"][0]["physicalLocation"]["artifactLocation"]["uri"]
    return uri


@given(JUDGEMENTS)
def test_no_control_character_is_let_through(made: Judgement) -> None:
    for result in run_of(made)["results"]:
        assert visible(result["message"]["text"]) == result["message"]["text"]
