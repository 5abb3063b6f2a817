"""Ask the probe about one database and hold its answer against the history."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any, get_args

from migrate_guard.dialect import Dialect, DialectName
from migrate_guard.errors import GuardError
from migrate_guard.evidence.built import built
from migrate_guard.evidence.database.state import DatabaseEvidence, Trouble, place
from migrate_guard.evidence.left_out import LeftOut, in_doubt
from migrate_guard.evidence.probing import Loading, ask, environment_request
from migrate_guard.operations import TableName
from migrate_guard.project import Environment, Graph
from migrate_guard.project.paths import shown_path
from migrate_guard.record import dataclass
from migrate_guard.schema import Schema
from migrate_guard.schema.compare import Difference, differences
from migrate_guard.span import Span

AUTO = "auto"
"""The database is the one that `env.py` connects to."""


@dataclass(frozen=True)
class Target:
    """The database to look at: a URL or `auto`, and its version table as `[schema.]name`."""

    url: str
    version_table: str | None = None
    database: str | None = None


SchemaAt = Callable[[Dialect, tuple[str, ...]], Schema]
"""The schema replayed up to some revisions on a dialect."""


def look_at_database(
    environment: Environment,
    graph: Graph,
    target: Target,
    schema_at: SchemaAt,
    schemas: Sequence[str],
    loading: Loading,
    root: Path,
) -> DatabaseEvidence:
    """Return where a database stands and what of it is not as the history says.

    `schemas` are those besides the default one that the history has tables in, `root` is what shown paths
    are relative to. Raise `GuardError` when it cannot be looked at.
    """
    answer = ask(_request(environment, target, schemas, loading), loading.interpreter, root)
    if answer["dialect"] not in get_args(DialectName):
        raise GuardError(
            f"{_where(target, root)}: {answer['dialect']} databases are not known", "use one of the dialects"
        )
    dialect = _dialect(answer["dialect"], answer["server"])
    live = built(answer["ddl"], dialect)
    version = TableName(answer["version_tables"][0])
    tables = [name for name in live.tables if name != version]
    revisions = tuple(answer["revisions"])
    found = place(graph, revisions, bool(tables))
    compared = found.standing in ("current", "behind", "new")
    replayed = schema_at(dialect, revisions) if compared else live
    unknown = {_named(schema, name): why for schema, name, why in answer["failed"]}
    if compared:
        unknown.update({**dict(in_doubt(live)), **dict(in_doubt(replayed))})
    unknown.pop(version, None)
    found_drift = tuple(drift(replayed, live, {version, *unknown}))
    created = {one.table: _created(replayed, one.table) for one in found_drift if one.table is not None}
    return DatabaseEvidence(
        where=_where(target, root),
        dialect=dialect,
        database=target.database,
        revisions=revisions,
        standing=found.standing,
        pending=found.pending,
        strangers=found.strangers,
        differences=found_drift,
        left_out=tuple(LeftOut(name, dialect, why) for name, why in sorted(unknown.items())),
        created={table: span for table, span in created.items() if span is not None},
        troubles=tuple(Trouble(one["kind"], _name(one), one["name"]) for one in answer["troubles"]),
        rows={_name(one): one["rows"] for one in answer["rows"]},
    )


def _request(
    environment: Environment, target: Target, schemas: Sequence[str], loading: Loading
) -> dict[str, object]:
    schema, _, table = (target.version_table or "").rpartition(".")
    return {
        "task": "database",
        **environment_request(environment, (), loading),
        "url": None if target.url == AUTO else target.url,
        "database": target.database,
        "version_table": table or None,
        "version_table_schema": schema or None,
        "schemas": list(schemas),
    }


def _where(target: Target, root: Path) -> str:
    """Return the URL as it may be shown: what stands before the host is left out."""
    if target.url == AUTO:
        return "the database of env.py"
    if target.url.startswith("sqlite"):
        return shown_path(Path(target.url.partition(":///")[2]), root)
    return re.sub(r"//[^/@]*@", "//", target.url).partition("?")[0]


def _dialect(name: DialectName, server: str) -> Dialect:
    numbers = tuple(int(part) for part in server.split(".") if part.isdigit())
    return Dialect(name, () if name == "sqlite" else numbers)


def _created(schema: Schema, name: TableName) -> Span | None:
    table = schema.table(name)
    return None if table is None else table.created


def _name(one: Mapping[str, Any]) -> TableName:
    return _named(one["schema"], one["table"])


def _named(schema: str | None, name: str) -> TableName:
    return TableName(name, schema or "")


def drift(replayed: Schema, live: Schema, left_out: set[TableName]) -> Iterator[Difference]:
    """Go through what the history is sure of and the database has in another way.

    Tables and types that no migration made belong to somebody else.
    """
    for one in differences(replayed, live):
        owner = one.table if one.table is not None else TableName(one.name)
        foreign = one.left is None and not one.aspect and one.kind in _NOT_OURS
        # A sequence that belongs to a column comes and goes with it.
        foreign = foreign or (one.kind == "sequence" and one.table is not None)
        # What a script leaves unnamed may get a name from the models' naming convention.
        foreign = foreign or (one.aspect == "name" and one.left is None)
        if one.certain and not foreign and owner not in left_out:
            yield one


_NOT_OURS = frozenset({"table", "enum", "sequence", "view", "materialized view", "function", "trigger"})
