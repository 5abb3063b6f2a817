"""Random schema histories that a real database accepts, as Alembic scripts and as raw SQL."""
