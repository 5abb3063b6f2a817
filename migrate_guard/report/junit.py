"""The JUnit report: what CI servers show beside the tests.

There is no standard; this keeps to what the schema of Jenkins' xUnit plugin (`junit-10.xsd`) allows. As in
the reports of other linters, a file is a suite and a finding in it a test.
"""

from __future__ import annotations

import xml.etree.ElementTree as ET  # writes only
from collections.abc import Iterable, Sequence

from migrate_guard.finding import Finding
from migrate_guard.judgement import Judgement
from migrate_guard.report.formats import Context
from migrate_guard.report.summary import not_checked, outcome
from migrate_guard.report.terminal import visible, visible_line
from migrate_guard.report.text import finding_block

_NAME = "migrate-guard"
_RESULTS = ("failure", "error", "skipped")


def render(judgement: Judgement, context: Context) -> str:
    """Return an XML document of ASCII characters, ending in a newline.

    A finding is a failed test if it fails the run, a passed one with an output below that, and a skipped one
    if it is suppressed. What could not be looked at is a test with an error. The first suite has one test
    for the whole run, so that there is always one.
    """
    suites = [_suite(_NAME, [_whole_run(judgement), *_errors(judgement)])]
    cases: dict[str, list[ET.Element]] = {}
    for finding in judgement.findings:
        cases.setdefault(finding.span.path, []).append(_case(finding, judgement, context))
    suites += [_suite(path, own) for path, own in cases.items()]
    root = ET.Element("testsuites", name=_NAME)
    for name in ("tests", "failures", "errors"):
        root.set(name, str(sum(int(suite.get(name, "0")) for suite in suites)))
    root.extend(suites)
    ET.indent(root)
    written: bytes = ET.tostring(root, encoding="us-ascii", xml_declaration=True)
    return written.decode("ascii") + "\n"


def _suite(name: str, cases: Sequence[ET.Element]) -> ET.Element:
    numbers = {kind: sum(case.find(kind) is not None for case in cases) for kind in _RESULTS}
    suite = ET.Element("testsuite", name=visible_line(name), tests=str(len(cases)))
    suite.set("failures", str(numbers["failure"]))
    suite.set("errors", str(numbers["error"]))
    suite.set("skipped", str(numbers["skipped"]))
    suite.extend(cases)
    return suite


def _whole_run(judgement: Judgement) -> ET.Element:
    case = ET.Element("testcase", classname=_NAME, name="check")
    lines = [outcome(judgement), *(f"not checked: {what}" for what in not_checked(judgement))]
    ET.SubElement(case, "system-out").text = "\n".join(visible_line(line) for line in lines)
    return case


def _errors(judgement: Judgement) -> Iterable[ET.Element]:
    """Go through what could not be looked at: each is reported as an error, and never passes."""
    for error in judgement.internal_errors:
        name = f"{error.rule or 'reading'} on {error.place}"
        yield _erroneous(name, "internal-error", error.error)
    for number, skipped in enumerate(judgement.skipped, 1):
        yield _erroneous(f"skipped {number}", "skipped", skipped)


def _erroneous(name: str, kind: str, message: str) -> ET.Element:
    case = ET.Element("testcase", classname=_NAME, name=visible_line(name))
    ET.SubElement(case, "error", type=kind, message=visible_line(message)).text = visible(message)
    return case


def _case(finding: Finding, judgement: Judgement, context: Context) -> ET.Element:
    span = finding.span
    name = visible_line(f"{finding.rule} at line {span.line}, column {span.column}")
    case = ET.Element("testcase", classname=visible_line(span.path), name=name)
    if finding.suppressed is not None:
        ET.SubElement(case, "skipped", type=finding.rule, message=visible_line(finding.suppressed))
        return case
    body = finding_block(finding, judgement.sources)
    if context.fail_on is not None and finding.severity >= context.fail_on:
        message = visible_line(finding.message)
        ET.SubElement(case, "failure", type=str(finding.severity), message=message).text = body
    else:
        ET.SubElement(case, "system-out").text = body
    return case
