"""Evidence that fails never takes what the scripts told with it."""

from __future__ import annotations

from pathlib import Path

import pytest

from migrate_guard.check import check
from migrate_guard.config import Config
from migrate_guard.dialect import Dialect
from migrate_guard.evidence.database import look
from migrate_guard.verdict import exit_code
from tests.evidence.databases import CUSTOMERS, write_history
from tests.evidence.projects import Project, models_module


def _config(root: Path) -> Config:
    versions = write_history(root, CUSTOMERS, 'op.drop_table("customers")')
    return Config(
        root=root, paths=(versions,), dialects=(Dialect("sqlite"),), database_url="sqlite:///live.db"
    )


def test_a_bug_in_looking_is_an_internal_error(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def broken(*arguments: object) -> None:
        raise KeyError("ddl")

    monkeypatch.setattr(look, "look_at_database", broken)

    judgement = check(_config(tmp_path))

    (error,) = judgement.internal_errors
    assert error.error == "KeyError: 'ddl'"
    assert "drop-table" in {finding.rule for finding in judgement.findings}
    assert exit_code(judgement, None) == 2


def test_what_cannot_be_looked_at_stands_beside_the_findings(tmp_path: Path) -> None:
    (tmp_path / "live.db").write_bytes(b"no database" * 100)

    judgement = check(_config(tmp_path))

    assert len(judgement.skipped) == 1
    assert "drop-table" in {finding.rule for finding in judgement.findings}


def test_an_empty_revision_is_told_what_it_does_not_contain(tmp_path: Path) -> None:
    tables = [f'sa.Table("{n}", metadata, sa.Column("id", sa.Integer, primary_key=True))' for n in "tuvwx"]
    upgrade = 'op.create_table("t", sa.Column("id", sa.Integer(), primary_key=True))'
    made = Project("sqlite", models_module("\n".join(tables)), upgrade)
    made.write(tmp_path)
    later = Project("sqlite", "", "pass").revision.replace('"a1"', '"{}"').replace("None", '"{}"')
    for name, parent in (("b2", "a1"), ("c3", "b2")):
        path = tmp_path / "migrations" / "versions" / f"{name}.py"
        path.write_text(later.format(name, parent), encoding="utf-8")

    found = check(Config(root=tmp_path, models=("auto",), dialects=(Dialect("sqlite"),)))

    messages = {
        one.revision: (one.message, one.help) for one in found.findings if one.rule == "empty-migration"
    }
    assert messages["b2"][0] == "this revision changes nothing"
    message, advice = messages["c3"]
    assert message == (
        "this revision changes nothing, and it does not contain table u, table v, table w and 1 more"
    )
    assert "rm migrations/versions/c3.py\n    alembic revision --autogenerate" in (advice or "")
