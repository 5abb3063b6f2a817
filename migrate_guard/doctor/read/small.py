"""The short formats: Procfiles, shell scripts, ignore files and pre-commit's configuration."""

from __future__ import annotations

from migrate_guard.doctor.read.model import Contents, Hook, Script
from migrate_guard.doctor.read.shell import Command, read_shell
from migrate_guard.doctor.read.yaml import read_yaml
from migrate_guard.pattern import pattern

_PROCESS = pattern(r"\s*(?P<name>[A-Za-z0-9_-]+)\s*:\s*(?P<command>.+)")
_STRICT = pattern(r"#!.*sh\s+-[a-z]*e")


def read_procfile(path: str, text: str) -> Contents:
    """Return one script for each type of process; `release` runs once per deploy, the others at each start.

    https://devcenter.heroku.com/articles/procfile
    """
    scripts = []
    for number, line in enumerate(text.splitlines(), 1):
        found = _PROCESS.fullmatch(line)
        if found is not None and not line.lstrip().startswith("#"):
            commands = read_shell(found["command"], number)
            name = found["name"]
            scripts.append(Script(path, "procfile", name, commands, starts=name != "release"))
    return Contents(scripts=tuple(scripts))


def read_script(path: str, text: str) -> Contents:
    """Return the script of a shell file."""
    commands = read_shell(text)
    if _STRICT.match(text):
        commands = (Command(("set", "-e"), 1), *commands)
    return Contents(scripts=(Script(path, "shell", path, commands),))


def read_ignore(path: str, text: str) -> Contents:
    """Return the patterns of a `.dockerignore` with their lines."""
    lines = enumerate(text.lstrip("\ufeff").splitlines(), 1)
    kept = tuple((number, line.strip()) for number, line in lines)
    return Contents(ignored=((path, tuple(one for one in kept if one[1] and one[1][0] != "#")),))


def read_pre_commit(path: str, text: str) -> Contents:
    """Return the hooks that run migrate-guard. Raise `YamlError` for what could not be read."""
    hooks = []
    for document in read_yaml(text):
        repos = document.get("repos")
        for repo in (repos.items if repos is not None else None) or ():
            listed = repo.get("hooks")
            for hook in (listed.items if listed is not None else None) or ():
                if "migrate-guard" in hook.word("id") or "migrate-guard" in hook.word("entry"):
                    hooks.append(Hook(path, hook.line, hook.word("files"), hook.word("exclude")))
    return Contents(hooks=tuple(hooks))
