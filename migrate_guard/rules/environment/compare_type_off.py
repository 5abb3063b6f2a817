"""Environments that tell autogenerate not to look at types."""

from __future__ import annotations

from collections.abc import Iterator

from migrate_guard.finding import Problem, Severity
from migrate_guard.rule import ProjectView, project_rule


@project_rule(severity=Severity.WARNING)
def compare_type_off(view: ProjectView) -> Iterator[Problem]:
    """With `compare_type=False` a changed column type is in no generated revision, and no check misses it."""
    env = view.env
    for call in env.configured if env is not None else ():
        if env is None or not call.online or env.option(call, "compare_type") is not False:
            continue
        yield Problem(
            "a column that changes its type in the models is in no generated revision, "
            f"and `{view.environment.command} check` does not miss it",
            label="types are not compared",
            help=(
                "leave it out (Alembic 1.12 and later compare types), or decide for the types that disturb:\n"
                "    def compare_type(context, inspected, column, inspected_type, metadata_type):\n"
                "        return False if isinstance(metadata_type, Money) else None"
            ),
            span=env.source.span(call.options["compare_type"]),
            subject="compare_type",
        )
        return
