"""Index builds that keep writers waiting."""

from __future__ import annotations

from collections.abc import Iterator

from migrate_guard.finding import Problem, Severity
from migrate_guard.operations import AddColumn, CreateIndex
from migrate_guard.rule import Step, operation_rule
from migrate_guard.rules._calls import ONLINE_TOOLS, advice, autocommit, create_index, default_index_name
from migrate_guard.rules._facts import index_steps, long_hold, where_created


@operation_rule(on=(CreateIndex, AddColumn), severity=Severity.ERROR, dialects={"postgresql", "mysql"})
def index_blocks_writes(step: Step[CreateIndex | AddColumn]) -> Iterator[Problem]:
    """`CREATE INDEX` without `CONCURRENTLY` blocks every write until the build ends."""
    for build in index_steps(step):
        yield from _build(build)


def _build(step: Step[CreateIndex]) -> Iterator[Problem]:
    index = step.operation.index
    hold = long_hold(step, index.table)
    if hold is None:
        return
    name = index.name if isinstance(index.name, str) else default_index_name(index)
    yield Problem(
        f"building {name} blocks {hold.blocks} to {index.table} until it ends",
        label=f"{hold.lock} lock on {index.table}",
        help=_help(step),
        related=where_created(step, index.table),
        subject=f"{index.table}.{name}",
    )


def _help(step: Step[CreateIndex]) -> str:
    index = step.operation.index
    if step.dialect.family != "postgresql":
        return ONLINE_TOOLS
    table = step.before.table(index.table)
    if table is not None and table.partitioned:
        return (
            "build the index concurrently on each partition, create it ON ONLY the parent, "
            "then attach the partitions' indexes to it"
        )
    code = autocommit(create_index(index, postgresql_concurrently="True"))
    return advice("build it concurrently, alone in its revision", code)
