"""Scratch git repositories that tests drive with git itself."""

from __future__ import annotations

import subprocess
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path

from tests.commands import environment, run

_SETTINGS = {
    "GIT_CONFIG_GLOBAL": "/dev/null",
    "GIT_CONFIG_NOSYSTEM": "1",
    "GIT_AUTHOR_NAME": "Test",
    "GIT_AUTHOR_EMAIL": "test@example.org",
    "GIT_COMMITTER_NAME": "Test",
    "GIT_COMMITTER_EMAIL": "test@example.org",
    "GIT_EDITOR": "true",
}


@dataclass(frozen=True)
class Repository:
    """A repository with its working tree at `root`; `more` are variables that git and its hooks get."""

    root: Path
    more: Mapping[str, str] = field(default_factory=dict)

    def git(self, *arguments: str | Path, check: bool = True) -> str:
        """Run git in it and return what it prints."""
        return self.run(*arguments, check=check).stdout.strip()

    def run(self, *arguments: str | Path, check: bool = False) -> subprocess.CompletedProcess[str]:
        """Run git in it, with its hooks, and return how that ended."""
        env = environment(**{**_SETTINGS, **self.more})
        return run("git", *arguments, cwd=self.root, env=env, check=check)

    def write(self, path: str | Path, text: str) -> Path:
        """Write a file into the working tree."""
        file = self.root / path
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(text, encoding="utf-8", newline="\n")
        return file

    def commit(self, message: str = "Change something") -> str:
        """Commit everything, and return the id of the commit."""
        self.git("add", "--all")
        self.git("commit", "--quiet", "--allow-empty", "--message", message)
        return self.git("rev-parse", "HEAD")


def new_repository(root: Path) -> Repository:
    """Make a directory a repository whose branch is called main and has no commit yet."""
    root.mkdir(parents=True, exist_ok=True)
    repository = Repository(root)
    repository.git("init", "--quiet", "--initial-branch=main")
    return repository


def revision(
    name: str,
    parent: str | tuple[str, ...] | None,
    body: str = "",
    more: str = "",
    title: str = "",
) -> str:
    """Return a revision that creates a table of its own, or does what `body` says.

    `more` are further lines of the header, `title` is what the docstring says.
    """
    done = body or f'op.create_table("t_{name}", sa.Column("id", sa.BigInteger(), primary_key=True))'
    lines = "".join(f"    {line}\n" if line else "\n" for line in done.splitlines())
    return (
        f'"""{title or name}"""\n\nimport sqlalchemy as sa\nfrom alembic import op\n\n'
        f"revision = {name!r}\ndown_revision = {parent!r}\n{more}\n\n"
        f"def upgrade():\n{lines}\n\n"
        'def downgrade():\n    raise NotImplementedError("there is no way back")\n'
    )
