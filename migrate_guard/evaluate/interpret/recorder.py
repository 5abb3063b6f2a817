"""What an evaluation records: operations between schemas, visited calls, pruned code."""

from __future__ import annotations

import ast
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from typing import Any

from migrate_guard.dialect import Dialect
from migrate_guard.evaluate.fate import fate
from migrate_guard.evaluate.interpret.frames import Abort, Attempt, Flow, Raise
from migrate_guard.evaluate.outcome import Transition
from migrate_guard.operations import AnyOperation, BatchContext, Opaque, TableName
from migrate_guard.record import replace
from migrate_guard.schema import Schema, apply
from migrate_guard.schema.replay.batch import needs_rebuild
from migrate_guard.span import Span

MAX_OPERATIONS = 20_000


class Recorder:
    """The record of one evaluation: it fills in what operations carry and replays them at once.

    `path` is the revision's own file: an operation's span is the innermost call there. `entry` is the
    call of `upgrade()` or `downgrade()` itself, which is no link of a call chain. `transactional` tells that
    the migration runs in a transaction; `attempt` is the `try` body that is being read, where that decides.
    """

    def __init__(
        self, revision: str, path: str, dialect: Dialect, schema: Schema, transactional: bool = True
    ) -> None:
        self.transactional = transactional
        self.attempt: Attempt | None = None
        self.revision = revision
        self.path = path
        self.dialect = dialect
        self.schema = schema
        self.flow = Flow()
        self.calls: list[Span] = []
        self.entry: Span | None = None
        self.batches: list[BatchContext] = []
        self._waiting: dict[int, list[AnyOperation]] = {}
        self.autocommit = 0
        self.transitions: list[Transition] = []
        self.visited: set[int] = set()
        self.pruned: list[tuple[tuple[ast.AST, ...], str]] = []
        self._batch_number = 0
        self._noted: set[tuple[Span, str]] = set()

    def record(self, kind: type[AnyOperation], span: Span, fields: dict[str, Any]) -> None:
        """Record an operation of a class; `fields` win over what is filled in."""
        self._append(self._made(kind, span, fields))

    def _made(self, kind: type[AnyOperation], span: Span, fields: dict[str, Any]) -> AnyOperation:
        own, chain = self._place(span)
        filled: dict[str, Any] = {
            "span": own,
            "calls": chain,
            "conditions": self.flow.conditions(),
            "autocommit": self.autocommit > 0,
            "batch": self.batches[-1] if self.batches else None,
        }
        return kind(**{**filled, **fields})

    def add(self, operation: AnyOperation) -> None:
        """Record an operation that is finished but for the circumstances it runs under."""
        own, chain = self._place(operation.span)
        self._append(
            replace(
                operation,
                span=own,
                calls=chain,
                conditions=(*self.flow.conditions(), *operation.conditions),
                autocommit=self.autocommit > 0,
                batch=self.batches[-1] if self.batches else None,
            )
        )

    def record_opaque(self, reason: str, span: Span, may_touch: tuple[TableName, ...] | None) -> None:
        """Record that something could not be read; what touches nothing is recorded once per place."""
        if may_touch == ():
            if (span, reason) in self._noted:
                return
            self._noted.add((span, reason))
        self.record(Opaque, span, {"reason": reason, "may_touch": may_touch})

    def record_abort(self, reason: str, span: Span) -> None:
        """Record that nothing that follows could be read; there is always room for this."""
        fields = {"reason": f"not analysed from line {span.line}: {reason}", "may_touch": None}
        self._replay(self._made(Opaque, span, fields))

    def prune(self, nodes: Iterable[ast.AST], reason: str) -> None:
        """Note that code is not evaluated, and why."""
        kept = tuple(nodes)
        if kept:
            self.pruned.append((kept, reason))

    def open_batch(self, batch: BatchContext) -> None:
        """Let what the directives of a batch do wait until the batch is closed."""
        self._waiting[batch.number] = []

    def close_batch(self, batch: BatchContext) -> None:
        """Record what the directives of a batch do: Alembic does it at the end of the block, in order."""
        waiting = self._waiting.pop(batch.number, [])
        if self.attempt is not None:
            self._try_batch(waiting, self.attempt)
        for operation in waiting:
            self._append(operation)

    def _try_batch(self, operations: list[AnyOperation], attempt: Attempt) -> None:
        """Judge the operations of a batch that rebuilds its table: it happens wholly or not at all."""
        if self.dialect.family != "sqlite" or not any(map(needs_rebuild, operations)):
            return
        schema = self.schema
        for operation in operations:
            found = fate(schema, operation, self.dialect, aborts=False)
            if found.fails and attempt.fails_with(found.error):
                for one in operations:
                    self._note_failure(one, attempt)
                raise Raise(operation.span, found.error)
            if found.fails is not False:
                attempt.may_fail = True
                return
            schema = apply(schema, operation, self.revision)

    @contextmanager
    def batching(self, batch: BatchContext) -> Iterator[None]:
        """Record what happens in a `with` block as part of a batch."""
        self.batches.append(batch)
        try:
            yield
        finally:
            self.batches.pop()

    def next_batch(self) -> int:
        """Return a number for a batch."""
        self._batch_number += 1
        return self._batch_number

    @contextmanager
    def calling(self, span: Span) -> Iterator[None]:
        """Put a call on the chain for the time of a `with` block."""
        self.calls.append(span)
        try:
            yield
        finally:
            self.calls.pop()

    def _append(self, operation: AnyOperation) -> None:
        if len(self.transitions) >= MAX_OPERATIONS:
            raise Abort(f"more than {MAX_OPERATIONS} operations")
        waiting = None if operation.batch is None else self._waiting.get(operation.batch.number)
        if waiting is None:
            self._replay(operation)
        else:
            waiting.append(operation)

    def _tried(self, operation: AnyOperation, attempt: Attempt) -> AnyOperation:
        """Return an operation of a `try` body with what it depends on; `Raise` if it certainly fails."""
        if not attempt.may_fail:
            aborts = self.transactional and attempt.handlers_go_on
            found = fate(self.schema, operation, self.dialect, aborts)
            if found.fails and attempt.fails_with(found.error):
                self._note_failure(operation, attempt)
                raise Raise(operation.span, found.error)
            attempt.may_fail = found.fails is not False
        return self._attempted(operation, attempt) if attempt.may_fail else operation

    def _note_failure(self, operation: AnyOperation, attempt: Attempt) -> None:
        """Record an operation that fails and changes nothing: it may still be worth telling."""
        self.transitions.append(Transition(self.schema, self._attempted(operation, attempt), self.schema))

    def _attempted(self, operation: AnyOperation, attempt: Attempt) -> AnyOperation:
        return replace(operation, conditions=(*operation.conditions, attempt.condition))

    def _replay(self, operation: AnyOperation) -> None:
        if self.attempt is not None:
            operation = self._tried(operation, self.attempt)
        before = self.schema
        self.schema = apply(before, operation, self.revision)
        self.transitions.append(Transition(before, operation, self.schema))

    def _place(self, span: Span) -> tuple[Span, tuple[Span, ...]]:
        chain = [place for place in self.calls if place is not self.entry]
        if not chain:
            return span, ()
        chain.append(span)
        own = next((place for place in reversed(chain) if place.path == self.path), span)
        return own, tuple(place for place in chain if place is not own)
