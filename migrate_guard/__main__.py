"""`python -m migrate_guard` is the `migrate-guard` command."""

from migrate_guard.cli import main

main()
