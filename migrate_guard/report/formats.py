"""The formats of a report: a new one is a module with a function `render`, and a line in this table."""

from __future__ import annotations

import importlib
from collections.abc import Callable

from migrate_guard.finding import Severity
from migrate_guard.judgement import Judgement
from migrate_guard.record import dataclass
from migrate_guard.report.terminal import Style

PAGES = "https://github.com/migrate-guard/migrate-guard/blob/main/rules"
"""Where the pages are read online; a name of a rule links to its page."""

FORMATS = {
    "text": "text",
    "concise": "concise",
    "json": "json_report",
    "sarif": "sarif",
    "github": "github",
    "gitlab": "gitlab",
    "junit": "junit",
    "markdown": "markdown",
}
"""Each format with its module in this package. One is imported when it is asked for: every run pays for the
imports, and needs one or two formats."""


def _no_page(rule: str) -> str:
    del rule
    return ""


@dataclass(frozen=True, slots=True)
class Context:
    """What a format may know beside the judgement.

    `style` is how text looks. `prefix` is the path from the repository's root to the working directory, with
    `/` at its end, for formats that are read beside the repository. `page` gives the page of a rule as
    Markdown, empty where there is none. `fail_on` is the lowest severity that fails the run, `None` for none.
    """

    style: Style = Style()
    prefix: str = ""
    page: Callable[[str], str] = _no_page
    fail_on: Severity | None = Severity.WARNING


def render(form: str, judgement: Judgement, context: Context) -> str:
    """Return the report in one of the `FORMATS`."""
    module = importlib.import_module(f"migrate_guard.report.{FORMATS[form]}")
    report: str = module.render(judgement, context)
    return report
