"""A little project in a scratch repository, and how it is judged."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from migrate_guard.check import check
from migrate_guard.config import Config
from migrate_guard.dialect import parse_dialect
from migrate_guard.judgement import Judgement
from tests.repositories import Repository, new_repository, revision

VERSIONS = "migrations/versions"
HISTORY = frozenset(
    {
        "merged-revision-deleted",
        "merged-revision-edited",
        "merged-revision-reparented",
        "parent-not-base-head",
        "revision-id-reused",
        "revision-inserted",
    }
)


@dataclass(frozen=True)
class Shop:
    """A repository with an Alembic environment in the directory `inside`."""

    repository: Repository
    inside: str = ""

    @property
    def root(self) -> Path:
        """The directory of the project."""
        return self.repository.root / self.inside

    def git(self, *arguments: str) -> str:
        """Run git at the top of the repository."""
        return self.repository.git(*arguments)

    def path(self, name: str) -> str:
        """Return the path of a revision's file in the repository."""
        return f"{self.inside}/{VERSIONS}/{name}.py".lstrip("/")

    def add(
        self, name: str, parent: str | tuple[str, ...] | None, body: str = "", file: str = "", **parts: str
    ) -> Path:
        """Write the file of a revision; `parts` are `title` and `more` lines of the header."""
        return self.repository.write(self.path(file or name), revision(name, parent, body, **parts))

    def remove(self, name: str) -> None:
        """Delete the file of a revision."""
        (self.repository.root / self.path(name)).unlink()

    def commit(self) -> str:
        """Commit everything."""
        return self.repository.commit()

    def judge(self, base: str | None = "main", **changes: object) -> Judgement:
        """Judge the checkout against a base."""
        fields: dict[str, object] = {
            "root": self.root,
            "dialects": (parse_dialect("postgresql"),),
            "base": base,
        }
        return check(Config(**(fields | changes)))  # type: ignore[arg-type]  # the tests name real fields

    def found(self, base: str | None = "main", **changes: object) -> set[tuple[str, str]]:
        """Return the findings as rule and file."""
        judgement = self.judge(base, **changes)
        assert judgement.internal_errors == ()
        return {(f.rule, Path(f.span.path).stem) for f in judgement.findings}


def shop_at(root: Path, inside: str = "") -> Shop:
    """Make a repository with two revisions on main, and check out a branch `work` made from it."""
    shop = Shop(new_repository(root), inside)
    configure(shop)
    shop.add("a", None)
    shop.add("b", "a")
    shop.commit()
    shop.git("checkout", "--quiet", "-b", "work")
    return shop


def configure(shop: Shop) -> None:
    """Write what makes a directory an Alembic environment."""
    ini = "[alembic]\nscript_location = %(here)s/migrations\n"
    shop.repository.write(f"{shop.inside}/alembic.ini".lstrip("/"), ini)
    shop.repository.write(f"{shop.inside}/migrations/env.py".lstrip("/"), "")


def go_on(shop: Shop, name: str, parent: str) -> None:
    """Give main another revision while the branch is worked on."""
    shop.git("stash", "--quiet", "--include-untracked")
    shop.git("checkout", "--quiet", "main")
    shop.add(name, parent)
    shop.commit()
    shop.git("checkout", "--quiet", "work")
    if shop.git("stash", "list"):
        shop.git("stash", "pop", "--quiet")
