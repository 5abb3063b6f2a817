"""The schema replayed from the operations of the history; fourth stage of the pipeline."""

from migrate_guard.schema.model import EnumType, NamedObject, Schema, Table, empty_schema
from migrate_guard.schema.replay import apply

__all__ = ["EnumType", "NamedObject", "Schema", "Table", "apply", "empty_schema"]
