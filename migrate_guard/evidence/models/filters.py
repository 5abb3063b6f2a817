"""What `env.py` lets autogenerate leave out: read from its text, and never run."""

from __future__ import annotations

from pathlib import Path

from migrate_guard.operations import TableName
from migrate_guard.project import Environment
from migrate_guard.project.env_script import read_env_script
from migrate_guard.project.nearby import FILTERS, filters_mentioned
from migrate_guard.record import dataclass


@dataclass(frozen=True, slots=True)
class Filters:
    """Which arguments of `configure()` may leave something out.

    `functions` are those that are given, `schemas` tells that other schemas than the default one are
    compared, `open` that there may be further arguments.
    """

    functions: tuple[str, ...] = ()
    schemas: bool = False
    open: bool = False

    @property
    def doubt(self) -> str | None:
        """Why a difference may not be one to the project, `None` where nothing speaks for that."""
        return f"env.py has {' and '.join(self.functions)}, which is not run" if self.functions else None

    def hides(self, table: TableName) -> str | None:
        """Return why a table that no model maps may be none of the project's business."""
        if table.schema and not self.schemas:
            return "env.py does not set include_schemas"
        if self.open:
            return "what env.py passes to configure() is not all known"
        return self.doubt


def filters_of(environment: Environment, root: Path) -> Filters:
    """Return the filters of an environment; `root` is what shown paths are relative to."""
    script = read_env_script(environment, root)
    if script is None:
        return Filters()
    calls = [one for one in script.configured if one.online] or list(script.configured)
    options = [(one, name) for one in calls for name in FILTERS if name in one.options]
    given = {name for one, name in options if script.option(one, name) is not None}
    schemas = any(script.option(one, "include_schemas") is True for one in calls)
    more = any(one.open for one in calls) and filters_mentioned(environment) is not False
    return Filters(tuple(sorted(given)), schemas, more)
