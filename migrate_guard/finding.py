"""Findings: what a rule has to say about one place in a revision."""

from __future__ import annotations

import enum

from migrate_guard.record import dataclass
from migrate_guard.span import Span


class Severity(enum.IntEnum):
    """How bad a finding is; ordered, so that `fail-on` is a comparison."""

    INFO = 1
    WARNING = 2
    ERROR = 3

    def __str__(self) -> str:
        return self.name.lower()


class Confidence(enum.IntEnum):
    """Whether everything that the finding rests on was read, or some of it is unknown."""

    POSSIBLE = 1
    CERTAIN = 2

    def __str__(self) -> str:
        return self.name.lower()


@dataclass(frozen=True, slots=True)
class Related:
    """A second place that explains a finding, such as where the table was created."""

    message: str
    span: Span


@dataclass(frozen=True, slots=True)
class Lock:
    """A lock on a table in use that the statement of a finding takes.

    `name` is the server's own word for it. `blocks` is what the statements of a running application have to
    wait for. `long` tells that it is held while work on the rows goes on. `dialect` is where that is so.
    """

    table: str
    name: str
    blocks: str
    long: bool
    dialect: str


@dataclass(frozen=True, slots=True)
class Problem:
    """What a rule yields: the part of a finding that only the rule can know.

    `message` names the user's own objects and says what will happen. `label` stands beside the carets.
    `help` is what to do, as code that can be pasted. `None` for `span`, `severity` or `confidence` means
    "as the step and the rule have it". `subject` names what the problem is about (a table, a column);
    it goes into the fingerprint and must not depend on line numbers. `of_environment` says that a revision
    only shows what is true of its environment: all revisions together make one finding, of no revision.
    """

    message: str
    label: str = ""
    help: str | None = None
    notes: tuple[str, ...] = ()
    related: tuple[Related, ...] = ()
    span: Span | None = None
    severity: Severity | None = None
    confidence: Confidence | None = None
    subject: str = ""
    of_environment: bool = False


@dataclass(frozen=True, slots=True)
class Finding:
    """A problem with everything that the reports and the verdict need to know about it.

    `suppressed` is the reason why the finding does not count (an ignore comment, the baseline), or `None`.
    `recorded` tells that it is the baseline.
    `identity` tells it from every other finding of a run, see `identity`. `table` is the table that the
    operation is about, empty where it is about none or several. `locks` are those that the operation takes,
    the worst first on each dialect; there may be more where its effect is not fully known.
    """

    rule: str
    family: str
    severity: Severity
    confidence: Confidence
    message: str
    span: Span
    identity: tuple[str, ...]
    environment: str
    revision: str | None = None
    label: str = ""
    help: str | None = None
    notes: tuple[str, ...] = ()
    related: tuple[Related, ...] = ()
    dialects: tuple[str, ...] = ()
    suppressed: str | None = None
    recorded: bool = False
    table: str = ""
    locks: tuple[Lock, ...] = ()

    @property
    def fingerprint(self) -> str:
        """Return what identifies the finding over moved lines and renamed files: 16 hexadecimal digits."""
        # hashlib costs 4 ms of a start, and only some formats print fingerprints.
        import hashlib

        text = "\0".join(self.identity)
        return hashlib.sha256(text.encode(errors="surrogatepass")).hexdigest()[:16]

    def sort_key(self) -> tuple[str, int, int, str]:
        """Order findings as a reader meets them in the files."""
        return (self.span.path, self.span.line, self.span.column, self.rule)


def identity(rule: str, revision: str | None, subject: str, ordinal: int = 0) -> tuple[str, ...]:
    """Return what a fingerprint is made of: nothing that changes when lines move or files are renamed.

    `ordinal` tells apart findings of one rule about one subject in one revision, counted in their order.
    """
    return (rule, revision or "", subject, str(ordinal))
