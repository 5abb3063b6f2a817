"""Dockerfiles: what is run while the image is built, and what a container starts.

https://docs.docker.com/reference/dockerfile/
"""

from __future__ import annotations

import json
from collections.abc import Iterator

from migrate_guard.doctor.read.model import Contents, Image, Script
from migrate_guard.doctor.read.shell import Command, read_shell
from migrate_guard.pattern import pattern

_INSTRUCTION = pattern(r"\s*(?P<name>[A-Za-z]+)\s+(?P<rest>.*)", 16)  # re.DOTALL
_FLAG = pattern(r"--[a-z-]+(?:=\S+)?\s+")
_HEREDOC = pattern(r"<<-?\s*['\"]?(?P<word>[A-Za-z_]\w*)['\"]?")


def read_dockerfile(path: str, text: str) -> Contents:
    """Return the image of the last stage, and the scripts of all `RUN`."""
    runs: list[Script] = []
    entrypoint: tuple[int, tuple[Command, ...]] | None = None
    command: tuple[int, tuple[Command, ...]] | None = None
    for line, name, rest in _instructions(text):
        if name == "FROM":
            entrypoint = command = None
        elif name == "RUN":
            runs.append(Script(path, "dockerfile", "RUN", commands_of(rest, line)))
        elif name == "ENTRYPOINT":
            # A new entry point drops the command of the images below.
            entrypoint, command = (line, commands_of(rest, line)), None
        elif name == "CMD":
            command = (line, commands_of(rest, line))
    parts = [one for one in (entrypoint, command) if one is not None]
    commands = tuple(one for _, own in parts for one in own)
    start = Script(path, "dockerfile", "the image's start", commands, starts=True)
    return Contents(scripts=(*runs, start), images=(Image(path, start, parts[-1][0] if parts else 1),))


def commands_of(rest: str, line: int) -> tuple[Command, ...]:
    """Return the commands of an instruction, in exec form (a JSON list of words) or as shell text."""
    flags = _FLAG.match(rest)
    rest = rest[flags.end() :] if flags else rest
    if rest.lstrip().startswith("["):
        try:
            words = json.loads(rest.replace("\\\n", " "))
        except ValueError:
            words = None
        if isinstance(words, list) and words and all(isinstance(one, str) for one in words):
            return (Command(tuple(words), line),)
    return read_shell(rest, line)


def _instructions(text: str) -> Iterator[tuple[int, str, str]]:
    """Go through line, name and rest of each instruction; continued lines and here-documents belong to it."""
    lines = text.replace("\r\n", "\n").split("\n")
    number = 0
    while number < len(lines):
        start, kept = number, [lines[number]]
        while kept[-1].rstrip().endswith("\\") and number + 1 < len(lines):
            number += 1
            # A comment between continued lines is none of the instruction.
            comment = lines[number].lstrip().startswith("#") or not lines[number].strip()
            kept.append("\\" if comment else lines[number])
        found = _INSTRUCTION.fullmatch("\n".join(one.rstrip() for one in kept))
        heredoc = _HEREDOC.search(kept[-1])
        body = []
        if heredoc is not None and found is not None and found["name"].upper() == "RUN":
            while number + 1 < len(lines) and lines[number + 1].strip() != heredoc["word"]:
                number += 1
                body.append(lines[number])
            number += 1
        number += 1
        if found is not None and not kept[0].lstrip().startswith("#"):
            rest = "\n".join(["", *body]) if body else found["rest"]
            yield start + 1, found["name"].upper(), rest
