"""A bug of migrate-guard in reading one revision is told, and leaves the others readable."""

from __future__ import annotations

from pathlib import Path

import pytest

from migrate_guard.check import check
from migrate_guard.config import Config
from migrate_guard.evaluate.interpret.expressions import EXPRESSIONS
from migrate_guard.operations import Opaque
from migrate_guard.report import verdict_line
from migrate_guard.verdict import exit_code
from tests.evaluate.running import body
from tests.project.trees import alembic_project, revision, write_files


@pytest.fixture
def bug(monkeypatch: pytest.MonkeyPatch) -> None:
    """Make every f-string a bug."""

    def fails(*given: object) -> object:
        raise ZeroDivisionError("of all things")

    monkeypatch.setitem(
        EXPRESSIONS, next(kind for kind in EXPRESSIONS if kind.__name__ == "JoinedStr"), fails
    )


@pytest.mark.usefixtures("bug")
def test_what_was_read_before_it_stays_and_the_rest_is_not_known() -> None:
    found = body("op.drop_table('a')\nop.execute(f'{1}')\nop.drop_table('b')")
    assert len(found.transitions) == 2
    last = found.transitions[-1].operation
    assert isinstance(last, Opaque)
    assert last.may_touch is None
    assert found.failure is not None
    assert found.failure.startswith("ZeroDivisionError: of all things (")


@pytest.mark.usefixtures("bug")
def test_the_other_revisions_are_judged_and_the_run_could_not_check(tmp_path: Path) -> None:
    alembic_project(tmp_path, "a1")
    write_files(
        tmp_path,
        {
            "migrations/versions/b2.py": revision("b2", "a1")
            + "from alembic import op\ndef upgrade():\n    op.execute(f'{1}')\ndef downgrade(): pass\n",
            "migrations/versions/c3.py": revision("c3", "b2")
            + "from alembic import op\ndef upgrade():\n    op.drop_table('t')\ndef downgrade(): pass\n",
        },
    )
    made = check(Config(root=tmp_path))
    assert [(error.rule, error.place) for error in made.internal_errors] == [
        ("", "migrations/versions/b2.py")
    ]
    assert "drop-table" in {finding.rule for finding in made.findings}
    assert "the rest of migrations/versions/b2.py (it failed)" in verdict_line(made)
    assert exit_code(made, None) == 2
