"""What a baseline survives: everything that does not change a finding. What shrinks it, and what must not."""

from __future__ import annotations

import ast
import shutil
from pathlib import Path

import pytest

from migrate_guard.baseline import Entry, read, render
from migrate_guard.check import check, recording
from migrate_guard.config import Config
from migrate_guard.dialect import Dialect
from migrate_guard.errors import GuardError
from migrate_guard.evaluate.sql import libpg
from migrate_guard.judgement import Judgement
from migrate_guard.record import replace
from tests.commands import FIXTURES
from tests.old_projects import TABLE, old_project, write
from tests.repositories import revision

NAME = "baseline.json"
MENDED = revision("a1", "a0", 'op.drop_column("orders", "note")')
PROJECTS = sorted(path.name for path in FIXTURES.iterdir())


def recorded(root: Path, **settings: object) -> Config:
    """Record what a project has; return the configuration of a run with that baseline."""
    config = replace(Config(root), **settings)  # type: ignore[arg-type]  # the tests name real fields
    made = recording.record(config, root / NAME, prune=False)
    write(root / NAME, render(made.entries))
    return replace(config, baseline=root / NAME)


def outcome(config: Config) -> tuple[int, int, int]:
    """Judge; return how many findings count, how many the baseline holds and how many entries are gone."""
    judgement = check(config)
    held = sum(one.recorded for one in judgement.findings)
    assert all(one.suppressed is not None for one in judgement.findings if one.recorded)
    return sum(one.suppressed is None for one in judgement.findings), held, len(gone(judgement))


def gone(judgement: Judgement) -> tuple[Entry, ...]:
    """Return what a run missed."""
    assert judgement.baseline is not None
    return judgement.baseline.gone


def revisions(root: Path) -> list[Path]:
    """Return the revision files of a project."""
    return [file for file in sorted(root.rglob("*.py")) if "\ndown_revision" in text(file)]


def text(file: Path) -> str:
    return file.read_text(encoding="utf-8")


@pytest.fixture
def old(tmp_path: Path) -> Path:
    """A project with five findings, two of them alike."""
    return old_project(tmp_path / "shop")


@pytest.mark.parametrize("project", PROJECTS)
def test_a_baseline_survives_what_changes_no_finding(tmp_path: Path, project: str) -> None:
    root = tmp_path / "shop"
    shutil.copytree(FIXTURES / project, root)
    config = recorded(root)
    number = len(read(root / NAME, NAME).entries)
    assert outcome(config) == (0, number, 0)

    for file in revisions(root):
        write(file, "# one\n# two\n\n" + text(file))
    assert outcome(config) == (0, number, 0), "lines above"
    for file in revisions(root):
        file.rename(file.with_name("9" + file.name))
    assert outcome(config) == (0, number, 0), "renamed files"
    if project not in ("suppressed", "broken-syntax"):  # layout made anew has no comments
        for file in revisions(root):
            write(file, ast.unparse(ast.parse(text(file))) + "\n")
        assert outcome(config) == (0, number, 0), "layout"
    inside = root / "further" / "down"
    for one in [one for one in sorted(root.iterdir()) if one.name != NAME]:
        inside.mkdir(parents=True, exist_ok=True)
        one.rename(inside / one.name)
    assert outcome(config) == (0, number, 0), "moved directory"
    assert outcome(replace(config, root=inside)) == (0, number, 0), "run from below"


def test_the_fixtures_have_something_to_record() -> None:
    counts = {
        name: len(recording.record(Config(FIXTURES / name), Path(NAME), False).entries) for name in PROJECTS
    }

    assert sum(counts.values()) > 30
    assert not (FIXTURES / "clean" / NAME).exists()


def test_what_is_not_read_from_a_line_on_outlives_moved_lines(old: Path) -> None:
    loop = "for one in range(900):\n    for other in range(900):\n        sum = one + other"
    file = write(old / "migrations" / "versions" / "a3.py", revision("a3", "a2", loop))
    config = recorded(old)
    reasons = [one.message for one in check(config).findings if one.revision == "a3"]
    assert any("line " in reason for reason in reasons)

    write(file, "# above\n" + text(file))
    assert outcome(config)[0] == 0
    assert [one.message for one in check(config).findings if one.revision == "a3"] != reasons


