"""Executing anything: SQL text, statements, DDL objects.

Part of the library that gives SQLAlchemy's names their meaning (second stage).
"""

from __future__ import annotations

from migrate_guard.evaluate.library.expressions import Clause, TextValue
from migrate_guard.evaluate.library.reading import Unreadable, shown
from migrate_guard.evaluate.library.schema_ddl import DdlValue
from migrate_guard.evaluate.library.statements import StatementValue, emit_statement
from migrate_guard.evaluate.values import Call, Either, Machine, PartialText, Undecided, Value


def execute(statement: Value, parameters: Value, call: Call, machine: Machine) -> None:
    """Record what `execute(statement, parameters)` does."""
    if isinstance(statement, Either):
        machine.for_either(statement, lambda one: execute(one, parameters, call, machine))
    elif isinstance(statement, (str, PartialText)):
        machine.execute_sql(statement, call, parameters is not None)
    elif isinstance(statement, TextValue):
        machine.execute_sql(statement.value, call, statement.parameters or parameters is not None)
    elif isinstance(statement, StatementValue):
        emit_statement(statement, parameters, call, machine)
    elif isinstance(statement, DdlValue):
        try:
            statement.execute(call, machine)
        except Unreadable as problem:
            machine.opaque(problem.reason, call)
    elif isinstance(statement, Clause):
        emit_statement(StatementValue("select").reading((statement,)), None, call, machine)
    else:
        depends = "depends on " if isinstance(statement, Undecided) else "is "
        machine.opaque(f"the statement {depends}{shown(statement)}", call)
