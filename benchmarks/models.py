"""Whether `check --models` without a database says what `alembic check` says on the real one.

Run as `python -m benchmarks.models [NAME…]` after `python -m benchmarks.corpus`. Each package of
`real/packages.toml` is upgraded to its head on a throw-away server; then the models are compared by both,
as they are and with a dozen changes that no revision has.
"""

from __future__ import annotations

import argparse
import json
import os
import sys
import tempfile
from collections.abc import Iterator, Mapping, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any

import sqlalchemy as sa

from benchmarks.corpus import Package, downloaded
from benchmarks.measure import machine, record, table
from benchmarks.real.environment import NotRunError, Target, install, targets, upgrade, variables, with_driver
from benchmarks.real.items import Agreement, Item, agreement
from benchmarks.reflect import DIALECTS, VERSION_TABLE, databases
from migrate_guard.check.evidence import at_heads
from migrate_guard.config import Config
from migrate_guard.dialect import DialectName, parse_dialect
from migrate_guard.errors import GuardError
from migrate_guard.evaluate.histories import histories
from migrate_guard.evidence.models.compare import Compared, Replay, compared
from migrate_guard.evidence.probing import START, Interpreter, Loading
from migrate_guard.project import Environment, Graph, find_environments, open_environment
from tests.schema.reflected import reflect

if TYPE_CHECKING:
    from migrate_guard.schema import Schema

STATES = ("clean", "seeded")
_LIMIT_SECONDS = 300
_SEEDING = Path(__file__).parent / "real" / "seeding"
_SEEDS = Path(__file__).parent / "real" / "seeds.py"
Key = tuple[str, DialectName, str]


@dataclass
class Outcome:
    """What one package gave on one dialect and in one state; `failure` says why it was not compared."""

    failure: str = ""
    tables: int = 0
    left_out: dict[str, str] = field(default_factory=dict)
    seeds: int = 0
    found: Agreement = field(default_factory=Agreement)


def opened(root: Path, path: str, dialect: DialectName) -> tuple[Environment, Graph]:
    """Return the environment at a path below a root."""
    config = Config(root=root, paths=(root / path,), dialects=(parse_dialect(dialect),))
    return open_environment(find_environments(config).environments[0], config)


def replay(package: Package, path: str, dialect: DialectName) -> Replay:
    """Return the schema that the revisions build, read where the package is a project of its own."""
    environment, graph = opened(package.folder, path, dialect)
    return at_heads(next(histories(environment, graph, package.folder)), graph)


def ours(target: Target, environment: Environment, replayed: Replay, url: str, state: str) -> Compared:
    """Return what we say of the models; raise `GuardError` when they cannot be loaded."""
    interpreter = Interpreter(target.folder / "bin" / "python", _LIMIT_SECONDS)
    seeding: dict[str, str] = {}
    models = target.models
    if state == "seeded":
        seeding = {"PYTHONPATH": str(_SEEDING), "SEEDS": str(_SEEDS), "SEEDED_MODELS": ",".join(models)}
        models = ("seeded_models:metadata",) if models else ()
    with tempfile.TemporaryDirectory() as home, _variables({**variables(target, url, home), **seeding}):
        (found,) = compared(
            environment,
            [replayed],
            models or ("auto",),
            Loading(interpreter, target.app or None),
            target.site,
        )
    return found


@contextmanager
def _variables(values: Mapping[str, str]) -> Iterator[None]:
    """Set environment variables for the time of a `with` block: what the user's shell would have."""
    before = {name: os.environ.get(name) for name in values}
    os.environ.update(values)
    try:
        yield
    finally:
        for name, value in before.items():
            if value is None:
                del os.environ[name]
            else:
                os.environ[name] = value


def measure(
    target: Target, package: Package, dialect: DialectName, url: str, empty: str
) -> dict[str, Outcome]:
    """Run and compare one package on one dialect, in each state.

    `empty` is the URL that its settings name while we compare: of a database that has nothing.
    """
    path = target.path_for(dialect)
    if path is None:
        return {"clean": Outcome("the package has no scripts for it")}
    with tempfile.TemporaryDirectory() as folder:
        answer = Path(folder) / "answer.json"
        more = {
            "answer": str(answer),
            "probe": str(START.parent),
            "models": target.models,
            "dialect": dialect,
        }
        try:
            before = upgrade(target, dialect, url, "autogenerate.py", more)
            alembic = json.loads(answer.read_text(encoding="utf-8"))
        except (NotRunError, FileNotFoundError) as error:
            return {"clean": Outcome(str(error))}
    engine = sa.create_engine(url, poolclass=sa.NullPool)
    with engine.connect() as connection:
        real = reflect(connection, dialect).without_table(VERSION_TABLE)
    environment, _ = opened(target.site, path, dialect)
    replayed = replay(package, path, dialect)
    own = with_driver(target, dialect, empty)
    compare = partial(_outcome, target, environment, replayed, own, real, before)
    return {state: compare(state, alembic[state]) for state in STATES}


