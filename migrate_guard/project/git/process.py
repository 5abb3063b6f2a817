"""Running git: read-only commands, with nothing of the user's around them that would run or mislead."""

from __future__ import annotations

import os
import shutil
import subprocess
from collections.abc import Mapping
from pathlib import Path

from migrate_guard.errors import GuardError

TIMEOUT = 120.0
"""Seconds that one command may take; a partial clone fetches what it reads."""

# Variables that the user's own configuration and connections need. All other GIT_* say where a repository
# lies or how to print, and are wrong for another one: https://git-scm.com/docs/git#_environment_variables
_KEPT = ("GIT_CONFIG", "GIT_SSH", "GIT_SSL", "GIT_ASKPASS", "GIT_EXEC_PATH", "GIT_PROXY", "GIT_HTTP")
_KEPT_EXACTLY = frozenset({"GIT_CEILING_DIRECTORIES", "GIT_DISCOVERY_ACROSS_FILESYSTEM"})
_ALWAYS = (
    "--no-pager",
    *("-c", "core.fsmonitor=false"),
    *("-c", f"core.hooksPath={os.devnull}"),
    *("-c", "core.quotePath=false"),
    "--literal-pathspecs",
)


class GitError(Exception):
    """A command that ended with an error: `code` is its exit code, `message` the first line it wrote."""

    def __init__(self, code: int, message: str) -> None:
        super().__init__(message)
        self.code = code
        self.message = message


class Git:
    """The git program, used in one directory that exists."""

    def __init__(self, directory: Path, index: Path | None = None) -> None:
        self._directory = directory
        self._program = _program()
        self._environment = environment_for_git(os.environ, index)

    def run(self, *arguments: str, data: bytes = b"") -> bytes:
        """Run a command with `data` as its input and return its output.

        Raise `GitError` if it ends with an error, `GuardError` if it cannot run or does not end.
        """
        try:
            done = subprocess.run(  # noqa: S603 - git itself, found on the path
                [self._program, *_ALWAYS, *arguments],
                cwd=self._directory,
                env=self._environment,
                input=data,
                capture_output=True,
                timeout=TIMEOUT,
                check=False,
            )
        except subprocess.TimeoutExpired as error:
            raise GuardError(
                f"git {arguments[0]} did not end within {TIMEOUT:.0f} seconds",
                "see what git waits for: run it by hand",
            ) from error
        except OSError as error:
            raise GuardError(
                f"git cannot be run: {error.strerror}", "see that `git --version` works"
            ) from error
        if done.returncode:
            lines = done.stderr.decode(errors="replace").strip().splitlines()
            raise GitError(done.returncode, lines[0] if lines else f"exit code {done.returncode}")
        return done.stdout

    def line(self, *arguments: str) -> str:
        """Run a command that prints one line and return it; paths in it keep bytes that are no UTF-8."""
        return os.fsdecode(self.run(*arguments)).removesuffix("\n")


def environment_for_git(environ: Mapping[str, str], index: Path | None) -> dict[str, str]:
    """Return the variables that git gets; `index` is an index file other than the repository's own."""
    kept = {
        name: value
        for name, value in environ.items()
        if not name.startswith("GIT_") or name.startswith(_KEPT) or name in _KEPT_EXACTLY
    }
    chosen = {"LC_ALL": "C", "GIT_OPTIONAL_LOCKS": "0", "GIT_TERMINAL_PROMPT": "0"}
    if index is not None:
        chosen["GIT_INDEX_FILE"] = str(index)
    return kept | chosen


def _program() -> str:
    found = shutil.which("git")
    if found is None:
        raise GuardError(
            "there is no git, which says what is new and what is merged",
            "install it (in an image of Debian: apt-get install git), or leave out --base and --staged",
        )
    return found
