"""Which parts of the tree the user keeps out: `exclude` of the configuration."""

from __future__ import annotations

import fnmatch
from pathlib import Path

from migrate_guard.project.paths import shown_path
from migrate_guard.record import dataclass


@dataclass(frozen=True, slots=True)
class Excluded:
    """Glob patterns of paths relative to `root`, with `/`; `*` also stands for several parts of a path.

    A pattern that matches a directory keeps out everything below it.
    """

    root: Path
    patterns: tuple[str, ...] = ()

    def __contains__(self, path: Path) -> bool:
        if not self.patterns:
            return False
        parts = shown_path(path, self.root).split("/")
        names = ["/".join(parts[: count + 1]) for count in range(len(parts))]
        return any(
            fnmatch.fnmatchcase(name, pattern.rstrip("/").removesuffix("/**"))
            for pattern in self.patterns
            for name in names
        )
