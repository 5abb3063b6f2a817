"""What a script does when one of its commands fails."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from migrate_guard.doctor.read.model import Script
from migrate_guard.doctor.read.shell import Command, flattened
from migrate_guard.doctor.read.words import is_server, program
from migrate_guard.pattern import pattern

_CONDITIONS = frozenset({"if", "elif", "while", "until", "!"})
_HARMLESS = frozenset({"true", ":", "echo", "printf", "sleep", "logger"})
_FAILING = frozenset({"exit", "return", "false", "break", "continue", "kill", "exec"})
_SET = pattern(r"[-+][A-Za-z]+")


def each(script: Script) -> list[tuple[Command, tuple[Command, ...], bool]]:
    """Return every command, those inside of `sh -c` too, with its list and whether `sh -c` runs that."""
    return [(one, around, around is not script.commands) for one, around in flattened(script.commands)]


def ignored(script: Script, command: Command, around: Sequence[Command]) -> str | None:
    """Return how it comes that a command's failure has no consequence, `None` if it has or may have one."""
    if _CONDITIONS & set(command.keywords):
        return None
    own = tuple(around) == script.commands
    errexit, pipefail = _settings(around, command, script.errexit and own, script.pipefail and own)
    position = next(index for index, one in enumerate(around) if one is command)
    end = position
    while around[end].after == "&&" and end + 1 < len(around):
        end += 1
    operator = around[end].after
    if operator == "||":
        return _handled(around, end + 1)
    if around[position].after == "|":
        return None if pipefail else "a pipe has the exit code of its last command"
    if operator == "&":
        return "it runs in the background, and nothing waits for its exit code"
    return None if errexit else _goes_on(around, end)


def fallback(command: Command, around: Sequence[Command]) -> list[Command]:
    """Return the commands that run because a command failed: behind `||`, or in the branch of `if !`."""
    position = next(index for index, one in enumerate(around) if one is command)
    if {"if", "!"} <= set(command.keywords):
        return _block(around, position + 1, lambda one: "else" in one.keywords)
    if "if" in command.keywords:
        return _else_branch(around, position + 1, command.depth)
    while around[position].after == "&&" and position + 1 < len(around):
        position += 1
    return _group(around, position + 1) if around[position].after == "||" else []


def _settings(around: Sequence[Command], until: Command, errexit: bool, pipefail: bool) -> tuple[bool, bool]:
    """Return whether the shell ends at a failure there, and whether pipes fail with any of their commands."""
    for one in around:
        if one is until:
            break
        if one.words[0] != "set":
            continue
        for index, word in enumerate(one.words[1:], 1):
            on = word.startswith("-")
            if _SET.fullmatch(word) and "e" in word:
                errexit = on
            option = one.words[index + 1] if word[-1:] == "o" and index + 1 < len(one.words) else ""
            errexit = on if option == "errexit" else errexit
            pipefail = on if option == "pipefail" else pipefail
    return errexit, pipefail


def _handled(around: Sequence[Command], start: int) -> str | None:
    group = _group(around, start)
    if not group:
        return None
    for one in group:
        name = program(one.words)
        if name == "exit" and one.words[1:2] == ("0",):
            return "`exit 0` reports it as done"
        if name in _FAILING:
            return None
    if all(program(one.words) in _HARMLESS for one in group):
        return f"`|| {' '.join(group[0].words)}` takes its failure for a success"
    return None


def _group(around: Sequence[Command], start: int) -> list[Command]:
    """Return one command, or those of the braces that begin there."""
    if start >= len(around):
        return []
    if not {"{", "("} & set(around[start].keywords):
        return [around[start]]
    return _block(around, start, lambda one: False)


def _block(around: Sequence[Command], start: int, ends: Callable[[Command], bool]) -> list[Command]:
    found = []
    depth = around[start].depth if start < len(around) else 0
    for one in around[start:]:
        if one.depth < depth or (one.depth == depth and ends(one)):
            break
        found.append(one)
    return found


def _else_branch(around: Sequence[Command], start: int, depth: int) -> list[Command]:
    for index, one in enumerate(around[start:], start):
        if one.depth < depth:
            return []
        if one.depth == depth and "else" in one.keywords:
            return _block(around, index, lambda other: False)
    return []


def _goes_on(around: Sequence[Command], position: int) -> str | None:
    """Tell whether the application starts all the same, because nobody asks for the exit code."""
    following = _following(around, position)
    if following is None or any("$?" in word for word in following.words):
        return None
    if any("$?" in word for one in around[position + 1 :] for word in one.words):
        return None
    rest = around[next(i for i, one in enumerate(around) if one is following) :]
    server = next((one for one in rest if is_server(one.words)), None)
    if server is None:
        return None
    return f"the script goes on without `set -e` and starts {program(server.words)}"


def _following(around: Sequence[Command], position: int) -> Command | None:
    """Return the command that runs next: not the end of a compound command, nor another branch of it."""
    depth, skipping = around[position].depth, False
    for one in around[position + 1 :]:
        if one.depth < depth:
            depth, skipping = one.depth, False
        elif one.depth == depth and {"else", "elif"} & set(one.keywords):
            skipping = True
        if not one.closes and not skipping:
            return one
    return None
