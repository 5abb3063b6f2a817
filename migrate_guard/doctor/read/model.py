"""What the files say that test and deploy a project, whatever their format."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import field
from typing import Literal

from migrate_guard.doctor.read.shell import Command
from migrate_guard.record import dataclass

Kind = Literal["workflow", "gitlab", "dockerfile", "compose", "procfile", "shell", "pre-commit"]


@dataclass(frozen=True, slots=True)
class Script:
    """Commands that one shell runs; lines are those of the file.

    `errexit` and `pipefail` tell what the shell does before the script says anything of it. `name` is what a
    reader calls it: a job, a service. `starts` tells whether it runs whenever the application starts.
    """

    path: str
    kind: Kind
    name: str
    commands: tuple[Command, ...]
    errexit: bool = False
    pipefail: bool = False
    starts: bool = False


@dataclass(frozen=True, slots=True)
class Step:
    """One step of a job: an action with its inputs, or a script.

    `forgiven` is the line that lets the job go on after its failure, `None` if there is none.
    """

    line: int
    uses: str = ""
    inputs: Mapping[str, str] = field(default_factory=dict)
    script: Script | None = None
    forgiven: int | None = None


@dataclass(frozen=True, slots=True)
class PathFilter:
    """Which changed files a job runs for: patterns in their order, or those that it does not run for."""

    path: str
    line: int
    patterns: tuple[str, ...] = ()
    ignored: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Job:
    """A job of CI. `depth` is GitLab's `GIT_DEPTH`, empty where it is not set."""

    path: str
    kind: Literal["workflow", "gitlab"]
    name: str
    line: int
    steps: tuple[Step, ...]
    filters: tuple[PathFilter, ...] = ()
    forgiven: int | None = None
    depth: str = ""


@dataclass(frozen=True, slots=True)
class Image:
    """A Dockerfile with what its containers start; `line` is that of the start."""

    path: str
    start: Script
    line: int = 1


@dataclass(frozen=True, slots=True)
class Service:
    """A service of a compose file.

    `command` and `entrypoint` are `None` where the image's own are used. `build` is the path of its
    Dockerfile, empty for a ready-made image. `replicas` is how many containers there are. `waits` are the
    services that must be healthy or done before it starts.
    """

    path: str
    name: str
    line: int
    command: Script | None = None
    entrypoint: Script | None = None
    build: str = ""
    image: str = ""
    replicas: int = 1
    replicas_line: int = 0
    waits: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Hook:
    """A hook of pre-commit that runs migrate-guard; `files` and `exclude` are as written, empty for none."""

    path: str
    line: int
    files: str = ""
    exclude: str = ""


@dataclass(frozen=True, slots=True)
class Contents:
    """What one file, or all files together, say.

    `ignored` are the ignore files, each with its patterns and their lines. `unread` are parts that are not
    known here, with their places. `gate_elsewhere` tells that such a file runs the gate.
    """

    scripts: tuple[Script, ...] = ()
    jobs: tuple[Job, ...] = ()
    images: tuple[Image, ...] = ()
    services: tuple[Service, ...] = ()
    hooks: tuple[Hook, ...] = ()
    ignored: tuple[tuple[str, tuple[tuple[int, str], ...]], ...] = ()
    unread: tuple[str, ...] = ()
    gate_elsewhere: bool = False
