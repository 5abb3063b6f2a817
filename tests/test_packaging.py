"""The sdist and the wheel: they build, hold what they must and nothing else, and work installed."""

from __future__ import annotations

import shutil
import sys
import sysconfig
import tarfile
import zipfile
from dataclasses import dataclass
from pathlib import Path

import pytest

from migrate_guard import __version__
from tests.commands import FIXTURES, ROOT, run

# One worker runs the whole module: what it installs first is needed by every test.
pytestmark = pytest.mark.xdist_group("packaging")

PAGES = {path.relative_to(ROOT / "rules").as_posix() for path in (ROOT / "rules").rglob("*.md")}


@dataclass(frozen=True)
class Built:
    """What one build left: the sdist, and the wheel that was made from it."""

    sdist: Path
    wheel: Path


@pytest.fixture(scope="module")
def built(tmp_path_factory: pytest.TempPathFactory) -> Built:
    """Build the sdist from the checkout and the wheel from the sdist, with the hatchling that is here."""
    out = tmp_path_factory.mktemp("dist")
    run(
        *(sys.executable, "-m", "build", "--no-isolation", "--outdir", out, ROOT),
        cwd=out,
        timeout=180,
        check=True,
    )
    return Built(next(out.glob("*.tar.gz")), next(out.glob("*.whl")))


@pytest.fixture(scope="module")
def installed(built: Built, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A fresh environment with the wheel; its dependencies are those of the environment that tests."""
    venv = tmp_path_factory.mktemp("venv")
    run(sys.executable, "-m", "venv", "--without-pip", venv, cwd=venv, check=True)
    python = programs(venv) / "python"
    run(
        *(sys.executable, "-m", "pip", "--python", python, "install", "--quiet", "--no-deps", "--no-index"),
        *("--disable-pip-version-check", built.wheel),
        cwd=venv,
        timeout=120,
        check=True,
    )
    where = "import sysconfig; print(sysconfig.get_path('purelib'))"
    site = Path(run(python, "-c", where, cwd=venv).stdout.strip())
    (site / "dependencies.pth").write_text(sysconfig.get_path("purelib") + "\n", encoding="utf-8")
    return programs(venv)


def programs(venv: Path) -> Path:
    """Return where an environment keeps its commands."""
    return venv / ("Scripts" if sys.platform == "win32" else "bin")


def members(wheel: Path) -> set[str]:
    """Return the names in a wheel."""
    with zipfile.ZipFile(wheel) as archive:
        return set(archive.namelist())


def test_wheel_holds_the_package_and_the_pages(built: Built) -> None:
    names = members(built.wheel)
    tops = {name.split("/")[0] for name in names}
    assert tops == {"migrate_guard", f"migrate_guard-{__version__}.dist-info"}
    assert {name.removeprefix("migrate_guard/_pages/") for name in names if "/_pages/" in name} == PAGES
    assert {"migrate_guard/py.typed", f"migrate_guard-{__version__}.dist-info/licenses/LICENSE"} <= names


def test_wheel_holds_every_module_and_every_schema(built: Built) -> None:
    package = ROOT / "migrate_guard"
    wanted = {
        path.relative_to(ROOT).as_posix()
        for path in package.rglob("*")
        if path.suffix in {".py", ".json"} and "__pycache__" not in path.parts and "_cache" not in str(path)
    }
    assert wanted <= members(built.wheel)


def test_sdist_holds_what_builds_and_tests_it(built: Built) -> None:
    with tarfile.open(built.sdist) as archive:
        names = {name.split("/", 1)[1] for name in archive.getnames() if "/" in name}
    assert {"pyproject.toml", "README.md", "LICENSE", "CHANGELOG.md", "action.yml"} <= names
    assert {"tests/test_packaging.py", "fixtures/flask-migrate/app.py", "benchmarks/corpus.toml"} <= names
    unwanted = [name for name in names if name.endswith((".db", ".pyc", ".whl")) or ".cache/" in name]
    assert not unwanted


def test_installed_command_names_its_version(installed: Path, tmp_path: Path) -> None:
    done = run(installed / "migrate-guard", "--version", cwd=tmp_path)
    assert done.returncode == 0, done.stderr
    assert __version__ in done.stdout


def test_installed_command_runs_from_the_wheel(installed: Path, tmp_path: Path) -> None:
    """Otherwise the tests below would pass on the checkout."""
    code = "import migrate_guard; print(migrate_guard.__file__)"
    where = Path(run(installed / "python", "-c", code, cwd=tmp_path).stdout.strip())
    assert installed.parent in where.parents


def test_installed_command_explains_from_the_shipped_pages(installed: Path, tmp_path: Path) -> None:
    done = run(installed / "migrate-guard", "explain", "drop-column", cwd=tmp_path)
    assert done.returncode == 0, done.stderr
    assert "drop-column" in done.stdout


def test_installed_command_judges_the_tutorial_project(installed: Path, tmp_path: Path) -> None:
    project = tmp_path / "flask-migrate"
    shutil.copytree(FIXTURES / "flask-migrate", project, ignore=shutil.ignore_patterns("expected.txt"))
    done = run(installed / "migrate-guard", "check", cwd=project)
    expected = (FIXTURES / "flask-migrate" / "expected.txt").read_text(encoding="utf-8")
    assert f"{done.stdout}{done.stderr}[exit {done.returncode}]\n" == expected
