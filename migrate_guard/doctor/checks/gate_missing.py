"""A repository in which nothing runs the gate."""

from __future__ import annotations

from collections.abc import Iterator

from migrate_guard.doctor.look import Look
from migrate_guard.doctor.model import Diagnosis
from migrate_guard.files import read_regular
from migrate_guard.pattern import pattern
from migrate_guard.project.paths import shown_path

_SECTION = pattern(r"^\s*\[+(?:tool\.alembic\.)?post_write_hooks\]", 8)  # re.MULTILINE
_HOOK = pattern(r"^(?!\s*#).*\bmigrate-guard\b", 8)
_PASTE = (
    "repos:\n  - repo: https://github.com/migrate-guard/migrate-guard\n    rev: v0.1.0\n"
    "    hooks:\n      - id: migrate-guard"
)


def gate_missing(look: Look) -> Iterator[Diagnosis]:
    """Neither CI nor pre-commit runs `migrate-guard check`; a post-write hook does not stop anything."""
    if look.contents.hooks or look.gates or look.contents.gate_elsewhere:
        return
    if any(True for job in look.contents.jobs for _ in look.gate_steps(job)):
        return
    hook = next(_post_write_hooks(look), None)
    if hook is not None:
        path, line = hook
        yield Diagnosis(
            "gate-missing",
            path,
            line,
            "this post-write hook is the only gate, and Alembic ignores its exit code: what is written by "
            "hand, merged or edited later is judged by nobody",
            _PASTE,
        )
    elif look.contents.jobs:
        first = look.contents.jobs[0]
        yield Diagnosis(
            "gate-missing",
            first.path,
            1,
            "no job of CI and no hook of pre-commit runs `migrate-guard check`",
            _PASTE,
        )


def _post_write_hooks(look: Look) -> Iterator[tuple[str, int]]:
    for environment, _ in look.environments:
        file = environment.config_file
        if file is None:
            continue
        try:
            text = read_regular(file).decode(errors="replace")
        except OSError:
            continue
        section = _SECTION.search(text)
        found = _HOOK.search(text, section.end()) if section is not None else None
        if found is not None:
            yield shown_path(file, look.root), text.count("\n", 0, found.start()) + 1
