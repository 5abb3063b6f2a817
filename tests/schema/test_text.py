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
    ],
)
def test_two_spellings_of_the_same_are_equal(one: str, other: str) -> None:
    assert canonical(one) == canonical(other)


@pytest.mark.parametrize(
    ("one", "other"),
    [("'Open'", "'open'"), ("'a b'", "'ab'"), ("(a) > (b)", "a) > (b"), ("10", "1"), ('"A" > 1', "a > 1")],
)
def test_different_things_stay_different(one: str, other: str) -> None:
    assert canonical(one) != canonical(other)


@given(st.text())
def test_no_text_is_refused(text: str) -> None:
    canonical(text)
    identifiers(text, ["a"])
    renamed(text, "a", "b")
