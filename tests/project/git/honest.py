"""Random histories of people who do everything right: branches, merges, rebases, reverts, squashes.

The revisions of each commit are kept here by their ids, and merged by their ids as people resolve conflicts;
git gets the commits through `git fast-import`.
"""

from __future__ import annotations

import random
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace

from tests.project.git.shop import VERSIONS

STYLES = ("'{}'", '"{}"', '(\n        "{}"\n    )', '"{}",\n        # by hand\n    ')


@dataclass(frozen=True)
class Rev:
    """One revision as a commit has it."""

    name: str
    parents: tuple[str, ...]
    file: str
    body: str
    style: int = 0

    def text(self) -> str:
        """Return its file."""
        parent = self.parents if len(self.parents) != 1 else self.parents[0]
        quoted = STYLES[self.style].format(self.body)
        return (
            f'"""Revision {self.name}, style {self.style}."""\n\nfrom alembic import op\n\n'
            f"revision = {self.name!r}\ndown_revision = {parent or None!r}\n\n\n"
            f"def upgrade():\n    op.execute({quoted})\n\n\n"
            f"def downgrade():\n    op.execute({quoted})\n"
        )


Tree = Mapping[str, Rev]


@dataclass
class Commit:
    """A commit; `mark` is its number in the stream."""

    mark: int
    tree: Tree
    parents: tuple[Commit, ...] = ()

    def ancestors(self) -> set[int]:
        """Return the marks of the commit and of all before it."""
        return {self.mark}.union(*(parent.ancestors() for parent in self.parents))


def heads(tree: Tree) -> list[str]:
    """Return the heads of a history."""
    followed = {parent for rev in tree.values() for parent in rev.parents}
    return [name for name in tree if name not in followed]


