"""The action and the workflow, read by the tools that know their rules, and the action's steps run."""

from __future__ import annotations

import os
import re
import shutil
import sys
from collections.abc import Mapping
from pathlib import Path
from typing import cast

import pytest
import yaml

from tests.commands import FIXTURES, ROOT, environment, run

# One worker runs the whole module: what it installs first is needed by every test.
pytestmark = pytest.mark.xdist_group("action")

ACTION = ROOT / "action.yml"
WORKFLOW = ROOT / ".github" / "workflows" / "ci.yml"
PINNED = re.compile(r"^(\./|[\w./-]+@[0-9a-f]{40}$)")


def document(path: Path) -> Mapping[str, object]:
    """Return a YAML file's mapping."""
    return cast("Mapping[str, object]", yaml.safe_load(path.read_text(encoding="utf-8")))


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


@pytest.mark.parametrize("path", [ACTION, WORKFLOW], ids=["action", "workflow"])
def test_every_use_is_pinned_by_commit(path: Path) -> None:
    assert used(document(path))
    assert [use for use in used(document(path)) if not PINNED.match(use)] == []


def test_no_expression_reaches_a_shell() -> None:
    scripts = [step["run"] for step in steps() if "run" in step]
    assert scripts
    assert [script for script in scripts if "${{" in script] == []


def steps() -> list[dict[str, str]]:
    """Return the action's steps."""
    runs = cast("Mapping[str, object]", document(ACTION)["runs"])
    return cast("list[dict[str, str]]", runs["steps"])


needs_bash = pytest.mark.skipif(
    sys.platform == "win32", reason="the bash on the PATH may be another system's"
)


class Runner:
    """As much of a GitHub runner as a composite action with bash steps meets."""

    def __init__(self, temp: Path, workspace: Path, inputs: Mapping[str, str]) -> None:
        self.temp = temp
        self.workspace = workspace
        declared = cast("Mapping[str, Mapping[str, str]]", document(ACTION)["inputs"])
        self.values = {f"inputs.{key}": str(value.get("default", "")) for key, value in declared.items()}
        self.values |= {f"inputs.{key}": value for key, value in inputs.items()}
        self.values["steps.python.outputs.python-path"] = sys.executable

    def evaluate(self, text: str) -> str:
        """Replace the expressions of a text by their values."""
        return re.sub(r"\$\{\{ *([\w.-]+) *\}\}", lambda match: self.values[match.group(1)], text)

    def run(self, step: Mapping[str, object]) -> tuple[int, str]:
        """Run one step as the runner does, take over its outputs, return exit code and log."""
        output = self.temp / f"output-{step['id']}"
        output.touch()
        given = cast("Mapping[str, str]", step.get("env", {}))
        env = environment(
            RUNNER_TEMP=str(self.temp),
            GITHUB_ACTION_PATH=str(ROOT),
            GITHUB_OUTPUT=str(output),
            GITHUB_ACTIONS="true",
            CI="true",
            **{key: self.evaluate(value) for key, value in given.items()},
        )
        cwd = self.workspace / self.evaluate(str(step.get("working-directory", ".")))
        script = self.temp / "step.sh"
        script.write_text(str(step["run"]), encoding="utf-8")
        command = ("bash", "--noprofile", "--norc", "-e", "-o", "pipefail", script)
        done = run(*command, cwd=cwd, env=env, timeout=300)
        for line in output.read_text(encoding="utf-8").splitlines():
            key, _, value = line.partition("=")
            self.values[f"steps.{step['id']}.outputs.{key}"] = value
        return done.returncode, done.stdout + done.stderr


@pytest.fixture(scope="module")
def installed_command(tmp_path_factory: pytest.TempPathFactory) -> str:
    """What the action's install step installs; it needs a package registry."""
    runner = Runner(tmp_path_factory.mktemp("runner"), ROOT, {})
    install = next(step for step in steps() if step.get("id") == "install")
    code, log = runner.run(install)
    if code != 0 and not os.environ.get("CI"):
        pytest.skip(f"the action could not be installed: {log[-300:]}")
    assert code == 0, log
    return runner.values["steps.install.outputs.command"]


@needs_bash
@pytest.mark.parametrize(
    ("inputs", "code"),
    [
        ({"working-directory": "flask-migrate"}, 1),
        ({"working-directory": "clean"}, 0),
        ({"arguments": "flask-migrate --fail-on never"}, 0),
        ({"arguments": "no-such-directory"}, 2),
    ],
    ids=["findings", "clean", "arguments", "cannot-look"],
)
def test_the_action_checks(
    installed_command: str, tmp_path: Path, inputs: Mapping[str, str], code: int
) -> None:
    runner = Runner(tmp_path, FIXTURES, inputs)
    runner.values["steps.install.outputs.command"] = installed_command
    check = next(step for step in steps() if step.get("id") == "check")
    found, log = runner.run(check)
    assert found == code, log
    assert runner.values["steps.check.outputs.exit-code"] == str(code)
    assert ("::error " in log or "::warning " in log) == ("flask-migrate" in "".join(inputs.values())), log


@needs_bash
def test_an_argument_is_never_a_command(installed_command: str, tmp_path: Path) -> None:
    runner = Runner(
        tmp_path, FIXTURES, {"arguments": f"clean; touch {tmp_path}/owned $(touch {tmp_path}/owned)"}
    )
    runner.values["steps.install.outputs.command"] = installed_command
    check = next(step for step in steps() if step.get("id") == "check")
    assert runner.run(check)[0] == 2
    assert not (tmp_path / "owned").exists()
