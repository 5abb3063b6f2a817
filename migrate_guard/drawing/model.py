"""What a drawing holds: the revisions of one environment, newest first, each with its marks."""

from __future__ import annotations

from typing import Literal

from migrate_guard.finding import Finding
from migrate_guard.record import dataclass

Reading = Literal["read", "unreadable", "missing"]
Novelty = Literal["new", "arrived", "known"]


@dataclass(frozen=True, slots=True)
class Node:
    """One revision.

    `parents` are its `down_revision` as declared, `depends_on` its dependencies with labels resolved; either
    may name revisions that are not drawn. `reading` tells a revision whose file could not be read, of which
    only what its header shows at a glance is known, and an id that others name and no file declares.
    `novelty` is against the base or what is committed: only this side has it, only the base has got it
    since, or both have it; `None` where nothing was compared. `judged` tells whether rules looked at it, so
    that no findings mean something. `remarks` are what is wrong with its place in the graph.
    """

    revision: str
    message: str = ""
    path: str = ""
    parents: tuple[str, ...] = ()
    depends_on: tuple[str, ...] = ()
    labels: tuple[str, ...] = ()
    reading: Reading = "read"
    head: bool = False
    base: bool = False
    novelty: Novelty | None = None
    judged: bool = False
    findings: tuple[Finding, ...] = ()
    remarks: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Drawing:
    """The revision graph of one environment.

    `nodes` are those that are drawn: each stands before its parents and its dependencies, except in a cycle.
    `hidden` are the others, which were left out to limit the drawing. `heads` and `bases` are those of the
    whole graph. `against` is what novelty was judged against, `None` for nothing. `checked` tells whether
    rules looked at all. `loose` are findings of the environment that belong to no revision. `notes` say what
    a user should know about the reading of the files and about the graph as a whole. `suppressed` and
    `in_baseline` count the findings that are not shown because a comment or the baseline silences them.
    """

    environment: str
    dialects: tuple[str, ...]
    nodes: tuple[Node, ...]
    hidden: tuple[Node, ...] = ()
    heads: tuple[str, ...] = ()
    bases: tuple[str, ...] = ()
    against: str | None = None
    checked: bool = False
    loose: tuple[Finding, ...] = ()
    notes: tuple[str, ...] = ()
    suppressed: int = 0
    in_baseline: int = 0
