"""The tools, each with the command that judges one revision or a whole history and how its answer is read."""

from __future__ import annotations

import json
import re
import subprocess
import sys
import venv
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from benchmarks.corpus import ROOT
from benchmarks.measure import Run

HOME = ROOT / ".cache" / "peers"
BIN = HOME / ("Scripts" if sys.platform == "win32" else "bin")
PACKAGES = (
    "alembic==1.20.1",
    "squawk-cli==2.70.0",
    "zdm==0.9.1",
    "alembic-guard==0.1.1",
    "migsafe==0.4.1",
    "alembic-migration-linter==0.1.4",
)
ENV = """\
from alembic import context

context.configure(dialect_name="postgresql", literal_binds=True)
with context.begin_transaction():
    context.run_migrations()
"""
"""An `env.py` that loads nothing: what is measured is the tool, not an application."""


@dataclass(frozen=True)
class Target:
    """What is judged: a revision file, its id and its parent's, in a project that Alembic can run offline.

    `dialect` is `postgresql`, with a version after a colon where the case is about one.
    """

    project: Path
    file: Path
    revision: str
    parent: str
    dialect: str


@dataclass(frozen=True)
class Tool:
    """`one` judges a revision, `all` a history; both are shell commands run in the project.

    `flagged` says of a run of `one` whether it found anything in the revision, `None` if the tool failed.
    A tool without `one` judges nothing.
    """

    name: str
    all: Callable[[Path], str]
    one: Callable[[Target], str] | None = None
    flagged: Callable[[Run, Target], bool | None] = lambda run, target: None


def install() -> None:
    """Install the tools into an environment of their own, once. Raise `CalledProcessError` if pip fails."""
    stamp = HOME / "installed"
    wanted = "\n".join(PACKAGES)
    if not stamp.exists() or stamp.read_text(encoding="utf-8") != wanted:
        venv.create(HOME, clear=True, with_pip=True)
        pip = [str(BIN / "python"), "-m", "pip", "install", "--quiet", "--disable-pip-version-check"]
        subprocess.run([*pip, *PACKAGES], check=True)
        stamp.write_text(wanted, encoding="utf-8")


def _answer(run: Run) -> Any:
    try:
        return json.loads(run.output)
    except ValueError:
        return None


def _named(findings: list[dict[str, str]], target: Target) -> bool:
    return any(Path(one["path"]).name == target.file.name for one in findings)


def _guard(run: Run, target: Target) -> bool | None:
    answer = _answer(run)
    if answer is None:
        return None
    return _named([one for one in answer["findings"] if not one["suppressed"]], target)


def _zdm(run: Run, target: Target) -> bool | None:
    answer = _answer(run)
    return None if answer is None else _named(answer["diagnostics"], target)


def _alembic_guard(run: Run, target: Target) -> bool | None:
    answer = _answer(run)
    return None if answer is None else _named(answer, target)


def _migsafe(run: Run, target: Target) -> bool | None:
    answer = _answer(run)
    return None if answer is None else bool(answer["summary"]["total_issues"])


def _squawk(run: Run, target: Target) -> bool | None:
    """Read squawk's exit codes: 0 nothing, 1 something; without SQL it had nothing to look at."""
    return None if "FAILED" in run.output or run.code not in (0, 1) else run.code == 1


def _alembic_lint(run: Run, target: Target) -> bool | None:
    found = re.search(rf"\({re.escape(target.revision)}\).*\.\.\. (\w+)", run.output)
    return None if found is None else found.group(1) != "OK"


# Rules about how to write SQL by hand, and about session settings, fire on most of what Alembic writes.
_SQUAWK = (
    f"{BIN / 'squawk'} --exclude prefer-robust-stmts,require-lock-timeout,require-statement-timeout"
    ",prefer-bigint-over-int,prefer-text-field,prefer-identity,prefer-timestamp-tz"
)
_ALEMBIC = f"{BIN / 'python'} -m alembic.config"
_GUARD = f"{sys.executable} -m migrate_guard check"


def _offline(revisions: str) -> str:
    return f"({_ALEMBIC} upgrade {revisions} --sql 2>/dev/null || echo FAILED >&2) | {_SQUAWK}"


TOOLS = (
    Tool(
        "migrate-guard",
        lambda project: f"{_GUARD} --format concise",
        lambda target: (
            f"{_GUARD} --since {target.parent} --dialect {target.dialect} --format json 2>/dev/null"
        ),
        _guard,
    ),
    Tool("alembic heads", lambda project: f"{_ALEMBIC} heads"),
    Tool(
        "alembic upgrade --sql, squawk",
        lambda project: _offline("head"),
        lambda target: _offline(f"{target.parent}:{target.revision}"),
        _squawk,
    ),
    Tool(
        "zdm",
        lambda project: f"{BIN / 'zdm'} migrations/versions",
        lambda target: f"{BIN / 'zdm'} --output-format json {target.file} 2>/dev/null",
        _zdm,
    ),
    Tool(
        "alembic-guard",
        lambda project: f"{BIN / 'alembic-guard'} migrations/versions",
        lambda target: f"{BIN / 'alembic-guard'} --format json {target.file} 2>/dev/null",
        _alembic_guard,
    ),
    Tool(
        "migsafe",
        lambda project: f"{BIN / 'migsafe'} analyze migrations/versions",
        lambda target: f"{BIN / 'migsafe'} analyze --format json {target.file} 2>/dev/null",
        _migsafe,
    ),
    Tool(
        "alembic-migration-linter",
        lambda project: f"{BIN / 'alembic-lint'} --no-cache",
        lambda target: f"{BIN / 'alembic-lint'} --no-cache --dialect postgresql -r {target.revision}",
        _alembic_lint,
    ),
)
