"""Claims about sqlite."""

from __future__ import annotations

from migrate_guard.dialect import Dialect
from migrate_guard.dialects.effect import NOT_KNOWN, Effect, TypeChange, Volatility
from migrate_guard.operations import AnyOperation, Default, SqlType, Unknown
from migrate_guard.schema import Schema


def effect_of(operation: AnyOperation, before: Schema, dialect: Dialect) -> Effect:
    """Return what sqlite does for an operation."""
    del operation, before, dialect
    return NOT_KNOWN


def type_change(old: SqlType, new: SqlType) -> TypeChange:
    """Return what a change of type does."""
    return TypeChange("unknown", f"{old} to {new}")


def default_volatility(default: Default | Unknown | None) -> Volatility:
    """Return how often a default is evaluated."""
    del default
    return "unknown"
