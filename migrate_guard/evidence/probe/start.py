"""Where the project's interpreter begins: `python start.py REQUEST ANSWER`, two paths of JSON documents.

The folder is loaded as a package of its own name, so that none of its modules can be taken for one of the
project's.
"""

from __future__ import annotations

import importlib
import importlib.util
import sys
from pathlib import Path

PACKAGE = "migrate_guard_probe"


def main() -> None:
    """Answer the request."""
    here = Path(__file__).resolve().parent
    # Python puts the folder of the script first: the project's own modules must not find these.
    sys.path[:] = [entry for entry in sys.path if Path(entry).resolve() != here]
    spec = importlib.util.spec_from_file_location(
        PACKAGE, here / "__init__.py", submodule_search_locations=[str(here)]
    )
    if spec is None or spec.loader is None:
        raise SystemExit(f"{here} cannot be loaded")
    package = importlib.util.module_from_spec(spec)
    sys.modules[PACKAGE] = package
    spec.loader.exec_module(package)
    importlib.import_module(f"{PACKAGE}.answer").answer(sys.argv[1], sys.argv[2])


if __name__ == "__main__":
    main()
