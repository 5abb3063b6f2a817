"""Silence the findings that the baseline holds; the verdict's last step, after the ignore comments."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence

from migrate_guard.baseline import Baseline, Entry, entry_of
from migrate_guard.finding import Finding
from migrate_guard.pattern import pattern
from migrate_guard.project.paths import exists
from migrate_guard.record import dataclass, replace
from migrate_guard.rule import Rule

_PART = pattern(r" [\[(][^\])]*[\])]$")


@dataclass(frozen=True, slots=True)
class Matched:
    """Findings held against a baseline.

    `found` maps the number of each finding that it holds to the entry, `new` lists the numbers of those that
    could be recorded and are not, `unmatched` are the entries that no finding has.
    """

    found: Mapping[int, Entry]
    new: tuple[int, ...]
    unmatched: tuple[Entry, ...]


def match(
    findings: Sequence[Finding], places: Mapping[str, str], baseline: Baseline, rules: Iterable[Rule]
) -> Matched:
    """Hold findings against a baseline; `places` says how it calls each environment.

    An entry is that of one finding: two findings alike need two. An environment whose files are no longer
    where the entry says has moved, and its entries are those of any other. What an ignore comment silences
    needs no entry, and what a database says is never recorded: it is true of that database only.
    """
    live = {rule.info.name for rule in rules if rule.info.needs == "database"}
    left = [number for number, one in enumerate(findings) if one.suppressed is None and one.rule not in live]
    pool = {entry.key: entry for entry in baseline.entries}
    found: dict[int, Entry] = {}
    _take(findings, left, found, lambda one: pool.pop(entry_of(one, places[one.environment]).key, None))
    moved: dict[str, list[Entry]] = {}
    for entry in pool.values():
        if entry.environment not in places.values() and not stands(entry.environment, baseline):
            moved.setdefault(entry.fingerprint, []).append(entry)
    if moved:
        left = [number for number in left if number not in found]
        _take(findings, left, found, lambda one: _pop(moved, entry_of(one, "").fingerprint))
    used = {entry.key for entry in found.values()}
    unmatched = tuple(entry for entry in baseline.entries if entry.key not in used)
    return Matched(found, tuple(number for number in left if number not in found), unmatched)


def marked(findings: Sequence[Finding], matched: Matched, shown: str) -> tuple[Finding, ...]:
    """Return the findings with those marked that the baseline holds; `shown` is how reports call it."""
    reason = f"recorded in {shown}"
    return tuple(
        replace(one, suppressed=reason, recorded=True) if number in matched.found else one
        for number, one in enumerate(findings)
    )


def stands(environment: str, baseline: Baseline) -> bool:
    """Tell whether the files of an environment are where a baseline says."""
    path = environment
    while not exists(baseline.file.parent / path):
        shorter = _PART.sub("", path)
        if shorter == path:
            return False
        path = shorter
    return True


def _take(
    findings: Sequence[Finding],
    numbers: Iterable[int],
    found: dict[int, Entry],
    entry: Callable[[Finding], Entry | None],
) -> None:
    for number in numbers:
        taken = entry(findings[number])
        if taken is not None:
            found[number] = taken


def _pop(moved: dict[str, list[Entry]], fingerprint: str) -> Entry | None:
    entries = moved.get(fingerprint)
    return entries.pop() if entries else None
