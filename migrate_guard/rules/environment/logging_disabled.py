"""Applications that migrate when they start, and are silent from then on."""

from __future__ import annotations

import ast
from collections.abc import Iterator

from migrate_guard.finding import Problem, Related, Severity
from migrate_guard.pattern import pattern
from migrate_guard.project.trees import dotted_name
from migrate_guard.rule import ProjectView, project_rule
from migrate_guard.rules._startup import StartCall, start_calls

_NO_FILE = pattern(r"\bConfig\(\s*\)")
_UPGRADES = ("alembic.command.upgrade", "flask_migrate.upgrade")


@project_rule(severity=Severity.WARNING)
def logging_disabled(view: ProjectView) -> Iterator[Problem]:
    """`fileConfig()` switches off every logger of an application that upgrades its database at start."""
    env = view.env
    calls = [one for one in env.file_configs if one.always and one.keeps_loggers is False] if env else []
    if not calls or view.ini is None or "loggers" not in view.ini.sections:
        return
    upgrade = next(_upgrades(view), None)
    if upgrade is None:
        return
    yield Problem(
        "after the upgrade at its start the application logs nothing: "
        "fileConfig() disables every logger that exists by then",
        label="disable_existing_loggers is true unless it is given",
        help=(
            "leave the loggers of the application alone:\n"
            "    fileConfig(config.config_file_name, disable_existing_loggers=False)"
        ),
        related=(Related("the application upgrades the database here", upgrade.span),),
        span=calls[0].span,
        subject="fileConfig",
    )


def _upgrades(view: ProjectView) -> Iterator[StartCall]:
    for call in start_calls(view.environment, view.root, "upgrade"):
        # Without a file name env.py has no file to configure the logging from.
        if not _NO_FILE.search(call.text) and any(
            dotted_name(node, call.names) in _UPGRADES for node in _functions(call.node)
        ):
            yield call


def _functions(call: ast.Call) -> Iterator[ast.expr]:
    yield call.func
    yield from call.args
