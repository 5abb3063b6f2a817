"""A gate that only runs for other files than revisions."""

from __future__ import annotations

import re
from collections.abc import Iterator

from migrate_guard.doctor.globs import matches
from migrate_guard.doctor.look import Look
from migrate_guard.doctor.model import Diagnosis
from migrate_guard.doctor.read.model import PathFilter
from migrate_guard.project.paths import shown_path

_NAME = "gate-passes-over-revisions"


def gate_passes_over_revisions(look: Look) -> Iterator[Diagnosis]:
    """A filter of paths keeps the gate from running when nothing but a revision changes."""
    revisions = tuple(_revisions(look))
    for job in look.contents.jobs:
        if not any(True for _ in look.gate_steps(job)):
            continue
        for one in job.filters:
            missed = next((file for file in revisions if not _runs_for(one, file)), None)
            if missed is not None:
                yield _diagnosis(
                    one.path, one.line, f"the job {job.name} does not run", missed, f"- {_glob(missed)}"
                )
    for hook in look.contents.hooks:
        missed = next((file for file in revisions if not _hook_runs(hook.files, hook.exclude, file)), None)
        if missed is not None:
            yield _diagnosis(hook.path, hook.line, "the hook does not run", missed, "- id: migrate-guard")


def _diagnosis(path: str, line: int, what: str, missed: str, paste: str) -> Diagnosis:
    return Diagnosis(_NAME, path, line, f"{what} when only a revision such as {missed} changes", paste)


def _revisions(look: Look) -> Iterator[str]:
    """Go through one revision of each directory."""
    for _, graph in look.environments:
        files = {script.source.file.parent: script.source.file for script in graph.scripts.values()}
        for file in files.values():
            yield shown_path(file, look.root)


def _glob(path: str) -> str:
    return f'"{path.rpartition("/")[0]}/**"'


def _runs_for(one: PathFilter, file: str) -> bool:
    if one.patterns:
        # The last pattern that matches decides; those with `!` take away again.
        verdict = False
        for text in one.patterns:
            if matches(text.removeprefix("!"), file):
                verdict = not text.startswith("!")
        return verdict
    return not any(matches(text, file) for text in one.ignored)


def _hook_runs(files: str, exclude: str, file: str) -> bool:
    try:
        wanted = re.search(files, file) is not None if files else True
        return wanted and not (exclude and re.search(exclude, file))
    except re.error:
        return True
