"""What a rule is, and what it sees.

A rule is a function in `migrate_guard/rules/<family>/<name>.py` with one of the four decorators below.
It yields problems; severity, confidence and fingerprints are added by the engine.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Mapping
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Generic, Literal, TypeAlias, TypeVar, overload

from migrate_guard.dialect import Dialect
from migrate_guard.dialects import Effect, effect_of
from migrate_guard.evaluate.outcome import Direction, Evaluation
from migrate_guard.finding import Problem, Severity
from migrate_guard.operations import AnyOperation, Operation, TableName
from migrate_guard.project.configured import ini_of
from migrate_guard.project.env_script import EnvScript, read_env_script
from migrate_guard.project.environment import Environment
from migrate_guard.project.graph import Graph
from migrate_guard.project.ini import IniFile
from migrate_guard.project.script import Script
from migrate_guard.record import dataclass
from migrate_guard.schema import Schema, Table
from migrate_guard.span import Span

if TYPE_CHECKING:
    from migrate_guard.evidence.database.state import DatabaseEvidence
    from migrate_guard.evidence.models.difference import ModelsEvidence
    from migrate_guard.evidence.running import RunningModels
    from migrate_guard.project.git import Changes

Op = TypeVar("Op", bound=Operation, covariant=True)
A = TypeVar("A", bound=Operation)
B = TypeVar("B", bound=Operation)
C = TypeVar("C", bound=Operation)
D = TypeVar("D", bound=Operation)

DialectFamily = Literal["postgresql", "mysql", "sqlite"]
UPGRADE: frozenset[Direction] = frozenset({"upgrade"})
Need: TypeAlias = Literal["models", "database", "libpg_query"]
ALL_DIALECTS: frozenset[DialectFamily] = frozenset({"postgresql", "mysql", "sqlite"})


@dataclass(frozen=True)
class RevisionView:
    """One judged revision on one dialect: what a revision rule sees.

    `deployed` is the schema of the database before the deploy: before this revision when a whole
    history is judged, before the first new revision when only new ones are. `read_running` reads the models
    of the base, `None` where git was not asked.
    """

    script: Script
    environment: Environment
    graph: Graph
    dialect: Dialect
    deployed: Schema
    upgrade: Evaluation
    downgrade: Evaluation
    project: ProjectView
    read_running: Callable[[], RunningModels] | None = None

    @cached_property
    def running(self) -> RunningModels | None:
        """What the models of the base say, which are those of the release that is running.

        `None` where git was not asked. They are read when a rule first asks for them.
        """
        return None if self.read_running is None else self.read_running()

    def steps(self, direction: Direction = "upgrade") -> tuple[Step[Operation], ...]:
        """Return the steps of one direction in the order in which they run."""
        return self._upgrade_steps if direction == "upgrade" else self._downgrade_steps

    @cached_property
    def _upgrade_steps(self) -> tuple[Step[Operation], ...]:
        return self._steps(self.upgrade, "upgrade")

    @cached_property
    def _downgrade_steps(self) -> tuple[Step[Operation], ...]:
        return self._steps(self.downgrade, "downgrade")

    def deploys_under_another_name(self, table: Table) -> bool:
        """Tell whether the database before the deploy has this very table under another name."""
        if table.created is None:
            return False
        return any(old.created == table.created for old in self.deployed.tables.values())

    def _steps(self, evaluation: Evaluation, direction: Direction) -> tuple[Step[Operation], ...]:
        return tuple(
            Step(t.operation, t.before, t.after, self, direction, position)
            for position, t in enumerate(evaluation.transitions)
        )


@dataclass(frozen=True)
class Step(Generic[Op]):
    """One operation of a judged revision: what an operation rule sees.

    `before` and `after` are the schemas around it. `position` is its place among the operations of its
    direction, so that `revision.steps(direction)[position]` is this step.
    """

    operation: Op
    before: Schema
    after: Schema
    revision: RevisionView
    direction: Direction
    position: int

    @property
    def dialect(self) -> Dialect:
        """The dialect and server version that the revision is judged for."""
        return self.revision.dialect

    @property
    def deployed(self) -> Schema:
        """The schema of the database before the deploy."""
        return self.revision.deployed

    @cached_property
    def effect(self) -> Effect:
        """What the server does for this operation: locks, rewrites, scans."""
        operation: AnyOperation = self.operation  # type: ignore[assignment]  # the union is closed
        return effect_of(operation, self.before, self.dialect)

    def is_new(self, table: TableName) -> bool:
        """Tell whether this deploy creates the table, so that it holds no rows and no traffic yet.

        A table that this deploy renames is as old as it was under its former name.
        """
        now = self.before.table(table)
        if now is None or now.assumed:
            return False
        if now.temporary or now.revision == self.revision.script.revision:
            return True
        return self.deployed.table(table) is None and not self.revision.deploys_under_another_name(now)

    def is_new_column(self, table: TableName, column: str) -> bool:
        """Tell whether this deploy adds the column, so that no running code knows it yet."""
        if self.is_new(table):
            return True
        deployed, now = self.deployed.table(table), self.before.table(table)
        if deployed is None or now is None or not deployed.known:
            return False
        return column in now.columns and column not in deployed.columns

    def earlier(self) -> tuple[Step[Operation], ...]:
        """Return the steps before this one in the same direction."""
        return self.revision.steps(self.direction)[: self.position]

    def later(self) -> tuple[Step[Operation], ...]:
        """Return the steps after this one in the same direction."""
        return self.revision.steps(self.direction)[self.position + 1 :]


@dataclass(frozen=True)
class ProjectView:
    """One environment as a whole: what a project rule sees.

    `judged` are the ids under judgement, `others` the further environments of the run. `root` is what
    shown paths are relative to. `env` and `ini` are read when a rule first asks for them. `models` is what
    the project's models say, `None` where they were not looked at; `databases` is what the databases say
    that were looked at. `changes` are those against the base,
    `None` where git was not asked.
    """

    environment: Environment
    graph: Graph
    judged: frozenset[str]
    root: Path
    others: tuple[Environment, ...] = ()
    models: ModelsEvidence | None = None
    databases: tuple[DatabaseEvidence, ...] = ()
    changes: Changes | None = None

    @cached_property
    def env(self) -> EnvScript | None:
        """What `env.py` says, `None` without one that can be parsed."""
        return read_env_script(self.environment, self.root)

    @cached_property
    def ini(self) -> IniFile | None:
        """The ini file of the environment, `None` if there is none."""
        return ini_of(self.environment, self.root)


@dataclass(frozen=True)
class IgnoreComment:
    """An ignore comment as it is written: `# migrate-guard: ignore[rules] -- reason`.

    `whole_file` tells `ignore-file` from `ignore`. `reason` is empty when none is given. `fault` says
    what keeps the comment from being understood, `hint` what to write instead; a comment with a fault
    still silences the rules that could be read.
    """

    span: Span
    rules: tuple[str, ...] = ()
    whole_file: bool = False
    reason: str = ""
    fault: str = ""
    hint: str = ""


@dataclass(frozen=True)
class SuppressionView:
    """One ignore comment and what came of it: what a suppression rule sees.

    `unused` are the rules it names that ran on its file and found nothing where it applies. `families`
    maps every rule to its family. `require_reasons` is the setting of that name.
    """

    comment: IgnoreComment
    unused: tuple[str, ...]
    families: Mapping[str, str]
    require_reasons: bool


@dataclass(frozen=True)
class RuleInfo:
    """What every rule has: `name` and `family` come from its module, `summary` from its docstring.

    `needs` is the evidence without which it says nothing, beside scripts, history and git.
    """

    name: str
    family: str
    severity: Severity
    summary: str
    dialects: frozenset[DialectFamily]
    needs: Need | None = None


@dataclass(frozen=True)
class OperationRule:
    """A rule about operations of certain classes."""

    info: RuleInfo
    on: tuple[type[Operation], ...]
    directions: frozenset[Direction]
    check: Callable[[Step[Operation]], Iterable[Problem]]


@dataclass(frozen=True)
class RevisionRule:
    """A rule about one whole revision."""

    info: RuleInfo
    check: Callable[[RevisionView], Iterable[Problem]]


@dataclass(frozen=True)
class ProjectRule:
    """A rule about a whole environment: its graph, its configuration."""

    info: RuleInfo
    check: Callable[[ProjectView], Iterable[Problem]]


@dataclass(frozen=True)
class SuppressionRule:
    """A rule about one ignore comment; the verdict runs it after all others."""

    info: RuleInfo
    check: Callable[[SuppressionView], Iterable[Problem]]


Rule: TypeAlias = OperationRule | RevisionRule | ProjectRule | SuppressionRule


def _info(
    function: Callable[..., object],
    severity: Severity,
    dialects: Collection[DialectFamily],
    needs: Need | None = None,
) -> RuleInfo:
    family, _, module = function.__module__.rpartition(".")
    summary = (function.__doc__ or "").strip().split("\n")[0]
    return RuleInfo(
        name=module.replace("_", "-"),
        family=family.rpartition(".")[2].replace("_", "-"),
        severity=severity,
        summary=summary,
        dialects=frozenset(dialects),
        needs=needs,
    )


_Check: TypeAlias = Callable[[Step[A]], Iterable[Problem]]


@overload
def operation_rule(
    on: type[A],
    *,
    severity: Severity,
    dialects: Collection[DialectFamily] = ...,
    directions: Collection[Direction] = ...,
) -> Callable[[_Check[A]], OperationRule]: ...
@overload
def operation_rule(
    on: tuple[type[A], type[B]],
    *,
    severity: Severity,
    dialects: Collection[DialectFamily] = ...,
    directions: Collection[Direction] = ...,
) -> Callable[[_Check[A | B]], OperationRule]: ...
@overload
def operation_rule(
    on: tuple[type[A], type[B], type[C]],
    *,
    severity: Severity,
    dialects: Collection[DialectFamily] = ...,
    directions: Collection[Direction] = ...,
) -> Callable[[_Check[A | B | C]], OperationRule]: ...
@overload
def operation_rule(
    on: tuple[type[A], type[B], type[C], type[D]],
    *,
    severity: Severity,
    dialects: Collection[DialectFamily] = ...,
    directions: Collection[Direction] = ...,
) -> Callable[[_Check[A | B | C | D]], OperationRule]: ...
def operation_rule(
    on: type[Operation] | tuple[type[Operation], ...],
    *,
    severity: Severity,
    dialects: Collection[DialectFamily] = ALL_DIALECTS,
    directions: Collection[Direction] = UPGRADE,
) -> Callable[[Callable[[Step[A]], Iterable[Problem]]], OperationRule]:
    """Make a function a rule about every operation of the classes in `on`, in these directions."""

    def decorate(function: Callable[[Step[A]], Iterable[Problem]]) -> OperationRule:
        classes = on if isinstance(on, tuple) else (on,)
        check: Callable[[Step[Operation]], Iterable[Problem]] = function  # type: ignore[assignment]  # dispatched by class
        return OperationRule(_info(function, severity, dialects), classes, frozenset(directions), check)

    return decorate


def revision_rule(
    *, severity: Severity, dialects: Collection[DialectFamily] = ALL_DIALECTS, needs: Need | None = None
) -> Callable[[Callable[[RevisionView], Iterable[Problem]]], RevisionRule]:
    """Make a function a rule about one whole revision."""

    def decorate(function: Callable[[RevisionView], Iterable[Problem]]) -> RevisionRule:
        return RevisionRule(_info(function, severity, dialects, needs), function)

    return decorate


def project_rule(
    *, severity: Severity, needs: Need | None = None
) -> Callable[[Callable[[ProjectView], Iterable[Problem]]], ProjectRule]:
    """Make a function a rule about a whole environment."""

    def decorate(function: Callable[[ProjectView], Iterable[Problem]]) -> ProjectRule:
        return ProjectRule(_info(function, severity, ALL_DIALECTS, needs), function)

    return decorate


def suppression_rule(
    *, severity: Severity
) -> Callable[[Callable[[SuppressionView], Iterable[Problem]]], SuppressionRule]:
    """Make a function a rule about one ignore comment."""

    def decorate(function: Callable[[SuppressionView], Iterable[Problem]]) -> SuppressionRule:
        return SuppressionRule(_info(function, severity, ALL_DIALECTS), function)

    return decorate
