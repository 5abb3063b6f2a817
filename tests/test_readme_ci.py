"""What the README says to paste into CI is valid, and names what there is."""

from __future__ import annotations

import re
import sys
from collections.abc import Mapping
from pathlib import Path
from typing import Any, cast

import pytest
import yaml

from migrate_guard.report import FORMATS
from tests.commands import ROOT, run
from tests.runner import ACTION, document

README = (ROOT / "README.md").read_text(encoding="utf-8")


def block(name: str) -> str:
    """Return the block of YAML after a marker."""
    found = re.search(rf"<!-- {name}: [^\n]*-->\n```yaml\n(.*?)```\n", README, re.DOTALL)
    assert found, name
    return found[1]


@pytest.mark.parametrize(
    ("name", "schema"),
    [
        ("workflow", "vendor.github-workflows"),
        ("gitlab", "vendor.gitlab-ci"),
        ("gitlab-job", "vendor.gitlab-ci"),
    ],
)
def test_what_is_pasted_is_valid(tmp_path: Path, name: str, schema: str) -> None:
    file = tmp_path / "ci.yml"
    file.write_text(block(name), encoding="utf-8")

    run(sys.executable, "-m", "check_jsonschema", "--builtin-schema", schema, file, cwd=tmp_path, check=True)


def test_inputs_and_outputs_that_are_used_exist() -> None:
    action = document(ACTION)
    workflow: Any = yaml.safe_load(block("workflow"))
    (guard,) = (one for one in workflow["jobs"]["migrations"]["steps"] if one.get("id") == "guard")
    assert set(guard["with"]) <= set(cast("Mapping[str, object]", action["inputs"]))
    used = set(re.findall(r"steps\.guard\.outputs\.([\w-]+)", block("workflow")))
    assert used
    assert used <= set(cast("Mapping[str, object]", action["outputs"]))
    header, _ = yaml.safe_load_all((ROOT / "templates" / "migrate-guard.yml").read_text(encoding="utf-8"))
    (included,) = yaml.safe_load(block("gitlab"))["include"]
    assert set(included["inputs"]) <= set(header["spec"]["inputs"])
    assert included["remote"].endswith("/templates/migrate-guard.yml")


def test_every_format_that_is_written_exists() -> None:
    written = re.findall(r"--output ([a-z]+)=(\S+)", README)

    assert {form for form, _ in written} == {"gitlab", "junit"}
    for _, file in written:
        assert README.count(file) > 1, f"{file} is written and not used"


def test_every_format_has_a_row() -> None:
    table = README.split("**Formats**")[1].split("\n\n")[1]

    assert re.findall(r"^\| `(\w+)` \|", table, re.MULTILINE) == list(FORMATS)
