"""The graph of revisions with Alembic's semantics."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from migrate_guard.project.script import BrokenScript, Script


@dataclass(frozen=True, slots=True, eq=False)
class Graph:
    """All revisions of one environment, and what is wrong with how they hang together.

    `order` holds the revisions so that each stands after its parents and its `depends_on`; revisions in
    a cycle come last, in the order of their files. `missing` maps a revision to the parents or
    dependencies that no file declares. `duplicates` are the further scripts of an id that a file before
    them (in path order) already declares. `cycles` are the ids of each cycle.
    """

    scripts: Mapping[str, Script]
    order: tuple[str, ...]
    heads: tuple[str, ...]
    bases: tuple[str, ...]
    children: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    missing: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    duplicates: tuple[Script, ...] = ()
    cycles: tuple[tuple[str, ...], ...] = ()
    broken: tuple[BrokenScript, ...] = ()
