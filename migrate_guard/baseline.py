"""The baseline: findings that a project has recorded, so that only later ones count. One JSON file.

One finding is one line, in a fixed order, so that a merge in git touches the lines of both sides and no more.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from pathlib import Path

from migrate_guard.errors import GuardError
from migrate_guard.files import read_regular
from migrate_guard.finding import Finding
from migrate_guard.record import dataclass, replace

VERSION = 1
DEFAULT_NAME = "migrate-guard-baseline.json"
_LONGEST = 100
_TEXTS = ("environment", "revision", "rule", "about", "fingerprint")
_AGAIN = "mend it, or remove it and record the findings again: migrate-guard baseline"


@dataclass(frozen=True, slots=True)
class Entry:
    """One recorded finding.

    `environment` and `fingerprint` identify it; the first is the script directory relative to the baseline's
    own, the second does not depend on it. `revision` is empty for a finding about an environment. `dialects`
    are those that it was found for, empty where it does not depend on one. `about` is for people only.
    """

    environment: str
    revision: str
    rule: str
    about: str
    fingerprint: str
    dialects: tuple[str, ...] = ()

    @property
    def key(self) -> tuple[str, str]:
        """What tells it from every other entry."""
        return (self.environment, self.fingerprint)

    def sort_key(self) -> tuple[str, ...]:
        """Return its place in the file."""
        return (self.environment, self.revision, self.rule, self.about, self.fingerprint)


@dataclass(frozen=True, slots=True)
class Baseline:
    """A baseline as it was read; `shown` is how messages call the file."""

    file: Path
    shown: str
    entries: tuple[Entry, ...] = ()


@dataclass(frozen=True, slots=True)
class BaselineUse:
    """What a run had of a baseline.

    `gone` are the entries whose finding the run looked for and did not make.
    """

    baseline: Baseline
    gone: tuple[Entry, ...] = ()

    def shrunk(self) -> tuple[Entry, ...]:
        """Return the entries that are left."""
        dead = frozenset(entry.key for entry in self.gone)
        return tuple(entry for entry in self.baseline.entries if entry.key not in dead)


def entry_of(finding: Finding, environment: str) -> Entry:
    """Return the entry that records a finding of an environment, as the baseline calls that."""
    rule, revision, subject, ordinal = finding.identity[:4]
    # What follows tells environments apart whose revisions are called alike; here their names do.
    own = replace(finding, identity=(rule, revision, subject, ordinal))
    about = " ".join(subject.split())
    shown = about if len(about) <= _LONGEST else about[: _LONGEST - 1] + "…"
    return Entry(environment, revision, rule, shown, own.fingerprint, finding.dialects)


def render(entries: Iterable[Entry]) -> str:
    """Return the text of a baseline: JSON of ASCII characters, the same for the same entries."""
    unique = {entry.key: entry for entry in entries}
    lines = [json.dumps(_record(entry)) for entry in sorted(unique.values(), key=Entry.sort_key)]
    findings = "[\n    " + ",\n    ".join(lines) + "\n  ]" if lines else "[]"
    return f'{{\n  "version": {VERSION},\n  "findings": {findings}\n}}\n'


def _record(entry: Entry) -> dict[str, object]:
    texts = {name: getattr(entry, name) for name in _TEXTS}
    return {**texts, "dialects": list(entry.dialects)} if entry.dialects else texts


def read(file: Path, shown: str) -> Baseline:
    """Read a baseline. Raise `GuardError` where there is none, or one that is not understood."""
    try:
        text = read_regular(file).decode("utf-8-sig")
    except FileNotFoundError as error:
        raise GuardError(
            f"{shown}: there is no such baseline", "record the findings of today: migrate-guard baseline"
        ) from error
    except UnicodeDecodeError as error:
        raise GuardError(f"{shown}: not a baseline: not UTF-8 text", _AGAIN) from error
    except OSError as error:
        raise GuardError(
            f"{shown}: cannot be read: {error.strerror}", "name a file that `migrate-guard baseline` wrote"
        ) from error
    entries = {entry.key: entry for entry in _entries(_document(text, shown), shown)}
    return Baseline(file, shown, tuple(entries.values()))


def _document(text: str, shown: str) -> Mapping[str, object]:
    try:
        document = json.loads(text)
    except json.JSONDecodeError as error:
        conflict = any(line.startswith(("<<<<<<< ", ">>>>>>> ")) for line in text.splitlines())
        what = "it holds a merge conflict" if conflict else f"not valid JSON: {error.msg}"
        hint = "keep the lines of both sides" if conflict else _AGAIN
        raise GuardError(f"{shown}:{error.lineno}: not a baseline: {what}", hint) from error
    except (RecursionError, ValueError) as error:  # nested too deeply, or a number of too many digits
        raise GuardError(f"{shown}: not a baseline: not valid JSON", _AGAIN) from error
    version = document.get("version") if isinstance(document, dict) else None
    if not isinstance(document, dict) or isinstance(version, bool) or not isinstance(version, int):
        raise GuardError(f'{shown}: not a baseline: there is no "version"', _AGAIN)
    if version != VERSION:
        raise GuardError(
            f"{shown}: a baseline of version {version}; this migrate-guard reads version {VERSION}",
            "upgrade migrate-guard" if version > VERSION else _AGAIN,
        )
    return document


def _entries(document: Mapping[str, object], shown: str) -> Iterable[Entry]:
    findings = document.get("findings")
    if not isinstance(findings, list):
        raise GuardError(f'{shown}: not a baseline: "findings" is not a list', _AGAIN)
    for number, raw in enumerate(findings, 1):
        entry = _entry(raw)
        if entry is None:
            raise GuardError(f"{shown}: not a baseline: finding {number} is not understood", _AGAIN)
        yield entry


def _entry(raw: object) -> Entry | None:
    if not isinstance(raw, dict):
        return None
    texts = [raw.get(name) for name in _TEXTS]
    dialects = raw.get("dialects", [])
    if not isinstance(dialects, list) or not all(isinstance(one, str) for one in [*texts, *dialects]):
        return None
    environment, revision, rule, about, fingerprint = map(str, texts)
    return Entry(environment, revision, rule, about, fingerprint, tuple(dialects))
