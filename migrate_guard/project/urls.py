"""Database URLs: which dialect one names, and where a project's files have one."""

from __future__ import annotations

import re

from migrate_guard.dialect import DialectName
from migrate_guard.pattern import pattern

# The dialect names of https://docs.sqlalchemy.org/en/20/core/engines.html#database-urls, and `postgres`,
# which Heroku hands out and applications rewrite.
_DIALECTS: dict[str, DialectName] = {
    "postgresql": "postgresql",
    "postgres": "postgresql",
    "cockroachdb": "postgresql",
    "mysql": "mysql",
    "mariadb": "mariadb",
    "sqlite": "sqlite",
}
_SCHEME = r"(?P<dialect>postgresql|postgres|cockroachdb|mysql|mariadb|sqlite)(?:\+\w+)?"
_URL = pattern(rf"{_SCHEME}://(?P<rest>[^\s\"']*)")
_LITERAL = pattern(rf"[\"']{_URL.pattern}")
_DRIVER_NAME = pattern(rf"(?:scheme\s*=|drivername\s*=|URL\.create\()\s*[\"']{_SCHEME}[\"']")
_MAY_HAVE = pattern(r"(?:postgres|postgresql|cockroachdb|mysql|mariadb|sqlite)[+:\"']")
_SETTING = pattern(r"(?i)\b(?:SQLALCHEMY_\w*(?:UR[IL]|BINDS)|(?:\w+_)?(?:DATABASE|DB)_?(?:UR[IL]|DSN))\b")
_PASSWORD = pattern(r"(?P<before>://[^\s\"'/@:?#]*:)(?P<password>[^\s\"']+)(?=@)")
_WINDOW = 300


def dialect_of_url(url: str) -> DialectName | None:
    """Return the dialect of a database URL; `None` for a placeholder such as `driver://` or a dialect
    that is not judged.

    SQLite in memory counts as `None` too: nobody migrates a database that is gone at the end of the process.
    """
    found = _URL.match(url.strip().strip("\"'"))
    return None if found is None else _dialect(found)


def without_passwords(text: str) -> str:
    """Return a text with a star for each character of the passwords in its URLs."""
    return _PASSWORD.sub(lambda found: found["before"] + "*" * len(found["password"]), text)


def dialects_in_code(text: str, *, everywhere: bool) -> tuple[DialectName, ...]:
    """Return the dialects of the URL literals in a Python file.

    `everywhere` takes each literal, as is right for an `env.py`; otherwise only those near a setting that
    is named like a database URL count.
    """
    found: dict[DialectName, None] = {}
    if not _MAY_HAVE.search(text):
        return ()
    for part in [text] if everywhere else _near_settings(text):
        for match in [*_LITERAL.finditer(part), *_DRIVER_NAME.finditer(part)]:
            dialect = None if _is_comment(part, match.start()) else _dialect(match)
            if dialect is not None:
                found[dialect] = None
    return tuple(found)


def _dialect(match: re.Match[str]) -> DialectName | None:
    dialect = _DIALECTS[match["dialect"]]
    rest = match.groupdict().get("rest")
    in_memory = rest in ("", "/", "/:memory:") or (rest or "").startswith("/:memory:")
    # 'sqlite:///' + path is a file whose name is put together; the literal ends after the slashes.
    joined = rest == "/" and match.string[match.end() :].lstrip("\"' ")[:1] in ("+", ")")
    return None if dialect == "sqlite" and rest is not None and in_memory and not joined else dialect


def _near_settings(text: str) -> list[str]:
    parts: list[str] = []
    end = 0
    for match in _SETTING.finditer(text):
        start = max(match.start(), end)
        end = max(end, match.end() + _WINDOW)
        # An empty line ends what belongs to a setting.
        parts.append(text[start:end].split("\n\n")[0])
    return parts


def _is_comment(text: str, position: int) -> bool:
    line = text[text.rfind("\n", 0, position) + 1 : position]
    return line.lstrip().startswith("#")
