"""What the next step of a random history can choose from: the schema that the database has by now."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from functools import lru_cache
from typing import TypeVar

from hypothesis import strategies as st

from migrate_guard.dialect import DialectName
from migrate_guard.operations import Column, PrimaryKey, SqlType, Unique, Unknown
from migrate_guard.schema import Schema, Table
from migrate_guard.schema.names import fit
from migrate_guard.schema.spelling import spelled
from tests.schema.generated.parts import KINDS, Kind, Reference, Target
from tests.schema.types import parse

T = TypeVar("T")

_LONG = "a_name_that_is_so_long_that_a_server_cuts_or_refuses_it_"
TABLES = (
    "users",
    "orders",
    "a",
    "a_b",
    "Mixed",
    "order",
    "two words",
    _LONG[:50],
    _LONG + "as_table",
    "ünïts",
)
COLUMNS = ("id", "a", "b", "b_c", "code", "user", "Upper", "two words", _LONG[:45], _LONG + "as_column")
CONSTRAINTS = (
    "one",
    "two",
    "uq_x",
    "Named",
    "a_pkey",
    "users_a_key",
    "b c",
    _LONG[:60],
    _LONG + "as_constraint",
)
ACTIONS = (None, None, "CASCADE", "SET NULL", "RESTRICT", "NO ACTION")
# MySQL refuses names of more than 64 characters (manual 8.4, Identifier Length Limits).
LIMITS = {"mysql": 64, "mariadb": 64}


class Scene:
    """One step's view: `draw` chooses, `schema` is what the database reflects, `target` how it is written.

    `taken` are the names that nothing new may have, those that the step itself gave included.
    """

    def __init__(self, draw: st.DrawFn, schema: Schema, target: Target) -> None:
        self.draw = draw
        self.schema = schema
        self.target = target
        self.dialect = target.dialect
        self.q = target.quote
        self.taken = {name.lower() for name in _relations(schema)}

    def pick(self, items: Sequence[T]) -> T:
        """Choose one of several."""
        chosen: T = self.draw(st.sampled_from(items))
        return chosen

    def chance(self, times: int) -> bool:
        """Say yes once in so many times."""
        return bool(self.draw(st.integers(1, times)) == times)

    def some(self, items: Sequence[T], least: int = 1, most: int = 3) -> list[T]:
        """Choose several different ones."""
        most = min(most, len(items))
        if most < least:
            return []
        places = st.integers(0, len(items) - 1)
        chosen: list[int] = self.draw(st.lists(places, min_size=least, max_size=most, unique=True))
        return [items[place] for place in chosen]

    def fresh(self, pool: Sequence[str], taken: set[str]) -> str | None:
        """Choose a name that is not taken, and take it; `None` if there is none left."""
        limit = LIMITS.get(self.dialect)
        usable = [name for name in pool if limit is None or len(name) <= limit]
        free = [name for name in usable if fit(name, self.dialect).lower() not in taken]
        if not free:
            return None
        name = self.pick(free)
        taken.add(fit(name, self.dialect).lower())
        return name

    def constraint_name(self) -> str | None:
        """Choose a name for a constraint, or none; SQLAlchemy refuses to send one that a server would cut."""
        if self.chance(2):
            return None
        pool = [n for n in CONSTRAINTS if self.target.form == "sql" or len(n) <= 63]
        if self.dialect == "sqlite":
            # SQLAlchemy's inspector, which reads the table's text, takes a quoted name for more than it is.
            pool = [name for name in pool if name.islower() and name.isidentifier()]
        return self.fresh(pool, self.taken)

    def index_name(self) -> str | None:
        """Choose a name for an index, `None` if none is left."""
        pool = [f"ix {n}" if " " in n else f"ix_{n}" for n in CONSTRAINTS]
        return self.fresh([n for n in pool if self.target.form == "sql" or len(n) <= 63], self.taken)

    def tables(self) -> list[Table]:
        """Return the tables that have a column, in the order of their names."""
        found = (table for table in self.schema.tables.values() if table.columns)
        return sorted(found, key=lambda table: table.name)

    def table(self) -> Table | None:
        """Choose a table."""
        return self.pick(found) if (found := self.tables()) else None

    def kind_of(self, column: Column) -> Kind | None:
        """Return the kind of a column that the database has."""
        kind = column.type
        if not isinstance(kind, SqlType):
            return None
        if kind.enum is not None:
            return self.enum(kind.enum.name)
        return _by_spelling(self.dialect).get(str(spelled(kind, self.dialect)))

    def enum(self, name: str) -> Kind:
        """Return an enum type that there is as a kind."""
        found = next(one for one in self.schema.enums.values() if one.name.name == name)
        labels = [] if isinstance(found.labels, Unknown) else found.labels
        defaults = tuple((repr(label), f"'{label}'") for label in labels)
        python = f"postgresql.ENUM({', '.join(map(repr, labels))}, name={name!r}, create_type=False)"
        return Kind("enum", python, {"all": (self.q(name),)}, defaults)

    def kinds(self) -> list[Kind]:
        """Return the kinds that a new column can have."""
        return [*KINDS, *(self.enum(one.name.name) for one in self.schema.enums.values())]

    def fields_of(self, table: Table) -> list[tuple[str, Kind]]:
        """Return the columns of a table whose kind is one of ours."""
        found = ((name, self.kind_of(column)) for name, column in table.columns.items())
        return [(name, kind) for name, kind in found if kind is not None]

    def references(self) -> Iterator[tuple[Reference, tuple[Kind, ...]]]:
        """Go through what a foreign key can refer to, with the kinds of the columns."""
        for table in self.tables():
            kinds = dict(self.fields_of(table))
            usable = {name for name, kind in kinds.items() if "Text()" not in kind.python}
            for key in table.constraints:
                if not isinstance(key, (PrimaryKey, Unique)) or isinstance(key.columns, Unknown):
                    continue
                if usable.issuperset(key.columns):
                    yield Reference(table.name.name, key.columns), tuple(kinds[c] for c in key.columns)


@lru_cache
def _by_spelling(dialect: DialectName) -> dict[str, Kind]:
    return {
        str(spelled(parse(kind.spellings(dialect)[0].upper()), dialect)): kind for kind in reversed(KINDS)
    }


def _relations(schema: Schema) -> Iterator[str]:
    """Go through the names of all that shares a name space with tables or constraints."""
    for table in schema.tables.values():
        yield table.name.name
        yield from (index.name for index in table.indexes if isinstance(index.name, str))
        yield from (one.name for one in table.constraints if isinstance(one.name, str))
    yield from (one.name.name for one in schema.enums.values())
    yield from (one.name.name for one in schema.objects.values())
