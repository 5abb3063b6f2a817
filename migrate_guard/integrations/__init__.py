"""Places where others call migrate-guard: hooks, commands and plugins. Nothing lives here yet."""
