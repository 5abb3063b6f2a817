"""Choose, run and replay a random history, and hold the replayed schema against the reflected one."""

from __future__ import annotations

import textwrap
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from dataclasses import dataclass, field

import sqlalchemy as sa
from alembic.operations import Operations
from alembic.runtime.migration import MigrationContext
from alembic.util import CommandError
from hypothesis import strategies as st

from migrate_guard.dialect import DialectName
from migrate_guard.evaluate.outcome import Evaluation
from migrate_guard.operations import Opaque
from migrate_guard.schema import Schema, empty_schema
from migrate_guard.schema.compare import differences, unknowns
from tests.evaluate.running import run
from tests.schema.generated import batches, columns, constraints, enums, tables
from tests.schema.generated.parts import Change, Form, Target
from tests.schema.generated.scene import Scene
from tests.schema.reflected import reflect

STEPS = 10
TRIES = 6
# With more of them, steps meet less often.
TABLES = 4
CHANGES: tuple[Callable[[Scene], Change | None], ...] = (
    tables.create_table,
    tables.create_table,
    columns.add_column,
    columns.add_column,
    columns.alter_column,
    columns.alter_column,
    columns.drop_column,
    columns.rename_column,
    constraints.add_constraint,
    constraints.add_constraint,
    constraints.create_index,
    constraints.create_index,
    constraints.drop_constraint,
    constraints.drop_index,
    constraints.rename_constraint,
    constraints.rename_index,
    batches.batch,
    batches.batch,
    batches.rebuild,
    enums.create_enum,
    enums.add_value,
    enums.rename_value,
    enums.rename_enum,
    enums.drop_enum,
    tables.rename_table,
    tables.drop_table,
)


@dataclass
class Tally:
    """What ran: histories, steps by name, and what the database refused, by step and error."""

    histories: int = 0
    steps: Counter[str] = field(default_factory=Counter)
    refused: Counter[str] = field(default_factory=Counter)

    def __str__(self) -> str:
        steps = ", ".join(f"{name} {count}" for name, count in self.steps.most_common())
        refused = "; ".join(f"{why} {count}" for why, count in self.refused.most_common())
        ran, not_taken = sum(self.steps.values()), sum(self.refused.values())
        return f"{self.histories} histories, {ran} steps ({steps}); refused {not_taken} ({refused})"


class Refused(Exception):  # noqa: N818  # it is the database's answer, not an error
    """The database, or Alembic on its behalf, does not take a step."""


@dataclass(frozen=True)
class Outcome:
    """The scripts of a history, and what its last step has otherwise than the replay says."""

    scripts: tuple[str, ...]
    problems: tuple[str, ...] = ()

    def __repr__(self) -> str:
        return "\n".join(["", *self.problems, *self.scripts])


@st.composite
def outcomes(
    draw: st.DrawFn,
    connect: Callable[[], AbstractContextManager[sa.Connection]],
    target: tuple[DialectName, Form],
    tally: Tally,
) -> Outcome:
    """Run a random history on an empty database step by step, and replay each.

    Each step is chosen from what the database reflects. It ends with one that the database refuses, which
    is counted, or with the first that the replay has otherwise.
    """
    dialect, form = target
    with connect() as connection:
        writing = Target(dialect, form, connection.dialect.identifier_preparer.quote)
        real, replayed = empty_schema(dialect), empty_schema(dialect)
        scripts: list[str] = []
        tally.histories += 1
        for number in range(draw(st.integers(2, STEPS))):
            change = choose(draw, real, writing)
            scripts.append(f"# step {number}: {change.name}\n{script_of(change)}")
            try:
                execute(connection, scripts[-1])
            except Refused as error:
                tally.refused[f"{change.name}: {error}"] += 1
                return Outcome(tuple(scripts))
            tally.steps[change.name] += 1
            evaluation = run(scripts[-1], dialect=dialect, before=replayed, revision=str(number))
            replayed, real = evaluation.after, reflect(connection, dialect)
            found = [*problems(real, replayed), *unread(evaluation)]
            if found:
                return Outcome(tuple(scripts), tuple(found))
    return Outcome(tuple(scripts))


def script_of(change: Change) -> str:
    """Return a step as a revision file."""
    body = textwrap.indent("\n".join(change.lines), "    ")
    return f"from sqlalchemy.dialects import postgresql\ndef upgrade():\n{body}\n"


def unread(evaluation: Evaluation) -> Iterator[str]:
    """Go through what was not read of a step, all of which is written to be read."""
    for transition in evaluation.transitions:
        if isinstance(transition.operation, Opaque) or transition.operation.conditional:
            yield f"not read: {transition.operation}"


def problems(real: Schema, replayed: Schema) -> Iterator[str]:
    """Go through what the replay has otherwise, does not know, or is not sure of."""
    yield from map(str, differences(real, replayed))
    yield from (f"not known: {one}" for one in unknowns(real, replayed))
    yield from (
        f"not certain: {table.name} {table.doubts}" for table in replayed.all_tables() if not table.known
    )


def choose(draw: st.DrawFn, real: Schema, target: Target) -> Change:
    """Choose a step that is possible now; a table can always be created or dropped."""
    changes = CHANGES if real.tables else (tables.create_table,)
    if len(real.tables) >= TABLES:
        changes = tuple(one for one in changes if one is not tables.create_table)
    for _ in range(TRIES):
        scene = Scene(draw, real, target)
        change = scene.pick(changes)(scene)
        if change is not None:
            return change
    return tables.create_table(Scene(draw, real, target)) or must(
        tables.drop_table(Scene(draw, real, target))
    )


def must(change: Change | None) -> Change:
    """Return a change that has to be possible."""
    assert change is not None
    return change


def execute(connection: sa.Connection, script: str) -> None:
    """Run a revision with the real Alembic; raise `Refused` after undoing what can be undone."""
    scope: dict[str, object] = {}
    with Operations.context(MigrationContext.configure(connection)):
        exec("import sqlalchemy as sa\nfrom alembic import op\n" + script, scope)
        upgrade = scope["upgrade"]
        assert callable(upgrade)
        try:
            with nested(connection):
                upgrade()
        except sa.exc.DBAPIError as error:
            raise Refused(_short(error.orig)) from error
        except (sa.exc.SQLAlchemyError, CommandError, NotImplementedError, ValueError, KeyError) as error:
            raise Refused(_short(error)) from error


def _short(error: BaseException | None) -> str:
    return f"{type(error).__name__} {str(error).splitlines()[0][:70]}"


@contextmanager
def nested(connection: sa.Connection) -> Iterator[None]:
    """Run something in a savepoint where the database can undo DDL."""
    if connection.dialect.name != "postgresql":
        yield
        return
    with connection.begin_nested():
        yield
