"""What the README says to paste into CI is valid, and its shell does what it says."""

from __future__ import annotations

import os
import re
import sys
from pathlib import Path
from typing import Any

import pytest
import yaml

from migrate_guard.report import FORMATS, Context
from migrate_guard.report.markdown import render
from tests.commands import ROOT, environment, run
from tests.judgements import finding, judgement

README = (ROOT / "README.md").read_text(encoding="utf-8")
# Stands in for GitHub's command: remembers how it is called, and finds what the variable FOUND says.
GH = """\
#!/bin/sh
printf '%s\\n' "$*" >> calls
case "$*" in *--paginate*) printf "$FOUND";; esac
"""


def block(name: str) -> str:
    """Return the block of YAML after a marker."""
    found = re.search(rf"<!-- {name}: [^\n]*-->\n```yaml\n(.*?)```\n", README, re.DOTALL)
    assert found, name
    return found[1]


@pytest.mark.parametrize(
    ("name", "schema"), [("workflow", "vendor.github-workflows"), ("gitlab", "vendor.gitlab-ci")]
)
def test_what_is_pasted_is_valid(tmp_path: Path, name: str, schema: str) -> None:
    file = tmp_path / "ci.yml"
    file.write_text(block(name), encoding="utf-8")

    run(sys.executable, "-m", "check_jsonschema", "--builtin-schema", schema, file, cwd=tmp_path, check=True)


def test_every_format_that_is_written_exists() -> None:
    written = re.findall(r"--output ([a-z]+)=(\S+)", README)

    assert {form for form, _ in written} == {"sarif", "markdown", "gitlab", "junit"}
    for _, file in written:
        assert README.count(file) > 1, f"{file} is written and not used"


def test_every_format_has_a_row() -> None:
    table = README.split("**Formats**")[1].split("\n\n")[1]

    assert re.findall(r"^\| `(\w+)` \|", table, re.MULTILINE) == list(FORMATS)


@pytest.mark.skipif(os.name == "nt", reason="the step runs in bash on Linux")
@pytest.mark.parametrize(
    ("found", "method", "target"),
    [
        ("", "POST", "repos/shop/app/issues/7/comments"),
        ("41\\n52\\n", "PATCH", "repos/shop/app/issues/comments/41"),
    ],
    ids=["first", "again"],
)
def test_the_comment_is_made_once_and_then_replaced(
    tmp_path: Path, found: str, method: str, target: str
) -> None:
    workflow: Any = yaml.safe_load(block("workflow"))
    script = workflow["jobs"]["migrations"]["steps"][-1]["run"]
    program = tmp_path / "gh"
    program.write_text(GH, encoding="utf-8")
    program.chmod(0o755)
    env = environment(FOUND=found, COMMENTS="repos/shop/app/issues/7/comments", GITHUB_REPOSITORY="shop/app")

    run(
        *("bash", "-eo", "pipefail", "-c", script),
        cwd=tmp_path,
        env={**env, "PATH": f"{tmp_path}{os.pathsep}{env['PATH']}"},
        check=True,
    )
    looked, wrote = (tmp_path / "calls").read_text(encoding="utf-8").splitlines()
    marker = re.search(r'startswith\("(.*?)"\)', looked)
    assert wrote == f"api --silent --method {method} {target} --field body=@migrations.md"
    assert marker
    assert render(judgement(finding()), Context()).startswith(marker[1] + "\n")
