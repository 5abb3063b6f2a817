"""Two histories that keep their place in the same table."""

from __future__ import annotations

from collections.abc import Iterator

from migrate_guard.finding import Problem, Related, Severity
from migrate_guard.operations import UNKNOWN
from migrate_guard.project.configured import ini_of
from migrate_guard.project.env_script import EnvScript, read_env_script
from migrate_guard.project.environment import Environment
from migrate_guard.project.ini import IniFile
from migrate_guard.record import dataclass
from migrate_guard.rule import ProjectView, project_rule
from migrate_guard.rules._environment import URL, option_span
from migrate_guard.span import Span


@dataclass(frozen=True, slots=True)
class _VersionTable:
    """Where an environment keeps its current revision; `url` is never shown."""

    url: str
    table: str
    span: Span


@project_rule(severity=Severity.ERROR)
def shared_version_table(view: ProjectView) -> Iterator[Problem]:
    """Two environments with one database and one version table do not find each other's revisions."""
    mine = _version_table(view.env, view.ini, view.environment)
    if mine is None:
        return
    for other in view.others:
        if set(other.version_locations) & set(view.environment.version_locations):
            continue
        if other.script_location == view.environment.script_location:
            continue
        theirs = _version_table(read_env_script(other, view.root), ini_of(other, view.root), other)
        # Said once, by the later of the two.
        if theirs is None or (mine.url, mine.table) != (theirs.url, theirs.table) or mine.span < theirs.span:
            continue
        yield Problem(
            f"{view.environment.name} and {other.name} keep their revisions in the same {mine.table}: "
            f"`{view.environment.command} upgrade` of one does not know the revision of the other and fails",
            label="the same database",
            help=(
                "give one of them a version table of its own:\n"
                '    context.configure(connection=connection, version_table="alembic_version_billing")'
            ),
            related=(Related(f"{other.name} uses it too", theirs.span),),
            span=mine.span,
            subject=mine.table,
        )


def _version_table(
    env: EnvScript | None, ini: IniFile | None, environment: Environment
) -> _VersionTable | None:
    """Return where the environment keeps its revision, `None` where that cannot be read."""
    if env is None or ini is None or env.url_options or environment.databases:
        return None
    # An env.py that makes its engine from anything else has another URL.
    if "get_section" not in env.code and "get_main_option" not in env.code:
        return None
    if "search_path" in env.code:
        return None
    url = ini.raw(environment.section, URL)
    online = [call for call in env.configured if call.online]
    if not url or url.startswith("driver:") or len(online) != 1:
        return None
    if url.startswith("sqlite") and not url.startswith(("sqlite:////", "sqlite:///%(here)s")):
        return None  # in memory, or relative to whatever the working directory is
    url = url.replace("%(here)s", ini.path.parent.as_posix())
    table = env.option(online[0], "version_table", "alembic_version")
    schema = env.option(online[0], "version_table_schema")
    if table is UNKNOWN or schema is UNKNOWN:
        return None
    name = f"{schema}.{table}" if schema else str(table)
    return _VersionTable(url, name, option_span(ini, environment.section, URL))
