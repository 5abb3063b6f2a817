"""migrate-guard and the other tools that judge Alembic revisions, side by side."""
