"""Run as `python -m benchmarks.peers [--times N] [--record]`.

The tools are installed at fixed versions into `.cache/peers`. A tool that fails on a case is counted apart.
"""

from __future__ import annotations

import argparse
import sys
import tempfile
from pathlib import Path

from benchmarks.measure import Run, best, machine, once, record, table
from benchmarks.peers.cases import Case, cases
from benchmarks.peers.tools import ENV, PACKAGES, TOOLS, Tool, install
from benchmarks.speed import environment
from benchmarks.synthetic import generate

LENGTHS = (1, 100, 1_000)
MB = 1_000_000


def speed(scratch: Path, times: int) -> str:
    """Return the table of time and memory on synthetic histories."""
    head = ["tool", *(f"{length} s" for length in LENGTHS), f"MB at {LENGTHS[-1]}"]
    folders = [generate(length, scratch / str(length)) for length in LENGTHS]
    for folder in folders:
        (folder / "migrations" / "env.py").write_text(ENV, encoding="utf-8")
    rows = []
    for tool in TOOLS:
        runs = [_run(tool.all(folder), folder, times) for folder in folders]
        rows.append([tool.name, *(f"{run.seconds:.2f}" for run in runs), f"{runs[-1].peak / MB:.0f}"])
    return table(head, rows)


def _run(command: str, folder: Path, times: int) -> Run:
    return best(("sh", "-c", command), folder, environment(byte_code=True), times)


def sight(every: list[Case]) -> str:
    """Return the table of what each tool says of the case set."""
    hazards = sum(case.hazard for case in every)
    head = [
        "tool",
        f"of {hazards} hazards found",
        f"of {len(every) - hazards} safe ones flagged",
        "failed on",
    ]
    return table(head, [[tool.name, *_counts(tool, every)] for tool in TOOLS if tool.one is not None])


def _counts(tool: Tool, every: list[Case]) -> tuple[str, str, str]:
    said = [(case.hazard, _flagged(tool, case)) for case in every]
    found = sum(hazard for hazard, flagged in said if flagged)
    alarms = sum(not hazard for hazard, flagged in said if flagged)
    return str(found), str(alarms), str(sum(flagged is None for _, flagged in said))


def _flagged(tool: Tool, case: Case) -> bool | None:
    assert tool.one is not None
    command = ("sh", "-c", tool.one(case.target))
    run = once(command, case.target.project, environment(byte_code=True))
    return tool.flagged(run, case.target)


def main() -> int:
    """Print both tables."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.peers", description=__doc__)
    parser.add_argument("--times", type=int, default=3, metavar="N", help="runs of each; the best counts")
    parser.add_argument("--record", action="store_true", help="put the tables into README.md")
    arguments = parser.parse_args()
    install()
    with tempfile.TemporaryDirectory() as scratch:
        text = "\n\n".join(
            (
                speed(Path(scratch), arguments.times),
                sight(list(cases(Path(scratch)))),
                f"The versions: {', '.join(PACKAGES)}.".replace("==", " "),
            )
        )
    print(text)
    if arguments.record:
        record("peers", f"{machine()}\n\n{text}")
    return 0


if __name__ == "__main__":
    sys.exit(main())
