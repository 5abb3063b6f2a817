"""Run one direction of a revision with the real Alembic, and note each statement and the line it is from."""

from __future__ import annotations

import importlib.util
import inspect
import signal
import types
import warnings
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from unittest.mock import patch

import alembic.operations.batch
import sqlalchemy as sa
import sqlalchemy.dialects.mysql
import sqlalchemy.dialects.postgresql
import sqlalchemy.dialects.sqlite
import sqlalchemy.orm  # scripts use it as `sa.orm`, which somebody always has imported
from alembic.config import Config
from alembic.ddl.impl import DefaultImpl, _impls
from alembic.ddl.sqlite import SQLiteImpl
from alembic.operations import Operations
from alembic.runtime.environment import EnvironmentContext
from alembic.script import ScriptDirectory
from sqlalchemy.dialects.postgresql.named_types import EnumDropper, EnumGenerator

from benchmarks.oracle.dialects import engine, tell
from benchmarks.oracle.driver import Statement
from benchmarks.stubbed_alembic import TOUCHED
from migrate_guard.dialect import Dialect
from migrate_guard.evaluate.sql import read_sql
from migrate_guard.operations import AnyOperation
from migrate_guard.schema import Schema, apply
from migrate_guard.span import Span

LIMIT_SECONDS = 20


class OutOfTime(BaseException):  # no error of the script, which must not catch it
    """The script runs longer than a migration without a database can take."""


@dataclass(frozen=True, slots=True)
class Recorded:
    """A statement that a revision sent, and what it does.

    `lines` are the lines of the revision's own file that led there, innermost first.
    """

    lines: tuple[int, ...]
    text: str
    rows: int
    autocommit: bool
    operations: tuple[AnyOperation, ...]

    @property
    def line(self) -> int:
        """The innermost line, 0 if no line of the file led there."""
        return self.lines[0] if self.lines else 0


@dataclass
class Recording:
    """What a run of a revision sent; `failure` says why it ended early, or why it did not begin.

    `began` tells that its function was reached. `stubbed` tells that something that is not installed,
    and was replaced by an empty thing, was used.
    """

    statements: list[Recorded] = field(default_factory=list)
    failure: str = ""
    began: bool = False
    stubbed: bool = False


@dataclass
class _Tape:
    """Notes statements, and keeps the schema that the inspector tells of current."""

    path: str
    dialect: Dialect
    schema: Schema
    places: list[tuple[int, ...]] = field(default_factory=list)
    statements: list[Recorded] = field(default_factory=list)
    engine: sa.Engine | None = None

    def note(self, statement: Statement) -> None:
        lines = self.places[-1] if self.places else self.lines()
        line = lines[0] if lines else 1
        place = Span(self.path, line, 1, line, 1)
        operations = read_sql(statement.text, self.dialect, lambda start, end: place)
        for operation in operations:
            self.schema = apply(self.schema, operation, "recorded")
        if self.engine is not None:
            tell(self.engine, self.schema)
        self.statements.append(
            Recorded(lines, statement.text, statement.rows, statement.autocommit, tuple(operations))
        )

    def lines(self) -> tuple[int, ...]:
        """Return the lines of the revision's file in the frames that are open, innermost first."""
        found = []
        frame = inspect.currentframe()
        while frame is not None:
            if frame.f_code.co_filename == self.path:
                found.append(frame.f_lineno)
            frame = frame.f_back
        return tuple(found)


class _AnyAlter(SQLiteImpl):
    """SQLite as if it could alter everything, so that what a script asks for comes through."""

    # Without a `__dialect__` of its own, which would make it everybody's SQLite as soon as it is defined.
    drop_constraint = DefaultImpl.drop_constraint

    def add_constraint(self, const: Any, **kw: Any) -> None:
        # SQLAlchemy leaves foreign keys to other schemas out on SQLite, though the script asks for them.
        if const._create_rule is None or const._create_rule(self):  # noqa: SLF001  # as Alembic does
            self._exec(sa.text(str(sa.schema.AddConstraint(const).compile()).replace(":", "\\:")))

    def requires_recreate_in_batch(self, batch_op: Any) -> bool:
        return False


