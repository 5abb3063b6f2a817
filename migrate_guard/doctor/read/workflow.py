"""Workflows of GitHub Actions, and the project's own composite actions.

https://docs.github.com/en/actions/reference/workflows-and-actions/workflow-syntax
"""

from __future__ import annotations

from collections.abc import Iterator

from migrate_guard.doctor.read.model import Contents, Job, PathFilter, Script, Step
from migrate_guard.doctor.read.shell import read_shell
from migrate_guard.doctor.read.words import MOVES
from migrate_guard.doctor.read.yaml import Node, read_yaml

_EVENTS = ("pull_request", "pull_request_target", "push")
_SHELLS = frozenset({"", "bash", "sh"})


def read_workflow(path: str, text: str) -> Contents:
    """Return the jobs. Raise `YamlError` for what could not be read."""
    jobs: list[Job] = []
    unread: list[str] = []
    for document in read_yaml(text):
        filters = tuple(_filters(document, path))
        shell = document.word("defaults", "run", "shell")
        found = document.get("jobs")
        for name, node in (found.pairs or {}).items() if found is not None else ():
            jobs.append(_job(name, node, filters, shell, path))
            unread += (f"{path}:{line}: {what}" for line, what in _unread(name, node, shell))
        composite = document.get("runs")
        if composite is not None and composite.get("steps") is not None:
            jobs.append(_job(document.word("name") or path, composite, (), "", path))
    scripts = tuple(step.script for job in jobs for step in job.steps if step.script is not None)
    return Contents(scripts=scripts, jobs=tuple(jobs), unread=tuple(unread))


def _unread(name: str, node: Node, shell: str) -> Iterator[tuple[int, str]]:
    """Go through the parts of a job that may move a database and are not read."""
    called = node.get("uses")
    if called is not None and not called.word().startswith("./"):
        yield called.line, f"the job {name} is defined in {called.word()}, which is not read"
    steps = node.get("steps")
    for step in (steps.items if steps is not None else None) or ():
        chosen = step.word("shell") or node.word("defaults", "run", "shell") or shell
        if chosen.partition(" ")[0] not in _SHELLS and MOVES.search(step.word("run")):
            yield step.line, f"a script for {chosen} is not read"
        inputs = step.get("with")
        for key, value in ((inputs.pairs if inputs is not None else None) or {}).items():
            if MOVES.search(value.text or "") and not step.word("uses").startswith("migrate-guard/"):
                yield value.line, f"the input {key} of {step.word('uses')} is not read"


def _filters(document: Node, path: str) -> Iterator[PathFilter]:
    for event in _EVENTS:
        found = document.get("on", event)
        if found is None:
            continue
        wanted, ignored = found.get("paths"), found.get("paths-ignore")
        if wanted is not None or ignored is not None:
            # A merge is judged in the pull request; a filter of pushes only saves the second run.
            line = found.lines.get("paths") or found.lines.get("paths-ignore") or found.line
            if event != "push" or document.get("on", "pull_request") is None:
                yield PathFilter(
                    path, line, wanted.words() if wanted else (), ignored.words() if ignored else ()
                )


def _job(name: str, node: Node, filters: tuple[PathFilter, ...], shell: str, path: str) -> Job:
    steps = node.get("steps")
    shell = node.word("defaults", "run", "shell") or shell
    return Job(
        path,
        "workflow",
        name,
        node.line,
        tuple(_step(one, name, shell, path) for one in (steps.items if steps else None) or ()),
        filters,
        _forgiven(node),
    )


def _step(node: Node, job: str, shell: str, path: str) -> Step:
    inputs = node.get("with")
    pairs = {key: one.text or "" for key, one in ((inputs.pairs if inputs else None) or {}).items()}
    run = node.get("run")
    script = None
    chosen = node.word("shell") or shell
    if run is not None and run.text is not None and chosen.partition(" ")[0] in _SHELLS:
        commands = read_shell(run.text, run.first or run.line, same_line=not run.literal)
        script = Script(
            path, "workflow", job, commands, errexit=True, pipefail=chosen == "bash" or "pipefail" in chosen
        )
    return Step(node.line, node.word("uses"), pairs, script, _forgiven(node))


def _forgiven(node: Node) -> int | None:
    found = node.get("continue-on-error")
    return found.line if found is not None and found.is_true else None
