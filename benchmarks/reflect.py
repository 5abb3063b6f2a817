"""Whether the replayed schema is the one that the migrations build: packages of the corpus on real servers.

Run as `python -m benchmarks.reflect [NAME…]` after `python -m benchmarks.corpus`. Each package is installed
into an environment of its own under `.cache/environments`, where its own env.py runs the migrations.
"""

from __future__ import annotations

import argparse
import sqlite3
import sys
import tempfile
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import ExitStack
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import TYPE_CHECKING

import sqlalchemy as sa

from benchmarks.corpus import Package, downloaded
from benchmarks.measure import machine, record, table
from benchmarks.real.causes import Cause, Causes, causes
from benchmarks.real.compare import KINDS, Compared, Counts, compare
from benchmarks.real.environment import NotRunError, Target, install, targets, upgrade
from migrate_guard.config import Config
from migrate_guard.dialect import DialectName, parse_dialect
from migrate_guard.evaluate.histories import histories
from migrate_guard.evaluate.history import Replayed
from migrate_guard.operations import Opaque, TableName
from migrate_guard.project import find_environments, open_environment, resolve
from tests.schema.reflected import reflect
from tests.server_programs import Unavailable
from tests.servers import running_mariadb, running_postgresql

if TYPE_CHECKING:
    from migrate_guard.schema import Schema
    from migrate_guard.schema.compare import Difference

DIALECTS: tuple[DialectName, ...] = ("postgresql", "sqlite", "mariadb")
FreshDatabase = Callable[[], str]
# Alembic's own table is made by no revision.
VERSION_TABLE = TableName("alembic_version")


@dataclass
class Outcome:
    """What one package gave on one dialect; `failure` says why it did not run."""

    failure: str = ""
    compared: Compared = field(default_factory=Compared)
    unread: tuple[str, ...] = ()


def replayed(package: Package, path: str, dialect: DialectName) -> tuple[Causes, tuple[str, ...]]:
    """Return the schema that is read from the package's revisions, its doubts, and what was not read."""
    version = f":{sqlite3.sqlite_version}" if dialect == "sqlite" else ""
    judged = parse_dialect(f"{dialect}{version}")
    config = Config(root=package.folder, paths=(package.folder / path,), dialects=(judged,))
    environment, graph = open_environment(find_environments(config).environments[0], config)
    history = next(histories(environment, graph, config.root)).history
    heads = resolve(graph, "heads")
    revisions = history.up_to(heads)
    transitions = [one for revision in revisions for one in revision.upgrade.transitions]
    return causes(history.schema_at(heads), transitions), tuple(_unread(revisions))


def _unread(revisions: Iterable[Replayed]) -> Iterator[str]:
    for revision in revisions:
        for transition in revision.upgrade.transitions:
            operation = transition.operation
            if isinstance(operation, Opaque) and operation.may_touch != () and not operation.rows_only:
                yield f"{operation.span.path}:{operation.span.line}: {operation.reason}"
        yield from (f"{span.path}:{span.line}: never reached" for span in revision.upgrade.missed)


def built(target: Target, dialect: DialectName, url: str) -> tuple[Schema, frozenset[str]]:
    """Return the schema that the package's migrations build, and the tables that were there before them.

    Raise `NotRunError`.
    """
    before = upgrade(target, dialect, url)
    engine = sa.create_engine(url, poolclass=sa.NullPool)
    with engine.connect() as connection:
        return reflect(connection, dialect).without_table(VERSION_TABLE), before


def measure(target: Target, package: Package, dialect: DialectName, url: str) -> Outcome:
    """Run and replay one package on one dialect."""
    path = target.path_for(dialect)
    if path is None:
        return Outcome("the package has no scripts for it")
    try:
        real, before = built(target, dialect, url)
    except NotRunError as error:
        return Outcome(str(error))
    found, unread = replayed(package, path, dialect)
    return Outcome("", compare(real, replace(found, there_before=before)), unread)


def databases(stack: ExitStack, wanted: tuple[DialectName, ...]) -> Mapping[DialectName, FreshDatabase]:
    """Start the servers; one that cannot be had is left out with a word on stderr."""
    folder = Path(stack.enter_context(tempfile.TemporaryDirectory()))
    numbers = iter(range(1000))
    found: dict[DialectName, FreshDatabase] = {}
    for dialect in wanted:
        try:
            if dialect == "postgresql":
                found[dialect] = stack.enter_context(running_postgresql()).fresh_database
            elif dialect == "mariadb":
                found[dialect] = stack.enter_context(running_mariadb()).fresh_database
            else:
                found[dialect] = lambda: f"sqlite:///{folder}/{next(numbers)}.db"
        except Unavailable as error:
            print(f"{dialect}: {error}", file=sys.stderr)
    return found


