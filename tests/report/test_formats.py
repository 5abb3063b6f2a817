"""The reports that programs read."""

from __future__ import annotations

import json
import re
from collections import Counter
from pathlib import Path

import jsonschema
import pytest
from hypothesis import given

import migrate_guard.report
from migrate_guard.finding import Severity
from migrate_guard.judgement import InternalError, Judgement, Summary
from migrate_guard.report.concise import concise
from migrate_guard.report.github import LIMIT, github
from migrate_guard.report.json_report import json_report
from migrate_guard.report.terminal import visible
from migrate_guard.span import Span
from tests.judgements import JUDGEMENTS, PATH, finding, judgement

SCHEMA = json.loads(
    (Path(migrate_guard.report.__file__).parent / "report-v1.schema.json").read_text(encoding="utf-8")
)
VALIDATOR = jsonschema.Draft202012Validator(SCHEMA)
COMMAND = re.compile(r"::(error|warning|notice) ([^:]*)::(.*)")


def unescape(text: str) -> str:
    """Undo GitHub's escapes as its runner does (ActionCommand.cs): `%25` comes last."""
    for code, character in (("%0D", "\r"), ("%0A", "\n"), ("%3A", ":"), ("%2C", ","), ("%25", "%")):
        text = text.replace(code, character)
    return text


def test_concise_is_one_line_per_finding_that_counts() -> None:
    made = judgement(
        finding(), finding(suppressed="why"), finding(message="two\nlines", severity=Severity.INFO)
    )

    assert concise(made) == (
        f"{PATH}:8:5: error[index-blocks-writes] "
        "building ix_orders_customer_id blocks writes to orders until it ends\n"
        f"{PATH}:8:5: info[index-blocks-writes] two lines\n"
    )


@given(JUDGEMENTS)
def test_every_concise_line_has_the_form(made: Judgement) -> None:
    lines = concise(made).splitlines()

    assert len(lines) == sum(found.suppressed is None for found in made.findings)
    assert all(re.fullmatch(r".+:\d+:\d+: (error|warning|info)\[[a-z-]+\] .*", line) for line in lines)


def test_json_holds_the_finding_and_the_counts() -> None:
    made = judgement(
        finding(help="do it"), finding(severity=Severity.WARNING, suppressed="small", revision=None)
    )

    document = json.loads(json_report(made))
    assert document["version"] == 1
    assert document["findings"][0] == {
        "rule": "index-blocks-writes",
        "family": "locking",
        "severity": "error",
        "confidence": "certain",
        "message": "building ix_orders_customer_id blocks writes to orders until it ends",
        "help": "do it",
        "path": PATH,
        "line": 8,
        "column": 5,
        "end_line": 8,
        "end_column": 72,
        "revision": "3f2a",
        "environment": "alembic.ini",
        "fingerprint": "3f2f268e83d740ab",
        "suppressed": False,
        "in_baseline": False,
    }
    assert document["findings"][1]["suppressed"] is True
    summary = document["summary"]
    assert (summary["errors"], summary["warnings"], summary["infos"]) == (1, 0, 0)
    assert (summary["suppressed"], summary["in_baseline"]) == (1, 0)
    assert (summary["revisions"], summary["judged"], summary["replayed"]) == (215, 3, 212)
    assert summary["not_checked"] == ["models (no --models)", "database (no --database-url)"]


def test_json_says_which_rule_failed() -> None:
    made = Judgement((), Summary(()), {}, (InternalError("drop-table", "3f2a", "KeyError"),))

    assert json.loads(json_report(made))["summary"]["not_checked"] == ["drop-table on 3f2a (it failed)"]


@given(JUDGEMENTS)
def test_every_json_report_is_valid_and_ascii(made: Judgement) -> None:
    report = json_report(made)

    assert report.isascii()
    VALIDATOR.validate(json.loads(report))


