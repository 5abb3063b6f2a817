"""Two readers of raw SQL held against each other: our own and libpg_query."""
