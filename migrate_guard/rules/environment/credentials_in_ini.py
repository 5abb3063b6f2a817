"""Passwords in `sqlalchemy.url` of an ini file."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from migrate_guard.finding import Problem, Severity
from migrate_guard.pattern import pattern
from migrate_guard.project.nearby import text_of
from migrate_guard.rule import ProjectView, project_rule
from migrate_guard.rules._environment import URL, option_span

_PARTS = pattern(r"[\w+]+://(?P<user>[^:/@]*):(?P<password>.+)@(?P<host>\[[^\]]*\]|[^/:@?]*)")
_PLACEHOLDER = pattern(
    r"[{}<>$]|%\(|^(?:\*+|x+|\.+|_+)$|^(?:your|my|the|some|change|insert|replace)[-_]|[a-z]_?here$"
)
_EXAMPLE = pattern(r"(?:^|\.)example(?:\.(?:com|org|net))?$")
_TRIVIAL = frozenset(
    "admin changeme dev development example local mysecretpassword pass passwd password postgres root secret "
    "test testing".split()
)
_LOCAL = frozenset({"", "localhost", "127.0.0.1", "::1", "[::1]", "0.0.0.0", "host.docker.internal"})  # noqa: S104 - compared, not bound
_MOST_UP = 6


@project_rule(severity=Severity.WARNING)
def credentials_in_ini(view: ProjectView) -> Iterator[Problem]:
    """A password in the ini file is in every clone of the repository, and stays in its history."""
    ini = view.ini
    if ini is None:
        return
    for section in (view.environment.section, *view.environment.databases):
        raw = ini.raw(section, URL) if section else None
        found = _PARTS.match(raw.strip()) if raw else None
        if found is None or not _is_secret(found["user"], found["password"]):
            continue
        host = found["host"]
        # A name without a dot is one of docker-compose or the like.
        local = host in _LOCAL or "." not in host
        if _EXAMPLE.search(host) or _is_ignored(ini.path):
            continue
        yield Problem(
            f"the password of {found['user'] or 'the database'} at {host or 'localhost'} is readable "
            "for everyone who can read the repository",
            label="a password",
            help=(
                "take the URL from the environment in env.py, and change the password:\n"
                '    config.set_main_option("sqlalchemy.url", os.environ["DATABASE_URL"].replace("%", "%%"))'
            ),
            span=option_span(ini, section, URL),
            severity=Severity.INFO if local else None,
            subject=section,
        )


def _is_secret(user: str, password: str) -> bool:
    """Tell whether a password is neither a placeholder nor the one that every example has."""
    plain = password.lower()
    return not (_PLACEHOLDER.search(plain) or plain in _TRIVIAL or plain == user.lower())


def _is_ignored(ini: Path) -> bool:
    """Tell whether a `.gitignore` at or above the file names it, so that it is in no repository."""
    for directory in list(ini.parents)[:_MOST_UP]:
        ignored = text_of(directory / ".gitignore").split()
        if {
            ini.name,
            f"/{ini.relative_to(directory).as_posix()}",
            ini.relative_to(directory).as_posix(),
        } & set(ignored):
            return True
        if (directory / ".git").exists():
            return False
    return False
