"""The file of a baseline: what it holds, and what is said of one that cannot be understood."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from migrate_guard.baseline import VERSION, Baseline, BaselineUse, Entry, entry_of, read, render
from migrate_guard.errors import GuardError
from migrate_guard.finding import identity
from tests.judgements import finding

_TEXT = st.text(max_size=8)
ENTRIES = st.builds(
    Entry,
    _TEXT,
    _TEXT,
    _TEXT,
    _TEXT,
    _TEXT,
    st.lists(st.sampled_from(["sqlite", "postgresql 16"])).map(tuple),
)
ONE = Entry("alembic.ini", "3f2a", "drop-table", "orders", "0123456789abcdef", ("sqlite",))


def written(tmp_path: Path, text: str) -> Baseline:
    """Read a baseline of that text."""
    file = tmp_path / "b.json"
    file.write_bytes(text.encode(errors="surrogatepass"))
    return read(file, "b.json")


@given(entries=st.lists(ENTRIES, max_size=6))
def test_what_is_written_is_read(tmp_path_factory: pytest.TempPathFactory, entries: list[Entry]) -> None:
    unique = {entry.key: entry for entry in entries}
    read_again = written(tmp_path_factory.mktemp("b"), render(entries)).entries

    assert set(read_again) == set(unique.values())
    assert render(reversed(list(unique.values()))) == render(read_again)


def test_one_finding_is_one_line() -> None:
    items = Entry("alembic.ini", "3f2a", "drop-table", "items", "f" * 16)
    lines = render([ONE, items]).splitlines()

    assert lines[:3] == ["{", '  "version": 1,', '  "findings": [']
    assert [json.loads(line.rstrip(",")) for line in lines[3:5]] == json.loads("".join(lines))["findings"]
    assert '"about": "items"' in lines[3]
    assert '"about": "orders"' in lines[4]
    assert lines[5:] == ["  ]", "}"]


def test_a_line_that_both_sides_of_a_merge_kept_counts_once(tmp_path: Path) -> None:
    twice = json.dumps({"version": VERSION, "findings": [json.loads(render([ONE]))["findings"][0]] * 2})

    assert written(tmp_path, twice).entries == (ONE,)


def test_the_fingerprint_is_that_of_the_reports() -> None:
    one = finding(identity=identity("drop-table", "3f2a", "orders"))
    shared = finding(identity=(*one.identity, "1"))  # the same in a second environment

    assert entry_of(one, "a.ini").fingerprint == one.fingerprint
    assert entry_of(shared, "b.ini").fingerprint == one.fingerprint


def test_a_long_subject_is_shortened_and_still_told_apart() -> None:
    long = [finding(identity=identity("sql", "3f2a", "SELECT\n1 " + "x" * 500 + end)) for end in "ab"]
    first, second = (entry_of(one, "a.ini") for one in long)

    assert first.about == second.about
    assert first.about.startswith("SELECT 1 xxx")
    assert len(first.about) == 100
    assert first.key != second.key


def test_what_is_gone_leaves_the_rest(tmp_path: Path) -> None:
    other = Entry("alembic.ini", "3f2a", "drop-table", "items", "f" * 16)

    assert BaselineUse(Baseline(tmp_path, "b.json", (ONE, other)), (ONE,)).shrunk() == (other,)


@pytest.mark.parametrize(
    ("text", "message", "hint"),
    [
        ("", "b.json:1: not a baseline: not valid JSON: Expecting value", "mend it"),
        ('{\n"version": 1,,', "b.json:2: not a baseline: not valid JSON", "mend it"),
        ("[" * 100_000, "b.json: not a baseline: not valid JSON", "mend it"),
        ('{"version": ' + "1" * 10_000, "not a baseline: not valid JSON", "mend it"),
        ("[]", 'b.json: not a baseline: there is no "version"', "mend it"),
        ('{"version": true}', 'b.json: not a baseline: there is no "version"', "mend it"),
        ('{"version": 2}', "b.json: a baseline of version 2; this migrate-guard reads version 1", "upgrade"),
        ('{"version": 0}', "b.json: a baseline of version 0; this migrate-guard reads version 1", "mend it"),
        ('{"version": 1}', 'b.json: not a baseline: "findings" is not a list', "mend it"),
        ('{"version": 1, "findings": [3]}', "b.json: not a baseline: finding 1 is not", "mend it"),
        ('{"version": 1, "findings": [{"rule": "x"}]}', "finding 1 is not understood", "mend it"),
        (
            '{\n  "findings": [\n<<<<<<< HEAD\n',
            "b.json:3: not a baseline: it holds a merge conflict",
            "keep the lines of both sides",
        ),
        ("\udc80", "b.json: not a baseline: not UTF-8 text", "mend it"),
    ],
)
def test_what_is_not_understood_is_one_line(tmp_path: Path, text: str, message: str, hint: str) -> None:
    with pytest.raises(GuardError) as caught:
        written(tmp_path, text)

    assert message in caught.value.message
    assert "\n" not in caught.value.message
    assert caught.value.hint is not None
    assert caught.value.hint.startswith(hint)


def test_a_baseline_that_is_not_there_says_how_to_make_it(tmp_path: Path) -> None:
    with pytest.raises(GuardError, match=r"b\.json: there is no such baseline") as caught:
        read(tmp_path / "b.json", "b.json")

    assert caught.value.hint == "record the findings of today: migrate-guard baseline"
    with pytest.raises(GuardError, match="cannot be read"):
        read(tmp_path, "b.json")
