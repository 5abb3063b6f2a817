"""`re.compile` that compiles when a pattern is first used.

The hundred patterns here would take 5 ms of every start, and most runs use few of them.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from re import compile as pattern
else:

    class pattern:  # noqa: N801 - it is called as `re.compile` is
        """Stand for `re.compile(text, flags)`; a wrong pattern raises `re.error` at its first use."""

        def __init__(self, text: str | bytes, flags: int = 0) -> None:
            self._given = (text, flags)

        def __getattr__(self, name: str) -> Any:
            # What was asked for once is found without this method the next time.
            value = self.__dict__[name] = getattr(re.compile(*self._given), name)
            return value


__all__ = ["pattern"]
