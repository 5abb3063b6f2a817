"""Do things in context managers, decorators and generators."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager, nullcontext, suppress
from functools import wraps

import sqlalchemy as sa
from alembic import op

revision = "managers"
down_revision = "exits"


@contextmanager
def without_keys() -> Iterator[None]:
    op.execute("UPDATE customers SET e1 = 0")
    try:
        yield
    finally:
        op.execute("UPDATE customers SET e1 = 1")


def with_index(function: Callable[[], None]) -> Callable[[], None]:
    @wraps(function)
    def inner() -> None:
        op.create_index("ix_temporary", "customers", ["e2"])
        try:
            return function()
        finally:
            op.drop_index("ix_temporary", "customers")

    return inner


class Lock:
    def __init__(self, table: str) -> None:
        self.table = table

    def __enter__(self) -> str:
        op.add_column(self.table, sa.Column("m0", sa.Integer))
        return self.table

    def __exit__(self, *details: object) -> None:
        op.drop_column(self.table, "m0")


def names() -> Iterator[str]:
    yield "m3"
    yield from ("m4", "m5")


@with_index
def upgrade() -> None:
    with without_keys():
        op.add_column("customers", sa.Column("m1", sa.Integer))
    with Lock("orders") as table, nullcontext(), suppress(ValueError):
        op.add_column(table, sa.Column("m2", sa.Integer))
    for name in names():
        op.add_column("orders", sa.Column(name, sa.Integer))
