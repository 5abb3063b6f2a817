"""Environments as Alembic's and Flask-Migrate's own templates write them, and hooks in `env.py`."""

from __future__ import annotations

import sys
from pathlib import Path

import pytest

from tests.commands import FIXTURES, migrate_guard, run
from tests.evidence.projects import Project, compare, models_module, shown

MODELS = models_module('sa.Table("t", metadata, sa.Column("id", sa.Integer, primary_key=True))')
REVISION = Project("sqlite", MODELS, 'op.create_table("t", sa.Column("id", sa.Integer(), primary_key=True))')
MISSING = models_module('sa.Table("u", metadata, sa.Column("id", sa.Integer, primary_key=True))')


@pytest.mark.parametrize("template", ["generic", "async", "pyproject"])
def test_templates(template: str, tmp_path: Path) -> None:
    """Each template's `env.py` gets as far as it has to, without any database."""
    if template == "pyproject":
        (tmp_path / "pyproject.toml").write_text("", encoding="utf-8")
    run(sys.executable, "-m", "alembic.config", "init", "-t", template, "m", cwd=tmp_path, check=True)
    (tmp_path / "models.py").write_text(MODELS, encoding="utf-8")
    env = tmp_path / "m" / "env.py"
    text = env.read_text(encoding="utf-8")
    env.write_text(text.replace("target_metadata = None", "from models import metadata as target_metadata"))
    (tmp_path / "m" / "versions" / "a1.py").write_text(REVISION.revision, encoding="utf-8")
    done = migrate_guard("check", "--models=auto", "--dialect=sqlite", cwd=tmp_path)
    assert done.returncode == 0, done.stdout + done.stderr
    (tmp_path / "models.py").write_text(MISSING, encoding="utf-8")
    done = migrate_guard("check", "--models=auto", "--dialect=sqlite", cwd=tmp_path)
    assert "the models have table u, and no migration creates it" in done.stdout


HOOKS = {
    "include_name": 'include_name=lambda name, kind, parents: name != "u"',
    "include_object": 'include_object=lambda o, name, kind, reflected, other: name != "u"',
    "compare_type": "compare_type=lambda *arguments: None",
    "a rewriting hook": "process_revision_directives=lambda context, revision, made: made.clear()",
}


@pytest.mark.parametrize("name", HOOKS)
def test_hooks(name: str, tmp_path: Path) -> None:
    """The project's own filters and hooks decide as they do for autogenerate."""
    both = MODELS + MISSING.partition("\n\n")[2].replace("metadata = sa.MetaData()", "")
    Project("sqlite", both, REVISION.upgrade, HOOKS[name]).write(tmp_path)
    (found,) = compare(tmp_path, "sqlite")
    # `include_name` is asked about the database's names only.
    expected = ["table u: only in the models"] if name in ("compare_type", "include_name") else []
    assert [shown(one) for one in found.differences] == expected


@pytest.mark.parametrize("fixture", ["alembic-ini", "alembic-pyproject", "batch-sqlite"])
def test_fixtures_are_in_line(fixture: str) -> None:
    """The models of the little projects agree with their histories."""
    (found,) = compare(FIXTURES / fixture)
    assert found.compared
    assert [shown(one) for one in found.differences] == []
