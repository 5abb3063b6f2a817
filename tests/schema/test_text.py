"""What SQL text names, and how it compares."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from migrate_guard.schema.text import canonical, identifiers, mentions, renamed


def test_names_in_literals_are_no_identifiers() -> None:
    assert identifiers("a > 1 AND b <> 'c' OR \"c d\" = 1", ["a", "b", "c", "c d"]) == ("a", "b", "c d")


def test_unquoted_names_match_in_any_case_quoted_ones_do_not() -> None:
    assert mentions("LENGTH(Email) > 3", "email")
    assert not mentions('"Email" > 3', "email")


def test_a_renamed_column_is_renamed_as_an_identifier_only() -> None:
    assert (
        renamed("state <> 'state' and \"state\" > 1", "state", "phase")
        == "phase <> 'state' and \"phase\" > 1"
    )
    assert renamed("state > 1", "state", "Phase") == '"Phase" > 1'


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("(a > 0)", "a>0"),
        ("((a > 0))", "A > 0"),
        ("'open'::character varying", "'open'"),
        ("'open'::ticket_state", "'open'"),
        ("'{}'::text[]", "'{}'"),
        ("'0'", "0"),
        ("0.00", "0"),
        ("-1", "'-1'"),
        ("CURRENT_TIMESTAMP", "now()"),
        ("current_timestamp()", "now()"),
        ("true", "1"),
        ("`a` > 1", "a > 1"),
        ("((state)::text = 'x'::text) AND (auto = true)", "state = 'x' AND auto = true"),
        ("(((a)::text = 'x'::text) AND (b IS NOT NULL))", "a = 'x' AND b IS NOT NULL"),
        ("(a OR b) OR c", "a OR b OR c"),
        ("((a AND b) OR c)", "a AND b OR c"),
        ("NOT ((a = 1) AND (b = 2))", "NOT (a = 1 AND b = 2)"),
        (
            "(a)::text = ANY ((ARRAY['x'::character varying, 'y'::character varying])::text[])",
            "a IN ('x', 'y')",
        ),
        ("a <> ALL (ARRAY[1, 2])", "a NOT IN (1, 2)"),
        ("a = 'x'", "a IN ('x')"),
        ("a != 1", "a <> 1"),
        ("lower((name)::text)", "lower(name)"),
        ("COALESCE(((a ->> 'b'::text))::bigint, (0)::bigint)", "coalesce(a ->> 'b', 0)"),
        ("((a >= 1) AND (a <= 2)) OR (a IS NULL)", "a >= 1 AND a <= 2 OR a IS NULL"),
        ("((a >= 1) AND (a <= 9))", "a BETWEEN 1 AND 9"),
        ("(((a < 1) OR (a > 9)) AND c)", "a NOT BETWEEN 1 AND 9 AND c"),
        ("(NOT ((a >= 1) AND (a <= 9)))", "NOT a BETWEEN 1 AND 9"),
        ("((b > 0) AND ((a >= (b + 1)) AND (a <= c)) AND d)", "b > 0 AND a BETWEEN b + 1 AND c AND d"),
        ("(((a * 2))::numeric < (100)::numeric)", "a * 2 < 100"),
        ("(((a - b) - c) > 1)", "a - b - c > 1"),
        ("((a || 'x'::text) = b)", "a || 'x' = b"),
    ],
)
def test_two_spellings_of_the_same_are_equal(one: str, other: str) -> None:
    assert canonical(one) == canonical(other)


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("'Open'", "'open'"),
        ("'a b'", "'ab'"),
        ("(a) > (b)", "a) > (b"),
        ("(a OR b) AND c", "a OR b AND c"),
        ("NOT (a AND b)", "NOT a AND b"),
        ("a BETWEEN 1 AND 2", "a BETWEEN 1 OR 2"),
        ("f(a)", "fa"),
        ("(a + b) * c", "a + b * c"),
        ("a IN ('x', 'y')", "a = 'x'"),
        ("a = ANY (b)", "a = b"),
        ("(a, b) IN ((1, 2))", "(a, b) IN ((1, 3))"),
        ("a >= 1", "a <= 1"),
        ("10", "1"),
        ('"A" > 1', "a > 1"),
        ("a - (b - c)", "a - b - c"),
        ("a * (b + c)", "a * b + c"),
        ("a BETWEEN 1 AND 2", "a BETWEEN 1 AND 3"),
        ("f (a) + b", "f (a + b)"),
    ],
)
def test_different_things_stay_different(one: str, other: str) -> None:
    assert canonical(one) != canonical(other)


@given(st.text() | st.text("() ab'andornot=<>[],"))
def test_no_text_is_refused(text: str) -> None:
    canonical(text)
    identifiers(text, ["a"])
    renamed(text, "a", "b")
