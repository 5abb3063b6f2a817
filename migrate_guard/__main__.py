"""`python -m migrate_guard` is the `migrate-guard` command."""

import sys

# `python -m` puts the working directory first on the path: a click.py in the project would be executed.
if not getattr(sys.flags, "safe_path", False):
    del sys.path[0]

from migrate_guard.cli import main  # after the path is right

main()