def test_the_schema_is_strict() -> None:
    jsonschema.Draft202012Validator.check_schema(SCHEMA)
    document = json.loads(json_report(judgement(finding())))
    broken = []
    for change in ({"severity": "fatal"}, {"line": 0}, {"column": "1"}, {"extra": 1}, {"suppressed": None}):
        changed = {**document, "findings": [{**document["findings"][0], **change}]}
        broken.append(VALIDATOR.is_valid(changed))
    for field in document["findings"][0]:
        less = {key: value for key, value in document["findings"][0].items() if key != field}
        broken.append(VALIDATOR.is_valid({**document, "findings": [less]}))

    assert not any(broken)


def test_an_annotation_has_its_place_title_and_help() -> None:
    made = judgement(finding(help="build it\nconcurrently", notes=("100% sure",)))

    assert github(made, "services/") == (
        f"::error file=services/{PATH},line=8,endLine=8,col=5,endColumn=72,title=index-blocks-writes::"
        "building ix_orders_customer_id blocks writes to orders until it ends"
        "%0A%0Abuild it%0Aconcurrently%0A%0A100%25 sure\n"
    )


@pytest.mark.parametrize(
    ("path", "prefix", "shown"),
    [
        ("migrations/a.py", "", "migrations/a.py"),
        ("migrations/a.py", "services/billing/", "services/billing/migrations/a.py"),
        ("../migrations/a.py", "services/billing/", "services/migrations/a.py"),
        ("/elsewhere/a.py", "services/billing/", "/elsewhere/a.py"),
        ("D:/elsewhere/a.py", "services/billing/", "D%3A/elsewhere/a.py"),
    ],
)
def test_an_annotation_counts_its_path_from_the_root(path: str, prefix: str, shown: str) -> None:
    made = judgement(finding(span=Span(path, 3, 1, 3, 2)))
    assert f"file={shown},line=3" in github(made, prefix)


def test_an_annotation_over_several_lines_has_no_columns() -> None:
    assert (
        "col" not in github(judgement(finding(span=Span("a.py", 8, 5, 9, 2), message="m", rule="r"))).lower()
    )


def test_annotations_stop_at_the_limit_and_the_rest_is_listed() -> None:
    many = [finding(severity=level) for level in (Severity.INFO, Severity.WARNING, Severity.ERROR)] * (
        LIMIT + 2
    )

    lines = github(judgement(*many)).splitlines()
    kinds = [match[1] for line in lines if (match := COMMAND.fullmatch(line))]
    assert kinds == ["error"] * LIMIT + ["warning"] * LIMIT + ["notice"] * LIMIT
    assert len(lines) == 3 * (LIMIT + 2) + 1
    assert lines[-1] == "6 more, listed above: GitHub shows 10 annotations of a kind per step."


@given(JUDGEMENTS)
def test_annotations_let_no_control_character_through(made: Judgement) -> None:
    assert all(character.isprintable() or character == "\t" for character in github(made).replace("\n", ""))


@given(JUDGEMENTS)
def test_annotations_survive_their_escapes(made: Judgement) -> None:
    counting = [found for found in made.findings if found.suppressed is None]
    lines = github(made).split("\n")
    commands = [match for line in lines if (match := COMMAND.fullmatch(line))]
    limited = sum(min(number, LIMIT) for number in Counter(found.severity for found in counting).values())

    assert len(commands) == limited
    assert lines[-1] == ""
    shown = Counter(_place_and_first_line(match) for match in commands)
    expected = Counter(
        (visible(found.span.path), visible(_first_line(found.message, found.help, *found.notes)))
        for found in counting
    )
    assert not shown - expected


def _place_and_first_line(command: re.Match[str]) -> tuple[str, str]:
    properties = dict(part.split("=", 1) for part in command[2].split(","))
    return unescape(properties["file"]), unescape(command[3]).split("\n")[0]


def _first_line(*parts: str | None) -> str:
    return next((part for part in parts if part), "").split("\n")[0]


def test_what_is_listed_cannot_be_a_command() -> None:
    many = [finding(span=Span("::warning::x", 1, 1, 1, 1), message="##[error]boo")] * (LIMIT + 1)

    listed = github(judgement(*many)).splitlines()[-2]
    assert listed == "- ::warning::x:1:1: error[index-blocks-writes] ## [error]boo"
