"""Compose files. https://docs.docker.com/reference/compose-file/"""

from __future__ import annotations

import posixpath
from collections.abc import Iterator

from migrate_guard.doctor.read.model import Contents, Script, Service
from migrate_guard.doctor.read.shell import Command, read_shell
from migrate_guard.doctor.read.yaml import Node, read_yaml
from migrate_guard.record import replace


def read_compose(path: str, text: str) -> Contents:
    """Return the services. Raise `YamlError` for what could not be read."""
    services = []
    for document in read_yaml(text):
        found = document.get("services")
        for name, node in ((found.pairs if found is not None else None) or {}).items():
            services.append(_service(path, name, node))
    scripts = (one for service in services for one in (service.entrypoint, service.command))
    return Contents(services=tuple(services), scripts=tuple(one for one in scripts if one is not None))


def _service(path: str, name: str, node: Node) -> Service:
    replicas = node.get("deploy", "replicas") or node.get("scale")
    number = replicas.text if replicas is not None and replicas.text else "1"
    return Service(
        path,
        name,
        node.line,
        _script(path, name, node.get("command")),
        _script(path, name, node.get("entrypoint")),
        _build(path, node.get("build")),
        node.word("image"),
        int(number) if number.isdecimal() else 1,
        replicas.line if replicas is not None else node.line,
        tuple(_waits(node)),
    )


def _waits(node: Node) -> Iterator[str]:
    needed = node.get("depends_on")
    for name, one in ((needed.pairs if needed is not None else None) or {}).items():
        if one.word("condition") in ("service_healthy", "service_completed_successfully"):
            yield name


def _script(path: str, name: str, node: Node | None) -> Script | None:
    """Return what a container starts: compose splits a text into words, and no shell reads it."""
    if node is None:
        return None
    commands: tuple[Command, ...]
    if node.items is not None:
        commands = (Command(tuple(one.replace("$$", "$") for one in node.words()), node.line),)
    else:
        text = (node.text or "").replace("$$", "$")
        commands = read_shell(text.replace("\n", " "), node.first or node.line, same_line=True)
    if node.items is not None and len(node.items) > 1:
        line = node.items[-1].first or node.line
        commands = tuple(replace(one, line=line) for one in commands)
    return Script(path, "compose", name, commands, starts=True)


def _build(path: str, node: Node | None) -> str:
    if node is None:
        return ""
    context = node.text if node.text is not None else node.word("context") or "."
    file = "" if node.text is not None else node.word("dockerfile")
    joined = posixpath.join(posixpath.dirname(path), context, file or "Dockerfile")
    return posixpath.normpath(joined)
