"""Running the command in the process of the tests, and reading what it writes."""

from __future__ import annotations

import json
import os
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import partial
from pathlib import Path

import pytest

from migrate_guard.cli.run import run
from tests.commands import environment
from tests.old_projects import ENV, INI, write
from tests.report import test_formats, test_gitlab, test_junit, test_sarif
from tests.repositories import revision

CLEAN_TABLE = 'op.create_table("orders", sa.Column("id", sa.BigInteger(), primary_key=True))'


@dataclass(frozen=True)
class Done:
    """How a run of the command ended."""

    code: int
    out: str
    err: str

    def complaint(self) -> str:
        """Return the error, which must be one line with one for the hint, and nothing else said."""
        assert (self.code, self.out) == (2, ""), self
        message, hint = self.err.splitlines()
        assert message.startswith("error: "), self
        assert hint.startswith("hint: "), self
        assert "bug in migrate-guard" not in message
        return message.removeprefix("error: ")


class Command:
    """The command as a process would run it, in the directory `root` and a scrubbed environment."""

    def __init__(
        self, root: Path, monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str]
    ) -> None:
        self.root = root
        self._patch = monkeypatch
        self._captured = capfd
        for name in set(os.environ) - set(environment()):
            monkeypatch.delenv(name)
        for name, value in environment().items():
            monkeypatch.setenv(name, value)

    def __call__(self, *arguments: str | Path, root: Path | None = None) -> Done:
        self._patch.chdir(root or self.root)
        self._captured.readouterr()
        code = run([str(argument) for argument in arguments])
        return Done(code, *self._captured.readouterr())


def clean_project(root: Path, env: str = ENV) -> Path:
    """Write a project for PostgreSQL with one revision that has no finding."""
    write(root / "alembic.ini", INI)
    write(root / "migrations" / "env.py", env)
    write(root / "migrations" / "versions" / "a0_step.py", revision("a0", None, CLEAN_TABLE))
    return root


# What a run writes must be a document of its format, whatever it could look at.


def _read_json(text: str) -> None:
    test_formats.VALIDATOR.validate(json.loads(text))


def _read_sarif(text: str) -> None:
    test_sarif.VALIDATOR.validate(json.loads(text))


def _read_gitlab(text: str) -> None:
    test_gitlab.VALIDATOR.validate(json.loads(text))


def _read_junit(text: str) -> None:
    test_junit.SCHEMA.validate(text)


def _read_lines(form: str, text: str) -> None:
    assert all(re.fullmatch(form, line) for line in text.splitlines()), text


def _read_markdown(text: str) -> None:
    assert text.startswith("<!-- migrate-guard")
    assert text.count("<details>") == text.count("</details>")
    assert text.endswith("\n")


def _read_text(text: str) -> None:
    assert text.splitlines()[-1].endswith(".")
    assert "Not checked: " in text


READERS: Mapping[str, Callable[[str], None]] = {
    "text": _read_text,
    "concise": partial(_read_lines, r"\S+:\d+:\d+: (error|warning|info)\[[a-z-]+\] .*"),
    "json": _read_json,
    "sarif": _read_sarif,
    "github": partial(_read_lines, test_formats.COMMAND.pattern),
    "gitlab": _read_gitlab,
    "junit": _read_junit,
    "markdown": _read_markdown,
}
