"""`check --models --write` makes the revision that the models lack, with the project's own Alembic."""

from __future__ import annotations

import os
import shutil
import sys
from pathlib import Path

import pytest

from tests.commands import FIXTURES, migrate_guard, run
from tests.evidence.projects import Project, models_module

TABLE = 'sa.Table("t", metadata, sa.Column("id", sa.Integer, primary_key=True), {rest})'
BEFORE = models_module(
    TABLE.format(rest='sa.Column("old", sa.Integer), sa.CheckConstraint("old > 0", name="c")')
)
UPGRADE = """op.create_table("t", sa.Column("id", sa.Integer(), primary_key=True),
    sa.Column("old", sa.Integer()), sa.CheckConstraint("old > 0", name="c"))"""
AFTER = models_module(
    TABLE.format(
        rest='sa.Column("old", sa.Integer, nullable=False, server_default="4"),'
        ' sa.Column("mail", sa.String(20), index=True), sa.CheckConstraint("old > 1", name="c")'
    )
    + '\nsa.Table("u", metadata, sa.Column("id", sa.Integer, primary_key=True))'
)


@pytest.fixture
def project(tmp_path: Path) -> Path:
    """A plain project on SQLite whose models have more than its one revision."""
    Project("sqlite", AFTER, UPGRADE, "render_as_batch=True").write(tmp_path)
    add_template(tmp_path / "migrations")
    return tmp_path


def add_template(folder: Path) -> None:
    from alembic.config import Config

    source = Path(Config().get_template_directory(), "generic", "script.py.mako")
    shutil.copy(source, folder / "script.py.mako")


def versions(project: Path) -> set[str]:
    """Return the names of all files where revisions are, hidden ones too."""
    found = (path for path in (project / "migrations" / "versions").rglob("*") if path.is_file())
    return {path.name for path in found if path.suffix != ".pyc"}


def alembic(project: Path, *arguments: str) -> str:
    return run(sys.executable, "-m", "alembic.config", *arguments, cwd=project, check=True).stdout


def configure(project: Path, *lines: str) -> None:
    with (project / "alembic.ini").open("a", encoding="utf-8") as opened:
        opened.write("\n".join(lines) + "\n")


def write(project: Path, *arguments: str) -> str:
    """Run the command and return what it says besides the report; nothing must be missing afterwards."""
    done = migrate_guard(
        "check", "--models=auto", "--write", "--select=model-not-migrated", *arguments, cwd=project
    )
    assert done.returncode == 0, done.stdout + done.stderr
    return done.stderr


def refused(project: Path, *arguments: str) -> str:
    """Run the command, which cannot write, and return its error; the project must be as before."""
    files = versions(project)
    done = migrate_guard("check", "--models=auto", "--write", *arguments, cwd=project)
    assert done.returncode == 2, done.stdout + done.stderr
    assert "Traceback" not in done.stderr
    assert versions(project) == files
    error, hint = done.stderr.splitlines()
    assert hint.startswith("hint: ")
    return error


def test_what_was_written_closes_the_difference(project: Path) -> None:
    configure(project, "file_template = %%(slug)s", "timezone = UTC", "path_separator = os")

    said = write(project, "-m", "Add mail")

    assert said == "wrote migrations/versions/add_mail.py\n"
    text = (project / "migrations" / "versions" / "add_mail.py").read_text(encoding="utf-8")
    assert "+00:00" in text
    assert 'server_default=sa.text("4")' in text
    alembic(project, "upgrade", "head")
    alembic(project, "check")
    assert write(project) == "nothing to write\n"
    alembic(project, "downgrade", "a1")
    (project / "models.py").write_text(BEFORE, encoding="utf-8")
    alembic(project, "upgrade", "head")
    assert "wrote migrations/versions/back" in write(project, "-m", "back")
    alembic(project, "upgrade", "head")
    alembic(project, "check")


