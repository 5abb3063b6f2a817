"""What `doctor` says: diagnoses with places and remedies, and what it did not look at."""

from __future__ import annotations

from migrate_guard.record import dataclass


@dataclass(frozen=True, slots=True)
class Diagnosis:
    """Something that lets the gate pass without looking, or a deploy skip revisions.

    `check` is the name of the check. `message` says what will happen, `help` is what to write instead, as
    text to paste.
    """

    check: str
    path: str
    line: int
    message: str
    help: str


@dataclass(frozen=True, slots=True)
class Checkup:
    """All diagnoses in the order of their places.

    `read` are the files that were looked at, besides the migrations. `not_checked` is what could not be read
    or is not known here, each with its reason; `failures` is the part of it for which one cannot tell
    whether it is all right.
    """

    diagnoses: tuple[Diagnosis, ...]
    read: tuple[str, ...] = ()
    not_checked: tuple[str, ...] = ()
    failures: tuple[str, ...] = ()
