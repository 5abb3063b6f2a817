"""The baseline of a run: what it silences, what is gone from it, and how it is made."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from pathlib import Path

from migrate_guard.baseline import Baseline, BaselineUse, Entry, entry_of, read
from migrate_guard.check import examine
from migrate_guard.check.judge import EnvironmentJudgement
from migrate_guard.config import Config
from migrate_guard.errors import GuardError
from migrate_guard.evaluate.sql import libpg
from migrate_guard.finding import Finding
from migrate_guard.judgement import Judgement, Summary
from migrate_guard.project import Environment
from migrate_guard.project.paths import absolute_path, exists, shown_path
from migrate_guard.record import dataclass, replace
from migrate_guard.rule import RuleInfo
from migrate_guard.rule_list import all_rules
from migrate_guard.verdict import is_selected
from migrate_guard.verdict.baseline import Matched, marked, match, stands


@dataclass(frozen=True, slots=True)
class Recording:
    """A baseline that is to be written.

    `entries` are all of it; `new` and `gone` count what it has and what it lost against the file that is
    there. `environments` and `summary` tell what was looked at.
    """

    baseline: Baseline
    entries: tuple[Entry, ...]
    new: int
    gone: int
    environments: tuple[Environment, ...]
    summary: Summary


def apply(
    findings: Sequence[Finding], judged: Sequence[EnvironmentJudgement], config: Config, file: Path
) -> tuple[tuple[Finding, ...], BaselineUse]:
    """Return the findings with those marked that the baseline in `file` holds, and what came of it.

    Raise `GuardError` for a file that is not there or not understood.
    """
    baseline = read(absolute_path(file, config.root), shown_path(file, config.root))
    matched = match(findings, _places(judged, config, baseline), baseline, all_rules())
    gone = _gone(matched, judged, config, baseline)
    return marked(findings, matched, baseline.shown), BaselineUse(baseline, gone)


def record(config: Config, file: Path, prune: bool) -> Recording:
    """Judge the whole history and return the baseline that holds its findings, or only those it held before.

    Entries stay that the run did not look for. Raise `GuardError` where something could not be looked at, or
    the file is there and not understood.
    """
    # A database is in one state today; a baseline is for everyone. New and old count alike.
    config = replace(config, baseline=None, base=None, database_url=None)
    examined = examine(config)
    judgement, judged = examined.judgement, examined.judged
    _insist(judgement)
    file = absolute_path(file, config.root)
    shown = shown_path(file, config.root)
    baseline = read(file, shown) if exists(file) or prune else Baseline(file, shown)
    places = _places(judged, config, baseline)
    matched = match(judgement.findings, places, baseline, all_rules())
    gone = {entry.key for entry in _gone(matched, judged, config, baseline, asked=True)}
    numbers = [*matched.found, *(() if prune else matched.new)]
    findings = (judgement.findings[number] for number in numbers)
    entries = [entry_of(finding, places[finding.environment]) for finding in findings]
    entries += [entry for entry in matched.unmatched if entry.key not in gone]
    environments = tuple(one.environment for one in judged)
    new = 0 if prune else len(matched.new)
    return Recording(baseline, tuple(entries), new, len(gone), environments, judgement.summary)


def _insist(judgement: Judgement) -> None:
    """Raise `GuardError` for a judgement that is not whole."""
    for error in judgement.internal_errors:
        raise GuardError(
            f"nothing is recorded: {error.rule or 'reading'} failed on {error.place}: {error.error}",
            "see what migrate-guard check says of it",
        )
    for skipped in judgement.skipped:
        raise GuardError(f"nothing is recorded: could not look at {skipped}", "mend that first")


def _places(judged: Iterable[EnvironmentJudgement], config: Config, baseline: Baseline) -> dict[str, str]:
    """Return how the baseline calls each environment: by a path from its own directory."""
    return {one.environment.name: _place(one.environment, config.root, baseline) for one in judged}


def _place(environment: Environment, root: Path, baseline: Baseline) -> str:
    """Return the directory of the scripts, with what the name says beyond a file: a section, a database.

    The directory is the same whether a configuration, `-d` or a path led to it.
    """
    named = shown_path(environment.config_file or environment.script_location, root)
    more = environment.name.removeprefix(named) if environment.name.startswith(named) else ""
    return shown_path(environment.script_location, baseline.file.parent) + more


def _gone(
    matched: Matched,
    judged: Sequence[EnvironmentJudgement],
    config: Config,
    baseline: Baseline,
    asked: bool = False,
) -> tuple[Entry, ...]:
    """Return the entries that the run looked for and did not find.

    A run over a part of the project, or against a base, has looked for none. `asked` is for one whose purpose
    is the baseline: it goes by today's dialects and rules.
    """
    failed = any(one.errors or one.evidence.failures for one in judged)
    if config.narrowed or config.staged or config.base is not None or failed:
        return ()
    look = _Look(judged, _places(judged, config, baseline), baseline, config)
    return tuple(entry for entry in matched.unmatched if look.reached(entry, asked))


@dataclass(frozen=True, slots=True)
class _Look:
    """What a whole run has looked at."""

    judged: Sequence[EnvironmentJudgement]
    places: dict[str, str]
    baseline: Baseline
    config: Config

    def reached(self, entry: Entry, asked: bool) -> bool:
        """Tell whether the run would have found what an entry records, if it were still there."""
        own = [one for one in self.judged if self.places[one.environment.name] == entry.environment]
        if not own and stands(entry.environment, self.baseline):
            return False
        around = own or list(self.judged)
        rule = next((rule.info for rule in all_rules() if rule.info.name == entry.rule), None)
        return (
            (rule is None or self._has(rule, around))
            and _has_revision(entry.revision, around)
            and (asked or self._as_before(entry, rule, around))
        )

    def _as_before(self, entry: Entry, rule: RuleInfo | None, around: Iterable[EnvironmentJudgement]) -> bool:
        """Tell whether the rule and the dialects of an entry are among those of the run."""
        dialects = [dialect for one in around for dialect in one.environment.dialects]
        # One of any version is there in one of a certain version; two versions are two databases.
        names = {str(dialect) for dialect in dialects} | {dialect.name for dialect in dialects}
        return rule is not None and is_selected(rule, self.config) and names.issuperset(entry.dialects)

    def _has(self, rule: RuleInfo, around: Iterable[EnvironmentJudgement]) -> bool:
        """Tell whether the run had the evidence that a rule needs."""
        if rule.needs == "libpg_query":
            return libpg.installed()
        if rule.needs == "models":
            models = [one.evidence.models for one in around]
            return all(one is not None and not one.left_out for one in models)
        return True


def _has_revision(revision: str, around: Sequence[EnvironmentJudgement]) -> bool:
    """Tell whether a revision was judged, or is no more; where a file cannot be read it may be that one."""
    if not revision or any(revision in one.judged for one in around):
        return True
    return not any(revision in one.graph.scripts or one.graph.broken for one in around)
