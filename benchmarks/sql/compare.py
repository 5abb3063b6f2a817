"""One SQL text read by both readers, and where they differ."""

from __future__ import annotations

from dataclasses import dataclass

from benchmarks.sql.facts import Fact, facts_of
from benchmarks.sql.tree_facts import facts_of_tree
from migrate_guard.dialect import Dialect
from migrate_guard.evaluate.sql import read_sql
from migrate_guard.evaluate.sql.libpg import mask_binds, parse
from migrate_guard.evaluate.sql.tokens import tokenise
from migrate_guard.operations import Opaque
from migrate_guard.span import Span

POSTGRESQL = Dialect("postgresql")


@dataclass(frozen=True, slots=True)
class Comparison:
    """What both readers say of a text.

    `refused` tells that libpg_query does not accept it, `compared` that all its statements are of kinds
    that the tree's facts cover. `opaque` are our reasons for not reading something.
    """

    text: str
    refused: bool
    compared: bool
    ours: tuple[Fact, ...]
    theirs: tuple[Fact, ...]
    opaque: tuple[str, ...]

    @property
    def agree(self) -> bool:
        """Whether both say the same, in any order within the statement."""
        return sorted(self.ours) == sorted(self.theirs)


def compare(text: str) -> Comparison:
    """Read a text with both readers."""
    operations = read_sql(text, POSTGRESQL, _nowhere)
    ours = tuple(fact for operation in operations for fact in facts_of(operation))
    opaque = tuple(operation.reason for operation in operations if isinstance(operation, Opaque))
    trees = parse(mask_binds(text, tokenise(text, POSTGRESQL)))
    if trees is None:
        return Comparison(text, True, False, ours, (), opaque)
    described = [facts_of_tree(tree) for tree in trees]
    theirs = tuple(fact for facts in described for fact in facts or ())
    return Comparison(text, False, None not in described, ours, theirs, opaque)


def _nowhere(_: int, __: int) -> Span:
    return Span("", 1, 1, 1, 1)
