"""What is read of a revision is what the real Alembic does when it runs it.

The fixtures' revisions and those of `revisions/`, which use every idiom of real histories, are read and
run on three dialects without a database; `python -m benchmarks.agreement` does the same with the corpus.
"""

from __future__ import annotations

import ast
import os
import sys
from importlib.util import find_spec
from pathlib import Path

import pytest

from benchmarks.oracle.compare import Agreement, compare
from benchmarks.oracle.environment import compare_all, environments
from benchmarks.oracle.record import Recording, record
from migrate_guard.dialect import parse_dialect
from migrate_guard.evaluate.outcome import Evaluation
from migrate_guard.schema import empty_schema
from tests.commands import ROOT
from tests.evaluate.running import run

DIALECTS = ("postgresql", "mysql", "sqlite")
REVISIONS = ROOT / "tests" / "evaluate" / "revisions"
FIXTURES = sorted(path.name for path in (ROOT / "fixtures").iterdir() if path.is_dir())
# What does not run to its end without a database, or on another dialect than its own, and why.
_SQLMODEL = {""} if find_spec("sqlmodel") else {"ModuleNotFoundError"}
FAILING = {
    ("e8f90a1b2c3d_forget_broken_readings.py", "upgrade"): {"TypeError"},  # it needs the number of rows
    ("e8f90a1b2c3d_forget_broken_readings.py", "downgrade"): {"NotImplementedError"},
    ("8a51edff73cf_add_user_email.py", "downgrade"): {"AssertionError", "CompileError"},  # it has no name
    ("9e27c4a8b013_reference_of_an_invoice.py", "upgrade"): {"NameError"},  # it forgets an import
    ("5b0d1e9c7f42_accounts_and_invoices.py", "upgrade"): _SQLMODEL,
    ("5b0d1e9c7f42_accounts_and_invoices.py", "downgrade"): _SQLMODEL,
    ("0c83f5d6e71a_country_of_an_account.py", "upgrade"): _SQLMODEL,
    ("0c83f5d6e71a_country_of_an_account.py", "downgrade"): _SQLMODEL,
}

pytestmark = pytest.mark.skipif(os.name == "nt", reason="runs under a time limit that Windows lacks")


@pytest.mark.parametrize("dialect", DIALECTS)
def test_written_revisions(dialect: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("SKIP_THE_REST", raising=False)
    monkeypatch.delenv("MORE_COLUMNS", raising=False)
    compared = 0
    for environment, graph in environments(ROOT, REVISIONS):
        for one in compare_all(environment, graph, parse_dialect(dialect), ROOT):
            compared += 1
            assert one.recording.failure == "", one.path
            assert one.agreement.disagreements == [], one.path
            assert one.agreement.equal > 0, one.path
    assert compared == len(list(REVISIONS.glob("[!_]*.py")))


@pytest.mark.parametrize("dialect", DIALECTS)
@pytest.mark.parametrize("fixture", FIXTURES)
def test_fixtures(fixture: str, dialect: str, monkeypatch: pytest.MonkeyPatch) -> None:
    root = ROOT / "fixtures" / fixture
    monkeypatch.syspath_prepend(root)
    for name in [name for name in sys.modules if name.partition(".")[0] in {"migrations", "app"}]:
        monkeypatch.delitem(sys.modules, name)
    for environment, graph in environments(root, root):
        for one in compare_all(environment, graph, parse_dialect(dialect), root):
            _assert_ran((Path(one.path).name, one.direction), one.recording)
            assert one.agreement.disagreements == [], one.path


def _assert_ran(name: tuple[str, str], recording: Recording) -> None:
    error = recording.failure.partition(":")[0]
    if name in FAILING:
        assert error in FAILING[name]
    else:
        assert error in {"", "CompileError", "UnsupportedCompilationError"}  # a type of another dialect


def _both(written: str, ran: str, tmp_path: Path) -> tuple[Evaluation, Agreement]:
    """Read one text and run another, as if reading had understood it so."""
    head = "import sqlalchemy as sa\nfrom alembic import op\ndef upgrade():\n    "
    file = tmp_path / "abc.py"
    file.write_text(head + ran)
    dialect = parse_dialect("postgresql")
    evaluation = run("def upgrade():\n    " + written)
    recording = record(file, "upgrade", dialect, empty_schema("postgresql"), tmp_path)
    return evaluation, compare(evaluation, recording, ast.parse(file.read_text()), "postgresql")


DIFFERENT = [
    ("op.drop_table('a')", "op.drop_table('b')"),
    ("op.drop_table('a')", "pass"),
    ("pass", "op.drop_table('a')"),
    ("op.drop_table('a'); op.drop_table('b')", "op.drop_table('b'); op.drop_table('a')"),
    ("op.add_column('t', sa.Column('a', sa.Text))", "op.add_column('t', sa.Column('a', sa.Date))"),
    (
        "op.add_column('t', sa.Column('a', sa.Text, nullable=False))",
        "op.add_column('t', sa.Column('a', sa.Text))",
    ),
    (
        "op.create_index('i', 't', ['a'])",
        "op.create_index('i', 't', ['a'], postgresql_concurrently=True)",
    ),
    (
        "op.create_foreign_key('f', 't', 'u', ['a'], ['b'])",
        "op.create_foreign_key('f', 't', 'u', ['a'], ['b'], ondelete='CASCADE')",
    ),
    ("op.execute('DELETE FROM t WHERE a = 1')", "op.execute('DELETE FROM t')"),
]


@pytest.mark.parametrize(("written", "ran"), DIFFERENT)
def test_a_difference_is_seen(written: str, ran: str, tmp_path: Path) -> None:
    _, agreement = _both(written, ran, tmp_path)
    assert agreement.disagreements


def test_what_is_called_opaque_may_do_anything_at_its_line(tmp_path: Path) -> None:
    _, agreement = _both("unknown(op)", "op.drop_table('a')", tmp_path)
    assert (agreement.covered, agreement.disagreements) == (1, [])
