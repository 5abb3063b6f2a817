"""From findings to a verdict: selection, levels, ignore comments, exit codes."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from migrate_guard.config import Config
from migrate_guard.dialect import Dialect
from migrate_guard.finding import Finding, Severity
from migrate_guard.judgement import InternalError, Judgement, Summary
from migrate_guard.rule import ALL_DIALECTS, ProjectRule, Rule, RuleInfo, SuppressionRule
from migrate_guard.rules.suppression.invalid_suppression import invalid_suppression
from migrate_guard.rules.suppression.suppression_without_reason import suppression_without_reason
from migrate_guard.rules.suppression.unused_suppression import unused_suppression
from migrate_guard.span import Span
from migrate_guard.verdict import JudgedFile, decide, exit_code, selected_rules
from tests.judgements import finding

POSTGRESQL = Dialect("postgresql", (15,))
ABOUT_COMMENTS: tuple[SuppressionRule, ...] = (
    invalid_suppression,
    suppression_without_reason,
    unused_suppression,
)


def rule(name: str, family: str, **changes: object) -> Rule:
    """Return a rule that finds nothing by itself."""
    info = RuleInfo(name, family, Severity.ERROR, "It is there.", ALL_DIALECTS)
    return ProjectRule(replace(info, **changes), lambda _: ())  # type: ignore[arg-type]  # real fields


RULES: tuple[Rule, ...] = (
    rule("drop-column", "data-loss"),
    rule("drop-table", "data-loss"),
    rule("index-blocks-writes", "locking", dialects=frozenset({"postgresql"})),
    *ABOUT_COMMENTS,
)


def config(**changes: object) -> Config:
    """Return a configuration with the given fields changed."""
    return replace(Config(Path("/")), **changes)  # type: ignore[arg-type]  # the tests name real fields


def at(line: int, name: str = "drop-table", **changes: object) -> Finding:
    """Return a finding of a rule on one line of the judged file."""
    return finding(rule=name, family="data-loss", span=Span("f.py", line, 1, line, 5), **changes)


def judge(
    text: str, *findings: Finding, dialects: tuple[Dialect, ...] = (POSTGRESQL,), **settings: object
) -> list[Finding]:
    """Return the verdict on findings in a file of that text."""
    file = JudgedFile("f.py", text, "alembic.ini", "3f2a", dialects)
    return list(decide(findings, [file], config(**settings), RULES))


def named(findings: list[Finding]) -> list[str]:
    """Return the names of the rules of the findings that count."""
    return [found.rule for found in findings if found.suppressed is None]


@pytest.mark.parametrize(
    ("select", "ignore", "runs"),
    [
        ((), (), {"drop-column", "drop-table", "index-blocks-writes"}),
        (("data-loss",), (), {"drop-column", "drop-table"}),
        (("drop-table", "locking"), (), {"drop-table", "index-blocks-writes"}),
        ((), ("data-loss",), {"index-blocks-writes"}),
        (("data-loss",), ("drop-table",), {"drop-column"}),
        (("drop-table",), ("data-loss",), {"drop-table"}),
        (("data-loss",), ("data-loss",), set()),
    ],
)
def test_a_rule_runs_by_its_name_first_and_its_family_second(
    select: tuple[str, ...], ignore: tuple[str, ...], runs: set[str]
) -> None:
    chosen = selected_rules(RULES, config(select=select, ignore=(*ignore, "suppression")))

    assert {found.info.name for found in chosen} == runs


def test_findings_of_rules_that_are_not_selected_are_dropped() -> None:
    assert named(judge("", at(1), at(1, "drop-column"), ignore=("drop-table",))) == ["drop-column"]


def test_a_finding_of_no_known_rule_is_kept() -> None:
    assert named(judge("", at(1, "made-up"), select=("drop-table",))) == ["made-up"]


def test_the_users_level_for_a_rule_wins_over_the_one_for_its_family() -> None:
    levels = {"data-loss": Severity.INFO, "drop-table": Severity.WARNING}

    found = judge("", at(1), at(2, "drop-column"), severity=levels)
    assert [f.severity for f in found] == [Severity.WARNING, Severity.INFO]


def test_findings_come_in_the_order_of_their_places_within_their_environment() -> None:
    found = judge("", at(9, environment="b"), at(5, environment="a"), at(2, environment="b"))

    assert [(f.environment, f.span.line) for f in found] == [("b", 2), ("b", 9), ("a", 5)]


def test_a_comment_marks_its_rule_on_its_statement_only() -> None:
    text = "drop(\n  'a',  # migrate-guard: ignore[drop-table] -- archived\n)\ndrop('b')\n"

    found = judge(text, at(1), at(1, "drop-column"), at(4))
    assert [(f.rule, f.span.line, f.suppressed) for f in found] == [
        ("drop-column", 1, None),
        ("drop-table", 1, "archived"),
        ("drop-table", 4, None),
    ]


def test_without_a_reason_the_line_of_the_comment_is_the_reason() -> None:
    (found,) = judge("# migrate-guard: ignore[drop-table]\ndrop()\n", at(2))

    assert found.suppressed == "ignored in line 1"


def test_a_comment_for_the_file_marks_every_line() -> None:
    found = judge("# migrate-guard: ignore-file[drop-table] -- old\n\ndrop()\ndrop()\n", at(3), at(4))

    assert [f.suppressed for f in found] == ["old", "old"]


def test_a_finding_that_is_suppressed_already_keeps_its_reason() -> None:
    text = "drop()  # migrate-guard: ignore[drop-table] -- comment\n"
    kept, unused = judge(text, at(1, suppressed="baseline"))

    assert (kept.suppressed, unused.rule) == ("baseline", "unused-suppression")


def test_a_comment_that_silences_nothing_is_a_finding() -> None:
    (found,) = judge("x = 1\ndrop()  # migrate-guard: ignore[drop-table] -- why\n")

    assert (found.rule, found.severity, found.revision) == ("unused-suppression", Severity.WARNING, "3f2a")
    assert found.span == Span("f.py", 2, 9, 2, 51)
    assert "drop-table finds nothing in this statement" in found.message


@pytest.mark.parametrize(
    ("dialects", "settings"),
    [
        pytest.param((), {}, id="only-replayed"),
        pytest.param((Dialect("sqlite"),), {}, id="another-database"),
        pytest.param((POSTGRESQL,), {"ignore": ("locking",)}, id="not-selected"),
        pytest.param((POSTGRESQL,), {"ignore": ("unused-suppression",)}, id="not-asked"),
    ],
)
def test_a_comment_whose_rule_did_not_look_is_not_unused(
    dialects: tuple[Dialect, ...], settings: dict[str, object]
) -> None:
    text = "index()  # migrate-guard: ignore[index-blocks-writes] -- small\n"

    assert judge(text, dialects=(POSTGRESQL,)) != []
    assert judge(text, dialects=dialects, **settings) == []


def test_a_file_of_two_environments_is_read_once() -> None:
    text = "index()  # migrate-guard: ignore[index-blocks-writes]\n"
    files = [
        JudgedFile("f.py", text, "a.ini", "1", (Dialect("sqlite"),)),
        JudgedFile("f.py", text, "b.ini", "1", (POSTGRESQL,)),
    ]

    found = decide([at(1, "index-blocks-writes", environment="b.ini")], files, config(), RULES)
    assert [(f.rule, f.suppressed) for f in found] == [("index-blocks-writes", "ignored in line 1")]
    assert [f.rule for f in decide([], files, config(), RULES)] == ["unused-suppression"]


@pytest.mark.parametrize(
    ("comment", "message", "help_text"),
    [
        ("ignore", "it names no rule, and migrate-guard never ignores all of them", "ignore[rule-name]"),
        ("ignore[drop-tabel]", "there is no rule drop-tabel", "did you mean drop-table?"),
        ("ignore[zzz]", "there is no rule zzz", "`migrate-guard rules` lists them"),
        (
            "ignore[data-loss]",
            "data-loss is a family; a comment names single rules",
            "drop-column, drop-table",
        ),
        ("ignore[unused-suppression]", "cannot be ignored by one", 'ignore = ["unused-suppression"]'),
    ],
)
def test_a_comment_that_cannot_mean_what_it_says_is_an_error(
    comment: str, message: str, help_text: str
) -> None:
    (found,) = judge(f"drop()  # migrate-guard: {comment}\n")

    assert (found.rule, found.severity) == ("invalid-suppression", Severity.ERROR)
    assert message in found.message
    assert help_text in (found.help or "")


def test_comments_of_a_file_that_is_only_replayed_silence_and_are_not_judged() -> None:
    text = "drop()  # migrate-guard: ignore[drop-table, drop-tabel]\nmore()  # migrate-guard: ignore\n"

    (silenced,) = judge(text, at(1), dialects=())
    assert silenced.suppressed == "ignored in line 1"


def test_a_comment_with_a_fault_still_silences_what_it_names() -> None:
    silenced, faulty = judge("drop()  # migrate-guard: ignore[drop-table] because\n", at(1))

    assert (silenced.suppressed, faulty.rule) == ("ignored in line 1", "invalid-suppression")


def test_reasons_can_be_required() -> None:
    text = "drop()  # migrate-guard: ignore[drop-table]\nmore()  # migrate-guard: ignore[drop-table] -- why\n"

    assert named(judge(text, at(1), at(2))) == []
    assert named(judge(text, at(1), at(2), require_reasons=True)) == ["suppression-without-reason"]


def test_fingerprints_of_two_comments_differ() -> None:
    text = "a()  # migrate-guard: ignore[drop-table]\nb()  # migrate-guard: ignore[drop-table]\n"

    first, second = judge(text)
    assert first.fingerprint != second.fingerprint
    assert [f.fingerprint for f in judge("\n\n" + text)] == [first.fingerprint, second.fingerprint]


@given(st.lists(st.tuples(st.integers(0, 5), st.sampled_from(["drop-table", "drop-column"])), max_size=8))
def test_a_comment_per_finding_leaves_none_and_removing_it_brings_it_back(
    places: list[tuple[int, str]],
) -> None:
    bare = [f"op{number}(" + "\n  1,\n)" for number in range(6)]
    commented = list(bare)
    for number, name in dict.fromkeys(places):
        commented[number] = f"# migrate-guard: ignore[{name}] -- why\n{commented[number]}"

    def where(text: list[str]) -> list[Finding]:
        joined = "\n".join(text).splitlines()
        starts = [i for i, line in enumerate(joined, 1) if line.startswith("op")]
        return [at(starts[number], name) for number, name in dict.fromkeys(places)]

    assert named(judge("\n".join(commented), *where(commented))) == []
    assert sorted(named(judge("\n".join(bare), *where(bare)))) == sorted(
        name for _, name in dict.fromkeys(places)
    )


@pytest.mark.parametrize(
    ("severities", "fail_on", "code"),
    [
        ([], Severity.INFO, 0),
        ([Severity.WARNING], Severity.WARNING, 1),
        ([Severity.WARNING], Severity.ERROR, 0),
        ([Severity.INFO, Severity.ERROR], Severity.ERROR, 1),
        ([Severity.ERROR], None, 0),
    ],
)
def test_the_exit_code_is_a_comparison(
    severities: list[Severity], fail_on: Severity | None, code: int
) -> None:
    made = Judgement(tuple(finding(severity=severity) for severity in severities), Summary(()))

    assert exit_code(made, fail_on) == code


def test_suppressed_findings_do_not_fail() -> None:
    assert exit_code(Judgement((finding(suppressed="why"),), Summary(())), Severity.INFO) == 0


def test_a_failed_rule_is_never_a_pass() -> None:
    made = Judgement((), Summary(()), {}, (InternalError("drop-table", "3f2a", "KeyError"),))

    assert exit_code(made, None) == 2
