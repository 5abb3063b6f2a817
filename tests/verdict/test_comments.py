"""How ignore comments are read, and which lines they are about."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from migrate_guard.rule import IgnoreComment
from migrate_guard.span import Span
from migrate_guard.verdict.comments import read_comments


def only(text: str) -> IgnoreComment:
    """Return the single comment of a text."""
    (placed,) = read_comments("f.py", text)
    return placed.comment


def test_a_comment_names_rules_and_a_reason() -> None:
    comment = only("x = 1  # migrate-guard: ignore[rule-a, rule-b] -- the table is small, see #123\n")

    assert comment == IgnoreComment(
        Span("f.py", 1, 8, 1, 79), ("rule-a", "rule-b"), reason="the table is small, see #123"
    )


@pytest.mark.parametrize(
    ("written", "rules", "whole_file", "reason"),
    [
        pytest.param("# migrate-guard: ignore[a]", ("a",), False, "", id="no-reason"),
        pytest.param("#migrate-guard:ignore[ a , ]--why", ("a",), False, "why", id="tight"),
        pytest.param("# migrate-guard: ignore-file[a] -- why", ("a",), True, "why", id="file"),
        pytest.param("# migrate-guard: ignore[a]  # noqa: E501", ("a",), False, "", id="before-another"),
        pytest.param("# migrate-guard: ignore[a] #noqa", ("a",), False, "", id="before-a-tight-one"),
        pytest.param("# noqa # migrate-guard: ignore[a] -- why", ("a",), False, "why", id="after-another"),
        pytest.param("# migrate-guard: ignore[a] -- why # noqa", ("a",), False, "why", id="reason-ends"),
    ],
)
def test_spellings(written: str, rules: tuple[str, ...], whole_file: bool, reason: str) -> None:
    comment = only(f"x = 1  {written}\n")

    assert (comment.rules, comment.whole_file, comment.reason) == (rules, whole_file, reason)
    assert not comment.fault


@pytest.mark.parametrize(
    ("written", "fault", "hint"),
    [
        pytest.param("ignore", "names no rule", "ignore[rule-name]", id="bare"),
        pytest.param("ignore[]", "names no rule", "ignore[rule-name]", id="empty"),
        pytest.param("ignore -- why", "names no rule", "ignore[rule-name]", id="bare-with-reason"),
        pytest.param(
            "ignore[a] because", "'because' after the rules", "after `--`", id="reason-without-dashes"
        ),
        pytest.param("ingore[a]", "'ingore' is not something", "did you mean `ignore[…]`?", id="misspelt"),
        pytest.param("ignore_file[a]", "'ignore_file' is not something", "`ignore-file[…]`", id="underscore"),
        pytest.param("", "is not something", "ignore[rule-name]", id="nothing"),
        pytest.param("(ignore)", "is not something", "ignore[rule-name]", id="brackets"),
        pytest.param("ignore[a", "names no rule", "ignore[rule-name]", id="unclosed"),
    ],
)
def test_faults(written: str, fault: str, hint: str) -> None:
    comment = only(f"# migrate-guard: {written}\n")

    assert fault in comment.fault
    assert hint in comment.hint


def test_two_markers_in_one_comment_are_two_comments() -> None:
    text = "x = 1  # migrate-guard: ignore[a] -- one # migrate-guard: ignore[b] -- two\n"

    assert [placed.comment.rules for placed in read_comments("f.py", text)] == [("a",), ("b",)]


def test_a_marker_in_a_string_is_no_comment() -> None:
    assert (
        read_comments("f.py", 'x = "# migrate-guard: ignore[a]"\ny = """\n# migrate-guard: ignore[a]\n"""\n')
        == ()
    )


LINES = """\
# migrate-guard: ignore[above]
op.add_column(
    "users",  # migrate-guard: ignore[inside]
    # migrate-guard: ignore[own-line-inside]
    sa.Column("email"),
)  # migrate-guard: ignore[last]

# migrate-guard: ignore[lonely]

# migrate-guard: ignore[first-of-two]
# Something else.
# migrate-guard: ignore[second-of-two]
op.drop_table("users")
if x:
    # migrate-guard: ignore[in-block]
    op.drop_table("orders")
# migrate-guard: ignore[at-end]
"""


@pytest.mark.parametrize(
    ("rule", "lines"),
    [
        ("above", (2, 6)),
        ("inside", (2, 6)),
        ("own-line-inside", (2, 6)),
        ("last", (2, 6)),
        ("lonely", (8, 8)),
        ("first-of-two", (13, 13)),
        ("second-of-two", (13, 13)),
        ("in-block", (16, 16)),
        ("at-end", (17, 17)),
    ],
)
def test_a_comment_is_about_its_statement_or_the_next(rule: str, lines: tuple[int, int]) -> None:
    found = {placed.comment.rules[0]: placed.lines for placed in read_comments("f.py", LINES)}

    assert found[rule] == lines


def test_a_comment_also_covers_a_finding_around_it() -> None:
    (placed,) = read_comments("f.py", "def upgrade():\n    pass  # migrate-guard: ignore[empty-migration]\n")

    assert placed.covers(Span("f.py", 1, 1, 2, 9))
    assert not placed.covers(Span("f.py", 1, 1, 1, 15))


def test_a_file_that_is_not_python_is_read_as_far_as_it_goes() -> None:
    text = "# migrate-guard: ignore-file[unreadable-revision] -- Python 2\nprint 'x'\nx = (\n"

    assert only(text).rules == ("unreadable-revision",)


@given(st.text(st.sampled_from("#-[] abmigrate-guard:ignore,\n'\"\\(")) | st.text())
def test_no_text_breaks_the_reader(text: str) -> None:
    for placed in read_comments("f.py", "# migrate-guard: " + text):
        assert placed.comment.fault or placed.comment.rules
