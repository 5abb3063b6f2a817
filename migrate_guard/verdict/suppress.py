"""Silence the findings that ignore comments speak of, and say which comments silence nothing."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import field

from migrate_guard.config import Config
from migrate_guard.dialect import Dialect
from migrate_guard.finding import Confidence, Finding, Problem, identity
from migrate_guard.record import dataclass, replace
from migrate_guard.rule import IgnoreComment, Rule, RuleInfo, SuppressionRule, SuppressionView
from migrate_guard.verdict.comments import PlacedComment, read_comments
from migrate_guard.verdict.select import is_selected


@dataclass(frozen=True, slots=True)
class JudgedFile:
    """A file of a versions directory whose ignore comments count.

    `path` is the one that the spans of its findings have. `dialects` are those that it was judged for,
    empty for a file that was only replayed: its comments silence, and nothing is said about them.
    """

    path: str
    text: str
    environment: str
    revision: str | None = None
    dialects: tuple[Dialect, ...] = ()


@dataclass(slots=True)
class _Comments:
    """The ignore comments of one path, over all environments that it belongs to, and their use."""

    file: JudgedFile
    placed: tuple[PlacedComment, ...]
    dialects: set[str] = field(default_factory=set)
    used: set[tuple[int, str]] = field(default_factory=set)

    def reason(self, finding: Finding) -> str | None:
        """Return why a finding does not count, if a comment says so; every such comment is used."""
        found = None
        for number, placed in enumerate(self.placed):
            if finding.rule in placed.comment.rules and placed.covers(finding.span):
                self.used.add((number, finding.rule))
                found = found or placed.comment.reason or f"ignored in line {placed.comment.span.line}"
        return found

    def unused(self, number: int, ran: Mapping[str, RuleInfo]) -> tuple[str, ...]:
        """Return the rules that a comment names in vain, of those that looked at the file."""
        return tuple(
            name
            for name in dict.fromkeys(self.placed[number].comment.rules)
            if name in ran and self.dialects & ran[name].dialects and (number, name) not in self.used
        )


def suppress(
    findings: Iterable[Finding], files: Iterable[JudgedFile], config: Config, rules: tuple[Rule, ...]
) -> tuple[Finding, ...]:
    """Return the findings with those that a comment ignores marked, and those about comments added.

    `rules` are all rules, selected or not.
    """
    comments = _read(files)
    marked = tuple(_mark(finding, comments.get(finding.span.path)) for finding in findings)
    return (*marked, *_about_comments(comments.values(), config, rules))


def _read(files: Iterable[JudgedFile]) -> dict[str, _Comments]:
    found: dict[str, _Comments] = {}
    for file in files:
        if file.path not in found:
            placed = read_comments(file.path, file.text)
            if not placed:
                continue
            found[file.path] = _Comments(file, placed)
        found[file.path].dialects.update(dialect.family for dialect in file.dialects)
    return found


def _mark(finding: Finding, comments: _Comments | None) -> Finding:
    if comments is None or finding.suppressed is not None:
        return finding
    reason = comments.reason(finding)
    return finding if reason is None else replace(finding, suppressed=reason)


def _about_comments(
    comments: Iterable[_Comments], config: Config, rules: tuple[Rule, ...]
) -> Iterator[Finding]:
    families = {rule.info.name: rule.info.family for rule in rules}
    selected = [rule for rule in rules if is_selected(rule.info, config)]
    seen: Counter[tuple[str | None, ...]] = Counter()
    ran = {rule.info.name: rule.info for rule in selected if not isinstance(rule, SuppressionRule)}
    for file in (one for one in comments if one.dialects):
        for number, placed in enumerate(file.placed):
            view = SuppressionView(placed.comment, file.unused(number, ran), families, config.require_reasons)
            for rule in selected:
                if isinstance(rule, SuppressionRule):
                    for problem in rule.check(view):
                        about = (file.file.environment, rule.info.name, file.file.revision, problem.subject)
                        yield _finding(problem, rule.info, placed.comment, file.file, seen[about])
                        seen[about] += 1


def _finding(
    problem: Problem, rule: RuleInfo, comment: IgnoreComment, file: JudgedFile, ordinal: int
) -> Finding:
    return Finding(
        rule=rule.name,
        family=rule.family,
        severity=problem.severity or rule.severity,
        confidence=problem.confidence or Confidence.CERTAIN,
        message=problem.message,
        span=problem.span or comment.span,
        identity=identity(rule.name, file.revision, problem.subject, ordinal),
        environment=file.environment,
        revision=file.revision,
        label=problem.label,
        help=problem.help,
        notes=problem.notes,
        related=problem.related,
    )
