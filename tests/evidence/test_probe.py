"""Models that cannot be loaded: one clear line, exit code 2, and nothing written into the project."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.commands import migrate_guard
from tests.evidence.projects import Project, models_module

MODELS = models_module('sa.Table("t", metadata, sa.Column("id", sa.Integer, primary_key=True))')
UPGRADE = 'op.create_table("t", sa.Column("id", sa.Integer(), primary_key=True))'
BROKEN = {
    "raises": ('raise RuntimeError("no luck")', "models.py:1: RuntimeError: no luck"),
    "sys.exit": ("import sys\nsys.exit(3)", "models.py:2: sys.exit(3)"),
    "os._exit": ("import os\nos._exit(7)", "loading the models ended the interpreter with code 7"),
    "a missing setting": ('import os\nos.environ["SHOP_URL"]', "models.py:2: KeyError: 'SHOP_URL'"),
    "a missing module": ("import not_there_at_all", "models.py:1: ModuleNotFoundError"),
    "a syntax error": ("a = 1\nb = = 2", "models.py:2: SyntaxError"),
    "a crash": ("import ctypes\nctypes.string_at(0)", "at models.py:2"),
    "no MetaData": (
        "class metadata: pass",
        "migrations/env.py: its target_metadata is a type, not a MetaData",
    ),
    "no metadata": ("metadata = None", "env.py sets no target_metadata"),
    "an interrupt": ("raise KeyboardInterrupt", "models.py:1: KeyboardInterrupt"),
}
HARMLESS = {
    "prints": 'print("{not json")\n',
    "odd bytes": 'import sys\nsys.stdout.buffer.write(b"\\xff\\xfe\\x00")\n',
    "logs": 'import logging\nlogging.basicConfig(level=0)\nlogging.error("loud")\n',
    "closes its output": "import os\nos.close(1)\n",
    "a thread that goes on": "import threading, time\nthreading.Timer(9, time.time).start()\n",
    "another directory": "import os, tempfile\nos.chdir(tempfile.gettempdir())\n",
    "an engine": "import sqlalchemy\nengine = sqlalchemy.create_engine('sqlite:///made.db')\n",
}


def project(root: Path, models: str) -> set[Path]:
    """Write the project and return its files."""
    Project("sqlite", models, UPGRADE).write(root)
    return set(root.rglob("*"))


@pytest.mark.parametrize("name", BROKEN)
def test_broken_models(name: str, tmp_path: Path) -> None:
    """The message names the place and what happened there; the revisions are judged all the same."""
    text, message = BROKEN[name]
    files = project(tmp_path, text)
    done = migrate_guard("check", "--models=auto", cwd=tmp_path)
    assert done.returncode == 2, done.stdout + done.stderr
    assert message in done.stdout.replace("\n", " ")
    assert "1 revision" in done.stdout
    assert "Traceback" not in done.stdout + done.stderr
    assert set(tmp_path.rglob("*")) == files


def test_an_env_py_that_configures_nothing(tmp_path: Path) -> None:
    project(tmp_path, MODELS)
    (tmp_path / "migrations" / "env.py").write_text("import models\n", encoding="utf-8")
    done = migrate_guard("check", "--models=auto", cwd=tmp_path)
    assert done.returncode == 2
    assert "migrations/env.py: it ends without a call of context.configure()" in done.stdout


@pytest.mark.parametrize("name", HARMLESS)
def test_loud_models(name: str, tmp_path: Path) -> None:
    """What the models do besides is nobody's business."""
    files = project(tmp_path, HARMLESS[name] + MODELS)
    done = migrate_guard("check", "--models=auto", cwd=tmp_path)
    assert done.returncode == 0, done.stdout + done.stderr
    assert "loud" not in done.stdout + done.stderr
    assert set(tmp_path.rglob("*")) == files


def test_hanging_models(tmp_path: Path) -> None:
    """The time is limited, and the message says where it went."""
    project(tmp_path, "import time\ntime.sleep(60)")
    (tmp_path / "migrate-guard.toml").write_text("models-timeout = 8\n", encoding="utf-8")
    done = migrate_guard("check", "--models=auto", cwd=tmp_path)
    assert done.returncode == 2
    assert "not loaded after 8 seconds: it waits at models.py:2" in done.stdout.replace("\n", " ")


@pytest.mark.parametrize(
    ("given", "message"),
    [
        ("models:nothing", "models has no nothing"),
        ("models:sa", "models:sa is a module, not a MetaData"),
        ("absent:metadata", "ModuleNotFoundError: No module named 'absent'"),
    ],
)
def test_wrong_names(given: str, message: str, tmp_path: Path) -> None:
    """A name that leads nowhere is said to."""
    project(tmp_path, MODELS)
    done = migrate_guard("check", f"--models={given}", cwd=tmp_path)
    assert done.returncode == 2
    assert message in done.stdout.replace("\n", " ")


def test_no_such_interpreter(tmp_path: Path) -> None:
    """An interpreter that is not there is named."""
    project(tmp_path, MODELS)
    done = migrate_guard("check", "--models=auto", "--python", "nowhere/python", cwd=tmp_path)
    assert done.returncode == 2
    assert "nowhere/python" in done.stdout + done.stderr


@pytest.mark.parametrize("given", ["flag", "key", "nothing"])
def test_arguments_for_env_py(given: str, tmp_path: Path) -> None:
    """`-x` reaches `env.py` as with the `alembic` command."""
    project(tmp_path, MODELS)
    env = tmp_path / "migrations" / "env.py"
    text = env.read_text(encoding="utf-8")
    asked = 'assert context.get_x_argument(as_dictionary=True)["tenant"] == "blue=1"\n'
    env.write_text(text.replace("import models\n", f"import models\n\n{asked}"), encoding="utf-8")
    if given == "key":
        (tmp_path / "migrate-guard.toml").write_text('x = ["a=b", "tenant=blue=1"]\n', encoding="utf-8")
    flags = ["-x", "a=b", "-x", "tenant=blue=1"] if given == "flag" else []
    done = migrate_guard("check", "--models=auto", *flags, cwd=tmp_path)
    assert done.returncode == (2 if given == "nothing" else 0), done.stdout + done.stderr
    if given == "nothing":
        assert "migrations/env.py:6: KeyError: 'tenant'" in done.stdout.replace("\n", " ")


def test_one_metadata_by_several_names(tmp_path: Path) -> None:
    """Models in several modules mostly share one MetaData, whichever of them are named."""
    project(tmp_path, MODELS)
    (tmp_path / "more.py").write_text("from models import metadata\n", encoding="utf-8")
    done = migrate_guard("check", "--models=models:metadata", "--models=more:metadata", cwd=tmp_path)
    assert done.returncode == 0, done.stdout + done.stderr


def test_an_env_py_that_wants_its_ini(tmp_path: Path) -> None:
    """Without one it is run as it is, and the message says what is missing."""
    project(tmp_path, MODELS)
    (tmp_path / "alembic.ini").rename(tmp_path / "alembic.ini.template")
    done = migrate_guard("check", "migrations", "--models=auto", cwd=tmp_path)
    assert done.returncode == 2
    assert (
        "env.py was run without a configuration, as none was found: name it with -c"
        in done.stdout.replace("\n", " ")
    )
