"""Errors that are for the user: one line that says what is wrong, one that says what to do."""

from __future__ import annotations

from collections.abc import Iterable


class GuardError(Exception):
    """Something that keeps migrate-guard from looking; the command ends with exit code 2.

    `message` is one line that names the file and line where there is one; `hint` says what to do.
    """

    def __init__(self, message: str, hint: str | None = None) -> None:
        super().__init__(message)
        self.message = message
        self.hint = hint


def nearest(word: str, known: Iterable[str], cutoff: float = 0.6) -> str | None:
    """Return the known name that a mistyped word most likely means, or `None` if none is near.

    Case does not count. `cutoff` is how alike they must be, from 0 to 1.
    """
    # difflib is imported only here because most runs end without a mistyped name.
    import difflib

    names = {name.lower(): name for name in sorted(known)}
    found = difflib.get_close_matches(word.lower(), list(names), n=1, cutoff=cutoff)
    return names[found[0]] if found else None


def did_you_mean(word: str, known: Iterable[str]) -> str:
    """Return the hint for an unknown name: the nearest known one, or all of them."""
    names = sorted(known)
    near = nearest(word, names)
    return f"did you mean {near!r}?" if near else f"use one of: {', '.join(names)}"
