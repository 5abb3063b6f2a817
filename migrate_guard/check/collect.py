"""Run rules, catch the ones that fail, and make findings of the problems that they yield."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator
from functools import partial

from migrate_guard.evaluate.outcome import Evaluation
from migrate_guard.finding import Confidence, Finding, Lock, Problem, identity
from migrate_guard.judgement import InternalError
from migrate_guard.operations import Operation, TableName
from migrate_guard.project import Environment
from migrate_guard.record import replace
from migrate_guard.rule import (
    OperationRule,
    ProjectRule,
    ProjectView,
    RevisionRule,
    RevisionView,
    RuleInfo,
    Step,
)
from migrate_guard.span import Span, whole_line

_Key = tuple[str, Span, str]


class Collector:
    """The findings of one environment. What two dialects say alike is one finding that names both."""

    def __init__(self, environment: Environment) -> None:
        self._environment = environment.name
        self._found: dict[_Key, Finding] = {}
        self._subjects: dict[_Key, str] = {}
        self.errors: list[InternalError] = []

    def on_project(self, rule: ProjectRule, view: ProjectView) -> None:
        """Run a rule on the environment."""
        for problem in self._problems(rule.info, self._environment, partial(rule.check, view)):
            self._add(rule.info, problem, whole_line(self._environment, 1))

    def on_revision(self, rule: RevisionRule, view: RevisionView) -> None:
        """Run a rule on a revision."""
        place = whole_line(view.script.source.path, 1)
        for problem in self._problems(rule.info, place.path, partial(rule.check, view)):
            self._add(rule.info, problem, place, view)

    def on_evaluation(self, path: str, evaluation: Evaluation) -> None:
        """Note that a bug of ours ended the evaluation of a file."""
        if evaluation.failure is not None:
            error = InternalError("", path, evaluation.failure)
            if error not in self.errors:
                self.errors.append(error)

    def on_step(self, rule: OperationRule, step: Step[Operation]) -> None:
        """Run a rule on one operation."""
        span = step.operation.span
        for problem in self._problems(rule.info, str(span), partial(rule.check, step)):
            sure = problem.confidence or _confidence(step)
            self._add(rule.info, replace(problem, confidence=sure), span, step.revision, step)

    def findings(self) -> tuple[Finding, ...]:
        """Return the findings with their identities, in the order of their places."""
        seen: Counter[tuple[str, str | None, str]] = Counter()
        made = []
        for finding, subject in sorted(self._over_dialects(), key=lambda pair: pair[0].sort_key()):
            about = (finding.rule, finding.revision, subject)
            made.append(replace(finding, identity=identity(*about, seen[about])))
            seen[about] += 1
        return tuple(made)

    def _over_dialects(self) -> Iterator[tuple[Finding, str]]:
        """Go through the findings; what a rule says of one subject on several dialects is one of them."""
        groups: dict[_Key, list[Finding]] = {}
        for key, finding in self._found.items():
            rule, span, _ = key
            groups.setdefault((rule, span, self._subjects[key]), []).append(finding)
        for (_, _, subject), group in groups.items():
            apart = len({d for one in group for d in one.dialects}) == sum(len(one.dialects) for one in group)
            for finding in [_joined(group)] if apart else group:
                yield finding, subject

    def _problems(self, info: RuleInfo, place: str, check: partial[Iterable[Problem]]) -> tuple[Problem, ...]:
        try:
            return tuple(check())
        except Exception as error:  # noqa: BLE001 - the one place where a rule's own bug is caught
            text = f"{type(error).__name__}: {error}"
            self.errors.append(InternalError(info.name, place, text))
            return ()

    def _add(
        self,
        info: RuleInfo,
        problem: Problem,
        span: Span,
        view: RevisionView | None = None,
        step: Step[Operation] | None = None,
    ) -> None:
        place = problem.span or span
        key = (info.name, place, problem.message)
        dialects = () if view is None else (str(view.dialect),)
        locks = () if step is None else _locks(step)
        known = self._found.get(key)
        if known is not None:
            self._found[key] = replace(
                known,
                dialects=tuple(dict.fromkeys([*known.dialects, *dialects])),
                locks=tuple(dict.fromkeys([*known.locks, *locks])),
            )
            return
        self._subjects[key] = problem.subject or problem.message
        self._found[key] = Finding(
            rule=info.name,
            family=info.family,
            severity=problem.severity or info.severity,
            confidence=problem.confidence or Confidence.CERTAIN,
            message=problem.message,
            span=place,
            identity=(),
            environment=self._environment,
            revision=None if view is None or problem.of_environment else view.script.revision,
            label=problem.label,
            help=problem.help,
            notes=problem.notes,
            related=problem.related,
            dialects=dialects,
            table="" if step is None else _table(step.operation),
            locks=locks,
        )


def distinct(findings: Iterable[Finding]) -> Iterator[Finding]:
    """Give findings of several environments that share their revisions identities of their own."""
    seen: Counter[tuple[str, ...]] = Counter()
    for finding in findings:
        again = seen[finding.identity]
        seen[finding.identity] += 1
        yield replace(finding, identity=(*finding.identity, str(again))) if again else finding


def _joined(group: list[Finding]) -> Finding:
    """Return the worst of what is said on several dialects, with notes on the others."""
    worst, *others = sorted(group, key=lambda one: (-one.severity, -one.confidence))
    return replace(
        worst,
        dialects=tuple(dialect for one in group for dialect in one.dialects),
        locks=tuple(dict.fromkeys(lock for one in group for lock in one.locks)),
        notes=(*worst.notes, *(f"on {', '.join(one.dialects)}: {one.message}" for one in others)),
    )


def _table(operation: Operation) -> str:
    name = getattr(operation, "table", None)
    return str(name) if isinstance(name, TableName) else ""


def _locks(step: Step[Operation]) -> tuple[Lock, ...]:
    """Return the locks of an operation that a running application may have to wait for."""
    return tuple(
        Lock(str(hold.table), hold.lock, hold.blocks, hold.long, str(step.dialect))
        for hold in step.effect.holds
        if hold.blocks in ("writes", "reads and writes") and not step.is_new(hold.table)
    )


def _confidence(step: Step[Operation]) -> Confidence:
    """Lower the confidence where the operation may not happen, or its table is not fully known."""
    if step.operation.conditional:
        return Confidence.POSSIBLE
    name = getattr(step.operation, "table", None)
    table = step.before.table(name) if isinstance(name, TableName) else None
    if table is not None and not table.certain:
        return Confidence.POSSIBLE
    return Confidence.CERTAIN
