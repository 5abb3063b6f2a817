"""GitLab's component: valid for GitLab, and its script run in clones as its runner makes them."""

from __future__ import annotations

import json
import os
import re
import subprocess
import sys
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pytest
import yaml

from tests.commands import ROOT, environment, run
from tests.repositories import Repository, new_repository, revision

TEMPLATE = ROOT / "templates" / "migrate-guard.yml"
HEADER, JOBS = yaml.safe_load_all(TEMPLATE.read_text(encoding="utf-8"))
BLOCKS = 'op.create_index("ix_a", "t_a", ["id"])'


def filled(node: Any, inputs: Mapping[str, str]) -> Any:
    """Put inputs into a part of the template, as GitLab does after it has read the YAML."""
    if isinstance(node, dict):
        return {key: filled(value, inputs) for key, value in node.items()}
    if isinstance(node, list):
        return [filled(value, inputs) for value in node]
    if isinstance(node, str):
        return re.sub(r"\$\[\[ inputs\.([\w-]+) \]\]", lambda match: inputs[match[1]], node)
    return node


def job(**inputs: str) -> Any:
    """Return the job with these inputs; a hyphen in a name is written as `_`."""
    given = {name.replace("_", "-"): value for name, value in inputs.items()}
    defaults = {name: one["default"] for name, one in HEADER["spec"]["inputs"].items()}
    assert set(given) <= set(defaults)
    return filled(JOBS, defaults | given)["migrate-guard"]


@pytest.mark.parametrize("part", ["header", "jobs"])
def test_the_template_is_valid(tmp_path: Path, part: str) -> None:
    file = tmp_path / "ci.yml"
    file.write_text(json.dumps(HEADER if part == "header" else {"migrate-guard": job()}), encoding="utf-8")
    schema = ("--builtin-schema", "vendor.gitlab-ci")
    run(sys.executable, "-m", "check_jsonschema", *schema, file, cwd=tmp_path, check=True)


def test_every_input_is_described_and_used() -> None:
    used = set(re.findall(r"\$\[\[ inputs\.([\w-]+) \]\]", json.dumps(JOBS)))
    assert used == set(HEADER["spec"]["inputs"])
    assert all(one["description"] for one in HEADER["spec"]["inputs"].values())


def test_no_input_reaches_the_script() -> None:
    assert "$[[" not in json.dumps(JOBS["migrate-guard"]["script"])


@pytest.fixture
def origin(tmp_path: Path) -> Repository:
    """A remote whose branch main has one revision more than where a merge request's branch left it."""
    made = new_repository(tmp_path / "origin")
    made.write("app/alembic.ini", "[alembic]\nscript_location = m\nsqlalchemy.url = postgresql://h/d\n")
    made.write("app/m/versions/a.py", revision("a", None))
    made.write("app/m/versions/old.py", revision("old", "a", BLOCKS))
    made.commit()
    made.git("checkout", "--quiet", "-b", "feature")
    made.write("app/m/versions/new.py", revision("new", "old"))
    made.commit()
    made.git("checkout", "--quiet", "main")
    made.write("app/m/versions/other.py", revision("other", "old"))
    made.commit()
    return made


def pipeline(
    origin: Repository, branch: str, variables: Mapping[str, str], **inputs: str
) -> tuple[subprocess.CompletedProcess[str], Path]:
    """Run the job's script in a clone of one branch; return how it ended, and where."""
    there = origin.root.with_name("there")
    flags = ("--quiet", "--single-branch", "--branch", branch)
    origin.git("clone", *flags, origin.root.as_uri(), there)
    programs = origin.root.with_name("programs")
    programs.mkdir()
    pip = programs / "pip"
    pip.write_text(f'#!/bin/sh\nprintf "%s\\n" "$*" >> {programs}/installed\n', encoding="utf-8")
    pip.chmod(0o755)
    made = job(working_directory="app", **inputs)
    env = environment(GITLAB_CI="true", CI="true", CI_PROJECT_DIR=str(there))
    env |= {key: str(value) for key, value in made["variables"].items()} | dict(variables)
    env["PATH"] = os.pathsep.join([str(programs), str(Path(sys.executable).parent), env["PATH"]])
    script = "set -eu\n" + "\n".join(made["script"])
    return run("sh", "-c", script, cwd=there, env=env), there


