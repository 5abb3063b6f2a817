"""Models and history that do not say the same."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING

from migrate_guard.finding import Confidence, Problem, Severity
from migrate_guard.project.commands import generating, typed
from migrate_guard.rule import ProjectView, project_rule
from migrate_guard.rules._places import newest

if TYPE_CHECKING:
    from migrate_guard.evidence.models.difference import ModelDifference

_MESSAGE = ("-m", '"describe it"')
_Subject = tuple[str, str, str, str, str | None, str | None]


@project_rule(severity=Severity.ERROR, needs="models")
def model_not_migrated(view: ProjectView) -> Iterator[Problem]:
    """The models have something that no migration makes, or miss something that the migrations made."""
    if view.models is None:
        return
    groups: dict[_Subject, list[ModelDifference]] = {}
    for one in view.models.differences:
        groups.setdefault(_subject(one), []).append(one)
    everywhere = len(view.environment.dialects)
    for group in groups.values():
        yield _problem(group, view, everywhere)


def _subject(one: ModelDifference) -> _Subject:
    return (one.kind, str(one.table or ""), one.name, one.aspect, one.models, one.history)


def _problem(group: Sequence[ModelDifference], view: ProjectView, everywhere: int) -> Problem:
    one = group[0]
    dialects = list(dict.fromkeys(str(each.dialect) for each in group))
    where = "" if len(dialects) == everywhere else f" on {', '.join(dialects)}"
    return Problem(
        f"{_message(one)}{where}",
        label=_label(one),
        help=_help(one, view),
        notes=tuple(_notes(one)),
        span=one.span or newest(view),
        severity=None if one.models is not None else Severity.WARNING,
        confidence=None if one.doubt is None else Confidence.POSSIBLE,
        subject=" ".join(part for part in _subject(one)[:4] if part),
    )


def _what(one: ModelDifference) -> str:
    if one.kind == "table":
        return f"table {one.table}"
    of = "" if one.table is None else f" of {one.table}"
    return f"column {one.table}.{one.name}" if one.kind == "column" else f"{one.kind} {one.name}{of}"


def _message(one: ModelDifference) -> str:
    what = _what(one)
    if one.aspect == "definition":
        return f"the models define {what} in another way than the migrations"
    if not one.aspect:
        if one.history is None:
            return f"the models have {what}, and no migration creates it"
        return f"the migrations create {what}, and the models do not have it"
    ours, theirs = _value(one.models), _value(one.history)
    return f"{what}: {one.aspect} is {ours} in the models and {theirs} after the migrations"


def _value(text: str | None) -> str:
    return "not given" if text is None else text


def _label(one: ModelDifference) -> str:
    if one.span is None:
        return ""
    return "not in any migration" if one.history is None else "differs from the migrations"


def _help(one: ModelDifference, view: ProjectView) -> str:
    if not one.code:
        return f"write a migration for it: {typed(view.environment, view.root, 'revision', *_MESSAGE)}"
    writes = "which writes:" if view.models is not None and view.models.imported else "or write:"
    wanted = generating(view.environment, view.root)
    intro = f"run {wanted}, {writes}" if one.autogenerate else "autogenerate does not see this; write:"
    if one.kind == "table" and one.models is None:
        intro = f"import its model in env.py; or if the table is to go, {intro}"
    return "\n".join([intro, *(f"    {line}" for line in one.code)])


def _notes(one: ModelDifference) -> Iterator[str]:
    if one.revision is not None:
        yield f"revision {one.revision} was the last to touch it"
    if one.doubt is not None:
        yield f"only possible: {one.doubt}"
