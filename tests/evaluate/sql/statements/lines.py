"""Sets written one statement a line."""

from __future__ import annotations


def lines(text: str) -> tuple[str, ...]:
    """Return the lines that are not empty."""
    return tuple(line.strip() for line in text.strip().splitlines() if line.strip())
