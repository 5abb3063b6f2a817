"""Changes the models of a project before its env.py hands them on; on PYTHONPATH of the probe, for seeds."""

from __future__ import annotations

import importlib.util
import os
from pathlib import Path
from typing import Any

from alembic import context

_SPEC = importlib.util.spec_from_file_location("seeds", Path(os.environ["SEEDS"]))


def _seeding(configure: Any) -> Any:
    def wrapped(*positional: Any, **keywords: Any) -> Any:
        target = keywords.get("target_metadata")
        assert _SPEC is not None
        assert _SPEC.loader is not None
        seeds = importlib.util.module_from_spec(_SPEC)
        _SPEC.loader.exec_module(seeds)
        if target is not None:
            seeds.seeded(target[0] if isinstance(target, (list, tuple)) else target)
        return configure(*positional, **keywords)

    return wrapped


context.configure = _seeding(context.configure)
