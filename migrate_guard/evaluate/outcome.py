"""What evaluating one direction of a revision gives."""

from __future__ import annotations

from typing import Literal

from migrate_guard.operations import AnyOperation
from migrate_guard.record import dataclass
from migrate_guard.schema import Schema
from migrate_guard.span import Span

Direction = Literal["upgrade", "downgrade"]


@dataclass(frozen=True, slots=True)
class Transition:
    """One operation between the schema before it and the schema after it."""

    before: Schema
    operation: AnyOperation
    after: Schema


@dataclass(frozen=True, slots=True)
class Pruned:
    """An operation's call that is not reached, and the condition that says so."""

    span: Span
    reason: str


@dataclass(frozen=True, slots=True)
class Evaluation:
    """What `upgrade()` or `downgrade()` of one revision does on one dialect.

    `defined` is false when the file has no such function. `empty` tells that its body does nothing.
    `raises` is where it ends in an exception for certain, as an irreversible downgrade does.
    `missed` are calls of operations that were neither reached nor pruned for a recorded reason: a hole in
    the evaluation, never to be passed over in silence. `pruned` are those that a decided condition
    leaves out. `failure` is the exception that a bug of migrate-guard itself ended the reading with.
    """

    revision: str
    direction: Direction
    before: Schema
    after: Schema
    transitions: tuple[Transition, ...] = ()
    defined: bool = True
    empty: bool = False
    raises: Span | None = None
    missed: tuple[Span, ...] = ()
    pruned: tuple[Pruned, ...] = ()
    failure: str | None = None
