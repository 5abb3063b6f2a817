"""The mark for what was given in a script but cannot be decided by reading it."""

from __future__ import annotations

import enum
from typing import Final, NoReturn


class Unknown(enum.Enum):
    """A type with one value, so that `is UNKNOWN` narrows for the type checker."""

    UNKNOWN = "unknown"

    def __repr__(self) -> str:
        return "UNKNOWN"


UNKNOWN: Final = Unknown.UNKNOWN


def assert_never(value: NoReturn) -> NoReturn:
    """End a `match` over a closed union; `typing.assert_never` exists from Python 3.11 on."""
    raise AssertionError(f"not handled: {value!r}")
