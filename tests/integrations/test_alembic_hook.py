"""The post-write hook, called by Alembic and Flask-Migrate themselves."""

from __future__ import annotations

import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from tests.commands import FIXTURES, ROOT, environment, migrate_guard, run

README = (ROOT / "README.md").read_text(encoding="utf-8")


def pasted(name: str) -> str:
    """Return the block after a marker in the README."""
    found = re.search(rf"<!-- {name}: [^\n]*-->\n```\w+\n(.*?)```\n", README, re.DOTALL)
    assert found, name
    return found[1]


HOOK = {
    "ini": pasted("hook"),
    "exec": f"""
[post_write_hooks]
hooks = migrate-guard
migrate-guard.type = exec
migrate-guard.executable = {Path(sys.executable).with_name("migrate-guard-hook")}
""",
    "pyproject": pasted("hook-pyproject"),
}
MODELS = """import sqlalchemy as sa

metadata = sa.MetaData()
users = sa.Table("users", metadata, sa.Column("id", sa.Integer, primary_key=True))
"""
GREW = MODELS.replace("True))", 'True), sa.Column("email", sa.String(50), nullable=False))')
URL = "sqlite:///shop.db"
Done = subprocess.CompletedProcess[str]


def alembic(*arguments: str | Path, cwd: Path) -> Done:
    """Run Alembic as a user would."""
    return run(sys.executable, "-m", "alembic.config", *arguments, cwd=cwd)


def project(root: Path, hook: str) -> Path:
    """Make a project as Alembic's own template does, with a first revision applied; it is not in git."""
    template = "pyproject" if hook == "pyproject" else "generic"
    (root / "pyproject.toml").write_text("", encoding="utf-8")
    run(sys.executable, "-m", "alembic.config", "init", "-t", template, "m", cwd=root, check=True)
    (root / "models.py").write_text(MODELS, encoding="utf-8")
    env = root / "m" / "env.py"
    text = env.read_text(encoding="utf-8")
    env.write_text(text.replace("target_metadata = None", "from models import metadata as target_metadata"))
    ini = root / "alembic.ini"
    text = re.sub(r"(?m)^sqlalchemy.url = .*", f"sqlalchemy.url = {URL}", ini.read_text(encoding="utf-8"))
    ini.write_text(text, encoding="utf-8")
    written = alembic("revision", "--autogenerate", "-m", "create users", cwd=root)
    assert written.returncode == 0, written.stderr
    assert alembic("upgrade", "head", cwd=root).returncode == 0
    configuration = root / "pyproject.toml" if hook == "pyproject" else ini
    if hook != "pyproject":
        # The template has the section already; nothing in it is set.
        text = configuration.read_text(encoding="utf-8").replace("[post_write_hooks]\n", "", 1)
        configuration.write_text(text, encoding="utf-8")
    with configuration.open("a", encoding="utf-8") as opened:
        opened.write(f"\n{HOOK[hook]}")
    return root


def newest(root: Path) -> Path:
    """Return the only revision file that says `add_email`."""
    (found,) = root.rglob("*_add_email.py")
    return found


@pytest.mark.parametrize("hook", HOOK)
def test_alembic_revision_tells_what_to_mend(tmp_path: Path, hook: str) -> None:
    root = project(tmp_path, hook)
    (root / "models.py").write_text(GREW, encoding="utf-8")

    done = alembic("revision", "--autogenerate", "-m", "add email", cwd=root)

    assert done.returncode == 0, done.stderr
    assert "error[add-column-not-null-without-default]: users has no value for email" in done.stderr
    assert f"--> m/versions/{newest(root).name}:" in done.stderr
    assert " = help: " in done.stderr
    assert "1 error in 1 of 1 new revision; 1 older one replayed." in done.stderr
    assert "error[" not in done.stdout


def test_nothing_found_is_said(tmp_path: Path) -> None:
    root = project(tmp_path, "ini")
    (root / "models.py").write_text(GREW.replace("nullable=False", "nullable=True"), encoding="utf-8")

    done = alembic("revision", "--autogenerate", "-m", "add email", cwd=root)

    assert done.returncode == 0, done.stderr
    assert "No findings in 1 new revision; 1 older one replayed. Not checked: models" in done.stderr


def test_other_revisions_are_left_alone(tmp_path: Path) -> None:
    """Neither what earlier revisions do nor what `env.py` does is said again with each new one."""
    root = project(tmp_path, "ini")
    (first,) = (root / "m" / "versions").glob("*.py")
    text = first.read_text(encoding="utf-8")
    first.write_text(text.replace("    # ###", '    op.drop_table("stock")\n    # ###', 1), encoding="utf-8")
    assert first.name in migrate_guard("check", cwd=root).stdout

    done = alembic("revision", "-m", "another one", cwd=root)

    assert "warning[empty-migration]" in done.stderr
    assert first.name not in done.stderr, done.stderr