def test_hooks_of_env_py_have_their_say(project: Path) -> None:
    env = project / "migrations" / "env.py"
    text = env.read_text(encoding="utf-8")
    start, _, _ = text.partition("with create_engine")
    env.write_text(
        f"{start}\nimport sqlalchemy as sa\n\n"
        "def hook(context, revision, directives):\n"
        '    directives[0].rev_id = "b" + revision[0]\n\n'
        "def render(kind, thing, autogenerate):\n"
        '    if kind == "type" and getattr(thing, "length", 0):\n'
        '        autogenerate.imports.add("from models import Short")\n'
        '        return "Short()"\n'
        "    return False\n\n"
        f"{text.removeprefix(start)}".replace(
            "render_as_batch=True",
            "process_revision_directives=hook, render_item=render, render_as_batch=True",
        ),
        encoding="utf-8",
    )
    models = (
        AFTER + "\n\nclass Short(sa.types.TypeDecorator):\n    impl = sa.String(20)\n    cache_ok = True\n"
    )
    (project / "models.py").write_text(models, encoding="utf-8")

    assert write(project, "-m", "x") == "wrote migrations/versions/ba1_x.py\n"

    written = (project / "migrations" / "versions" / "ba1_x.py").read_text(encoding="utf-8")
    assert "from models import Short" in written
    assert "sa.Column('mail', Short()" in written
    alembic(project, "upgrade", "head")


def test_post_write_hooks_run_unless_they_are_not_wanted(project: Path) -> None:
    configure(
        project,
        "[post_write_hooks]",
        "hooks = mark",
        "mark.type = exec",
        f"mark.executable = {sys.executable}",
        "mark.options = -c \"import sys; open(sys.argv[1], 'a').write('# marked')\" REVISION_SCRIPT_FILENAME",
    )
    shutil.copytree(project, project.with_name("without"))

    write(project, "-m", "x")
    write(project.with_name("without"), "-m", "x", "--no-hooks")

    for root, wanted in ((project, True), (project.with_name("without"), False)):
        (path,) = (root / "migrations" / "versions").glob("*_x.py")
        assert path.read_text(encoding="utf-8").endswith("# marked") is wanted


def test_a_hook_that_fails_takes_the_file_with_it(project: Path) -> None:
    configure(
        project,
        "[post_write_hooks]",
        "hooks = black",
        "black.type = console_scripts",
        "black.entrypoint = no",
    )
    assert "no revision was written" in refused(project)


def test_no_file_is_replaced(project: Path) -> None:
    configure(project, "file_template = a1")
    before = (project / "migrations" / "versions" / "a1.py").read_bytes()

    assert "migrations/versions/a1.py: there is such a file" in refused(project)

    assert (project / "migrations" / "versions" / "a1.py").read_bytes() == before


def test_a_directory_that_cannot_be_written_is_named(project: Path) -> None:
    # Longer than a name may be: also who may do everything gets an error.
    configure(project, f"file_template = {'long' * 80}")
    assert "migrations/versions: it cannot be written: File name too long" in refused(project)


@pytest.mark.skipif(not hasattr(os, "geteuid") or os.geteuid() == 0, reason="root may write everywhere")
def test_a_read_only_directory_is_named(project: Path) -> None:
    folder = project / "migrations" / "versions"
    folder.chmod(0o555)
    try:
        assert "migrations/versions: it cannot be written: Permission denied" in refused(project)
    finally:
        folder.chmod(0o755)


@pytest.mark.parametrize(
    ("template", "message"),
    [
        (None, "migrations has no script.py.mako"),
        ("revision = ${", "no revision was written"),
        ("${upgrades}\nrevision = = 1\n", "migrations/script.py.mako: what it makes is no Python"),
        ("import nowhere\n", "No module named 'nowhere'"),
    ],
)
def test_a_template_that_does_not_work_leaves_nothing(
    template: str | None, message: str, project: Path
) -> None:
    path = project / "migrations" / "script.py.mako"
    if template is None:
        path.unlink()
    else:
        path.write_text(template, encoding="utf-8")
    assert message in refused(project)


def test_several_heads_have_to_be_merged_first(project: Path) -> None:
    other = Project("sqlite", AFTER, "pass").revision.replace('"a1"', '"b2"')
    (project / "migrations" / "versions" / "b2.py").write_text(other, encoding="utf-8")

    assert "has 2 heads (a1, b2)" in refused(project)