def test_two_findings_alike_are_two(old: Path) -> None:
    config = recorded(old)
    assert outcome(config) == (0, 5, 0)
    file = old / "migrations" / "versions" / "a2_step.py"

    whole = text(file)
    write(file, whole.replace("    op.execute(statement())\n", "", 1))
    assert outcome(config) == (0, 4, 1)
    write(file, whole.replace("    op.execute(statement())\n", "    op.execute(statement())\n" * 2, 1))
    assert outcome(config) == (1, 5, 0)


def test_a_later_finding_counts(old: Path) -> None:
    config = recorded(old)
    later = revision("a3", "a2", 'op.drop_table("orders")')
    write(old / "migrations" / "versions" / "a3.py", later)

    counting = [one for one in check(config).findings if one.suppressed is None]
    assert [(one.rule, one.revision) for one in counting] == [("drop-table", "a3")]


def test_what_is_mended_is_gone(old: Path) -> None:
    config = recorded(old)
    write(
        old / "migrations" / "versions" / "a1_step.py",
        MENDED,
    )

    missed = gone(check(config))
    assert [(one.rule, one.about) for one in missed] == [("index-blocks-writes", "orders.ix_orders_note")]


@pytest.mark.parametrize(
    "part",
    [
        {"narrowed": True},
        {"staged": True},
        {"select": ("drop-column",)},
        {"ignore": ("locking",)},
        {"since": "a1"},
        {"dialects": (Dialect("sqlite"),)},
        {"dialects": (Dialect("postgresql", (17,)),)},
        {"dialects": (Dialect("postgresql"),)},
    ],
    ids=str,
)
def test_a_run_that_did_not_look_removes_nothing(old: Path, part: dict[str, object]) -> None:
    config = recorded(old, dialects=(Dialect("postgresql", (16,)),))
    write(
        old / "migrations" / "versions" / "a1_step.py",
        MENDED,
    )
    assert [one.rule for one in gone(check(config))] == ["index-blocks-writes"]
    if "staged" in part:
        from tests.repositories import new_repository

        new_repository(old).git("add", "--all")

    assert gone(check(replace(config, **part))) == ()  # type: ignore[arg-type]  # real fields


def test_a_version_is_added_later(old: Path) -> None:
    config = recorded(old, dialects=(Dialect("postgresql"),))
    write(old / "migrations" / "versions" / "a1_step.py", MENDED)

    later = replace(config, dialects=(Dialect("postgresql", (16,)),))
    assert [one.rule for one in gone(check(later))] == ["index-blocks-writes"]


def test_a_file_that_cannot_be_read_may_be_the_recorded_one(old: Path) -> None:
    config = recorded(old)
    file = old / "migrations" / "versions" / "a1_step.py"

    write(file, "def (")
    assert gone(check(config)) == ()
    file.unlink()
    assert {one.revision for one in gone(check(config))} >= {"a1"}


