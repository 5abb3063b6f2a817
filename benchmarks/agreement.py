"""Whether reading a revision says what running it does: each revision of the corpus, on three dialects.

Run as `python -m benchmarks.agreement [NAME…]` after `python -m benchmarks.corpus`. Each environment runs
in a process of its own, closed off from network, processes and files; there is no database behind it.
"""

from __future__ import annotations

import argparse
import dataclasses
import json
import os
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING

from benchmarks.corpus import ROOT, Package, downloaded
from benchmarks.measure import machine, record, table

if TYPE_CHECKING:
    from benchmarks.oracle.environment import Compared

DIALECTS = ("postgresql", "mysql", "sqlite")
LIMIT_SECONDS = 900


@dataclass
class Result:
    """What one environment, or a sum of them, gave on one dialect or on several.

    A revision is `whole` when it ran to its end, `part` when an exception ended it, `not_run` when it
    did not begin. `equal` and `covered` count what was sent: said by reading, or covered by something that
    reading calls conditional or opaque. `unmet` is what reading calls so and the run did not do.
    `stubbed` are differences where something that is not installed was replaced by an empty thing.
    """

    revisions: int = 0
    whole: int = 0
    part: int = 0
    not_run: int = 0
    equal: int = 0
    covered: int = 0
    unmet: int = 0
    disagreements: list[str] = field(default_factory=list)
    stubbed: list[str] = field(default_factory=list)
    failures: list[str] = field(default_factory=list)

    def add(self, other: Result) -> None:
        """Add another result to this one."""
        for name in (one.name for one in dataclasses.fields(self)):
            setattr(self, name, getattr(self, name) + getattr(other, name))


def run_here(root: Path, path: str, dialect: str) -> Result:
    """Compare one environment in this process, which must do nothing else afterwards."""
    from benchmarks.oracle.environment import compare_all, environments
    from benchmarks.oracle.sandbox import close
    from benchmarks.stubbed_alembic import StubFinder
    from migrate_guard.dialect import parse_dialect

    sys.path.insert(0, str(root))
    sys.meta_path.append(StubFinder())
    result = Result()
    with tempfile.TemporaryDirectory() as scratch:
        os.chdir(scratch)
        close(Path(scratch))
        for environment, graph in environments(root, root / path):
            for one in compare_all(environment, graph, parse_dialect(dialect), root):
                _count(result, one)
    return result


def _count(result: Result, one: Compared) -> None:
    recording, agreement = one.recording, one.agreement
    result.revisions += 1
    result.whole += recording.began and not recording.failure
    result.part += recording.began and recording.failure != ""
    result.not_run += not recording.began
    result.equal += agreement.equal
    result.covered += agreement.covered
    result.unmet += agreement.unmet
    if recording.failure:
        result.failures.append(f"{one.dialect} {one.path} {one.direction}: {recording.failure}")
    lines = [
        f"{one.dialect} {one.path}:{found.line} {found.side}: {found.fact}"
        + (f" [{' '.join(found.text.split())}]" if found.text else "")
        for found in agreement.disagreements
    ]
    (result.stubbed if recording.stubbed else result.disagreements).extend(lines)


def run_apart(package: Package, path: str, dialect: str) -> Result:
    """Compare one environment in a process of its own."""
    command = [sys.executable, "-m", "benchmarks.agreement", "--one", str(package.folder), path, dialect]
    known = {"PATH", "HOME", "LANG", "PYTHONPATH"}
    clean = {name: value for name, value in os.environ.items() if name in known}
    clean |= {"PYTHONDONTWRITEBYTECODE": "1", "PYTHONHASHSEED": "0"}
    name = f"{package.name} {path} {dialect}"
    try:
        done = subprocess.run(
            command, cwd=ROOT, env=clean, capture_output=True, text=True, timeout=LIMIT_SECONDS, check=False
        )
    except subprocess.TimeoutExpired:
        return Result(failures=[f"{name}: no end after {LIMIT_SECONDS} s"])
    lines = done.stdout.splitlines()
    if done.returncode != 0 or not lines:
        return Result(failures=[f"{name}: {(done.stderr.strip().splitlines() or ['no output'])[-1]}"])
    return Result(**json.loads(lines[-1]))


def run_package(package: Package) -> Result:
    """Compare all environments of a package on all dialects and add up."""
    total = Result()
    for path in package.paths:
        for dialect in DIALECTS:
            total.add(run_apart(package, path, dialect))
    return total


def _row(name: str, result: Result) -> list[str]:
    ran = f"{result.whole} + {result.part} of {result.revisions}"
    counts = [result.equal, result.covered, result.unmet, len(result.stubbed), len(result.disagreements)]
    return [name, ran, *map(str, counts)]


HEAD = ["package", "revisions run", "equal", "covered", "unmet", "stubbed", "disagreements"]


def report(results: dict[str, Result], verbose: bool) -> Iterator[str]:
    """Go through the table and the disagreements as Markdown."""
    total = Result()
    for result in results.values():
        total.add(result)
    yield table(HEAD, [*(_row(name, one) for name, one in results.items()), _row("all", total)])
    yield "\n".join(f"- {line}" for line in total.disagreements) or "No disagreement."
    if verbose:
        yield "\n".join(f"- where a stub was used: {line}" for line in total.stubbed)
        yield "\n".join(f"- did not run to its end: {line}" for line in total.failures)


def main() -> int:
    """Print the report; the exit code is 1 after a disagreement."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.agreement", description=__doc__)
    parser.add_argument("names", nargs="*", metavar="NAME", help="packages of the corpus; all by default")
    parser.add_argument("--record", action="store_true", help="put the table into README.md")
    parser.add_argument("--verbose", action="store_true", help="also say what did not run, and why")
    parser.add_argument(
        "--one", nargs=3, metavar=("ROOT", "PATH", "DIALECT"), help="one environment, as JSON"
    )
    arguments = parser.parse_args()
    if arguments.one is not None:
        root, path, dialect = arguments.one
        result = run_here(Path(root), path, dialect)
        print(f"\n{json.dumps(dataclasses.asdict(result))}")
        return 0
    packages = downloaded(tuple(arguments.names))
    results = {f"{package.name} {package.version}": run_package(package) for package in packages}
    print("\n\n".join(report(results, arguments.verbose)))
    if arguments.record:
        record("agreement", "\n\n".join([machine(), *report(results, verbose=False)]))
    return int(any(result.disagreements for result in results.values()))


if __name__ == "__main__":
    sys.exit(main())