class _PlainBatch(alembic.operations.batch.BatchOperationsImpl):
    """A batch that never copies the table: each of its operations comes through by itself."""

    tape: _Tape

    def __init__(self, *arguments: Any, **named: Any) -> None:
        super().__init__(*arguments, **named)  # type: ignore[no-untyped-call]  # Alembic has no types here
        self.placed = self.batch = _Placed(self.tape)

    def _should_recreate(self) -> bool:
        return False

    def add_column(self, *arg: Any, **kw: Any) -> None:
        kw = {name: value for name, value in kw.items() if name not in {"insert_before", "insert_after"}}
        self.batch.append(("add_column", arg, kw))

    def flush(self) -> None:
        for (name, arguments, named), place in zip(self.placed, self.placed.places, strict=True):
            self.tape.places.append(place)
            try:
                getattr(self.operations.impl, name)(*arguments, **named)
            finally:
                self.tape.places.pop()


class _Placed(list[Any]):
    """A list that notes the lines of the revision at which each item came."""

    def __init__(self, tape: _Tape) -> None:
        super().__init__()
        self.tape = tape
        self.places: list[tuple[int, ...]] = []

    def append(self, item: Any) -> None:
        self.places.append(self.tape.lines())
        super().append(item)


def record(
    path: Path,
    function: str,
    dialect: Dialect,
    before: Schema,
    script_location: Path,
    arguments: tuple[str, ...] = (),
    naming: Mapping[str, str] | None = None,
) -> Recording:
    """Run a function of a revision file, starting from a schema; never raises for what the file does."""
    recording = Recording()
    tape = _Tape(str(path), dialect, before)
    touched = TOUCHED.count
    try:
        with _time_limit(), warnings.catch_warnings():
            warnings.simplefilter("ignore")
            _run(path, function, tape, script_location, arguments, naming, recording)
    except (Exception, SystemExit, OutOfTime) as error:  # noqa: BLE001  # whatever a stranger's script does
        recording.failure = f"{type(error).__name__}: {error}".split("\n")[0][:200]
    recording.statements = tape.statements
    recording.stubbed = TOUCHED.count != touched
    return recording


def _run(
    path: Path,
    function: str,
    tape: _Tape,
    script_location: Path,
    arguments: tuple[str, ...],
    naming: Mapping[str, str] | None,
    recording: Recording,
) -> None:
    made = engine(str(tape.dialect.family), tape.note, tape.schema)
    tape.engine = made
    config = Config()
    config.set_main_option("script_location", str(script_location).replace("%", "%%"))
    metadata = sa.MetaData(naming_convention=dict(naming) if naming else None)
    with (
        made.connect() as connection,
        EnvironmentContext(config, ScriptDirectory(str(script_location))) as environment,
        _patched(tape),
    ):
        environment.configure(connection=connection, target_metadata=metadata)
        context = environment.get_context()
        begin = context.begin_transaction(_per_migration=not context.impl.transactional_ddl)
        with Operations.context(context), begin:
            module = _load(path)
            recording.began = True
            getattr(module, function)(*arguments)


@contextmanager
def _patched(tape: _Tape) -> Iterator[None]:
    """Put what lets through all that a script asks for in the place of Alembic's and SQLAlchemy's own."""
    _PlainBatch.tape = tape
    with (
        patch.object(alembic.operations.batch, "BatchOperationsImpl", _PlainBatch),
        patch.dict(_impls, {"sqlite": _AnyAlter}),
        patch.object(EnumGenerator, "_can_create_type", _always),
        patch.object(EnumDropper, "_can_drop_type", _always),
    ):
        yield


def _always(visitor: Any, type_: Any) -> bool:
    """Let a type be created and dropped whatever the schema has, as the script asks for it."""
    return True


def _load(path: Path) -> types.ModuleType:
    """Load a revision as Alembic does (`util.load_module_py`), without leaving byte code behind."""
    spec = importlib.util.spec_from_file_location(f"revision_{path.stem}", path)
    if spec is None or spec.loader is None:
        raise ImportError(str(path))
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


@contextmanager
def _time_limit() -> Iterator[None]:
    def stop(number: int, frame: types.FrameType | None) -> None:
        raise OutOfTime(f"no end after {LIMIT_SECONDS} s")

    previous = signal.signal(signal.SIGALRM, stop)
    signal.setitimer(signal.ITIMER_REAL, LIMIT_SECONDS)
    try:
        yield
    finally:
        signal.setitimer(signal.ITIMER_REAL, 0)
        signal.signal(signal.SIGALRM, previous)
