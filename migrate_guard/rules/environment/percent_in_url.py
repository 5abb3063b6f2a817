"""Percent signs in `sqlalchemy.url`, which an ini file reads as the start of a reference."""

from __future__ import annotations

import ast
from collections.abc import Iterator

from migrate_guard.finding import Confidence, Problem, Severity
from migrate_guard.operations import UNKNOWN
from migrate_guard.pattern import pattern
from migrate_guard.project.env_script import EnvScript, UrlOption
from migrate_guard.project.trees import nodes_of
from migrate_guard.rule import ProjectView, project_rule
from migrate_guard.rules._environment import URL, option_span

_DOUBLED = pattern(r"%%|%\([^)]*\)s")
_READS = pattern(r"\bget_(?:main_option|section|section_option|alembic_option)\b|\bfile_config\b")
_ENVIRONMENT = frozenset({"os.environ", "os.environ.get", "os.getenv"})
_QUOTING = frozenset({"quote", "quote_plus", "urlencode"})


@project_rule(severity=Severity.ERROR)
def percent_in_url(view: ProjectView) -> Iterator[Problem]:
    """A single `%` in `sqlalchemy.url` ends every Alembic command, and passwords in URLs are full of them."""
    env = view.env
    if env is None:
        return
    if not env.url_options:
        yield from _in_ini(view, env)
    for option in env.url_options:
        yield from _in_env(env, option)


def _in_ini(view: ProjectView, env: EnvScript) -> Iterator[Problem]:
    ini = view.ini
    if ini is None or not _READS.search(env.code):
        return
    for section in (view.environment.section, *view.environment.databases):
        raw = ini.raw(section, URL) if section else None
        if raw is not None and "%" in _DOUBLED.sub("", raw):
            yield Problem(
                f"reading {URL} ends in an error: the % in it stands alone",
                label="configparser takes % for the start of %(name)s",
                help="write each % twice: %%40 for %40",
                span=option_span(ini, section, URL),
                subject=section,
            )


def _in_env(env: EnvScript, option: UrlOption) -> Iterator[Problem]:
    value = env.value(option.value)
    if isinstance(value, str) and "%" in _DOUBLED.sub("", value):
        yield _problem(option, "this ends in ValueError: the % in the URL stands alone", None, certain=True)
    if value is not UNKNOWN or _doubles(env, option.value):
        return
    parts = [env.dotted(node) for node in _expressions(env, option.value)]
    if any(part.rpartition(".")[2] in _QUOTING for part in parts):
        message = "this ends in ValueError as soon as a quoted part of the URL has a %"
        yield _problem(option, message, Severity.WARNING)
    elif any(part in _ENVIRONMENT for part in parts):
        yield _problem(
            option,
            "this ends in ValueError when the URL has a %, as one with a quoted password has",
            Severity.INFO,
        )


def _problem(option: UrlOption, message: str, severity: Severity | None, *, certain: bool = False) -> Problem:
    return Problem(
        message,
        label="% must be doubled",
        help='double it:\n    config.set_main_option("sqlalchemy.url", url.replace("%", "%%"))',
        span=option.span,
        severity=severity,
        confidence=Confidence.CERTAIN if certain else Confidence.POSSIBLE,
        subject="set_main_option",
    )


def _doubles(env: EnvScript, value: ast.expr) -> bool:
    """Tell whether somewhere on its way the value gets its percent signs doubled, or may get it."""
    return any(
        isinstance(node, ast.Constant) and isinstance(node.value, str) and "%%" in node.value
        for node in _expressions(env, value)
    )


def _expressions(env: EnvScript, value: ast.expr) -> Iterator[ast.expr]:
    """Go through the parts of an expression, of what its names stand for and of the functions it calls."""
    pending: list[ast.AST] = [value]
    seen: set[str] = set()
    while pending:
        for node in nodes_of(pending.pop()):
            if isinstance(node, ast.expr):
                yield node
            if isinstance(node, ast.Name) and node.id not in seen:
                seen.add(node.id)
                pending.extend(one for one in env.assigned.get(node.id, ()) if one is not None)
                if node.id in env.functions:
                    pending.append(env.functions[node.id])
