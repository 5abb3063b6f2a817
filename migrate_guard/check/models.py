"""Look at the models where the configuration asks for it."""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial
from typing import TYPE_CHECKING

from migrate_guard.config import Config
from migrate_guard.errors import GuardError
from migrate_guard.evaluate.histories import Variant
from migrate_guard.evaluate.history import History
from migrate_guard.evidence.models.difference import ModelsEvidence
from migrate_guard.operations import TableName
from migrate_guard.project import Environment, Graph

if TYPE_CHECKING:
    from migrate_guard.evidence.models.compare import Replay


def at_heads(variant: Variant, graph: Graph) -> Replay:
    """Return the schema that a history ends in; all of its revisions have been replayed."""
    from migrate_guard.evidence.models.compare import Replay

    schema = variant.history.schema_at(graph.heads)
    return Replay(variant.dialect, variant.database, schema, partial(_last_touched, variant.history))


def look_at_models(
    environment: Environment, replays: Sequence[Replay], config: Config
) -> tuple[ModelsEvidence | None, str | None]:
    """Return what the models say, or why they could not be looked at; both `None` if nobody asked."""
    if not config.models:
        return None, None
    # Most runs do without, and none of them should pay for the import.
    from migrate_guard.evidence.models.compare import compare_models
    from migrate_guard.evidence.models.probe import interpreter_of

    interpreter = interpreter_of(config.python, config.models_timeout)
    try:
        found = compare_models(environment, replays, config.models, config.app, interpreter, config.root)
    except GuardError as error:
        hint = f" ({error.hint})" if error.hint else ""
        return None, f"{environment.name}: {error.message}{hint}"
    return found, None


def _last_touched(history: History, table: TableName, part: str | None) -> str | None:
    """Return the last revision that touched a part of a table by its name, or else the table itself."""
    found = whole = None
    for replayed in history.replay():
        for transition in replayed.upgrade.transitions:
            operation = transition.operation
            if getattr(operation, "table", None) == table:
                whole = replayed.revision
                found = whole if part is not None and _names(operation, part) else found
    return found or whole


def _names(operation: object, part: str) -> bool:
    for value in vars(operation).values():
        several = value if isinstance(value, tuple) and not hasattr(value, "name") else (value,)
        if any(getattr(one, "name", one) == part for one in several):
            return True
    return False
