"""The checks of `doctor`: one module each, which has a function of the same name.

Nothing is registered: the name of a module is the name of its check.
"""

from __future__ import annotations

import importlib
import pkgutil
from collections.abc import Callable, Iterator

from migrate_guard.doctor.look import Look
from migrate_guard.doctor.model import Diagnosis

Check = Callable[[Look], Iterator[Diagnosis]]


def all_checks() -> dict[str, Check]:
    """Return every check by its name, as `stamp-fallback`."""
    names = sorted(module.name for module in pkgutil.iter_modules(__path__))
    found = {name: importlib.import_module(f"{__name__}.{name}") for name in names}
    return {name.replace("_", "-"): getattr(module, name) for name, module in found.items()}
