"""From findings to a verdict: what was selected, at which level, and what ignore comments silence.

Seventh stage of the pipeline: `decide` after the rules, `exit_code` after the report.
"""

from __future__ import annotations

from collections.abc import Iterable

from migrate_guard.config import Config
from migrate_guard.finding import Finding
from migrate_guard.record import replace
from migrate_guard.rule import Rule
from migrate_guard.verdict.select import is_selected, selected_rules, severity_of
from migrate_guard.verdict.suppress import JudgedFile, suppress
from migrate_guard.verdict.threshold import exit_code

__all__ = ["JudgedFile", "decide", "exit_code", "is_selected", "selected_rules"]


def decide(
    findings: Iterable[Finding], files: Iterable[JudgedFile], config: Config, rules: tuple[Rule, ...]
) -> tuple[Finding, ...]:
    """Return the findings that the user asked for, in the order of their places.

    Those of rules that are not selected are dropped, levels are the user's, those that a comment ignores
    are kept with the reason in `suppressed`, and those about the comments themselves are added. `rules`
    are all rules. Findings of one environment stay together, in the order in which these first come.
    """
    infos = {rule.info.name: rule.info for rule in rules}
    chosen = (f for f in findings if f.rule not in infos or is_selected(infos[f.rule], config))
    judged = [_levelled(finding, config) for finding in suppress(chosen, files, config, rules)]
    order = {name: place for place, name in enumerate(dict.fromkeys(f.environment for f in judged))}
    return tuple(sorted(judged, key=lambda finding: (order[finding.environment], finding.sort_key())))


def _levelled(finding: Finding, config: Config) -> Finding:
    level = severity_of(finding.rule, finding.family, finding.severity, config.severity)
    return finding if level is finding.severity else replace(finding, severity=level)
