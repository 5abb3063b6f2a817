"""How much of the corpus migrate-guard reads: crashes, operations known, opaque, conditional, and why.

Run as `python -m benchmarks.coverage [NAME…]` after `python -m benchmarks.corpus`. Each environment is
judged in a process of its own, so that a crash of one is a line in the table.
"""

from __future__ import annotations

import argparse
import json
import subprocess
import sys
import time
from collections import Counter
from dataclasses import dataclass, field
from pathlib import Path

from benchmarks.corpus import ROOT, Package, downloaded
from benchmarks.measure import machine, record, table
from migrate_guard.check import check
from migrate_guard.config import Config
from migrate_guard.errors import GuardError
from migrate_guard.finding import Severity

# Longer than any environment of the corpus may take by far; reaching it counts as a crash.
LIMIT_SECONDS = 300


@dataclass(frozen=True, slots=True)
class Result:
    """What one environment, or a sum of them, gave; `failure` is the end of a traceback."""

    revisions: int = 0
    operations: int = 0
    opaque: int = 0
    conditional: int = 0
    findings: dict[str, int] = field(default_factory=dict)
    reasons: dict[str, int] = field(default_factory=dict)
    internal_errors: list[str] = field(default_factory=list)
    seconds: float = 0.0
    failure: str = ""

    @property
    def known(self) -> float:
        """The share of operations whose subject is known, in per cent."""
        total = self.operations + self.opaque
        return 100.0 * self.operations / total if total else 100.0

    def plus(self, other: Result) -> Result:
        """Add another result."""
        return Result(
            self.revisions + other.revisions,
            self.operations + other.operations,
            self.opaque + other.opaque,
            self.conditional + other.conditional,
            dict(Counter(self.findings) + Counter(other.findings)),
            dict(Counter(self.reasons) + Counter(other.reasons)),
            self.internal_errors + other.internal_errors,
            self.seconds + other.seconds,
            "; ".join(filter(None, [self.failure, other.failure])),
        )


def judge(root: Path, path: str) -> Result:
    """Judge one environment in this process, as a user in the package's root would."""
    started = time.perf_counter()
    try:
        judgement = check(Config(root=root, paths=(root / path,)))
    except GuardError as error:
        return Result(failure=f"could not look: {error.message}")
    summary = judgement.summary
    counted = Counter(str(finding.severity) for finding in judgement.findings)
    return Result(
        summary.revisions,
        summary.operations,
        summary.opaque,
        summary.conditional,
        {str(severity): counted[str(severity)] for severity in Severity},
        dict(summary.reasons),
        [f"{error.rule} on {error.place}: {error.error}" for error in judgement.internal_errors],
        time.perf_counter() - started,
    )


def judge_apart(package: Package, path: str) -> Result:
    """Judge one environment in a process of its own."""
    command = [sys.executable, "-m", "benchmarks.coverage", "--one", str(package.folder), path]
    try:
        done = subprocess.run(
            command, cwd=ROOT, capture_output=True, text=True, timeout=LIMIT_SECONDS, check=False
        )
    except subprocess.TimeoutExpired:
        return Result(failure=f"no end after {LIMIT_SECONDS} s")
    if done.returncode != 0:
        return Result(failure=(done.stderr.strip().splitlines() or ["no output"])[-1])
    return Result(**json.loads(done.stdout))


def judge_package(package: Package) -> Result:
    """Judge all environments of a package and add up."""
    total = Result()
    for path in package.paths:
        total = total.plus(judge_apart(package, path))
    return total


def row(name: str, expected: str, result: Result) -> list[str]:
    """Return a line of the table."""
    findings = "/".join(str(result.findings.get(level, 0)) for level in ("error", "warning", "info"))
    counts = [result.operations, result.opaque, result.conditional]
    seen = f"{result.revisions}{expected}"
    return [name, seen, *map(str, counts), f"{result.known:.2f} %", findings, f"{result.seconds:.2f}"]


def report(results: dict[Package, Result]) -> str:
    """Return the table, the reasons and the failures as Markdown."""
    total = Result()
    for result in results.values():
        total = total.plus(result)
    head = ["package", "revisions", "operations", "opaque", "conditional", "known", "err/warn/info", "s"]
    rows = [
        row(f"{package.name} {package.version}", f" of {package.revisions}", result)
        for package, result in results.items()
    ]
    parts = [table(head, [*rows, row("all", f" of {sum(p.revisions for p in results)}", total)])]
    most = sorted(total.reasons.items(), key=lambda reason: (-reason[1], reason[0]))
    parts.append(table(["reason for an opaque operation", "times"], [[why, str(n)] for why, n in most]))
    failures = [
        f"- {package.name}: {result.failure}" for package, result in results.items() if result.failure
    ]
    errors = [f"- internal error: {error}" for error in total.internal_errors]
    parts.append("\n".join([*failures, *errors]) or "No crash, no internal error.")
    return "\n\n".join(parts)


def main() -> int:
    """Print the report; the exit code is 1 after a crash or an internal error."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.coverage", description=__doc__)
    parser.add_argument("names", nargs="*", metavar="NAME", help="packages of the corpus; all by default")
    parser.add_argument("--one", nargs=2, metavar=("ROOT", "PATH"), help="judge one path, print JSON")
    parser.add_argument("--record", action="store_true", help="put the table into README.md")
    arguments = parser.parse_args()
    if arguments.one is not None:
        result = judge(Path(arguments.one[0]), arguments.one[1])
        print(json.dumps({name: getattr(result, name) for name in Result.__dataclass_fields__}))
        return 0
    results = {package: judge_package(package) for package in downloaded(tuple(arguments.names))}
    text = report(results)
    print(text)
    if arguments.record:
        record("coverage", f"{machine()}\n\n{text}")
    return int(any(result.failure or result.internal_errors for result in results.values()))


if __name__ == "__main__":
    sys.exit(main())
