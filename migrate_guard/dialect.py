"""Which database the migrations are judged for: a dialect's name and, where known, a server version."""

from __future__ import annotations

import re
from typing import Literal, NamedTuple, get_args

from migrate_guard.errors import GuardError

DialectName = Literal["postgresql", "mysql", "mariadb", "sqlite"]
DIALECTS: tuple[DialectName, ...] = get_args(DialectName)
_ALIASES = {"postgres": "postgresql", "pg": "postgresql", "cockroachdb": "postgresql"}


class Dialect(NamedTuple):
    """A dialect in SQLAlchemy's spelling; `version` is empty for "any supported one"."""

    name: DialectName
    version: tuple[int, ...] = ()

    def __str__(self) -> str:
        return f"{self.name} {'.'.join(map(str, self.version))}" if self.version else self.name

    @property
    def family(self) -> Literal["postgresql", "mysql", "sqlite"]:
        """The name under which rules are written: MariaDB counts as `mysql`."""
        return "mysql" if self.name == "mariadb" else self.name

    def at_least(self, *version: int) -> bool:
        """Tell whether the server is of that version or newer; an unknown version counts as current."""
        return not self.version or self.version >= version


def parse_dialect(text: str) -> Dialect:
    """Read `postgresql`, `postgresql:15` or `mysql:8.0.36`; raise `GuardError` for anything else."""
    name, colon, version = text.strip().lower().partition(":")
    name = _ALIASES.get(name, name)
    if name not in DIALECTS or (colon and not re.fullmatch(r"\d+(\.\d+)*", version)):
        raise GuardError(
            f"unknown dialect {text!r}",
            f"use one of {', '.join(DIALECTS)}, with a server version after a colon: postgresql:15",
        )
    numbers = tuple(int(part) for part in version.split(".")) if version else ()
    return Dialect(name, numbers)
