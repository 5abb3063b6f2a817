"""What a command is: one of Alembic's or Flask-Migrate's, the gate, or a server that is started."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Literal

from migrate_guard.pattern import pattern
from migrate_guard.record import dataclass

_ASSIGNMENT = pattern(r"[A-Za-z_]\w*\+?=.*")
_VERBS = frozenset({"upgrade", "downgrade", "stamp", "check", "current", "heads", "revision", "migrate"})
_TALK = frozenset(
    {"echo", "printf", "grep", "cat", "pip", "pip3", "apt-get", "apk", "which", "command", "type"}
)
# Options that take a value: `alembic --help` of Alembic 1.20, `flask --help` of Flask 3, Flask-Migrate 4.
_WITH_VALUE = frozenset(
    {"-c", "--config", "-n", "--name", "-x", "--tag", "-d", "--directory", "-A", "--app", "-e", "--env-file"}
)
# A text in any format that moves a database, or runs the gate.
GATE = pattern(r"\bmigrate[-_]guard\s+check\b")
MOVES = pattern(
    r"\balembic\b[^\n#]{0,120}\b(?:upgrade|stamp)\b"
    r"|\bflask\b[^\n#]{0,120}\bdb\b[^\n#]{0,80}\b(?:upgrade|stamp)\b"
)
_SERVERS = frozenset(
    "gunicorn uvicorn hypercorn granian daphne uwsgi waitress-serve celery supervisord fastapi".split()
)


@dataclass(frozen=True, slots=True)
class Migration:
    """A command that moves a database: what it does, to which revision (empty: not given), and by what."""

    verb: str
    target: str
    tool: Literal["alembic", "flask db"]

    @property
    def shown(self) -> str:
        """The command without its options."""
        return f"{self.tool} {self.verb} {self.target}".rstrip()


def program(words: Sequence[str]) -> str:
    """Return the name of the program, without its directory and what stands before it (`exec`, `A=b`)."""
    for word in words:
        if not _ASSIGNMENT.fullmatch(word) and word not in ("exec", "env", "sudo", "nohup", "command"):
            return word.rpartition("/")[2]
    return ""


def migration(words: Sequence[str]) -> Migration | None:
    """Return what a command does to a database, whatever runs it (`poetry run`, `docker compose exec`)."""
    if program(words) in _TALK:
        return None
    for index, word in enumerate(words):
        name = word.rpartition("/")[2]
        if name == "alembic":
            return _migration(words[index + 1 :], "alembic")
        if name == "flask" or word.endswith((".py", "manage")):
            rest = _without_options(words[index + 1 :])
            if rest[:1] == ["db"]:
                return _migration(rest[1:], "flask db")
    return None


def _migration(rest: Sequence[str], tool: Literal["alembic", "flask db"]) -> Migration | None:
    found = _without_options(rest)
    if not found or found[0] not in _VERBS or "--sql" in rest:
        return None
    return Migration(found[0], found[1] if len(found) > 1 else "", tool)


def _without_options(words: Sequence[str]) -> list[str]:
    found: list[str] = []
    skip = False
    for word in words:
        if skip:
            skip = False
        elif word in _WITH_VALUE:
            skip = True
        elif word.startswith(("-", ">", "2>", "&>")):
            continue
        else:
            found.append(word)
    return found


def gate(words: Sequence[str]) -> tuple[str, ...] | None:
    """Return the arguments of `migrate-guard check`, `None` for any other command."""
    if program(words) in _TALK:
        return None
    for index, word in enumerate(words):
        if word.rpartition("/")[2] in ("migrate-guard", "migrate_guard"):
            rest = [one for one in words[index + 1 :] if one != "--debug"]
            if rest[:1] == ["check"]:
                return tuple(rest[1:])
    return None


def has_base(arguments: Sequence[str]) -> bool:
    """Tell whether the gate asks git: `--base`."""
    return any(one == "--base" or one.startswith("--base=") for one in arguments)


def is_server(words: Sequence[str]) -> bool:
    """Tell whether a command starts the application, or hands over to what does."""
    name = program(words)
    if words[:1] == ("exec",) or name in _SERVERS or words[:1] == ("$@",):
        return True
    if name == "flask":
        return "run" in words
    return name.startswith("python") and any(
        word in _SERVERS or word in ("runserver", "run.py", "main.py", "app.py", "wsgi.py") for word in words
    )
