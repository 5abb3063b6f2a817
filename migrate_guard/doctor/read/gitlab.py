"""GitLab CI. https://docs.gitlab.com/ci/yaml/"""

from __future__ import annotations

from collections.abc import Iterator

from migrate_guard.doctor.read.model import Contents, Job, PathFilter, Script, Step
from migrate_guard.doctor.read.shell import Command, read_shell
from migrate_guard.doctor.read.yaml import Node, read_yaml
from migrate_guard.record import dataclass, replace

_NO_JOBS = frozenset(
    "default include stages variables workflow image services cache before_script after_script spec".split()
)
_DEEPEST = 10


def read_gitlab(path: str, text: str) -> Contents:
    """Return the jobs, with what they extend. Raise `YamlError` for what could not be read."""
    jobs: list[Job] = []
    unread: list[str] = []
    for document in read_yaml(text):
        unread += (f"{path}:{line}: includes {what}, which is not read" for line, what in _includes(document))
        pairs = document.pairs or {}
        depth = _depth(document)
        for name, node in pairs.items():
            if name not in _NO_JOBS and not name.startswith(".") and node.pairs is not None:
                jobs.append(_job(name, _Extended(document, node), depth, path))
    scripts = tuple(step.script for job in jobs for step in job.steps if step.script is not None)
    return Contents(scripts=scripts, jobs=tuple(jobs), unread=tuple(unread))


def _includes(document: Node) -> Iterator[tuple[int, str]]:
    """Go through what lies outside of the repository; files in it are found by their names."""
    found = document.get("include")
    for one in () if found is None else found.items if found.items is not None else (found,):
        place = one.text or one.word("project") or one.word("remote") or one.word("component")
        if place and (one.text is None or "://" in place):
            yield one.line, place


@dataclass(frozen=True, slots=True)
class _Extended:
    """A job with the jobs and defaults that it takes from."""

    document: Node
    node: Node

    def get(self, key: str) -> Node | None:
        """Return what a job has under a key: its own, or what it extends has, or the default."""
        found = self._of(self.node, key, 0)
        if found is None:
            found = self.document.get("default", key)
        if found is None and key in ("before_script", "image"):
            found = self.document.get(key)
        return found

    def _of(self, node: Node, key: str, depth: int) -> Node | None:
        found = node.get(key)
        extends = node.get("extends")
        if found is not None or extends is None or depth == _DEEPEST:
            return found
        for name in reversed(extends.words()):
            parent = self.document.get(name)
            found = None if parent is None else self._of(parent, key, depth + 1)
            if found is not None:
                return found
        return None

    def lines(self, node: Node | None, depth: int = 0) -> Iterator[Node]:
        """Go through the lines of a script, those of `!reference` and of nested lists too."""
        if node is None or depth == _DEEPEST:
            return
        if node.tag == "!reference":
            yield from self.lines(self.document.get(*node.words()), depth + 1)
        elif node.text is not None:
            yield node
        for item in (node.items or ()) if node.tag != "!reference" else ():
            yield from self.lines(item, depth + 1)


def _job(name: str, job: _Extended, depth: str, path: str) -> Job:
    commands: list[Command] = []
    for key in ("before_script", "script"):
        for one in job.lines(job.get(key)):
            commands += read_shell(one.text or "", one.first or one.line, same_line=not one.literal)
    # The runner ends at the first failure: `set -eo pipefail`, in GitLab Runner's shells/bash.go.
    script = Script(path, "gitlab", name, tuple(commands), errexit=True, pipefail=True)
    variables = job.get("variables")
    own = _depth(Node(0, pairs={"variables": variables})) if variables is not None else ""
    forgiven = job.get("allow_failure")
    allowed = forgiven is not None and (forgiven.is_true or forgiven.pairs is not None)
    filters = tuple(replace(one, path=path) for one in _filters(job))
    return Job(
        path,
        "gitlab",
        name,
        job.node.line,
        (Step(job.node.line, script=script),),
        filters,
        forgiven.line if forgiven is not None and allowed else None,
        own or depth,
    )


def _depth(node: Node) -> str:
    found = node.get("variables", "GIT_DEPTH")
    if found is None:
        return ""
    return found.text if found.text is not None else found.word("value")


def _filters(job: _Extended) -> Iterator[PathFilter]:
    only = job.get("only")
    found = [] if only is None else [only.get("changes")]
    rules = job.get("rules")
    items = (rules.items if rules is not None else None) or ()
    changes = [rule.get("changes") for rule in items if rule.word("when") != "never"]
    # One rule without a filter lets the job run for anything.
    found += changes if all(one is not None for one in changes) else []
    patterns: list[str] = []
    for one in found:
        if one is not None:
            patterns += (one.get("paths") or one).words()
    if patterns:
        yield PathFilter("", next(one.line for one in found if one is not None), tuple(patterns))
