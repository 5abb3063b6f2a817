"""`alembic upgrade head || alembic stamp head`."""

from __future__ import annotations

from collections.abc import Iterator

from migrate_guard.doctor.look import Look
from migrate_guard.doctor.model import Diagnosis
from migrate_guard.doctor.read.outcome import fallback
from migrate_guard.doctor.read.words import migration


def stamp_fallback(look: Look) -> Iterator[Diagnosis]:
    """A failed upgrade is answered with `stamp`, which records revisions that never ran."""
    for script, command, around, made in look.migrations:
        if made.verb != "upgrade":
            continue
        for other in fallback(command, around):
            answer = migration(other.words)
            if answer is not None and answer.verb == "stamp":
                yield Diagnosis(
                    "stamp-fallback",
                    script.path,
                    other.line,
                    f"when `{made.tool} upgrade` fails, this records {answer.target or 'the revision'} as "
                    "done: the revisions that did not run are skipped for good, in silence",
                    made.shown,
                )