@dataclass
class Story:
    """A main branch and a branch of it that one person works on."""

    chance: random.Random
    name: str
    first: int
    commits: list[Commit] = field(default_factory=list)
    dropped: list[Rev] = field(default_factory=list)
    taken: list[str] = field(default_factory=list)
    counter: int = 0

    def __post_init__(self) -> None:
        self.main = self.work = self._commit({})
        for _ in range(self.chance.randint(1, 3)):
            self.main = self.work = self._commit(self._grown(self.main.tree), self.main)
        steps = (
            *(self.main_goes_on, self.main_reformats, self.work_goes_on, self.work_goes_on),
            *(
                self.work_edits_its_own,
                self.work_reformats,
                self.work_renames,
                self.revert,
                self.revert_revert,
            ),
            *(self.merge_main, self.rebase, self.merge_work, self.squash),
        )
        for _ in range(self.chance.randint(4, 14)):
            step = self.chance.choice(steps)
            step()
            self.taken.append(step.__name__)
        self.up_to_date = not self.main.tree.keys() - self.work.tree.keys() and len(heads(self.work.tree)) < 2

    def own(self) -> dict[str, Rev]:
        """Return what only the branch has."""
        return {name: rev for name, rev in self.work.tree.items() if name not in self.main.tree}

    def main_goes_on(self) -> None:
        """Somebody else's revision is merged."""
        self.main = self._commit(self._grown(self.main.tree), self.main)

    def main_reformats(self) -> None:
        """A formatter runs on main."""
        self.main = self._commit(self._reformatted(self.main.tree), self.main)

    def work_goes_on(self) -> None:
        """The branch gets a revision."""
        if len(heads(self.work.tree)) == 1:
            self.work = self._commit(self._grown(self.work.tree), self.work)

    def work_edits_its_own(self) -> None:
        """A revision that is not merged yet is changed."""
        if self.own():
            rev = self.chance.choice(list(self.own().values()))
            edited = replace(rev, body=f"{rev.body} + 1")
            self.work = self._commit({**self.work.tree, rev.name: edited}, self.work)

    def work_reformats(self) -> None:
        """A formatter runs on the branch."""
        self.work = self._commit(self._reformatted(self.work.tree), self.work)

    def work_renames(self) -> None:
        """A revision's file gets another name."""
        rev = self.chance.choice(list(self.work.tree.values()))
        renamed = replace(rev, file=f"renamed_{len(self.commits)}_{rev.name}.py")
        self.work = self._commit({**self.work.tree, rev.name: renamed}, self.work)

    def revert(self) -> None:
        """The branch takes back its last revision, which is not merged."""
        last = [rev for rev in self.own().values() if rev.name in heads(self.work.tree)]
        if last and len(last[0].parents) == 1:
            left = {name: rev for name, rev in self.work.tree.items() if name != last[0].name}
            self.dropped.append(last[0])
            self.work = self._commit(left, self.work)

    def revert_revert(self) -> None:
        """A revision that was taken back comes again, at the end."""
        if self.dropped and len(heads(self.work.tree)) == 1:
            again = replace(self.dropped.pop(), parents=tuple(heads(self.work.tree)))
            if again.name not in self.work.tree:
                self.work = self._commit({**self.work.tree, again.name: again}, self.work)

    def merge_main(self) -> None:
        """The branch takes over main; two heads are joined, or its own revisions go last."""
        tree: Tree = self._three_way()
        if len(heads(tree)) > 1:
            tree = self._joined(tree) if self.chance.random() < 0.5 else self._last(tree)
        self.work = self._commit(tree, self.work, self.main)

    def rebase(self) -> None:
        """The branch is made anew on top of main, its own revisions last."""
        self.work = self._commit(self._last({**self.main.tree, **self.own()}), self.main)

    def merge_work(self) -> None:
        """Main takes over the branch, which is up to date."""
        if self._is_ready():
            self.main = self._commit(self.work.tree, self.main, self.work)

    def squash(self) -> None:
        """Main takes over the branch as one commit of its own; the branch goes on as it is."""
        if self._is_ready():
            self.main = self._commit(self.work.tree, self.main)

    def stream(self) -> Iterator[str]:
        """Go through the commands of `git fast-import` that make it."""
        for commit in self.commits:
            yield f"commit refs/heads/{self.name}-all-{commit.mark}\nmark :{commit.mark}\n"
            yield f"committer Test <test@example.org> {1_700_000_000 + commit.mark} +0000\ndata 1\nx\n"
            for number, parent in enumerate(commit.parents):
                yield f"{'merge' if number else 'from'} :{parent.mark}\n"
            yield "deleteall\n"
            for rev in commit.tree.values():
                yield _file(f"{VERSIONS}/{rev.file}", rev.text())
            yield _file("alembic.ini", "[alembic]\nscript_location = %(here)s/migrations\n")
            yield _file("migrations/env.py", "")
        yield f"reset refs/heads/{self.name}-main\nfrom :{self.main.mark}\n\n"
        yield f"reset refs/heads/{self.name}-work\nfrom :{self.work.mark}\n\n"

    def _commit(self, tree: Tree, *parents: Commit) -> Commit:
        made = Commit(self.first + len(self.commits), dict(tree), parents)
        self.commits.append(made)
        return made

    def _grown(self, tree: Tree) -> Tree:
        self.counter += 1
        name = f"r{self.counter}"
        return {**tree, name: Rev(name, tuple(heads(tree)), f"{name}_add.py", f"SELECT {self.counter}")}

    def _reformatted(self, tree: Tree) -> Tree:
        style = self.chance.randrange(len(STYLES))
        touched = [name for name in tree if self.chance.random() < 0.5]
        return {**tree, **{name: replace(tree[name], style=style) for name in touched}}

    def _is_ready(self) -> bool:
        ahead = self.main.tree.keys() <= self.work.tree.keys() and len(heads(self.work.tree)) == 1
        return ahead and bool(self.own())

    def _three_way(self) -> dict[str, Rev]:
        common = self.main.ancestors() & self.work.ancestors()
        base = max((commit for commit in self.commits if commit.mark in common), key=lambda one: one.mark)
        merged: dict[str, Rev] = {}
        for name in {**self.work.tree, **self.main.tree}:
            mine, its = self.work.tree.get(name), self.main.tree.get(name)
            if mine is not None and its is not None:
                merged[name] = its if base.tree.get(name) == mine else mine
            elif mine is not None:
                merged[name] = mine
            elif its is not None:
                merged[name] = its
        return merged

    def _joined(self, tree: Tree) -> Tree:
        self.counter += 1
        name = f"m{self.counter}"
        return {**tree, name: Rev(name, tuple(heads(tree)), f"{name}_merge.py", f"SELECT {self.counter}")}

    def _last(self, tree: Tree) -> Tree:
        """Return the history with the branch's own revisions after all of main's."""
        (newest,) = heads(self.main.tree)
        moved = {
            name: replace(rev, parents=(newest,))
            for name, rev in tree.items()
            if name not in self.main.tree and len(rev.parents) == 1 and rev.parents[0] in self.main.tree
        }
        return {**tree, **moved}


def _file(path: str, text: str) -> str:
    return f"M 100644 inline {path}\ndata {len(text.encode())}\n{text}\n"
