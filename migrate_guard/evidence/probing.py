"""Run the probe in the project's own interpreter and read its answer."""

from __future__ import annotations

import json
import os
import re
import subprocess
import sys
import tempfile
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from migrate_guard.errors import GuardError
from migrate_guard.project import Environment
from migrate_guard.project.paths import shown_path
from migrate_guard.record import dataclass

START = Path(__file__).parent / "probe" / "start.py"
GRACE = 10
"""Seconds that the probe may take beyond its limit until it is ended from outside."""
_TAIL = 3


class ProbeError(GuardError):
    """The project's code could not be run, or failed."""


@dataclass(frozen=True, slots=True)
class Interpreter:
    """The Python that the models are loaded with, and for how many seconds it may take."""

    python: Path
    seconds: float


@dataclass(frozen=True, slots=True)
class Loading:
    """How models and `env.py` are loaded.

    `app` is the Flask application, as in `flask --app`; `x` are the arguments of `alembic -x`.
    """

    interpreter: Interpreter
    app: str | None = None
    x: tuple[str, ...] = ()


_WHAT = {
    "models": "the models cannot be loaded",
    "database": "the database cannot be looked at",
    "write": "no revision was written",
}
_HINT = {
    "write": "mend that, or write the revision by hand",
    "models": "mend that, or set `python` to the interpreter that has the project's dependencies",
    "database": "see that the server runs and the URL is right; `python` must have driver and dependencies",
}

_NO_INI = "env.py was run without a configuration, as none was found: name it with -c, such as -c alembic.ini"


def ask(request: Mapping[str, object], interpreter: Interpreter, root: Path) -> dict[str, Any]:
    """Return the probe's answer to a request.

    `root` is what shown paths are relative to. Raise `ProbeError` that names the module and line where the
    project's code failed, hung or left, or says what is missing. What that code prints goes nowhere.
    """
    with tempfile.TemporaryDirectory(prefix="migrate-guard-") as folder:
        question, answer = Path(folder, "request.json"), Path(folder, "answer.json")
        question.write_text(json.dumps({**request, "seconds": interpreter.seconds}), encoding="utf-8")
        done = _run(interpreter, question, answer)
        if not answer.exists():
            raise _no_answer(done, Path(f"{answer}.trace"), interpreter, root, str(request["root"]))
        found: dict[str, Any] = json.loads(answer.read_text(encoding="ascii"))
    if found["error"] is not None:
        raise _failed(found["error"], request, interpreter, root)
    return found


def _run(interpreter: Interpreter, question: Path, answer: Path) -> subprocess.CompletedProcess[bytes] | None:
    command = [str(interpreter.python), str(START), str(question), str(answer)]
    try:
        return subprocess.run(  # noqa: S603 - the interpreter that the user names
            command,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.PIPE,
            timeout=interpreter.seconds + GRACE,
            check=False,
            env={**os.environ, "PYTHONDONTWRITEBYTECODE": "1"},
        )
    except subprocess.TimeoutExpired:
        return None
    except OSError as error:
        raise ProbeError(
            f"cannot run {interpreter.python}: {error.strerror}",
            "set `python` in the configuration to the project's interpreter",
        ) from error


def _failed(
    error: Mapping[str, Any], request: Mapping[str, object], interpreter: Interpreter, root: Path
) -> ProbeError:
    task = str(request["task"])
    if error["kind"] == "missing":
        return ProbeError(
            f"{interpreter.python} has no {error['module'] or 'SQLAlchemy or Alembic'}: {error['message']}",
            'set `python` in the configuration to the project\'s interpreter, such as ".venv/bin/python"',
        )
    place = "" if error["file"] is None else f"{_place(error['file'], error['line'], root)}: "
    return ProbeError(
        f"{_WHAT[task]}: {place}{error['message']}",
        _NO_INI if _lacks_an_ini(request) else _HINT[task],
    )


def _lacks_an_ini(request: Mapping[str, object]) -> bool:
    """Tell whether `env.py` ran without the configuration that it may have asked for."""
    runs = not request["models"] and request.get("url") is None
    return runs and request["kind"] == "directory" and request["config_file"] is None


def _no_answer(
    done: subprocess.CompletedProcess[bytes] | None,
    trace: Path,
    interpreter: Interpreter,
    root: Path,
    own: str,
) -> ProbeError:
    text = trace.read_text(encoding="utf-8", errors="replace") if trace.exists() else ""
    where = _innermost(text, root, own)
    if done is None or (text and done.returncode >= 0):
        waits = where and f": it waits at {where}"
        return ProbeError(
            f"the models are not loaded after {interpreter.seconds:g} seconds{waits}",
            "give more time with `models-timeout`, or mend what waits there",
        )
    said = done.stderr.decode(errors="replace").strip().splitlines()[-_TAIL:]
    last = " / ".join([*said, *([f"at {where}"] if where else [])]) or "silently"
    return ProbeError(
        f"loading the models ended the interpreter with code {done.returncode}: {last}",
        "models must not end the process when they are imported",
    )


def _innermost(trace: str, root: Path, own: str) -> str:
    """Return the innermost place in the project's own code of a dump of `faulthandler`."""
    for file, line in re.findall(r'File "([^"]+)", line (\d+)', trace):
        if file.startswith(own + os.sep) and "site-packages" not in file:
            return _place(file, int(line), root)
    return ""


def _place(file: str, line: int | None, root: Path) -> str:
    shown = shown_path(Path(file), root)
    return shown if line is None else f"{shown}:{line}"


def interpreter_of(python: Path | None, seconds: float) -> Interpreter:
    """Return the interpreter that a configuration names, the running one without."""
    return Interpreter(Path(sys.executable) if python is None else python, seconds)


def environment_request(
    environment: Environment, models: Sequence[str], loading: Loading
) -> dict[str, object]:
    """Return the part of a request that says how to run the `env.py` of an environment.

    `models` are `module:attribute`, to be imported in its place.
    """
    config = environment.config_file
    return {
        "kind": environment.kind,
        "root": str(environment.root.resolve()),
        "prepend": [str(path.resolve()) for path in environment.prepend],
        "section": environment.section,
        "config_file": None if config is None else str(config.resolve()),
        "script_location": str(environment.script_location.resolve()),
        "models": list(models),
        "app": loading.app,
        "x": list(loading.x),
    }
