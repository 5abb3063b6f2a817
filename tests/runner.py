"""As much of GitHub's runner as a composite action with bash steps meets."""

from __future__ import annotations

import json
import os
import re
import sys
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import cast

import yaml

from tests.commands import ROOT, environment, run

ACTION = ROOT / "action.yml"
_COMPARED = re.compile(r"([\w.-]+) (==|!=) '(.*)'")


def document(path: Path) -> Mapping[str, object]:
    """Return a YAML file's mapping."""
    return cast("Mapping[str, object]", yaml.safe_load(path.read_text(encoding="utf-8")))


def steps() -> list[dict[str, str]]:
    """Return the action's steps."""
    runs = cast("Mapping[str, object]", document(ACTION)["runs"])
    return cast("list[dict[str, str]]", runs["steps"])


def step(name: str) -> dict[str, str]:
    """Return the step of the action with that id."""
    return next(one for one in steps() if one.get("id") == name)


@dataclass
class Runner:
    """A job that uses the action in a checkout.

    `event` is the event's name, `payload` what its file holds. `programs` are directories in front of the
    PATH, `more` further variables. `values` are what expressions stand for; `log` is what the steps wrote.
    """

    temp: Path
    workspace: Path
    inputs: Mapping[str, str] = field(default_factory=dict)
    event: str = "workflow_dispatch"
    payload: Mapping[str, object] = field(default_factory=dict)
    programs: tuple[Path, ...] = ()
    more: Mapping[str, str] = field(default_factory=dict)
    values: dict[str, str] = field(default_factory=dict)
    log: str = ""

    def __post_init__(self) -> None:
        declared = cast("Mapping[str, Mapping[str, str]]", document(ACTION)["inputs"])
        assert set(self.inputs) <= set(declared), "an input that the action does not declare"
        self.values["github.token"] = "job-token"
        for key, value in declared.items():
            self.values[f"inputs.{key}"] = self.evaluate(str(value.get("default", "")))
        self.values |= {f"inputs.{key}": value for key, value in self.inputs.items()}
        self.values["steps.python.outputs.python-path"] = sys.executable
        self.values["steps.install.outputs.python"] = sys.executable
        self.values["steps.install.outputs.command"] = str(Path(sys.executable).with_name("migrate-guard"))

    def evaluate(self, text: str) -> str:
        """Replace the expressions of a text by their values; an output that was not set is empty."""
        return re.sub(r"\$\{\{ *([\w.-]+) *\}\}", lambda match: self.value(match[1]), text)

    def value(self, name: str) -> str:
        """Return what a name stands for."""
        return self.values.get(name, "") if name.startswith("steps.") else self.values[name]

    def output(self, name: str) -> str:
        """Return an output of the action."""
        outputs = cast("Mapping[str, Mapping[str, str]]", document(ACTION)["outputs"])
        return self.evaluate(outputs[name]["value"])

    def job(self) -> int:
        """Run the steps after the installation as the runner does; return the job's exit code."""
        ended = 0
        for one in steps()[2:]:
            if self._is_due(one.get("if", ""), ended):
                code = self.run(one)
                ended = ended or code
        return ended

    def _is_due(self, condition: str, ended: int) -> bool:
        parts = condition.removeprefix("${{").removesuffix("}}").strip().split(" && ") if condition else []
        if "!cancelled()" not in parts and ended:
            return False
        for part in parts:
            compared = _COMPARED.fullmatch(part)
            if compared is None:
                assert part == "!cancelled()", f"{part}: the tests do not know this condition"
            elif (self.value(compared[1]) == compared[3]) is not (compared[2] == "=="):
                return False
        return True

    def run(self, one: Mapping[str, object]) -> int:
        """Run one step, take over its outputs, return its exit code."""
        output = self.temp / f"output-{one['id']}"
        output.write_text("", encoding="utf-8")
        cwd = self.workspace / self.evaluate(str(one.get("working-directory", ".")))
        script = self.temp / "step.sh"
        script.write_text(str(one["run"]), encoding="utf-8")
        command = ("bash", "--noprofile", "--norc", "-e", "-o", "pipefail", script)
        done = run(*command, cwd=cwd, env=self._environment(one, output), timeout=300)
        for line in output.read_text(encoding="utf-8").splitlines():
            key, equals, value = line.partition("=")
            assert equals, f"no output: {line!r}"
            self.values[f"steps.{one['id']}.outputs.{key}"] = value
        self.log += done.stdout + done.stderr
        return done.returncode

    def _environment(self, one: Mapping[str, object], output: Path) -> dict[str, str]:
        payload = self.temp / "event.json"
        payload.write_text(json.dumps(self.payload), encoding="utf-8")
        given = cast("Mapping[str, str]", one.get("env", {}))
        fixed = environment(
            RUNNER_TEMP=str(self.temp),
            GITHUB_ACTION_PATH=str(ROOT),
            GITHUB_WORKSPACE=str(self.workspace),
            GITHUB_OUTPUT=str(output),
            GITHUB_STEP_SUMMARY=str(self.temp / f"summary-{one['id']}.md"),
            GITHUB_EVENT_NAME=self.event,
            GITHUB_EVENT_PATH=str(payload),
            GITHUB_REPOSITORY="shop/app",
            GITHUB_SERVER_URL="https://github.example",
            GITHUB_RUN_ID="4711",
            GITHUB_ACTIONS="true",
            CI="true",
            GIT_CONFIG_GLOBAL="/dev/null",
            **{key: self.evaluate(value) for key, value in given.items()},
        )
        path = os.pathsep.join([*map(str, self.programs), fixed["PATH"]])
        return {**fixed, "PATH": path, **self.more}
