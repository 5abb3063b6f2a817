"""Errors that are for the user: one line that says what is wrong, one that says what to do."""

from __future__ import annotations


class GuardError(Exception):
    """Something that keeps migrate-guard from looking; the command ends with exit code 2.

    `message` is one line that names the file and line where there is one; `hint` says what to do.
    """

    def __init__(self, message: str, hint: str | None = None) -> None:
        super().__init__(message)
        self.message = message
        self.hint = hint
