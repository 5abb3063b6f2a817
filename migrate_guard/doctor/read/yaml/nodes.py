"""What YAML is read into: scalars, mappings and sequences, each with its line."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import field

from migrate_guard.record import dataclass


class YamlError(Exception):
    """A place that could not be read: `line` counts from 1."""

    def __init__(self, line: int, reason: str) -> None:
        super().__init__(f"line {line}: {reason}")
        self.line = line
        self.reason = reason


@dataclass(frozen=True, slots=True)
class Node:
    """One value: exactly one of `text`, `pairs` and `items` is not `None`, none of them for an empty value.

    `line` is where it begins, `first` where its text does, which for a block scalar is the next line; with
    `literal` each line of the text is one of the file. `lines` are those of the keys of `pairs`.
    """

    line: int
    text: str | None = None
    pairs: Mapping[str, Node] | None = None
    items: tuple[Node, ...] | None = None
    tag: str = ""
    first: int = 0
    literal: bool = False
    lines: Mapping[str, int] = field(default_factory=dict)

    def get(self, *keys: str) -> Node | None:
        """Return what stands under these keys, one below the other, `None` if there is none."""
        found: Node | None = self
        for key in keys:
            found = None if found is None or found.pairs is None else found.pairs.get(key)
        return found

    def word(self, *keys: str) -> str:
        """Return the text under these keys, empty if there is none."""
        found = self.get(*keys)
        return (found.text or "") if found is not None else ""

    def words(self) -> tuple[str, ...]:
        """Return the texts of a sequence, or the one text that it is; what is neither is left out."""
        if self.text is not None:
            return (self.text,)
        return tuple(one.text for one in self.items or () if one.text is not None)

    @property
    def is_true(self) -> bool:
        """Whether it is written as true."""
        return (self.text or "").lower() in ("true", "yes", "on")