def _cell(counts: Counts) -> str:
    """Return equal objects of all there are, what the others are, and how many have no cause."""
    total = counts.equal + counts.different + counts.only_there + counts.unknown
    signs = (
        (counts.different, "≠"),
        (counts.only_there, "−"),
        (counts.only_here, "+"),
        (counts.unknown, "?"),
    )
    parts = " ".join(f"{number}{sign}" for number, sign in signs if number)
    if not parts:
        return f"{total}"
    sure = f"; {counts.sure} sure" if counts.sure else ""
    return f"{counts.equal} of {total} ({parts}{sure})"


def report(outcomes: Mapping[tuple[str, DialectName], Outcome]) -> Iterator[str]:
    """Go through the table, the sums and what did not run as Markdown."""
    rows: list[list[str]] = []
    total = {kind: Counts() for kind in KINDS}
    for (name, dialect), outcome in outcomes.items():
        counts = outcome.compared.counts
        if not outcome.failure:
            rows.append([f"{name}, {dialect}", *(_cell(counts[kind]) for kind in KINDS)])
            for kind in KINDS:
                total[kind].add(counts[kind])
    rows.append(["all", *(_cell(total[kind]) for kind in KINDS)])
    yield table(["package", *KINDS], rows)
    yield table(["", *KINDS], [["equal", *(_share(total[kind]) for kind in KINDS)]])
    failed = [f"- {name}, {where}: {one.failure}" for (name, where), one in outcomes.items() if one.failure]
    if failed:
        yield "\n".join(["Not run to the head:", "", *failed])


def _share(counts: Counts) -> str:
    total = counts.equal + counts.different + counts.only_there + counts.only_here + counts.unknown
    return f"{100 * counts.equal / total:.2f} %" if total else "–"


def details(outcomes: Mapping[tuple[str, DialectName], Outcome]) -> Iterator[str]:
    """Go through every difference, those of one cause together, and what was not read."""
    for (name, dialect), outcome in outcomes.items():
        groups: dict[tuple[Cause, ...], list[Difference]] = {}
        for one in outcome.compared.found:
            groups.setdefault(one.causes, []).append(one.difference)
        for found, group in sorted(groups.items(), key=lambda item: bool(item[0])):
            yield f"\n{name}, {dialect}, {len(group)} because of" if found else _sure(name, dialect, group)
            yield from (f"    {cause}" for cause in found)
            yield from (f"  - {one}" for one in group)
        for unread, times in Counter(outcome.unread).items():
            yield f"{name}, {dialect}, not read: {unread}{f' ({times} times)' if times > 1 else ''}"


def _sure(name: str, dialect: str, group: list[Difference]) -> str:
    sure = sum(not one.unknown for one in group)
    return f"\n{name}, {dialect}, without a cause: {sure} sure, {len(group) - sure} unknown"


def main() -> int:
    """Print every difference and the tables; the exit code is 1 when a package did not run."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.reflect", description=__doc__)
    parser.add_argument("names", nargs="*", metavar="NAME", help="packages of the list; all by default")
    parser.add_argument("--dialect", action="append", choices=DIALECTS, help="all by default")
    parser.add_argument("--record", action="store_true", help="put the tables into README.md")
    arguments = parser.parse_args()
    listed = targets()
    outcomes: dict[tuple[str, DialectName], Outcome] = {}
    with ExitStack() as stack:
        fresh = databases(stack, tuple(arguments.dialect or DIALECTS))
        for package in downloaded(tuple(arguments.names or listed)):
            target = listed[package.name]
            try:
                install(target, package.version)
            except NotRunError as error:
                outcomes.update({(package.name, dialect): Outcome(str(error)) for dialect in fresh})
                continue
            for dialect, database in fresh.items():
                outcomes[package.name, dialect] = measure(target, package, dialect, database())
                print(f"{package.name} {dialect}: done", file=sys.stderr)
    print("\n".join(details(outcomes)))
    print("\n\n".join(report(outcomes)))
    if arguments.record:
        record("reflection", "\n\n".join([machine(), *report(outcomes)]))
    return int(any(one.failure for one in outcomes.values()))


if __name__ == "__main__":
    sys.exit(main())
