"""Whether the replayed schema is the one that the migrations build: packages of the corpus on real servers.

Run as `python -m benchmarks.reflect [NAME…]` after `python -m benchmarks.corpus`. Each package is installed
into an environment of its own under `.cache/environments`, where its own env.py runs the migrations.
"""

from __future__ import annotations

import argparse
import sys
import tempfile
from collections.abc import Callable, Iterator, Mapping
from contextlib import ExitStack
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING

import sqlalchemy as sa

from benchmarks.corpus import Package, downloaded
from benchmarks.measure import machine, record, table
from benchmarks.real.compare import KINDS, Compared, Counts, compare
from benchmarks.real.environment import NotRunError, Target, install, targets, upgrade
from migrate_guard.config import Config
from migrate_guard.dialect import DialectName, parse_dialect
from migrate_guard.operations import TableName
from migrate_guard.snapshot import Snapshot, snapshots
from tests.schema.reflected import reflect
from tests.server_programs import Unavailable
from tests.servers import running_mariadb, running_postgresql

if TYPE_CHECKING:
    from migrate_guard.schema import Schema

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


def replayed(package: Package, path: str, dialect: DialectName) -> Snapshot:
    """Return the schema that is read from the package's revisions."""
    config = Config(root=package.folder, paths=(package.folder / path,), dialects=(parse_dialect(dialect),))
    return snapshots(config).found[0]


def built(target: Target, dialect: DialectName, url: str) -> Schema:
    """Return the schema that the package's migrations build; raise `NotRunError`."""
    upgrade(target, dialect, url)
    engine = sa.create_engine(url, poolclass=sa.NullPool)
    with engine.connect() as connection:
        return reflect(connection, dialect).without_table(VERSION_TABLE)


def measure(target: Target, package: Package, dialect: DialectName, url: str) -> Outcome:
    """Run and replay one package on one dialect."""
    path = target.path_for(dialect)
    if path is None:
        return Outcome("the package has no scripts for it")
    try:
        real = built(target, dialect, url)
    except NotRunError as error:
        return Outcome(str(error))
    snapshot = replayed(package, path, dialect)
    unread = tuple(f"{one.span.path}:{one.span.line}: {one.reason}" for one in snapshot.unread)
    return Outcome("", compare(real, snapshot.schema), unread)


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
    """Return equal objects of all there are, and how many differences the replay was sure of."""
    total = counts.equal + counts.different + counts.only_there
    wrong = counts.different + counts.only_there + counts.only_here
    if not wrong:
        return f"{total}"
    parts = [
        f"{number}{sign}"
        for number, sign in ((counts.different, "≠"), (counts.only_there, "−"), (counts.only_here, "+"))
        if number
    ]
    return f"{counts.equal} of {total} ({' '.join(parts)}; {wrong - counts.doubtful} sure)"


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
    total = counts.equal + counts.different + counts.only_there + counts.only_here
    return f"{100 * counts.equal / total:.2f} %" if total else "–"


def details(outcomes: Mapping[tuple[str, DialectName], Outcome]) -> Iterator[str]:
    """Go through every difference, marked where the replay itself is in doubt, and what was not read."""
    for (name, dialect), outcome in outcomes.items():
        for one in outcome.compared.differences:
            yield f"{name} {dialect}: {one}{'' if one.certain else ' [in doubt]'}"
        for unread in outcome.unread:
            yield f"{name} {dialect}: not read: {unread}"


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