@pytest.mark.parametrize(
    ("settings", "said"),
    [
        ("[tool.migrate-guard]\nfail_on = 'error'\n", "pyproject.toml:2: unknown key 'fail_on' (did you"),
        ("[tool.migrate-guard]\nexclude = ['m/*']\n", "is kept out by exclude"),
        ("[tool.migrate-guard\n", "pyproject.toml:1: not valid TOML"),
        ("[tool.migrate-guard]\nconfig-files = ['no.ini']\n", "no.ini: there is no such file"),
    ],
    ids=["unknown key", "excluded", "not TOML", "no such file"],
)
def test_what_cannot_be_judged_is_one_line(tmp_path: Path, settings: str, said: str) -> None:
    root = project(tmp_path, "ini")
    # Alembic reads pyproject.toml too and is not to be stopped by it.
    name = "pyproject.toml" if "[tool.migrate-guard]" in settings else "migrate-guard.toml"
    (root / name).write_text(settings, encoding="utf-8")

    done = alembic("revision", "-m", "add email", cwd=root)

    assert done.returncode == 0, done.stderr
    assert newest(root).is_file()
    (line,) = [line for line in done.stderr.splitlines() if line.startswith("migrate-guard: ")]
    assert line.startswith("migrate-guard: the new revision is not judged: ")
    assert said.replace("pyproject.toml", name) in line
    assert "Traceback" not in done.stderr


def test_settings_hold_and_novelty_does_not(tmp_path: Path) -> None:
    """A base needs git, and `since` names a revision: neither says anything of a file that is new."""
    root = project(tmp_path, "ini")
    (root / "models.py").write_text(GREW, encoding="utf-8")
    own = 'base = "origin/main"\nsince = "no-such"\nmodels = ["auto"]\nseverity = {failing = "info"}\n'
    (root / "migrate-guard.toml").write_text(own, encoding="utf-8")

    done = alembic("revision", "--autogenerate", "-m", "add email", cwd=root)

    assert "info[add-column-not-null-without-default]" in done.stderr, done.stderr
    assert "Not checked: models, database, git history" in done.stderr


def test_options_of_the_hook_count(tmp_path: Path) -> None:
    root = project(tmp_path, "ini")
    (root / "models.py").write_text(GREW, encoding="utf-8")
    ini = root / "alembic.ini"
    more = "migrate-guard.options = --ignore failing REVISION_SCRIPT_FILENAME --dialect postgresql:16\n"
    ini.write_text(ini.read_text(encoding="utf-8") + more, encoding="utf-8")

    done = alembic("revision", "--autogenerate", "-m", "add email", cwd=root)

    assert "postgresql 16 (" in done.stderr, done.stderr
    assert "add-column-not-null-without-default" not in done.stderr


def test_it_works_from_elsewhere(tmp_path: Path) -> None:
    """`alembic -c` may be called from any directory; the settings are those where the script lies."""
    inside, outside = tmp_path / "shop", tmp_path / "elsewhere"
    inside.mkdir()
    outside.mkdir()
    root = project(inside, "ini")
    (root / "migrate-guard.toml").write_text('dialects = ["mysql:8.0"]\n', encoding="utf-8")

    done = alembic("-c", root / "alembic.ini", "revision", "-m", "add email", cwd=outside)

    assert done.returncode == 0, done.stderr
    assert "mysql 8.0" in done.stderr
    assert "warning[empty-migration]: this revision changes nothing" in done.stderr


def test_flask_db_migrate_tells_what_to_mend(tmp_path: Path) -> None:
    copy = tmp_path / "shop"
    ignored = shutil.ignore_patterns("__pycache__", "instance", "8a51*")
    shutil.copytree(FIXTURES / "flask-migrate", copy, ignore=ignored)
    with (copy / "migrations" / "alembic.ini").open("a", encoding="utf-8") as opened:
        opened.write(f"\n{HOOK['ini']}")
    flask = (sys.executable, "-m", "flask", "db")
    run(*flask, "upgrade", cwd=copy, check=True)

    done = run(*flask, "migrate", "-m", "add email", cwd=copy)

    assert done.returncode == 0, done.stderr
    assert done.stderr.count("error[unnamed-constraint]") == 2, done.stderr
    assert f"--> migrations/versions/{newest(copy).name}:" in done.stderr


@pytest.mark.parametrize(
    ("arguments", "code", "said"),
    [
        ((), 2, "Missing argument 'FILE'"),
        (("no.py",), 2, "no.py: there is no such file or directory"),
        (("migrations/versions/8a51edff73cf_add_user_email.py",), 1, "3 errors in 1 of 1 new revision"),
        (("migrations/versions/e70a0b263ec7_create_user.py",), 0, "No findings in 1 new revision"),
        (("migrations/env.py",), 2, "is kept out by exclude, or is not a revision"),
    ],
    ids=["nothing", "missing", "findings", "clean", "no revision"],
)
def test_exit_codes_are_those_of_check(arguments: tuple[str, ...], code: int, said: str) -> None:
    """Alembic ignores them; whoever else calls the hook need not."""
    call = "import sys; from migrate_guard.integrations.alembic_hook import main; sys.exit(main())"
    done = run(sys.executable, "-c", call, *arguments, cwd=FIXTURES / "flask-migrate", env=environment())

    assert done.returncode == code, done.stderr
    assert said in done.stderr
    assert done.stdout == ""
