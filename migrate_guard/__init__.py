"""migrate-guard says before a deploy what your Alembic migrations would break."""

__version__ = "0.1.0"