def test_models_that_do_not_load_are_an_error(project: Path) -> None:
    (project / "models.py").write_text("raise RuntimeError('no luck')", encoding="utf-8")
    assert "models.py:1: RuntimeError: no luck" in refused(project)


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (["--write"], "--write needs the models"),
        (["--models=auto", "-m", "x"], "--message and --no-hooks"),
        (["--models=auto", "--no-hooks"], "--message and --no-hooks"),
        (["--models=auto", "--write", "--staged"], "--write follows the revisions on the disk"),
        (["--models=auto", "--write", "--base=main"], "--write follows the revisions on the disk"),
    ],
)
def test_flags_that_do_not_go_together(arguments: list[str], message: str, project: Path) -> None:
    files = versions(project)
    done = migrate_guard("check", *arguments, cwd=project)
    assert done.returncode == 2
    assert message in done.stderr
    assert versions(project) == files


def test_what_is_not_known_is_left_out_and_said(project: Path) -> None:
    unread = (
        "for row in op.get_bind().execute(sa.text('SELECT 1')):\n        op.execute(f'ALTER TABLE t {row.x}')"
    )
    path = project / "migrations" / "versions" / "a1.py"
    text = path.read_text(encoding="utf-8")
    path.write_text(
        text.replace("\n\n\ndef downgrade", f"\n    {unread}\n\n\ndef downgrade"), encoding="utf-8"
    )

    said = write(project, "-m", "x")

    assert "wrote migrations/versions/" in said
    assert "not written: t was not compared:" in said
    (made,) = (project / "migrations" / "versions").glob("*_x.py")
    assert "'t'" not in made.read_text(encoding="utf-8")


def test_what_only_another_dialect_has_is_said(project: Path) -> None:
    enum = 'sa.Table("e", metadata, sa.Column("id", sa.Integer, primary_key=True), sa.Column("k", sa.{}))'
    (project / "models.py").write_text(models_module(enum.format("Double()")), encoding="utf-8")
    upgrade = (
        'op.create_table("e", sa.Column("id", sa.Integer(), primary_key=True), sa.Column("k", sa.Float()))'
    )
    path = project / "migrations" / "versions" / "a1.py"
    path.write_text(Project("sqlite", "", upgrade).revision, encoding="utf-8")

    done = migrate_guard("check", "--models=auto", "--write", "--dialect=postgresql,mysql:8.0", cwd=project)

    assert (
        "not written: column k of e (type): only on mysql 8.0, and the revision is for postgresql"
        in done.stderr
    )


@pytest.mark.parametrize(("fixture", "old"), [("flask-migrate", "email"), ("flask-multidb", "detail")])
def test_flask_projects(fixture: str, old: str, tmp_path: Path) -> None:
    root = tmp_path / "shop"
    # The second revision of the tutorial is one that fails, and so would another one for its column.
    ignored = shutil.ignore_patterns("__pycache__", "instance", "8a51edff73cf*")
    shutil.copytree(FIXTURES / fixture, root, ignore=ignored)
    models = root / "models.py"
    kept = "" if fixture == "flask-migrate" else f"    {old}:"
    text = models.read_text(encoding="utf-8")
    added = f"    more: Mapped[str | None] = mapped_column(index=True)\n{kept or '    # '}"
    models.write_text(text.replace(f"    {old}:", added), encoding="utf-8")

    assert "wrote migrations/versions/" in write(root, "-m", "more")

    (path,) = (root / "migrations" / "versions").glob("*_more.py")
    body = path.read_text(encoding="utf-8")
    assert "sa.Column('more'" in body
    if fixture == "flask-multidb":
        assert "more" not in body.partition("def upgrade_()")[2].partition("def upgrade_audit")[0]
    run(sys.executable, "-m", "flask", "db", "upgrade", cwd=root, check=True)
    run(sys.executable, "-m", "flask", "db", "check", cwd=root, check=True)


def test_the_async_template(tmp_path: Path) -> None:
    run(sys.executable, "-m", "alembic.config", "init", "-t", "async", "migrations", cwd=tmp_path, check=True)
    (tmp_path / "models.py").write_text(AFTER, encoding="utf-8")
    env = tmp_path / "migrations" / "env.py"
    text = env.read_text(encoding="utf-8")
    env.write_text(text.replace("target_metadata = None", "from models import metadata as target_metadata"))
    (tmp_path / "migrations" / "versions" / "a1.py").write_text(Project("sqlite", "", UPGRADE).revision)

    assert "wrote migrations/versions/" in write(tmp_path, "--dialect=sqlite")


def test_several_version_locations(project: Path) -> None:
    configure(project, "version_locations = migrations/versions:migrations/more", "path_separator = :")
    (project / "migrations" / "more").mkdir()

    assert "wrote migrations/versions/" in write(project)
