"""The table of options: what each key of the configuration file is called, takes and means.

Flags of the command line that have the same meaning go through the same readers.
"""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Generic, TypeVar

from migrate_guard.config import readers
from migrate_guard.config.readers import Reader
from migrate_guard.dialect import Dialect
from migrate_guard.finding import Severity
from migrate_guard.record import dataclass

T = TypeVar("T", covariant=True)


@dataclass(frozen=True)
class Option(Generic[T]):
    """One key of the configuration file.

    `flag` is what sets it on the command line, empty if nothing does. `kind` says in words what value it
    takes, `example` is one in TOML. `default` holds without the key. `read` turns the raw value into the
    setting, or raises `BadValueError`.
    """

    name: str
    flag: str
    kind: str
    example: str
    default: T
    read: Reader[T]
    help: str


SELECT: Option[tuple[str, ...]] = Option(
    "select",
    "--select",
    "list of rules and families",
    '["locking", "drop-table"]',
    (),
    readers.rule_names,
    "Run these only; without it all run. A rule's own name counts more than its family's.",
)
IGNORE: Option[tuple[str, ...]] = Option(
    "ignore",
    "--ignore",
    "list of rules and families",
    '["empty-downgrade"]',
    (),
    readers.rule_names,
    "Do not run these.",
)
SEVERITY: Option[Mapping[str, Severity]] = Option(
    "severity",
    "--severity",
    "table of rule or family to `error`, `warning` or `info`",
    '{ drop-column = "warning" }',
    {},
    readers.severities,
    "Report these at another level.",
)
FAIL_ON: Option[Severity | None] = Option(
    "fail-on",
    "--fail-on",
    "`error`, `warning`, `info` or `never`",
    '"error"',
    Severity.WARNING,
    readers.threshold,
    "The lowest level of a finding that makes the exit code 1; `warning` without it.",
)
DIALECTS: Option[tuple[Dialect, ...]] = Option(
    "dialects",
    "--dialect",
    "list of dialects, with a server version after a colon",
    '["postgresql:15", "sqlite"]',
    (),
    readers.dialects,
    "Judge for these databases; without it they are found from the project.",
)
SINCE: Option[str | None] = Option(
    "since",
    "--since",
    "revision",
    '"3f2a9c1b7d40"',
    None,
    readers.text,
    "Judge only the revisions after this one; the older ones are replayed.",
)
BASE: Option[str | None] = Option(
    "base",
    "--base",
    "branch, commit, or `auto`",
    '"origin/main"',
    None,
    readers.text,
    "Judge only what this branch or commit lacks, as if merged into it; `auto` takes what CI says.",
)
BASELINE: Option[Path | None] = Option(
    "baseline",
    "--baseline",
    "path",
    '"migrate-guard-baseline.json"',
    None,
    readers.path,
    "Findings recorded here by `migrate-guard baseline` do not count.",
)
REQUIRE_REASONS: Option[bool] = Option(
    "require-reasons",
    "",
    "`true` or `false`",
    "true",
    False,
    readers.boolean,
    "An ignore comment without a reason is a finding.",
)
PATHS: Option[tuple[Path, ...]] = Option(
    "paths",
    "PATHS",
    "list of paths",
    '["services/billing"]',
    (),
    readers.paths,
    "What to judge when the command line names nothing: directories or revision files.",
)
CONFIG_FILES: Option[tuple[Path, ...]] = Option(
    "config-files",
    "--alembic-config",
    "list of paths",
    '["deploy/alembic.ini"]',
    (),
    readers.paths,
    "Alembic's configuration files, as `alembic -c` takes them; without it they are searched.",
)
SECTIONS: Option[tuple[str, ...]] = Option(
    "sections",
    "--section",
    "list of names",
    '["alembic", "audit"]',
    (),
    readers.texts,
    "The sections of those files, as `alembic -n` takes them.",
)
DIRECTORY: Option[Path | None] = Option(
    "directory",
    "--directory",
    "path",
    '"migrations"',
    None,
    readers.path,
    "Flask-Migrate's directory, as `flask db -d` takes it.",
)
EXCLUDE: Option[tuple[str, ...]] = Option(
    "exclude",
    "",
    "list of glob patterns",
    '["vendor/*"]',
    (),
    readers.texts,
    "Paths, relative to the working directory, that are neither searched nor judged.",
)

MODELS: Option[tuple[str, ...]] = Option(
    "models",
    "--models",
    "list of `module:attribute`, `auto` or `static`",
    '["shop.db:Base.metadata"]',
    (),
    readers.models,
    "Compare the history with these models; `auto` takes those of `env.py`. This runs the project's code; "
    "with `static` they are only read.",
)
MODELS_FALLBACK: Option[str | None] = Option(
    "models-fallback",
    "--models-fallback",
    "`static`",
    '"static"',
    None,
    readers.fallback,
    "Read models that cannot be loaded; without it that ends the run with exit code 2.",
)
PYTHON: Option[Path | None] = Option(
    "python",
    "--python",
    "path",
    '".venv/bin/python"',
    None,
    readers.path,
    "The interpreter that has the project's dependencies; without it the running one loads the models.",
)
APP: Option[str | None] = Option(
    "app",
    "--app",
    "Flask application",
    '"shop:create_app"',
    None,
    readers.text,
    "As with `flask --app`; without it `FLASK_APP` and Flask's own search find it.",
)
X: Option[tuple[str, ...]] = Option(
    "x",
    "-x",
    "list of `key=value`",
    '["tenant=blue"]',
    (),
    readers.texts,
    "Arguments for `env.py`, as with `alembic -x`.",
)
MODELS_TIMEOUT: Option[float] = Option(
    "models-timeout",
    "",
    "number of seconds",
    "120",
    60.0,
    readers.seconds,
    "How long loading the models may take.",
)
DATABASE_URL: Option[str | None] = Option(
    "database-url",
    "--database-url",
    "database URL, or `auto`",
    '"auto"',
    None,
    readers.text,
    "Look at this database, read only; `auto` takes the one that `env.py` connects to.",
)
VERSION_TABLE: Option[str | None] = Option(
    "version-table",
    "--version-table",
    "name, with its schema before a dot",
    '"audit.alembic_version"',
    None,
    readers.text,
    "Where that database keeps its revision; `alembic_version` or what `env.py` says without it.",
)

OPTIONS: tuple[Option[object], ...] = (
    SELECT,
    IGNORE,
    SEVERITY,
    FAIL_ON,
    DIALECTS,
    SINCE,
    BASE,
    BASELINE,
    REQUIRE_REASONS,
    PATHS,
    CONFIG_FILES,
    SECTIONS,
    DIRECTORY,
    EXCLUDE,
    MODELS,
    MODELS_FALLBACK,
    PYTHON,
    APP,
    X,
    MODELS_TIMEOUT,
    DATABASE_URL,
    VERSION_TABLE,
)


def options_markdown() -> str:
    """Return the table of options as Markdown, one row per key, for the documentation."""
    rows = [
        f"| `{option.name}` | {option.kind} | `{option.name} = {option.example}` | {option.help} |"
        for option in OPTIONS
    ]
    return "\n".join(["| key | value | example | meaning |", "| --- | --- | --- | --- |", *rows]) + "\n"
