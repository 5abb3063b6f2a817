"""`migrate-guard explain`: the pages of the rules in the terminal."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from migrate_guard import explain
from migrate_guard.cli.run import run
from migrate_guard.errors import GuardError

PAGE = """\
# drop-table

A **dropped** table takes its `rows` along.

**Bad**

```python
op.drop_table("a")  # drop-table

if True:
    pass
```
"""


@pytest.fixture
def place(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    """A folder of pages in place of the real one."""
    for family, rule in (("data-loss", "drop-table"), ("data-loss", "drop-column"), ("locking", "x")):
        folder = tmp_path / family
        folder.mkdir(exist_ok=True)
        (folder / f"{rule}.md").write_text(PAGE, encoding="utf-8")
    (tmp_path / "README.md").write_text("# Rules\n", encoding="utf-8")
    monkeypatch.setattr(explain, "_PLACES", (tmp_path / "_pages", tmp_path))
    explain.pages.cache_clear()
    yield tmp_path
    explain.pages.cache_clear()


def test_a_page_is_found_in_any_family(place: Path) -> None:
    assert explain.page("drop-table") == PAGE
    assert set(explain.pages()) == {"drop-table", "drop-column", "x"}


def test_a_check_of_doctor_is_called_one(capsys: pytest.CaptureFixture[str]) -> None:
    assert run(["explain", "stamp-fallback"]) == 2
    assert capsys.readouterr().err == (
        "error: stamp-fallback is a check of doctor, not a rule\n"
        "hint: migrate-guard doctor says what it found and what to do\n"
    )


def test_pages_in_the_package_come_first(place: Path) -> None:
    (place / "_pages" / "locking").mkdir(parents=True)
    (place / "_pages" / "locking" / "y.md").write_text("# y\n", encoding="utf-8")

    assert set(explain.pages()) == {"y"}


@pytest.mark.parametrize(
    ("name", "message", "hint"),
    [
        ("drop-tabel", "unknown rule 'drop-tabel'", "did you mean 'drop-table'?"),
        ("data-loss", "data-loss is a family, not a rule", "its rules are: drop-column, drop-table"),
        ("qqqqqq", "unknown rule 'qqqqqq'", "`migrate-guard rules` lists the rules"),
        ("../data-loss/drop-table", "unknown rule '../data-loss/drop-table'", None),
        ("README", "unknown rule 'README'", None),
    ],
)
def test_an_unknown_name_leads_to_the_right_one(
    place: Path, name: str, message: str, hint: str | None
) -> None:
    with pytest.raises(GuardError) as caught:
        explain.page(name)
    assert caught.value.message == message
    assert hint is None or caught.value.hint == hint


def test_missing_pages_are_an_error(place: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(explain, "_PLACES", ())

    with pytest.raises(GuardError, match="the pages of the rules are missing"):
        explain.page("drop-table")


def test_the_terminal_gets_it_without_the_marks_of_markdown(
    place: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert run(["explain", "drop-table", "--color", "never"]) == 0
    assert capsys.readouterr().out == (
        """\
drop-table

A dropped table takes its rows along.

Bad

    op.drop_table("a")  # drop-table

    if True:
        pass
"""
    )
    run(["explain", "drop-table", "--color", "always"])
    assert capsys.readouterr().out.startswith("\x1b[1mdrop-table\x1b[0m\n")


def test_markdown_is_printed_as_it_is_written(place: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert run(["explain", "drop-table", "--format", "markdown"]) == 0
    assert capsys.readouterr().out == PAGE


def test_every_rule_about_comments_has_a_page() -> None:
    for name in ("unused-suppression", "invalid-suppression", "suppression-without-reason"):
        assert explain.page(name).startswith(f"# {name}\n")
