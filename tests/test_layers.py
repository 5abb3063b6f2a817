"""The layers of the package, and one home for each dependency."""

from __future__ import annotations

import ast
import sys
from pathlib import Path

from tests.commands import ROOT, run

if sys.version_info >= (3, 11):
    import tomllib
else:
    import tomli as tomllib

PACKAGE = ROOT / "migrate_guard"
PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))
# `tomli` is `tomllib` on Python 3.10; wherever one may be imported the other may.
STANDARD = sys.stdlib_module_names | {"migrate_guard", "tomllib", "tomli"}


def imported(path: Path) -> set[str]:
    """Return the top-level names of all that a module imports, wherever in it."""
    tree = ast.parse(path.read_text(encoding="utf-8"))
    names: set[str] = set()
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            names.update(alias.name.split(".")[0] for alias in node.names)
        elif isinstance(node, ast.ImportFrom) and node.module and node.level == 0:
            names.add(node.module.split(".")[0])
    return names


def test_layers_and_homes_hold() -> None:
    done = run(
        *(
            sys.executable,
            "-c",
            "from importlinter.cli import lint_imports; raise SystemExit(lint_imports())",
        ),
        cwd=ROOT,
        timeout=120,
    )
    assert done.returncode == 0, done.stdout + done.stderr


def test_every_dependency_has_a_home() -> None:
    """A library that no contract names could be imported anywhere."""
    contracts = PROJECT["tool"]["importlinter"]["contracts"]
    housed = {name for contract in contracts for name in contract.get("forbidden_modules", ())}
    homeless = {
        path.relative_to(ROOT).as_posix(): sorted(imported(path) - STANDARD - housed)
        for path in sorted(PACKAGE.rglob("*.py"))
        if imported(path) - STANDARD - housed
    }
    assert homeless == {}
