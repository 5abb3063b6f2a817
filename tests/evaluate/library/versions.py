"""What the lowest supported Alembic and SQLAlchemy do not have yet."""

from __future__ import annotations

import alembic
import pytest
import sqlalchemy as sa

OLD = int(alembic.__version__.split(".")[1]) < 20 or sa.__version__.startswith("1.")
_NEWER = (
    "if_not_exists",
    "if_exists",
    "inline_references",
    "inline_primary_key",
    "nulls_not_distinct",
    "sa.Uuid",
    "sa.Double",
    "sa.Text(), 'mysql', 'sqlite'",
    'create_table_comment("t", None)',
)


def skip_newer(source: str) -> None:
    """Skip a case whose source uses what the installed versions do not have."""
    if OLD and any(word in source for word in _NEWER):
        pytest.skip(f"not in Alembic {alembic.__version__} with SQLAlchemy {sa.__version__}")
