"""Claims about sqlite."""

from __future__ import annotations

from migrate_guard.dialect import Dialect
from migrate_guard.dialects.effect import NOT_KNOWN, Effect
from migrate_guard.operations import AnyOperation
from migrate_guard.schema import Schema


def effect_of(operation: AnyOperation, before: Schema, dialect: Dialect) -> Effect:
    """Return what sqlite does for an operation."""
    del operation, before, dialect
    return NOT_KNOWN