def merge_request(origin: Repository, project: str = "7") -> dict[str, str]:
    """Return the variables of a pipeline for the merge request, from the project or from a fork."""
    return {
        "CI_MERGE_REQUEST_DIFF_BASE_SHA": origin.git("merge-base", "main", "feature"),
        "CI_MERGE_REQUEST_TARGET_BRANCH_NAME": "main",
        "CI_MERGE_REQUEST_PROJECT_ID": "7",
        "CI_MERGE_REQUEST_SOURCE_PROJECT_ID": project,
    }


needs_sh = pytest.mark.skipif(sys.platform == "win32", reason="the runner's script is for a shell of Linux")


@needs_sh
def test_a_merge_request_is_judged_after_its_merge(origin: Repository) -> None:
    """The target branch has got a second head since: only with both is that seen."""
    done, there = pipeline(origin, "feature", merge_request(origin))
    assert done.returncode == 1, done.stdout + done.stderr
    assert "[multiple-heads]" in done.stdout
    assert "new revision" in done.stdout
    assert "ix_a" not in done.stdout
    (issue,) = json.loads((there / "gl-code-quality-report.json").read_text(encoding="utf-8"))
    assert issue["check_name"] == "multiple-heads"
    assert issue["location"]["path"].startswith("app/m/versions/")
    assert "multiple-heads" in (there / "migrate-guard-junit.xml").read_text(encoding="utf-8")


@needs_sh
def test_a_fork_is_judged_from_where_it_left(origin: Repository) -> None:
    done, _ = pipeline(origin, "feature", merge_request(origin, project="8"))
    assert done.returncode == 0, done.stdout + done.stderr
    assert "No findings in 1 new revision; 2 older ones replayed" in done.stdout


@needs_sh
def test_a_target_that_cannot_be_fetched_is_said(origin: Repository) -> None:
    variables = {**merge_request(origin), "CI_MERGE_REQUEST_TARGET_BRANCH_NAME": "gone"}
    done, _ = pipeline(origin, "feature", variables)
    assert done.returncode == 0, done.stdout + done.stderr
    assert "The target branch cannot be fetched" in done.stdout


@needs_sh
@pytest.mark.parametrize("before", ["HEAD~1", "0" * 40], ids=["push", "new branch"])
def test_a_push_is_judged_against_what_it_replaces(origin: Repository, before: str) -> None:
    commit = origin.git("rev-parse", "main~1") if before == "HEAD~1" else before
    done, _ = pipeline(origin, "main", {"CI_COMMIT_BEFORE_SHA": commit})
    assert done.returncode == (0 if before == "HEAD~1" else 1), done.stdout + done.stderr
    assert ("2 older ones replayed" in done.stdout) is (before == "HEAD~1")
    assert ("[index-blocks-writes]" in done.stdout) is (before != "HEAD~1")


@needs_sh
@pytest.mark.parametrize(
    ("inputs", "code"),
    [
        ({"fail_on": "never"}, 0),
        ({"arguments": "--ignore locking"}, 0),
        ({"arguments": "--select no-such-rule"}, 2),
        ({"arguments": "*; touch owned $(touch owned)"}, 2),
        ({"fail_on": "$(touch owned)"}, 2),
    ],
    ids=["fail-on", "arguments", "cannot look", "a command", "another"],
)
def test_inputs_count_and_exit_codes_stay(origin: Repository, inputs: dict[str, str], code: int) -> None:
    done, there = pipeline(origin, "main", {}, **inputs)
    assert done.returncode == code, done.stdout + done.stderr
    assert not list(there.rglob("owned"))


@needs_sh
@pytest.mark.parametrize(
    ("version", "wanted"), [("", "migrate-guard[postgresql]"), ("0.1.0", "migrate-guard[postgresql]==0.1.0")]
)
def test_the_version_is_installed(origin: Repository, version: str, wanted: str) -> None:
    _, there = pipeline(origin, "main", {}, version=version)
    installed = (there.with_name("programs") / "installed").read_text(encoding="utf-8")
    assert installed == f"install --quiet {wanted}\n"
