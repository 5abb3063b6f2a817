"""The JUnit report: valid by the schema of Jenkins' plugin, and of the run's own opinion."""

from __future__ import annotations

import xml.etree.ElementTree as ET
from pathlib import Path

import pytest
import xmlschema
from hypothesis import given
from hypothesis import strategies as st

from migrate_guard.finding import Severity
from migrate_guard.judgement import InternalError, Judgement, Summary
from migrate_guard.report import Context
from migrate_guard.report.junit import render
from migrate_guard.report.terminal import visible_line
from migrate_guard.verdict import exit_code
from tests.judgements import JUDGEMENTS, PATH, finding, judgement

SCHEMA = xmlschema.XMLSchema(Path(__file__).parent / "schemas" / "junit-10.xsd")


def suites(made: Judgement, fail_on: Severity | None = Severity.WARNING) -> ET.Element:
    """Return the root of a report that is valid."""
    text = render(made, Context(fail_on=fail_on))
    SCHEMA.validate(text)
    return ET.fromstring(text)


def test_a_file_is_a_suite_and_a_finding_a_test() -> None:
    root = suites(judgement(finding(label="SHARE lock", help="do it"), finding(suppressed="small")))
    whole, file = root

    assert (root.get("tests"), root.get("failures"), root.get("errors")) == ("3", "1", "0")
    assert [case.get("name") for case in whole] == ["check"]
    assert (file.get("name"), file.get("tests"), file.get("failures"), file.get("skipped")) == (
        PATH,
        "2",
        "1",
        "1",
    )
    failed, skipped = file
    assert failed.get("classname") == PATH
    assert failed.get("name") == "index-blocks-writes at line 8, column 5"
    (failure,) = failed
    assert failure.get("type") == "error"
    assert failure.get("message") == "building ix_orders_customer_id blocks writes to orders until it ends"
    assert "^ SHARE lock\n" in (failure.text or "")
    assert "= help: do it" in (failure.text or "")
    assert (skipped[0].tag, skipped[0].get("message")) == ("skipped", "small")


def test_what_does_not_fail_the_run_is_a_passed_test() -> None:
    made = judgement(finding(severity=Severity.INFO))
    _, file = suites(made)

    assert [child.tag for child in file[0]] == ["system-out"]
    assert suites(made, Severity.INFO).get("failures") == "1"
    assert suites(judgement(finding()), None).get("failures") == "0"


def test_what_could_not_be_looked_at_is_an_error() -> None:
    made = Judgement(
        (),
        Summary((), not_checked=("models",)),
        internal_errors=(InternalError("drop-table", "3f2a", "KeyError: 1"),),
        skipped=("billing.ini: no section",),
    )
    root = suites(made)
    check, failed, skipped = root[0]

    assert root.get("errors") == "2"
    assert "not checked: models" in (check[0].text or "").splitlines()
    assert (failed.get("name"), failed[0].get("message")) == ("drop-table on 3f2a", "KeyError: 1")
    assert skipped[0].text == "billing.ini: no section"


@pytest.mark.parametrize("character", ["\x00", "\x0b", "\x1b", "\x85", "\ud800", "\ufffe", "\uffff", "\r"])
def test_what_xml_cannot_hold_is_spelled_out(character: str) -> None:
    _, file = suites(judgement(finding(message=f"a{character}b", label=character, help=character)))

    assert file[0][0].get("message") == "a" + character.encode("unicode_escape").decode() + "b"


@given(JUDGEMENTS, st.sampled_from([None, *Severity]))
def test_every_report_is_valid_and_agrees_with_the_exit_code(
    made: Judgement, fail_on: Severity | None
) -> None:
    root = suites(made, fail_on)
    shown = [
        (case.get("classname"), case[0].get("message"))
        for case in root.iter("testcase")
        if case.find("failure") is not None
    ]

    assert render(made, Context()).isascii()
    assert int(root.get("tests", "")) == 1 + sum(
        map(len, (made.findings, made.internal_errors, made.skipped))
    )
    assert sorted(shown) == sorted(
        (visible_line(one.span.path), visible_line(one.message))
        for one in made.findings
        if one.suppressed is None and fail_on is not None and one.severity >= fail_on
    )
    bad = (root.get("failures"), root.get("errors")) != ("0", "0")
    assert bad is (exit_code(made, fail_on) != 0)
