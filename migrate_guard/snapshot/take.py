"""Replay every environment up to a revision."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import TypeVar

from migrate_guard.config import Config
from migrate_guard.dialects.spelling import default_text, type_text
from migrate_guard.errors import GuardError
from migrate_guard.evaluate.histories import Variant, histories
from migrate_guard.evaluate.history import Replayed
from migrate_guard.operations import Opaque
from migrate_guard.project import Environment, Graph, find_environments, open_environment, resolve
from migrate_guard.project.symbols import UnknownRevisionError
from migrate_guard.record import replace
from migrate_guard.schema.compare import Difference, differences
from migrate_guard.snapshot.model import Change, Snapshot, Snapshots, Unread

HEADS = "heads"
T = TypeVar("T")
_NEVER_REACHED = "this call was not reached by the evaluation"


def snapshots(config: Config, symbol: str = HEADS) -> Snapshots[Snapshot]:
    """Return the schemas at what a symbol such as `heads`, `ae10` or `head-1` names in each environment.

    Raise `GuardError` when it cannot look, when no environment knows the revision, and when the symbol is
    ambiguous in one of them.
    """

    def of(environment: Environment, graph: Graph) -> Iterator[Snapshot]:
        revisions = resolve(graph, symbol)
        for variant in histories(environment, graph, config.root):
            yield _snapshot(environment, graph, variant, revisions)

    return _each(config, of)


def change(config: Config, first: str, last: str) -> Snapshots[Change]:
    """Return what changed from one revision to another; errors as of `snapshots`."""

    def of(environment: Environment, graph: Graph) -> Iterator[Change]:
        start, end = resolve(graph, first), resolve(graph, last)
        for variant in histories(environment, graph, config.root):
            yield compared(
                _snapshot(environment, graph, variant, start), _snapshot(environment, graph, variant, end)
            )

    return _each(config, of)


def compared(before: Snapshot, after: Snapshot) -> Change:
    """Return what changed between two snapshots of one dialect, types and defaults as its server has them."""
    found = (_spelled(one, before, after) for one in differences(before.schema, after.schema))
    return Change(before, after, tuple(found))


def _each(config: Config, of: Callable[[Environment, Graph], Iterator[T]]) -> Snapshots[T]:
    """Ask every environment; one that does not know a revision is left out while another one does."""
    selection = find_environments(config)
    found: list[T] = []
    unknown: list[UnknownRevisionError] = []
    left_out: list[str] = []
    for one in selection.environments:
        environment, graph = open_environment(one, config)
        try:
            found += of(environment, graph)
        except UnknownRevisionError as error:
            unknown.append(error)
            left_out.append(f"{environment.name}: {error.message}")
        except GuardError as error:
            raise GuardError(f"{environment.name}: {error.message}", error.hint) from error
    if unknown and not found:
        raise GuardError(left_out[0], unknown[0].hint)
    return Snapshots(tuple(found), tuple(left_out), selection.skipped)


def _snapshot(
    environment: Environment, graph: Graph, variant: Variant, revisions: tuple[str, ...]
) -> Snapshot:
    replayed = variant.history.up_to(revisions)
    broken = (f"{one.span}: {one.reason}" for one in graph.broken)
    return Snapshot(
        environment=environment.name,
        dialect=variant.dialect,
        database=variant.database,
        revisions=revisions,
        schema=variant.history.schema_at(revisions),
        order={one.revision: position for position, one in enumerate(replayed)},
        unread=tuple(unread for one in replayed for unread in _unread(one)),
        notes=(*graph.notes, *broken),
    )


def _spelled(difference: Difference, before: Snapshot, after: Snapshot) -> Difference:
    """Return a difference with types and defaults as the server spells them, not as they compare."""
    if difference.kind != "column" or difference.aspect not in ("type", "default"):
        return difference
    return replace(
        difference,
        left=_attribute(before, difference) or difference.left,
        right=_attribute(after, difference) or difference.right,
    )


def _attribute(side: Snapshot, difference: Difference) -> str | None:
    table = None if difference.table is None else side.schema.table(difference.table)
    column = None if table is None else table.columns.get(difference.name)
    if column is None:
        return None
    if difference.aspect == "type":
        return type_text(column.type, side.dialect)
    found = default_text(column.default)
    return found if isinstance(found, str) else None


def _unread(replayed: Replayed) -> Iterator[Unread]:
    """Go through what could not be read of the schema.

    A call that only gives a value counts where that is used.
    """
    for transition in replayed.upgrade.transitions:
        operation = transition.operation
        if isinstance(operation, Opaque) and operation.may_touch != () and not operation.rows_only:
            yield Unread(operation.span, operation.reason, operation.may_touch)
    for span in replayed.upgrade.missed:
        yield Unread(span, _NEVER_REACHED, None)
