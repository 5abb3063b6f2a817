"""The resolved settings of one run: what every stage of the pipeline reads and none changes."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import field
from pathlib import Path

from migrate_guard.dialect import Dialect
from migrate_guard.finding import Severity
from migrate_guard.record import dataclass


@dataclass(frozen=True, slots=True)
class Config:
    """The resolved settings of one run.

    `root` is the directory that reports show paths relative to. `paths` are what the user named on the
    command line: directories, versions directories or single revision files. `config_files`, `sections`
    and `directory` are Alembic's `-c` and `-n` and Flask-Migrate's `-d`. `exclude` are glob patterns of
    paths, relative to `root` and with `/`, that are neither searched nor judged. `select` and `ignore`
    name rules or families; an empty `select` means all. `severity` maps rules or families to levels.
    `fail_on` is the lowest severity that makes the exit code 1, `None` if no finding does.
    `since` is a revision: only those after it are judged. `base` is the branch or commit that the checked
    out one will be merged into, `auto` for what CI says: only what it does not have is judged. `staged`
    takes revision files from git's index. `file` is the file that was read, if any.
    `models` are `module:attribute`, or `auto` for those of `env.py`, with `static` to read and not import
    them; none: models are not looked at. `models_fallback` is `static` to read those that cannot be loaded.
    `python` loads them, `None` for the running interpreter, in at most `models_timeout` seconds; `app` is
    the Flask application, `x` are arguments for `env.py` as `alembic -x` takes them.
    `database_url` is the database to look at, `auto` for the one of `env.py`, `None`
    for none; `version_table` is its version table as `[schema.]name`.
    `baseline` holds findings that do not count. `narrowed` tells that the command line asks for another part
    of the project than the configuration file does.
    """

    root: Path
    paths: tuple[Path, ...] = ()
    config_files: tuple[Path, ...] = ()
    sections: tuple[str, ...] = ()
    directory: Path | None = None
    exclude: tuple[str, ...] = ()
    dialects: tuple[Dialect, ...] = ()
    select: tuple[str, ...] = ()
    ignore: tuple[str, ...] = ()
    severity: Mapping[str, Severity] = field(default_factory=dict)
    fail_on: Severity | None = Severity.WARNING
    since: str | None = None
    base: str | None = None
    staged: bool = False
    baseline: Path | None = None
    require_reasons: bool = False
    file: Path | None = None
    models: tuple[str, ...] = ()
    models_fallback: str | None = None
    python: Path | None = None
    app: str | None = None
    x: tuple[str, ...] = ()
    models_timeout: float = 60.0
    database_url: str | None = None
    version_table: str | None = None
    narrowed: bool = False