def _outcome(
    target: Target,
    environment: Environment,
    replayed: Replay,
    url: str,
    real: Schema,
    before: frozenset[str],
    state: str,
    alembic: dict[str, Any],
) -> Outcome:
    try:
        found = ours(target, environment, replayed, url, state)
    except GuardError as error:
        return Outcome(error.message)
    left_out = {str(one.table): one.reason for one in found.left_out}
    found_items = [one for _, one in found.found]
    # What was there before the first revision, the application makes.
    agreed = agreement(alembic["operations"], alembic["ddl"], real, found_items, before.union(left_out))
    return Outcome("", len(found.offered.tables), left_out, len(alembic["seeds"]), agreed)


HEAD = ("package", "tables", "not whole", "both", "missed", "noise", "open", "more", "false")


def report(outcomes: Mapping[Key, Outcome]) -> Iterator[str]:
    """Go through the table, the sums and what could not be compared, as Markdown."""
    rows = [
        _row(f"{name}, {dialect}, {_state(one, state)}", [one])
        for (name, dialect, state), one in _done(outcomes)
    ]
    for state in STATES:
        rows.append(_row(f"all, {state}", [one for (_, _, own), one in _done(outcomes) if own == state]))
    yield table(HEAD, rows)
    failed = [
        f"- {name}, {dialect}, {state}: {one.failure}"
        for (name, dialect, state), one in outcomes.items()
        if one.failure
    ]
    if failed:
        yield "\n".join(["Not compared:", "", *failed])


def _done(outcomes: Mapping[Key, Outcome]) -> list[tuple[Key, Outcome]]:
    return [(key, one) for key, one in outcomes.items() if not one.failure]


def _state(one: Outcome, state: str) -> str:
    return f"{one.seeds} changes" if state == "seeded" else state


def _row(title: str, outcomes: Sequence[Outcome]) -> list[str]:
    numbers = [sum(one.tables for one in outcomes), sum(len(one.left_out) for one in outcomes)]
    for part in HEAD[3:]:
        numbers.append(sum(len(getattr(one.found, part)) for one in outcomes))
    return [title, *map(str, numbers)]


def details(outcomes: Mapping[Key, Outcome]) -> Iterator[str]:
    """Go through every item that only one side has, and every table that was not compared."""
    for (name, dialect, state), one in _done(outcomes):
        for part in HEAD[4:]:
            items: list[Item] = getattr(one.found, part)
            yield from (f"{name}, {dialect}, {state}, {part}: {item}" for item in items)
        if state == "clean":
            yield from (f"{name}, {dialect}, not whole: {at}: {why}" for at, why in one.left_out.items())


def main() -> int:
    """Print every disagreement and the table; the exit code is 1 when something is missed or false."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.models", description=__doc__)
    parser.add_argument("names", nargs="*", metavar="NAME", help="packages of the list; all by default")
    parser.add_argument("--dialect", action="append", choices=DIALECTS, help="all by default")
    parser.add_argument("--record", action="store_true", help="put the table into README.md")
    arguments = parser.parse_args()
    listed = targets()
    outcomes: dict[Key, Outcome] = {}
    with ExitStack() as stack:
        fresh = databases(stack, tuple(arguments.dialect or DIALECTS))
        for package in downloaded(tuple(arguments.names or listed)):
            target = listed[package.name]
            try:
                install(target, package.version)
            except NotRunError as error:
                outcomes.update({(package.name, one, "clean"): Outcome(str(error)) for one in fresh})
                continue
            for dialect, database in fresh.items():
                found = measure(target, package, dialect, database(), database())
                outcomes.update({(package.name, dialect, state): one for state, one in found.items()})
                print(f"{package.name} {dialect}: done", file=sys.stderr)
    print("\n".join(details(outcomes)))
    print("\n\n".join(report(outcomes)))
    if arguments.record:
        record("models", "\n\n".join([machine(), *report(outcomes)]))
    return int(any(one.found.missed or one.found.false for one in outcomes.values()))


if __name__ == "__main__":
    sys.exit(main())
