"""What catching an exception makes of the statements in a PL/pgSQL block."""

from __future__ import annotations

from collections.abc import Collection

from migrate_guard.operations import (
    AddColumn,
    AddConstraint,
    AddEnumValue,
    AnyOperation,
    Condition,
    CreateEnum,
    CreateIndex,
    CreateObject,
    CreateTable,
    DropColumn,
    DropConstraint,
    DropIndex,
    DropObject,
    DropTable,
)
from migrate_guard.record import replace

# PostgreSQL 18, appendix A: the conditions of class 42 for what is there already, and for what is missing.
_DUPLICATE = frozenset(
    """DUPLICATE_COLUMN DUPLICATE_DATABASE DUPLICATE_FUNCTION DUPLICATE_OBJECT DUPLICATE_SCHEMA
    DUPLICATE_TABLE""".split()
)
_UNDEFINED = frozenset(
    "UNDEFINED_COLUMN UNDEFINED_FUNCTION UNDEFINED_TABLE UNDEFINED_OBJECT INVALID_SCHEMA_NAME".split()
)

_Creates = (AddColumn, AddConstraint, AddEnumValue, CreateEnum, CreateIndex, CreateObject, CreateTable)
_Drops = (DropColumn, DropConstraint, DropIndex, DropObject, DropTable)


def guarded(
    operations: list[AnyOperation], caught: Collection[str], condition: Condition
) -> list[AnyOperation]:
    """Return the operations of a block whose exceptions are caught.

    One CREATE with `duplicate_object` caught is a CREATE IF NOT EXISTS, one DROP with `undefined_table`
    caught a DROP IF EXISTS. In all other blocks an exception undoes what came before it, so that every
    operation is conditional.
    """
    if len(operations) == 1 and not operations[0].conditions:
        only = operations[0]
        if isinstance(only, _Creates) and _DUPLICATE.issuperset(caught):
            return [replace(only, if_not_exists=True)]
        if isinstance(only, _Drops) and _UNDEFINED.issuperset(caught):
            return [replace(only, if_exists=True)]
    return [replace(operation, conditions=(*operation.conditions, condition)) for operation in operations]
