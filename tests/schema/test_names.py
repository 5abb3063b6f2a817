"""Names that servers choose: the rules themselves. The oracle compares them with real servers."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from migrate_guard.schema.names import (
    choose_name,
    clip,
    fit,
    index_columns,
    key_name,
    numbered_name,
    object_name,
)


def test_a_name_that_fits_is_put_together() -> None:
    assert object_name("users", "email", "key") == "users_email_key"
    assert object_name("users", "", "pkey") == "users_pkey"
    assert object_name("users", "email", "") == "users_email"


def test_the_longer_part_is_shortened_first() -> None:
    name = object_name("t" * 10, "c" * 70, "key")
    assert name == "t" * 10 + "_" + "c" * 48 + "_key"
    assert len(name) == 63
    both = object_name("t" * 80, "c" * 80, "fkey")
    assert both == "t" * 29 + "_" + "c" * 28 + "_fkey"


def test_a_character_is_never_cut_in_half() -> None:
    assert clip("äöü", 3) == "ä"
    assert fit("ü" * 40, "postgresql") == "ü" * 31
    assert fit("ü" * 40, "mysql") == "ü" * 40


@given(st.text(max_size=90), st.text(max_size=90), st.sampled_from(["", "key", "fkey12"]))
def test_a_made_name_always_fits(first: str, second: str, label: str) -> None:
    assert len(object_name(first, second, label).encode("utf-8", "surrogatepass")) <= 63


def test_a_taken_name_gets_a_number() -> None:
    taken = {"t_c_key", "t_c_key1"}
    assert choose_name("t", ("c",), "key", taken.__contains__) == "t_c_key2"


def test_repeated_index_columns_are_numbered() -> None:
    assert index_columns(["a", "expr", "expr", "a"]) == ("a", "expr", "expr1", "a1")


@pytest.mark.parametrize(
    ("taken", "name"),
    [(set(), "email"), ({"email"}, "email_2"), ({"email", "email_2"}, "email_3")],
)
def test_mysql_names_a_key_after_its_first_column(taken: set[str], name: str) -> None:
    assert key_name("email", taken) == name


def test_mysql_counts_on_from_the_highest_number() -> None:
    assert numbered_name("t_ibfk_", []) == "t_ibfk_1"
    assert numbered_name("t_ibfk_", ["t_ibfk_7", "other", "t_ibfk_x"]) == "t_ibfk_8"