def test_a_finding_of_libpg_query_waits_for_it(old: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    if not libpg.installed():
        pytest.skip("libpg_query is not installed")
    write(old / "migrations" / "versions" / "a3.py", revision("a3", "a2", 'op.execute("SELEC 1")'))
    config = recorded(old, dialects=(Dialect("postgresql"),))
    assert "sql-syntax-error" in text(old / NAME)
    write(old / "migrations" / "versions" / "a3.py", revision("a3", "a2", 'op.execute("SELECT 1")'))

    assert {one.rule for one in gone(check(config))} == {"sql-syntax-error", "opaque-operation"}
    monkeypatch.setattr(libpg, "installed", lambda: False)
    assert {one.rule for one in gone(check(config))} == {"opaque-operation"}


def test_environments_with_the_same_ids_keep_their_own(tmp_path: Path) -> None:
    for name in ("billing", "catalog"):
        old_project(tmp_path / name)
    config = recorded(tmp_path)
    assert outcome(config) == (0, 10, 0)
    (tmp_path / NAME).write_text(
        render(one for one in read(tmp_path / NAME, NAME).entries if one.environment == "billing/migrations")
    )

    assert outcome(config) == (5, 5, 0)
    assert outcome(replace(config, paths=(tmp_path / "catalog",))) == (5, 0, 0)
    assert outcome(replace(config, root=tmp_path / "billing")) == (0, 5, 0)


def test_a_deleted_environment_is_gone(tmp_path: Path) -> None:
    for name in ("billing", "catalog"):
        old_project(tmp_path / name, name[0])
    config = recorded(tmp_path)
    shutil.rmtree(tmp_path / "billing")

    assert outcome(config) == (0, 5, 5)


def test_an_ignore_comment_comes_first(old: Path) -> None:
    config = recorded(old)
    file = old / "migrations" / "versions" / "a1_step.py"
    write(
        file,
        text(file).replace(
            "    op.drop_column", "    # migrate-guard: ignore[drop-column]\n    op.drop_column"
        ),
    )

    judgement = check(config)
    assert [one.rule for one in gone(judgement)] == ["drop-column"]
    assert not [one for one in judgement.findings if one.suppressed is None], "the comment is used"


def test_recording_again_adds_and_removes(old: Path) -> None:
    config = recorded(old)
    versions = old / "migrations" / "versions"
    write(versions / "a1_step.py", MENDED)
    write(versions / "a3.py", revision("a3", "a2", 'op.drop_table("orders")'))

    pruned = recording.record(config, old / NAME, prune=True)
    assert (len(pruned.entries), pruned.new, pruned.gone) == (4, 0, 1)
    made = recording.record(config, old / NAME, prune=False)
    assert (len(made.entries), made.new, made.gone) == (5, 1, 1)
    part = recording.record(replace(config, narrowed=True), old / NAME, prune=False)
    assert (len(part.entries), part.new, part.gone) == (6, 1, 0)


def test_a_base_in_the_configuration_does_not_narrow_recording(old: Path) -> None:
    config = recorded(old)
    write(
        old / "migrations" / "versions" / "a1_step.py",
        MENDED,
    )

    made = recording.record(replace(config, base="origin/main"), old / NAME, prune=True)
    assert (len(made.entries), made.gone) == (4, 1)


def test_recording_goes_by_the_rules_and_dialects_of_today(old: Path) -> None:
    config = recorded(old, dialects=(Dialect("postgresql", (16,)),))

    made = recording.record(replace(config, ignore=("drop-column",)), old / NAME, prune=False)
    assert (made.new, made.gone) == (0, 1)
    made = recording.record(replace(config, dialects=(Dialect("sqlite"),)), old / NAME, prune=False)
    assert made.gone == 1
    assert "index-blocks-writes" not in {one.rule for one in made.entries}


def test_nothing_is_recorded_where_something_could_not_be_looked_at(old: Path) -> None:
    write(old / "other" / "alembic.ini", "[alembic]\nscript_location = nowhere\n")

    with pytest.raises(GuardError, match=r"nothing is recorded: could not look at other/alembic\.ini"):
        recording.record(Config(old), old / NAME, prune=False)


def test_moving_and_adding_at_once_finds_what_is_new(old: Path) -> None:
    recorded(old)
    moved = old.parent / "store"
    old.rename(moved)
    inside = moved / "db"
    inside.mkdir()
    for name in ("alembic.ini", "migrations"):
        (moved / name).rename(inside / name)
    write(inside / "migrations" / "versions" / "a3.py", revision("a3", "a2", 'op.drop_table("orders")'))

    assert outcome(Config(moved, baseline=moved / NAME)) == (1, 5, 0)


def test_a_whole_history_without_findings_has_an_empty_baseline(tmp_path: Path) -> None:
    old_project(tmp_path)
    for name, body in (("a1", TABLE.replace("orders", "items")), ("a2", 'op.execute("SELECT 1")')):
        write(
            tmp_path / "migrations" / "versions" / f"{name}_step.py",
            revision(name, f"a{int(name[1]) - 1}", body),
        )

    assert recording.record(Config(tmp_path), tmp_path / NAME, prune=False).entries == ()
    assert render(()) == '{\n  "version": 1,\n  "findings": []\n}\n'
