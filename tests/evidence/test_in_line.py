"""Models that the migrations agree with give no difference, whatever they consist of."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.evidence.in_line import EVERY, IN_LINE, types_of
from tests.evidence.projects import Project, compare, initial_upgrade, models_module, shown

CASES = [(name, dialect) for name, case in IN_LINE.items() for dialect in case.dialects]


def _said(project: Project, root: Path) -> list[str]:
    project.write(root)
    (found,) = compare(root, project.dialect)
    assert found.compared
    # Whether a key is INITIALLY DEFERRED is not in the replayed schema, which is said.
    assert [one.reason for one in found.left_out if "INITIALLY DEFERRED" not in one.reason] == []
    return [shown(one) for one in found.differences]


@pytest.mark.parametrize("dialect", EVERY)
def test_every_type(dialect: str, tmp_path: Path) -> None:
    """No type is mistaken for another one after its way through the history."""
    models = models_module(types_of(dialect))
    assert _said(Project(dialect, models, initial_upgrade(models, dialect)), tmp_path) == []


@pytest.mark.parametrize(("name", "dialect"), CASES)
def test_everything_else(name: str, dialect: str, tmp_path: Path) -> None:
    """Keys, defaults, constraints, indexes, comments and schemas are found as the models have them."""
    case = IN_LINE[name]
    models = models_module(case.tables, case.metadata)
    project = Project(dialect, models, initial_upgrade(models, dialect), case.options)
    assert _said(project, tmp_path) == []
