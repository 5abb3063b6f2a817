"""Revisions that work one by one and fail when an upgrade runs them together."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from functools import lru_cache

from migrate_guard.finding import Problem, Related, Severity
from migrate_guard.operations import (
    AddColumn,
    AlterColumn,
    CreateTable,
    Default,
    Delete,
    Insert,
    Operation,
    SqlType,
    TableName,
    Unknown,
    Update,
)
from migrate_guard.pattern import pattern
from migrate_guard.project.graph import ancestors
from migrate_guard.project.script import Script
from migrate_guard.project.trees import nodes_of
from migrate_guard.record import dataclass
from migrate_guard.rule import RevisionView, Step, revision_rule
from migrate_guard.rules._facts import column_type
from migrate_guard.span import Span

_ADD_VALUE = pattern(
    r"(?is)\balter\s+type\s+(?:\"?\w+\"?\.)?\"?(?P<type>\w+)\"?\s+add\s+value\s+(?:if\s+not\s+exists\s+)?"
    r"'(?P<label>(?:[^']|'')*)'"
)


@dataclass(frozen=True, slots=True)
class _Use:
    """SQL that may name labels of an enum type."""

    enum: str
    sql: str
    span: Span


@dataclass(frozen=True, slots=True)
class _Label:
    """A label that a revision adds to an enum type; `span` is the statement."""

    enum: str
    quoted: str
    span: Span


@revision_rule(severity=Severity.WARNING, dialects={"postgresql"})
def transaction_per_migration_off(view: RevisionView) -> Iterator[Problem]:
    """In one transaction for all revisions, a value that one adds to an enum type fails in the next."""
    env = view.project.env
    call = next((one for one in env.configured if one.online), None) if env is not None else None
    if env is None or call is None or "AUTOCOMMIT" in env.code or not view.dialect.at_least(12):
        return
    if env.option(call, "transaction_per_migration", default=False) is not False:
        return
    used = next(_uncommitted(view), None)
    if used is None:
        return
    label, use = used
    yield Problem(
        "all revisions of an upgrade share a transaction: a value that one of them adds to an enum type "
        "cannot be used by the next, so that they work one by one and fail together",
        label="one transaction for all revisions",
        help=(
            "commit after each revision:\n"
            "    context.configure(connection=connection, transaction_per_migration=True)"
        ),
        notes=(
            "PostgreSQL 12 to 16 refuse it even where the type is new, so that no new database can be built",
        ),
        related=(
            Related(f"{label.quoted} is added to {label.enum} here", label.span),
            Related("it is used here", use.span),
        ),
        span=call.span,
        subject="transaction_per_migration",
        of_environment=True,
    )


def _uncommitted(view: RevisionView) -> Iterator[tuple[_Label, _Use]]:
    uses = list(_uses(view))
    if not uses:
        return
    before = ancestors(view.graph, view.script.revision)
    for revision in reversed([one for one in view.graph.order if one in before]):
        script = view.graph.scripts[revision]
        # It commits what was done before it. What it adds itself is most likely added inside.
        if "autocommit_block" in script.source.text:
            return
        for label in _labels(script):
            yield from ((label, use) for use in uses if use.enum == label.enum and label.quoted in use.sql)


def _uses(view: RevisionView) -> Iterator[_Use]:
    for step in view.steps():
        if step.operation.autocommit:
            return
        for enum, sql in _mentions(step):
            yield _Use(enum.name, sql, step.operation.span)


def _mentions(step: Step[Operation]) -> Iterator[tuple[TableName, str]]:
    operation = step.operation
    if isinstance(operation, AddColumn):
        yield from _default(operation.column.type, operation.column.default)
    elif isinstance(operation, AlterColumn):
        yield from _default(column_type(step, operation.table, operation.column), operation.default)
    elif isinstance(operation, CreateTable) and not isinstance(operation.columns, Unknown):
        for column in operation.columns:
            yield from _default(column.type, column.default)
    elif isinstance(operation, (Insert, Update, Delete)) and operation.sql is not None:
        table = step.before.table(operation.table)
        for known in table.columns.values() if table is not None else ():
            if isinstance(known.type, SqlType) and known.type.enum is not None:
                yield known.type.enum, operation.sql.text


def _default(kind: object, default: object) -> Iterator[tuple[TableName, str]]:
    enum = kind.enum if isinstance(kind, SqlType) else None
    if enum is not None and isinstance(default, Default) and isinstance(default.sql, str):
        yield enum, default.sql


@lru_cache(maxsize=4096)
def _labels(script: Script) -> tuple[_Label, ...]:
    """Return the labels that the upgrade of a revision adds by literal SQL."""
    if not _ADD_VALUE.search(script.source.text):
        return ()
    functions = [node for node in script.tree.body if isinstance(node, ast.FunctionDef)]
    return tuple(
        _Label(found["type"], f"'{found['label']}'", script.source.span(node))
        for function in functions
        if function.name.startswith("upgrade")
        for node in nodes_of(function)
        if isinstance(node, ast.Constant) and isinstance(node.value, str)
        for found in _ADD_VALUE.finditer(node.value)
    )
