"""Places where others call migrate-guard: hooks, commands and plugins."""
