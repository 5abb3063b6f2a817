"""Control flow under conditions that reading cannot decide.

An undecidable `if` is evaluated on both sides. When one side leaves the function, the loop or the script,
everything after it up to the end of that frame happens only if the side was not taken.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import field
from typing import Literal

from migrate_guard.evaluate.values import Undecided, Value
from migrate_guard.operations import Condition
from migrate_guard.record import dataclass, replace
from migrate_guard.span import Span

MAX_EXITS = 12
"""How many ways out of a frame are remembered by name; one is enough to make the rest uncertain."""

FrameKind = Literal["script", "function", "loop", "iteration", "try"]


class Abort(Exception):  # noqa: N818 - control flow of the interpreter, not an error of the user
    """The evaluation cannot go on; everything that follows is not analysed."""

    def __init__(self, reason: str) -> None:
        super().__init__(reason)
        self.reason = reason


class CutOff(Exception):  # noqa: N818 - control flow of the interpreter, not an error of the user
    """Code that is only there to give a value takes too long; the value is undecided."""


class Signal(Exception):  # noqa: N818 - control flow of the interpreted code
    """A statement that leaves its block; subclasses say how far."""

    leaves: FrameKind = "script"


class Return(Signal):
    """A `return` with its value."""

    leaves = "function"

    def __init__(self, value: Value) -> None:
        super().__init__()
        self.value = value


class Break(Signal):
    """A `break`."""

    leaves = "loop"


class Continue(Signal):
    """A `continue`."""

    leaves = "iteration"


class Raise(Signal):
    """A `raise`, or a call that ends in one; `name` is the exception's class where it is known."""

    leaves = "try"

    def __init__(self, span: Span, name: str | None) -> None:
        super().__init__()
        self.span = span
        self.name = name


@dataclass(slots=True)
class Attempt:
    """A `try` body that does nothing but call directives, so that only these can fail.

    `condition` is that nothing in it fails. `may_fail` turns true with the first operation of which it is not
    certain that it succeeds. `caught` are the exceptions that the first handler catches, `None` for all.
    `handlers_go_on` tells that no handler ends the transaction or does anything else that matters.
    """

    condition: Condition
    caught: frozenset[str] | None
    handlers_go_on: bool
    may_fail: bool = False

    def fails_with(self, error: str) -> bool:
        """Tell whether the first handler catches an exception; if not, it is not known which one would."""
        return self.caught is None or not self.caught.isdisjoint(with_bases(error))


_BASES = {
    "OperationalError": ("DatabaseError", "DBAPIError", "StatementError", "SQLAlchemyError"),
    "CompileError": ("SQLAlchemyError",),
    "NotImplementedError": ("RuntimeError",),
    "KeyError": ("LookupError",),
}


def with_bases(error: str | None) -> frozenset[str]:
    """Return the name of an exception's class and those of its bases below `Exception`."""
    return frozenset() if error is None else frozenset((error, *_BASES.get(error, ())))


@dataclass(slots=True)
class Frame:
    """A function call, a loop, one round of a loop, a `try` body or the whole script.

    `depth` is the number of open branches at its start. `exits` are the conditions that hold in what
    remains of it, because it would have been left otherwise. `returns` are values that it may already
    have returned.
    """

    kind: FrameKind
    depth: int
    exits: list[Condition] = field(default_factory=list)
    returns: list[Value] = field(default_factory=list)


class Flow:
    """The stack of frames and of open branches."""

    def __init__(self) -> None:
        self.frames: list[Frame] = [Frame("script", 0)]
        self.branches: list[Condition] = []

    def conditions(self) -> tuple[Condition, ...]:
        """Return what the code at this point depends on."""
        if not self.branches and not any(frame.exits for frame in self.frames):
            return ()
        found = [exit_ for frame in self.frames for exit_ in frame.exits]
        return tuple(dict.fromkeys([*found, *self.branches]))

    @property
    def conditional(self) -> bool:
        """Whether the code at this point depends on anything undecidable."""
        return bool(self.branches) or any(frame.exits for frame in self.frames)

    @contextmanager
    def frame(self, kind: FrameKind) -> Iterator[Frame]:
        """Enter a frame for the time of a `with` block."""
        made = Frame(kind, len(self.branches))
        self.frames.append(made)
        try:
            yield made
        finally:
            self.frames.pop()

    @contextmanager
    def branch(self, condition: Condition) -> Iterator[None]:
        """Enter one side of an undecidable condition for the time of a `with` block."""
        self.branches.append(condition)
        try:
            yield
        finally:
            self.branches.pop()

    def may_leave(self, signal: Signal, condition: Condition) -> None:
        """Note that the code may have been left here, if `condition` holds.

        An exception that nothing catches ends the whole upgrade: no database ever stands after it, so what
        follows is as certain as before.
        """
        frame = self._target(signal)
        if isinstance(signal, Raise) and frame is self.frames[0]:
            return
        if len(frame.exits) < MAX_EXITS:
            parts = [*self.branches[frame.depth :], condition]
            text = " and ".join(str(part) for part in parts)
            left = Condition(text, condition.path, condition.line, holds=False)
            frame.exits.append(left if len(parts) > 1 else replace(condition, holds=not condition.holds))
        if isinstance(signal, Return):
            if len(frame.returns) < MAX_EXITS:
                frame.returns.append(signal.value)
            else:
                frame.returns[-1] = Undecided("one of many values")

    def _target(self, signal: Signal) -> Frame:
        for frame in reversed(self.frames):
            if frame.kind == signal.leaves:
                return frame
            if frame.kind == "function" and signal.leaves in {"loop", "iteration"}:
                return frame
        return self.frames[0]
