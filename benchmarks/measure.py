"""Running a command and telling how long it took and how much memory it needed at most."""

from __future__ import annotations

import os
import platform
import subprocess
import sys
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path

# `ru_maxrss` is in kilobytes on Linux and in bytes on macOS (getrusage(2) of each).
RSS_UNIT = 1 if sys.platform == "darwin" else 1024


@dataclass(frozen=True, slots=True)
class Run:
    """One process: `seconds` of wall time, `peak` resident memory in bytes, exit `code`, `output`."""

    seconds: float
    peak: int
    code: int
    output: str


def once(command: Sequence[str | Path], cwd: Path, env: Mapping[str, str]) -> Run:
    """Run a command to its end; its output goes through a file so that a full pipe cannot slow it."""
    with (cwd / ".benchmark-output").open("w+", encoding="utf-8", errors="replace") as log:
        started = time.perf_counter()
        process = subprocess.Popen(
            [str(part) for part in command],
            cwd=cwd,
            env=dict(env),
            stdin=subprocess.DEVNULL,
            stdout=log,
            stderr=subprocess.STDOUT,
        )
        _, status, usage = os.wait4(process.pid, 0)
        seconds = time.perf_counter() - started
        process.returncode = os.waitstatus_to_exitcode(status)
        log.seek(0)
        output = log.read()
    (cwd / ".benchmark-output").unlink()
    return Run(seconds, usage.ru_maxrss * RSS_UNIT, process.returncode, output)


def best(command: Sequence[str | Path], cwd: Path, env: Mapping[str, str], times: int) -> Run:
    """Return the fastest of several runs, which is the one that other load disturbed least."""
    return min((once(command, cwd, env) for _ in range(times)), key=lambda run: run.seconds)


def record(name: str, text: str) -> None:
    """Put a result into the README beside this file, between its two markers."""
    readme = Path(__file__).with_name("README.md")
    start, end = f"<!-- {name} -->\n", f"<!-- end of {name} -->\n"
    before, _, rest = readme.read_text(encoding="utf-8").partition(start)
    _, _, after = rest.partition(end)
    readme.write_text(f"{before}{start}{text}\n{end}{after}", encoding="utf-8", newline="\n")


def machine() -> str:
    """Return what the figures were measured on."""
    return f"{date.today().isoformat()}, Python {platform.python_version()}, {os.cpu_count()} cores."


def table(head: Sequence[str], rows: Sequence[Sequence[str]]) -> str:
    """Return a Markdown table with aligned columns; all but the first are right-aligned."""
    widths = [max(len(row[column]) for row in [head, *rows]) for column in range(len(head))]

    def line(cells: Sequence[str]) -> str:
        first, *rest = (
            cell.ljust(width) if position == 0 else cell.rjust(width)
            for position, (cell, width) in enumerate(zip(cells, widths, strict=True))
        )
        return "| " + " | ".join([first, *rest]) + " |"

    rule = ["-" * widths[0], *("-" * (width - 1) + ":" for width in widths[1:])]
    return "\n".join([line(head), line(rule), *(line(row) for row in rows)])
