"""A pattern is compiled when it is used, and then behaves as what `re.compile` returns."""

from __future__ import annotations

import re

import pytest

from migrate_guard.pattern import pattern


def test_a_pattern_finds_what_re_finds() -> None:
    word = pattern(r"\bcat\b", re.IGNORECASE)

    assert word.findall("Cat, cats, cat") == ["Cat", "cat"]
    assert word.search("cats") is None
    assert word.pattern == r"\bcat\b"


def test_bytes_are_searched_by_a_pattern_of_bytes() -> None:
    assert pattern(rb"\d+").sub(b"n", b"a1b22") == b"anbn"


def test_a_wrong_pattern_is_an_error_when_it_is_used() -> None:
    wrong = pattern("(")

    with pytest.raises(re.error):
        wrong.search("")
