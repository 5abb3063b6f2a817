"""The models that are named and have one MetaData together, changed by the seeds."""

from __future__ import annotations

import importlib
import importlib.util
import os
from pathlib import Path
from typing import Any

metadata: Any = None
for _name in os.environ["SEEDED_MODELS"].split(","):
    _module, _, _attribute = _name.partition(":")
    metadata = importlib.import_module(_module)
    for _part in _attribute.split("."):
        metadata = getattr(metadata, _part)
    metadata = getattr(metadata, "metadata", metadata)
_spec = importlib.util.spec_from_file_location("seeds", Path(os.environ["SEEDS"]))
assert _spec is not None
assert _spec.loader is not None
_seeds = importlib.util.module_from_spec(_spec)
_spec.loader.exec_module(_seeds)
_seeds.seeded(metadata)
