"""Written sets of statements that must be read without anything opaque."""

from tests.evaluate.sql.statements.mysql import MYSQL
from tests.evaluate.sql.statements.postgresql import POSTGRESQL
from tests.evaluate.sql.statements.sqlite import SQLITE

__all__ = ["MYSQL", "POSTGRESQL", "SQLITE"]
