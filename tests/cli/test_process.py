"""The command as a process: exit codes, streams, start-up."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from pathlib import Path

import pytest

from tests.commands import environment, migrate_guard, run

REVISION = '''"""Drop users."""

import sqlalchemy as sa
from alembic import op

revision = "2"
down_revision = "1"


def upgrade():
    op.drop_table("users")


def downgrade():
    op.create_table("users", sa.Column("id", sa.Integer(), primary_key=True))
'''
FIRST = '''"""Create users."""

import sqlalchemy as sa
from alembic import op

revision = "1"
down_revision = None


def upgrade():
    op.create_table("users", sa.Column("id", sa.Integer(), primary_key=True))


def downgrade():
    op.drop_table("users")
'''


@pytest.fixture
def project(tmp_path: Path) -> Path:
    """A small project that drops a table."""
    versions = tmp_path / "migrations" / "versions"
    versions.mkdir(parents=True)
    (tmp_path / ".git").mkdir()
    (tmp_path / "alembic.ini").write_text(
        "[alembic]\nscript_location = migrations\nsqlalchemy.url = postgresql://localhost/x\n",
        encoding="utf-8",
    )
    (tmp_path / "migrations" / "env.py").write_text("raise SystemExit('env.py was run')\n", encoding="utf-8")
    (versions / "1_create.py").write_text(FIRST, encoding="utf-8")
    (versions / "2_drop.py").write_text(REVISION, encoding="utf-8")
    return tmp_path


def test_a_finding_is_exit_one_and_stands_on_the_standard_output(project: Path) -> None:
    done = migrate_guard("check", "--since", "1", cwd=project)

    assert done.returncode == 1, done.stderr
    assert "[drop-table]" in done.stdout
    assert "--> migrations/versions/2_drop.py:11:5" in done.stdout
    assert "alembic.ini · postgresql (" in done.stdout
    assert done.stdout.splitlines()[-1].endswith(".")
    assert "Not checked: " in done.stdout.splitlines()[-1]
    assert done.stderr == ""


def test_ignoring_it_with_a_comment_is_exit_zero(project: Path) -> None:
    file = project / "migrations" / "versions" / "2_drop.py"
    text = file.read_text(encoding="utf-8")
    commented = text.replace('("users")\n', '("users")  # migrate-guard: ignore[drop-table] -- archived\n', 1)
    file.write_text(commented, encoding="utf-8")

    done = migrate_guard("check", "--since", "1", "--verbose", cwd=project)
    assert done.returncode == 0, done.stdout
    assert "drop-table: archived" in done.stdout


def test_an_env_script_that_cannot_be_read_is_not_passed_over(project: Path) -> None:
    (project / "migrations" / "env.py").write_text("def (:\n", encoding="utf-8")

    done = migrate_guard("check", cwd=project)
    assert "Not checked: migrations/env.py (" in done.stdout.splitlines()[-1]


def test_nothing_to_judge_is_exit_two(tmp_path: Path) -> None:
    done = migrate_guard("check", cwd=tmp_path)

    assert done.returncode == 2
    assert done.stdout == ""
    assert done.stderr.startswith("error: ")
    assert "Traceback" not in done.stderr


def test_a_usage_error_is_exit_two(tmp_path: Path) -> None:
    assert migrate_guard("check", "--format", "xml", cwd=tmp_path).returncode == 2
    assert migrate_guard("--version", cwd=tmp_path).returncode == 0


@pytest.mark.skipif(os.name == "nt", reason="Windows does not delete a directory in use")
def test_a_working_directory_that_is_gone_is_one_line(tmp_path: Path) -> None:
    gone = tmp_path / "gone"
    gone.mkdir()
    program = (
        "import os, sys\n"
        "os.rmdir(os.getcwd())\n"
        "sys.argv = ['migrate-guard', 'check']\n"
        "import migrate_guard.cli\n"
        "migrate_guard.cli.main()\n"
    )
    done = run(sys.executable, "-c", program, cwd=gone)

    assert done.returncode == 2
    assert done.stderr.splitlines()[0] == "error: the working directory does not exist any more"


@pytest.mark.skipif(os.name == "nt", reason="Windows has no SIGINT for a child")
def test_control_c_is_exit_130(tmp_path: Path) -> None:
    program = (
        "import sys, time, migrate_guard.check\n"
        "def check(config):\n    print('started', flush=True)\n    time.sleep(60)\n"
        "migrate_guard.check.check = check\n"
        "sys.argv = ['migrate-guard', 'check']\n"
        "import migrate_guard.cli\n"
        "migrate_guard.cli.main()\n"
    )
    with subprocess.Popen(
        [sys.executable, "-c", program],
        cwd=tmp_path,
        env=environment(),
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
    ) as process:
        assert process.stdout is not None
        assert process.stdout.readline() == b"started\n"
        process.send_signal(signal.SIGINT)
        _, err = process.communicate(timeout=20)
    assert process.returncode == 130
    assert b"Traceback" not in err


@pytest.mark.skipif(os.name == "nt", reason="pipes of Windows break differently")
def test_a_reader_that_goes_away_is_no_error(tmp_path: Path) -> None:
    reader, writer = os.pipe()
    os.close(reader)
    done = subprocess.run(
        [sys.executable, "-m", "migrate_guard", "explain", "unused-suppression"],
        cwd=tmp_path,
        env=environment(),
        stdout=writer,
        stderr=subprocess.PIPE,
        check=False,
    )
    os.close(writer)
    assert (done.returncode, done.stderr) == (0, b"")


@pytest.mark.skipif(not Path("/dev/full").is_char_device(), reason="needs a device that is always full")
@pytest.mark.parametrize(
    "arguments", ["check", "check --format json", "rules", "--help", "explain drop-table"]
)
def test_a_full_disk_is_one_line_and_exit_two(project: Path, arguments: str) -> None:
    with Path("/dev/full").open("wb") as full:
        done = subprocess.run(
            [sys.executable, "-m", "migrate_guard", *arguments.split()],
            cwd=project,
            env=environment(),
            stdout=full,
            stderr=subprocess.PIPE,
            check=False,
        )
    assert done.returncode == 2
    assert done.stderr.startswith(b"error: the standard output cannot be written: ")
    assert len(done.stderr.splitlines()) == 1


@pytest.mark.skipif(os.name == "nt", reason="descriptors of Windows are closed differently")
@pytest.mark.parametrize(
    ("closed", "code"), [(">&-", 1), ("2>&-", 1), (">&- 2>&-", 1), ("--select x 2>&-", 2)]
)
def test_a_closed_stream_changes_nothing(project: Path, closed: str, code: int) -> None:
    done = run("sh", "-c", f'"{sys.executable}" -m migrate_guard check {closed}', cwd=project)
    assert done.returncode == code
    assert done.stderr == ""


def test_nothing_of_the_project_is_executed(project: Path) -> None:
    canary = project / "canary"
    canary.mkdir()
    versions = project / "migrations" / "versions"

    def leaving(name: str) -> str:
        return f"open({str(canary / name)!r}, 'w')\n"

    (project / "migrations" / "__init__.py").write_text(leaving("package"), encoding="utf-8")
    (project / "migrations" / "env.py").write_text(leaving("env"), encoding="utf-8")
    (project / "migrations" / "helpers.py").write_text(
        leaving("helper") + f"def mark(f):\n    {leaving('decorator')}    return f\n", encoding="utf-8"
    )
    for shadow in ("alembic", "click", "json", "sqlalchemy", "sitecustomize", "postgast"):
        (project / f"{shadow}.py").write_text(leaving(shadow), encoding="utf-8")
    (versions / "3_hostile.py").write_text(
        "from migrations.helpers import mark\n"
        "from alembic import op\nrevision = '3'\ndown_revision = '2'\n"
        + leaving("revision")
        + f"class Meta(type):\n    def __new__(*given):\n        {leaving('metaclass')}"
        + "        return type.__new__(*given)\nclass Model(metaclass=Meta): pass\n"
        + f"@mark\ndef upgrade(at={leaving('default').strip()}):\n    {leaving('upgrade')}"
        + f"    __import__('os').system('touch {canary}/system')\n    exec({leaving('exec')!r})\n"
        + "    op.drop_table('gone')\ndef downgrade():\n    pass\n",
        encoding="utf-8",
    )

    done = migrate_guard("check", cwd=project)
    assert done.returncode == 1
    assert "gone" in done.stdout
    assert [file.name for file in canary.iterdir()] == []


def test_a_check_imports_nothing_that_a_project_may_pin(project: Path) -> None:
    program = (
        "import sys\n"
        "from migrate_guard.cli.run import run\n"
        "code = run(['check', '--exit-zero', '--format', 'json'])\n"
        "heavy = {'libcst', 'sqlalchemy', 'alembic', 'postgast', 'jsonschema', 'flask'} & set(sys.modules)\n"
        "print(code, sorted(heavy), file=sys.stderr)\n"
    )
    done = run(sys.executable, "-c", program, cwd=project)

    assert done.stderr == "0 []\n"


def test_a_check_imports_the_formats_that_it_writes(project: Path) -> None:
    program = (
        "import sys\n"
        "from migrate_guard.cli.run import run\n"
        "run(['check', '--output', 'gitlab=report.json'])\n"
        "formats = ('concise', 'github', 'gitlab', 'json_report', 'junit', 'markdown', 'sarif', 'text')\n"
        "loaded = [name for name in formats if f'migrate_guard.report.{name}' in sys.modules]\n"
        "print(*loaded, file=sys.stderr)\n"
    )
    done = run(sys.executable, "-c", program, cwd=project)

    assert done.stderr.split() == ["gitlab", "text"]


def test_a_check_without_a_base_does_not_ask_git(project: Path) -> None:
    program = (
        "import sys\n"
        "from migrate_guard.cli.run import run\n"
        "run(['check', '--exit-zero', '--format', 'concise', '-o', 'report'])\n"
        "asking = [name for name in sys.modules if name.startswith('migrate_guard.project.git')]\n"
        "print(asking, 'subprocess' in sys.modules)\n"
    )
    done = run(sys.executable, "-c", program, cwd=project)

    assert done.stdout == "[] False\n"


@pytest.mark.parametrize("argument", ["--help", "--version"])
def test_help_and_version_import_nothing_but_the_command(tmp_path: Path, argument: str) -> None:
    program = (
        "import sys\n"
        "from migrate_guard.cli.run import run\n"
        f"run(['{argument}'])\n"
        "print(*sorted(name for name in sys.modules if name.startswith('migrate_guard.')), file=sys.stderr)\n"
    )
    done = run(sys.executable, "-c", program, cwd=tmp_path)

    assert done.stderr.split() == [
        "migrate_guard.cli",
        "migrate_guard.cli.group",
        "migrate_guard.cli.messages",
        "migrate_guard.cli.run",
        "migrate_guard.errors",
    ]
