"""How the rules are found: nothing is registered, the folders and modules of `rules` are the list."""

from __future__ import annotations

import importlib
import os
from collections.abc import Iterator
from functools import lru_cache

from migrate_guard.rule import OperationRule, ProjectRule, RevisionRule, Rule, SuppressionRule

_RULES = "migrate_guard.rules"  # a name, not an import: the rules stand above this module


def _modules() -> Iterator[str]:
    # `pkgutil.walk_packages` does the same in 4 ms, and every start would pay them.
    (directory,) = importlib.import_module(_RULES).__path__
    for family in os.scandir(directory):
        if family.is_dir() and not family.name.startswith("_"):
            for name in (module.name for module in os.scandir(family)):
                if name.endswith(".py") and not name.startswith("_"):
                    yield f"{_RULES}.{family.name}.{name[:-3]}"


@lru_cache(maxsize=1)
def all_rules() -> tuple[Rule, ...]:
    """Return every rule, ordered by family and name."""
    found = [
        value
        for module in _modules()
        for value in vars(importlib.import_module(module)).values()
        if isinstance(value, (OperationRule, RevisionRule, ProjectRule, SuppressionRule))
    ]
    return tuple(sorted(found, key=lambda rule: (rule.info.family, rule.info.name)))


def families() -> dict[str, str]:
    """Return the family of each rule by its name: what a configuration may name."""
    return {rule.info.name: rule.info.family for rule in all_rules()}
