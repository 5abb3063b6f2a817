"""An application that upgrades the database when it starts, in every worker."""

from __future__ import annotations

from collections.abc import Iterator

from migrate_guard.doctor.look import Look
from migrate_guard.doctor.model import Diagnosis
from migrate_guard.doctor.read.outcome import each
from migrate_guard.doctor.read.shell import Command
from migrate_guard.rules._startup import start_calls

_WORKERS = {"gunicorn": ("-w", "--workers"), "uvicorn": ("--workers",), "hypercorn": ("-w", "--workers"),
            "granian": ("--workers",), "fastapi": ("--workers",)}  # fmt: skip
_METHODS = ("upgrade",)


def workers_upgrade(look: Look) -> Iterator[Diagnosis]:
    """Every worker that a server starts runs the application's start, and with it the upgrade."""
    servers = list(_servers(look))
    if not servers:
        return
    script_path, line, name, number = servers[0]
    for environment, _ in look.environments:
        for method in _METHODS:
            for call in start_calls(environment, look.root, method):
                if "alembic" in call.text or "flask_migrate" in call.text:
                    yield Diagnosis(
                        "workers-upgrade",
                        call.span.path,
                        call.span.line,
                        f"each of the {number} workers that {script_path}:{line} starts upgrades the "
                        f"database here, at the same time: revisions run twice, or fail in the middle",
                        f"{environment.command} upgrade head && {name} ...",
                    )


def _servers(look: Look) -> Iterator[tuple[str, int, str, str]]:
    """Go through the servers with several workers: path, line, name and number of workers."""
    for script in look.contents.scripts:
        for command, _, _ in each(script):
            for name, options in _WORKERS.items():
                number = _workers(command, name, options)
                if number is not None:
                    yield script.path, command.line, name, number


def _workers(command: Command, name: str, options: tuple[str, ...]) -> str | None:
    words = [word.rpartition("/")[2] for word in command.words]
    # With --preload the application starts once, before its workers do.
    if name not in words or "--preload" in words:
        return None
    for index, word in enumerate(command.words):
        option, equals, value = word.partition("=")
        if option in options:
            number = value if equals else "".join(command.words[index + 1 : index + 2])
            return number if number not in ("", "1") else None
        if word[:2] in options and word[2:].isdecimal():
            return word[2:] if word[2:] != "1" else None
    return None
