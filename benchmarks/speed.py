"""`migrate-guard check` and `alembic heads` side by side, in one run on one machine.

Run as `python -m benchmarks.speed [--times N] [--largest N]` after `python -m benchmarks.corpus`, in an
environment that has Alembic. `alembic heads` only loads the revisions and prints the heads; the check also
evaluates, replays and judges all of them. "cold" starts without byte code of the revisions, as a fresh
checkout in CI has it; "warm" lets Alembic use the byte code it left in `__pycache__`.
"""

from __future__ import annotations

import argparse
import os
import shutil
import sys
import tempfile
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from benchmarks.corpus import ROOT, downloaded
from benchmarks.measure import Run, best, machine, once, record, table
from benchmarks.synthetic import generate, revision_id

SYNTHETIC = (100, 1_000, 10_000)
GUARD = (sys.executable, "-m", "migrate_guard", "check", "--exit-zero", "--format", "concise")
HEADS = ("-m", "alembic.config", "heads")
ENVIRONMENTS = ROOT / ".cache" / "environments"
MB = 1_000_000
CONFIG = """\
[alembic]
script_location = %(here)s
version_locations = {versions}
recursive_version_locations = true
path_separator = newline
"""

MARKS = """\\* modules that are not installed were replaced by empty ones
† Alembic ran in an environment with the package and its dependencies"""

# A virtual environment of that name in ENVIRONMENTS has the package itself, as its own developers have it.
# Elsewhere: Alembic with an importer behind all others that makes an empty module of whatever is missing: the
# application and its libraries. What is measured is then less than what the project's own `alembic heads`
# does, since nothing of the application is loaded.
STUBBED = (sys.executable, "-m", "benchmarks.stubbed_alembic", "heads")


@dataclass(frozen=True, slots=True)
class History:
    """One environment to measure on; `folder` holds an `alembic.ini` made for the measurement."""

    name: str
    revisions: int
    folder: Path
    versions: Path


def environment(byte_code: bool) -> dict[str, str]:
    """Return the environment of a measured process; the packages come from this interpreter."""
    env = {key: os.environ[key] for key in ("PATH", "HOME", "LANG") if key in os.environ}
    env |= {"PYTHONPATH": str(ROOT), "PYTHONWARNINGS": "ignore", "NO_COLOR": "1"}
    return env if byte_code else {**env, "PYTHONDONTWRITEBYTECODE": "1"}


def corpus_histories(largest: int, into: Path) -> list[History]:
    """Return the largest environments of the corpus, each with a minimal configuration of our own."""
    found: list[History] = []
    for package in downloaded():
        for number, folder in enumerate(package.environments):
            versions = folder / "versions" if (folder / "versions").is_dir() else folder
            revisions = len(list(versions.rglob("*.py")))
            project = into / f"{package.name}-{number}"
            project.mkdir()
            (project / "alembic.ini").write_text(CONFIG.format(versions=versions), encoding="utf-8")
            found.append(History(package.name, revisions, project, versions))
    return sorted(found, key=lambda history: -history.revisions)[:largest]


def without_byte_code(history: History) -> None:
    """Remove the byte code of the revisions that Alembic left behind."""
    for cache in history.versions.rglob("__pycache__"):
        shutil.rmtree(cache)


def alembic(history: History, times: int, byte_code: bool) -> tuple[Run, str]:
    """Measure `alembic heads`; the mark says whether missing modules had to be replaced, or failed."""
    without_byte_code(history)
    env = environment(byte_code)
    own = ENVIRONMENTS / history.name / "bin" / "python"
    command: tuple[str, ...] = (str(own if own.exists() else sys.executable), *HEADS)
    stubbed = once(command, history.folder, env).code != 0
    command = STUBBED if stubbed else command
    if byte_code:
        once(command, history.folder, env)
    run = best(command, history.folder, env, times)
    if run.code != 0:
        error = run.output.strip().splitlines()[-1].split(":")[0]
        return run, "failed: " + error.rpartition(".")[2]
    return run, "*" if stubbed else "†" if own.exists() else ""


def seconds(run: Run, mark: str = "") -> str:
    """Return a cell of the table: the time, or why there is none."""
    return mark if mark.startswith("failed") else f"{run.seconds:.2f}{mark}"


def side_by_side(histories: Sequence[History], times: int) -> str:
    """Return the table that compares the two commands."""
    rows = []
    for history in histories:
        guard = best(GUARD, history.folder, environment(byte_code=True), times)
        cold, cold_mark = alembic(history, times, byte_code=False)
        warm, warm_mark = alembic(history, times, byte_code=True)
        without_byte_code(history)
        each = f"{1000 * guard.seconds / history.revisions:.2f}"
        cells = [seconds(guard, "" if guard.code == 0 else f" (exit {guard.code})"), each]
        cells += [seconds(cold, cold_mark), seconds(warm, warm_mark)]
        peaks = [f"{run.peak / MB:.0f}" for run in (guard, cold)]
        rows.append([history.name, str(history.revisions), *cells, *peaks])
    head = [
        "history",
        "revisions",
        "check s",
        "ms each",
        "alembic cold s",
        "alembic warm s",
        "check MB",
        "alembic MB",
    ]
    return table(head, rows)


def one_changed(folder: Path, count: int, times: int) -> str:
    """Return how long one new revision takes with the rest replayed, beside Python's own start."""
    env = environment(byte_code=True)
    bare = best((sys.executable, "-c", "pass"), folder, env, 3 * times)
    run = best((*GUARD, "--since", revision_id(count - 2)), folder, env, 3 * times)
    above = run.seconds - bare.seconds
    return (
        f"One new revision after {count - 1} replayed ones: {run.seconds:.3f} s, {above:.3f} s above "
        f"Python's own start of {bare.seconds:.3f} s (exit {run.code})."
    )


def main() -> int:
    """Print the table and the time for one changed revision."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.speed", description=__doc__)
    parser.add_argument("--times", type=int, default=3, metavar="N", help="runs of each; the best counts")
    parser.add_argument("--largest", type=int, default=8, metavar="N", help="how many corpus histories")
    parser.add_argument("--record", action="store_true", help="put the table into README.md")
    arguments = parser.parse_args()
    with tempfile.TemporaryDirectory() as scratch:
        folders = {count: generate(count, Path(scratch) / str(count)) for count in SYNTHETIC}
        histories = corpus_histories(arguments.largest, Path(scratch))
        histories += [
            History(f"synthetic {count}", count, folder, folder / "migrations" / "versions")
            for count, folder in folders.items()
        ]
        parts = [
            side_by_side(histories, arguments.times),
            MARKS,
            one_changed(folders[SYNTHETIC[0]], SYNTHETIC[0], arguments.times),
        ]
    text = "\n\n".join(parts)
    print(text)
    if arguments.record:
        record("speed", f"{machine()}\n\n{text}")
    return 0


if __name__ == "__main__":
    sys.exit(main())
