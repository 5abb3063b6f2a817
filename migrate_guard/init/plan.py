"""What is to be written into a project: its configuration, its baseline, the hook, the jobs in CI."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import field
from pathlib import Path

from migrate_guard.baseline import DEFAULT_NAME, render
from migrate_guard.check.recording import Recording, record
from migrate_guard.config import Config
from migrate_guard.config.file import OWN_FILE, PYPROJECT
from migrate_guard.init import templates
from migrate_guard.init.change import Change, read_text
from migrate_guard.init.toml_text import with_settings
from migrate_guard.init.yaml_text import add_hook_repository, add_job, stage_for
from migrate_guard.judgement import Summary
from migrate_guard.project import Environment
from migrate_guard.project.detect import ASSUMED
from migrate_guard.project.paths import exists, is_directory, is_file, is_within, shown_path
from migrate_guard.record import dataclass

_NAME = "migrate-guard"
_AS_CONFIGURED = "as configured"


@dataclass(frozen=True, slots=True)
class Plan:
    """What is to be done.

    `summary` tells what was looked at. `by_hand` are files whose shape is not understood, each with what to
    write into it. `notes` say what is left out, and why.
    """

    summary: Summary
    changes: list[Change] = field(default_factory=list)
    by_hand: list[tuple[str, str]] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)


def plan(config: Config) -> Plan:
    """Look at the project in `config.root` and return what it lacks; nothing is written.

    Raise `GuardError` where something cannot be looked at.
    """
    folder = config.file.parent if config.file is not None else config.root
    made = record(config, folder / DEFAULT_NAME, prune=False)
    found = Plan(made.summary)
    _configure(found, config, made)
    top = _repository_root(config.root)
    if top == config.root:
        _hook(found, top, made.environments)
        _workflow(found, top)
        _gitlab(found, top)
    else:
        shown = shown_path(top, config.root)
        found.notes.append(
            f"hooks and CI belong to {shown}, where the repository begins: run init there for them"
        )
    return found


def _configure(found: Plan, config: Config, made: Recording) -> None:
    """Plan the settings, and the baseline where there are findings and the configuration names none."""
    baseline = made.baseline.file
    wants_baseline = config.baseline is None and (bool(made.entries) or exists(baseline))
    settings = _dialects(found, made.environments) if config.file is None else ""
    settings += templates.baseline_setting(DEFAULT_NAME) if wants_baseline else ""
    if not settings:
        return
    file = config.file or _new_file(config.root)
    shown = shown_path(file, config.root)
    before = read_text(file, shown) if exists(file) else None
    after = with_settings(before or "", settings, file.name == PYPROJECT)
    if after is None:
        table = "[tool.migrate-guard]\n" if file.name == PYPROJECT else ""
        found.by_hand.append((shown, table + settings))
    else:
        found.changes.append(Change(file, shown, before, after))
    if wants_baseline and not exists(baseline):
        found.changes.insert(0, Change(baseline, made.baseline.shown, None, render(made.entries)))


def _new_file(root: Path) -> Path:
    return root / PYPROJECT if is_file(root / PYPROJECT) else root / OWN_FILE


def _dialects(found: Plan, environments: tuple[Environment, ...]) -> str:
    """Return the setting for the databases, empty where environments differ or nothing names one."""
    kinds = {one.dialects for one in environments}
    reason = environments[0].dialect_reason
    if len(kinds) != 1:
        found.notes.append("dialects are not written: the environments are for different ones")
        return ""
    if any(one.dialect_reason == ASSUMED for one in environments):
        found.notes.append(
            "nothing in the project names a database: add it to the configuration as `dialects`"
        )
        return ""
    if reason == _AS_CONFIGURED:
        return ""
    return templates.dialects_setting(
        [str(one).replace(" ", ":") for one in environments[0].dialects], reason
    )


def _hook(found: Plan, top: Path, environments: tuple[Environment, ...]) -> None:
    """Plan the hook where the project has hooks."""
    file = top / ".pre-commit-config.yaml"
    before = _text_without_us(file)
    if before is not None:
        item = templates.hook(_files(top, environments))
        _edit(found, file, before, add_hook_repository(before, item), item)


def _files(top: Path, environments: tuple[Environment, ...]) -> str:
    """Return on which files the hook is to run, empty where its own pattern finds all revisions."""
    places = dict.fromkeys(
        shown_path(place, top)
        for one in environments
        for place in one.version_locations
        if is_within(place, top)
    )
    missed = [place for place in places if not re.search(templates.HOOK_FILES, f"{place}/a.py")]
    more = [rf"^{re.escape(place)}/.*\.py$" for place in missed]
    return "|".join([templates.HOOK_FILES, *more]) if more else ""


def _workflow(found: Plan, top: Path) -> None:
    """Plan the workflow where the project has workflows and none of them names us."""
    folder = top / ".github" / "workflows"
    if not is_directory(folder):
        return
    if any(_text_without_us(file) is None for file in _workflows(folder)):
        return
    file = folder / f"{_NAME}.yml"
    if exists(file):
        found.by_hand.append((shown_path(file, top), templates.WORKFLOW))
    else:
        found.changes.append(Change(file, shown_path(file, top), None, templates.WORKFLOW))


def _workflows(folder: Path) -> Iterator[Path]:
    yield from sorted(one for one in folder.iterdir() if one.suffix in (".yml", ".yaml") and is_file(one))


def _gitlab(found: Plan, top: Path) -> None:
    """Plan the job where the project has a pipeline."""
    file = top / ".gitlab-ci.yml"
    before = _text_without_us(file)
    if before is not None:
        stage = stage_for(before)
        job = templates.gitlab_job(stage or "")
        _edit(found, file, before, None if stage is None else add_job(before, job), job)


def _edit(found: Plan, file: Path, before: str, after: str | None, added: str) -> None:
    if after is None:
        found.by_hand.append((file.name, added))
    else:
        found.changes.append(Change(file, file.name, before, after))


def _text_without_us(file: Path) -> str | None:
    """Return the text of a file, `None` where it is not there or names us already."""
    if not is_file(file):
        return None
    text = read_text(file, file.name)
    return None if _NAME in text else text


def _repository_root(root: Path) -> Path:
    """Return the nearest directory upwards that git knows as one, or `root` itself."""
    return next((one for one in (root, *root.parents) if exists(one / ".git")), root)
