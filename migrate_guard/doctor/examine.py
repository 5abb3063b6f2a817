"""Everything that `doctor` does: read the files, run the checks, ask the rules that belong to them."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from migrate_guard.check import check
from migrate_guard.config import Config
from migrate_guard.doctor.checks import all_checks
from migrate_guard.doctor.gather import gather
from migrate_guard.doctor.look import Look
from migrate_guard.doctor.model import Checkup, Diagnosis
from migrate_guard.errors import GuardError
from migrate_guard.finding import Finding
from migrate_guard.project import Environment, Graph, find_environments, open_environment
from migrate_guard.project.paths import shown_path
from migrate_guard.record import replace

RULES = ("create-all-at-start", "metadata-empty", "multiple-heads")
"""Rules whose findings let a deploy skip revisions, whichever of them the configuration selects."""


def examine(config: Config) -> Checkup:
    """Look at the repository that holds a configuration's root.

    Raise `GuardError` when there are no migrations to look at.
    """
    root = repository(config.root)
    files = gather(root)
    environments, failures = _environments(config)
    look = Look(root, config, files.contents, environments)
    found = [one for run in all_checks().values() for one in run(look)]
    found += _of_rules(config, root)
    missing = [] if files.contents.jobs else ["no configuration of CI was found"]
    if not any(made.verb == "upgrade" for _, _, _, made in look.migrations):
        missing.append("no command that upgrades the database was found: how revisions reach it is not known")
    failures = (*failures, *files.failed)
    left = tuple(dict.fromkeys((*failures, *files.not_read, *missing)))
    # From where the user stands, as every other report shows paths.
    placed = (replace(one, path=shown_path(root / one.path, config.root)) for one in dict.fromkeys(found))
    every = sorted(placed, key=lambda one: (one.path, one.line, one.check))
    return Checkup(tuple(every), files.read, left, failures)


def repository(directory: Path) -> Path:
    """Return the nearest directory upwards that looks like the top of a repository, else this one."""
    return next((one for one in (directory, *directory.parents) if (one / ".git").exists()), directory)


def _environments(config: Config) -> tuple[tuple[tuple[Environment, Graph], ...], tuple[str, ...]]:
    selection = find_environments(config)
    found, failures = [], list(selection.skipped)
    for one in selection.environments:
        try:
            found.append(open_environment(one, config))
        except GuardError as error:
            failures.append(f"{one.name}: {error.message}")
    return tuple(found), tuple(failures)


def _of_rules(config: Config, root: Path) -> Iterator[Diagnosis]:
    """Go through the findings of the rules that belong here, suppressed ones left out.

    What the baseline holds is among them: that it was recorded lets a deploy skip no fewer revisions.
    """
    everything = replace(config, base=None, staged=False, since=None, baseline=None)
    asked = replace(everything, select=RULES, ignore=(), models=(), database_url=None)
    for finding in check(asked).findings:
        if finding.suppressed is None and finding.rule in RULES:
            yield _diagnosis(finding, config, root)


def _diagnosis(finding: Finding, config: Config, root: Path) -> Diagnosis:
    path = shown_path(config.root / finding.span.path, root)
    return Diagnosis(finding.rule, path, finding.span.line, finding.message, finding.help or "")
