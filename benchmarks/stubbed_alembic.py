"""Alembic's command line where modules that are not installed are empty instead of missing.

Revisions import their application. The corpus has neither the applications nor their libraries, so
`alembic heads` could not load them; behind this importer it can, doing less than it does in the project.
"""

from __future__ import annotations

import importlib.abc
import importlib.machinery
import sys
import types
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import alembic.config


@dataclass
class Touches:
    """How often a stub was used so far: what follows from it is not what the real thing would do."""

    count: int = 0


TOUCHED = Touches()


class Stub:
    """Stands for anything: it can be called, indexed, iterated, subclassed and asked for attributes."""

    def __init__(self, *arguments: object, **named: object) -> None:
        """Accept whatever the real thing takes."""
        TOUCHED.count += 1

    def __getattr__(self, name: str) -> Stub:
        if name.startswith("__"):
            raise AttributeError(name)
        return Stub()

    def __call__(self, *arguments: object, **named: object) -> Stub:
        return Stub()

    def __getitem__(self, key: object) -> Stub:
        return Stub()

    def __iter__(self) -> Iterator[Stub]:
        TOUCHED.count += 1
        return iter(())

    def __len__(self) -> int:
        TOUCHED.count += 1
        return 0

    def _combined(self, other: object = None) -> Stub:
        TOUCHED.count += 1
        return self

    __or__ = __ror__ = __add__ = __radd__ = __sub__ = __rsub__ = __mul__ = __rmul__ = _combined
    __truediv__ = __rtruediv__ = __mod__ = __rmod__ = __and__ = __rand__ = __neg__ = __enter__ = _combined

    def _refused(self, *others: object) -> bool:
        TOUCHED.count += 1
        return False

    __lt__ = __le__ = __gt__ = __ge__ = __contains__ = __exit__ = _refused
    __instancecheck__ = __subclasscheck__ = _refused

    def __setitem__(self, key: object, value: object) -> None:
        TOUCHED.count += 1

    def __fspath__(self) -> str:
        TOUCHED.count += 1
        return "stub"

    def __str__(self) -> str:
        TOUCHED.count += 1
        return "stub"

    def __mro_entries__(self, bases: tuple[object, ...]) -> tuple[type, ...]:
        """Leave no trace among the bases of a class, so that no metaclass can clash."""
        TOUCHED.count += 1
        return ()


class StubModule(types.ModuleType):
    """A module that has every name and is a package."""

    __path__: list[str] = []  # noqa: RUF012  # the import system wants it on the module

    def __getattr__(self, name: str) -> Stub:
        if name.startswith("__"):
            raise AttributeError(name)
        touched = TOUCHED.count
        made = Stub()
        TOUCHED.count = touched  # importing a name is no use of it
        return made


class StubFinder(importlib.abc.MetaPathFinder, importlib.abc.Loader):
    """Finds what nobody else finds, but no part of Python that is missing on this system."""

    def find_spec(
        self, fullname: str, path: Sequence[str] | None, target: types.ModuleType | None = None
    ) -> importlib.machinery.ModuleSpec | None:
        """Find any module."""
        if fullname.partition(".")[0] in sys.stdlib_module_names:
            return None
        return importlib.machinery.ModuleSpec(fullname, self, is_package=True)

    def create_module(self, spec: importlib.machinery.ModuleSpec) -> StubModule:
        """Make it."""
        return StubModule(spec.name)

    def exec_module(self, module: types.ModuleType) -> None:
        """Leave it empty."""


if __name__ == "__main__":
    sys.meta_path.append(StubFinder())
    alembic.config.main(argv=sys.argv[1:], prog="alembic")
