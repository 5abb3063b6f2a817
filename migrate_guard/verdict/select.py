"""Which rules run and at which level, by their own names and by their families."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from migrate_guard.config import Config
from migrate_guard.finding import Severity
from migrate_guard.rule import Rule, RuleInfo


def selected_rules(rules: Iterable[Rule], config: Config) -> tuple[Rule, ...]:
    """Return the rules that run, in their order."""
    return tuple(rule for rule in rules if is_selected(rule.info, config))


def is_selected(rule: RuleInfo, config: Config) -> bool:
    """Tell whether a rule runs.

    Its own name in `select` or `ignore` counts more than its family's; where both name the same,
    `ignore` wins.
    """
    for name in (rule.name, rule.family):
        if name in config.ignore:
            return False
        if name in config.select:
            return True
    return not config.select


def severity_of(rule: str, family: str, severity: Severity, levels: Mapping[str, Severity]) -> Severity:
    """Return the level at which a finding is reported: the user's for the rule, the family, or its own."""
    return levels.get(rule, levels.get(family, severity))
