"""What a comparison of models with the history says."""

from __future__ import annotations

from migrate_guard.dialect import Dialect
from migrate_guard.evidence.left_out import LeftOut
from migrate_guard.operations import TableName
from migrate_guard.record import dataclass
from migrate_guard.span import Span


@dataclass(frozen=True, slots=True)
class ModelDifference:
    """One thing that the models and the history do not agree on.

    `kind` and `name` say what it is, as in `migrate_guard.schema.compare`; `table` is the table that it is
    in or is. `aspect` is the attribute that differs, empty where only one side has the whole. `models` and
    `history` are what each side has, `None` for nothing. `code` are the lines of a revision that would
    close it. `span` is where the models say it, `None` where they do not or the place is not known.
    `revision` is the one that last touched the object. `autogenerate` tells whether `alembic revision
    --autogenerate` would see it. `doubt` is why the models may say something else, `None` where they do not.
    """

    kind: str
    table: TableName | None
    name: str
    aspect: str
    models: str | None
    history: str | None
    code: tuple[str, ...]
    dialect: Dialect
    database: str | None = None
    span: Span | None = None
    revision: str | None = None
    autogenerate: bool = True
    doubt: str | None = None


@dataclass(frozen=True, slots=True)
class ModelsEvidence:
    """What the models of one environment say.

    `source` tells where they were found. `compared` is how many tables of the history were compared, on the
    dialect with the most. `differences` are those of all dialects and databases. `imported` tells that they
    were loaded, not read; `fallback` is why they were read although they were to be loaded.
    """

    source: str
    differences: tuple[ModelDifference, ...] = ()
    compared: int = 0
    left_out: tuple[LeftOut, ...] = ()
    imported: bool = True
    fallback: str | None = None

    def listed(self) -> str:
        """Return what differs in a few words: the first names, and how many more there are."""
        names = list(dict.fromkeys(map(_named, self.differences)))
        more = f" and {len(names) - _SHOWN} more" if len(names) > _SHOWN else ""
        return ", ".join(names[:_SHOWN]) + more


_SHOWN = 3


def _named(one: ModelDifference) -> str:
    where = f" ({one.database})" if one.database else ""
    name = f"{one.table}.{one.name}" if one.kind == "column" else one.name
    return f"{one.kind} {name}{where}"
