"""What the checks of `doctor` look at: the files that were read beside the project's environments."""

from __future__ import annotations

from collections.abc import Iterator
from functools import cached_property
from pathlib import Path

from migrate_guard.config import Config
from migrate_guard.doctor.read.model import Contents, Job, Script, Step
from migrate_guard.doctor.read.outcome import each
from migrate_guard.doctor.read.shell import Command
from migrate_guard.doctor.read.words import Migration, gate, migration
from migrate_guard.project import Environment, Graph
from migrate_guard.record import dataclass

_ACTION = "migrate-guard/migrate-guard"


@dataclass(frozen=True)
class Look:
    """Everything that a check may ask.

    `root` is the top of the repository, to which the paths of `contents` are relative. `environments` are
    those that could be opened, with their graphs.
    """

    root: Path
    config: Config
    contents: Contents
    environments: tuple[tuple[Environment, Graph], ...] = ()

    @cached_property
    def migrations(self) -> tuple[tuple[Script, Command, tuple[Command, ...], Migration], ...]:
        """Every command that moves a database: its script, itself, the list that it stands in, what it is."""
        found = []
        for script in self.contents.scripts:
            for command, around, _ in each(script):
                made = migration(command.words)
                if made is not None and not _is_wrapped(command):
                    found.append((script, command, around, made))
        return tuple(found)

    @cached_property
    def gates(self) -> tuple[tuple[Script, Command, tuple[Command, ...], tuple[str, ...]], ...]:
        """Every command that runs `migrate-guard check`, with its arguments."""
        found = []
        for script in self.contents.scripts:
            for command, around, _ in each(script):
                arguments = gate(command.words)
                if arguments is not None:
                    found.append((script, command, around, arguments))
        return tuple(found)

    def gate_steps(self, job: Job) -> Iterator[tuple[Step, tuple[str, ...]]]:
        """Go through the steps of a job that run the gate, with its arguments."""
        for step in job.steps:
            if step.uses.partition("@")[0] == _ACTION:
                yield step, tuple(step.inputs.get("arguments", "").split())
            for script, _, _, arguments in self.gates:
                if script is step.script:
                    yield step, arguments

    def runs_pre_commit(self) -> bool:
        """Tell whether CI runs the hooks of pre-commit."""
        for job in self.contents.jobs:
            for step in job.steps:
                if step.uses.startswith("pre-commit/action"):
                    return True
                commands = step.script.commands if step.script is not None else ()
                if any("pre-commit" in command.words and "run" in command.words for command in commands):
                    return True
        return False

    def upgrades(self, script: Script | None) -> bool:
        """Tell whether a script upgrades a database, itself or in a shell script of the project it calls."""
        if script is None:
            return False
        if any(one is script and made.verb == "upgrade" for one, _, _, made in self.migrations):
            return True
        called = {word.rpartition("/")[2] for one, _, _ in each(script) for word in one.words}
        return any(
            one.kind == "shell" and made.verb == "upgrade" and one.path.rpartition("/")[2] in called
            for one, _, _, made in self.migrations
        )


def _is_wrapped(command: Command) -> bool:
    """Tell whether the words stand in a text for `sh -c`, whose commands are looked at by themselves."""
    return any(" " in word and migration((word,)) is not None for word in command.words)
