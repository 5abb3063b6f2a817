"""Every change of the models that `alembic check` does not see is reported, and nothing else is."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.evidence.blind_spots import BLIND_SPOTS, BlindSpot
from tests.evidence.projects import Project, compare, initial_upgrade, models_module, shown

CASES = [(name, dialect) for name, spot in BLIND_SPOTS.items() for dialect in spot.dialects]
_TABLE = """
t = sa.Table(
    "t", metadata,
    sa.Column("id", sa.Integer, primary_key=True{key}),
    sa.Column("n", sa.Integer),
    {items}
)
{also}
"""


def _key(dialect: str) -> str:
    # SQLite cannot count where the key has several columns.
    return "" if dialect == "sqlite" else ", autoincrement=True"


def before(spot: BlindSpot, dialect: str) -> str:
    """Return the module of models that the revision was made from."""
    return models_module(_TABLE.format(items=spot.before, also="", key=_key(dialect)))


def after(spot: BlindSpot, dialect: str) -> str:
    """Return the module of models as it is now."""
    return models_module(_TABLE.format(items=spot.after, also=spot.also, key=_key(dialect)))


@pytest.mark.parametrize(("name", "dialect"), CASES)
def test_it_is_seen(name: str, dialect: str, tmp_path: Path) -> None:
    """Exactly the change is reported, with the lines that make up for it."""
    spot = BLIND_SPOTS[name]
    Project(dialect, after(spot, dialect), initial_upgrade(before(spot, dialect), dialect)).write(tmp_path)
    (found,) = compare(tmp_path, dialect)
    assert tuple(shown(one) for one in found.differences) == spot.said
    assert spot.code in "\n".join(line for one in found.differences for line in one.code)
    assert all(one.span is not None and one.revision == "a1" for one in found.differences if one.table)


@pytest.mark.parametrize(("name", "dialect"), CASES)
def test_it_is_closed(name: str, dialect: str, tmp_path: Path) -> None:
    """After the offered lines the models and the history agree."""
    spot = BLIND_SPOTS[name]
    first = initial_upgrade(before(spot, dialect), dialect)
    Project(dialect, after(spot, dialect), first).write(tmp_path)
    (found,) = compare(tmp_path, dialect)
    lines = [line for one in found.differences for line in one.code]
    if not lines:
        pytest.skip("what to write depends on the data")
    project = Project(dialect, after(spot, dialect), "\n".join([first, *lines]))
    (tmp_path / "migrations" / "versions" / "a1.py").write_text(project.revision, encoding="utf-8")
    (found,) = compare(tmp_path, dialect)
    assert [shown(one) for one in found.differences] == []


def test_the_order_of_labels_is_no_difference(tmp_path: Path) -> None:
    """ADD VALUE puts a label last, wherever the models have it."""
    enum = 'sa.Table("t", metadata, sa.Column("e", sa.Enum({}, name="e")))'
    made = initial_upgrade(models_module(enum.format('"a", "c"')), "postgresql")
    added = f"{made}\nop.execute(\"ALTER TYPE e ADD VALUE 'b'\")"
    Project("postgresql", models_module(enum.format('"a", "b", "c"')), added).write(tmp_path)

    (found,) = compare(tmp_path, "postgresql")

    assert found.compared == 1
    assert found.differences == ()


def test_models_that_cannot_be_rendered_are_compared_all_the_same(tmp_path: Path) -> None:
    """A condition on a column without a name, as mixins leave them: autogenerate itself would end here."""
    table = 'sa.Table("t", metadata, sa.Column("n", sa.Integer), {})'
    index = 'sa.Index("ix", "n", postgresql_where=sa.Column(sa.Integer) > 0)'
    made = initial_upgrade(models_module(table.format("")), "postgresql")
    Project("postgresql", models_module(table.format(index)), made).write(tmp_path)

    (found,) = compare(tmp_path, "postgresql")

    assert [shown(one) for one in found.differences] == ["index ix of t: only in the models"]
    assert found.differences[0].code == ()
