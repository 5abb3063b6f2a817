"""Read the request, do what it asks, and write the answer, whatever the project's code does meanwhile."""

from __future__ import annotations

import faulthandler
import json
import os
import sys
import traceback
from pathlib import Path
from typing import Any

Document = dict[str, Any]


def answer(request_path: str, answer_path: str) -> None:
    """Answer the request of one file into another one.

    The project's code may print, log, raise, leave by `sys.exit` or never end: the answer says what
    happened, and for the last of these the file `<answer>.trace` says where it stood.
    """
    request: Document = json.loads(Path(request_path).read_text(encoding="utf-8"))
    with Path(f"{answer_path}.trace").open("w", encoding="utf-8") as trace:
        faulthandler.dump_traceback_later(request["seconds"], exit=True, file=trace)
        # What the interpreter does not survive leaves its place there, too.
        faulthandler.enable(file=trace)
        try:
            found = _attempt(request)
        finally:
            faulthandler.disable()
            faulthandler.cancel_dump_traceback_later()
    _write(found, answer_path)
    sys.stdout.flush()
    sys.stderr.flush()
    # Threads and exit handlers of the project's must not keep the answer waiting.
    os._exit(0)


def _attempt(request: Document) -> Document:
    try:
        # Heavy and the project's own: a missing one is an answer, too.
        from .work import work
    except ImportError as error:
        return {"error": {"kind": "missing", "message": str(error), "module": error.name}}
    try:
        return work(request)
    except BaseException as error:  # noqa: BLE001 - the border to the project's code
        return {"error": described(error, request["root"])}


def described(error: BaseException, root: str) -> Document:
    """Return what went wrong and the place in the project's code where it did, if it was there."""
    frames = traceback.extract_tb(error.__traceback__)
    own = [frame for frame in frames if _is_under(frame.filename, root)]
    place = own[-1] if own else None
    kind = "exit" if isinstance(error, SystemExit) else "raised"
    about = getattr(error, "path", None)
    if isinstance(about, str) and getattr(error, "speaks_for_itself", False):
        return {"kind": kind, "message": _text(error), "file": about, "line": None}
    if isinstance(error, SyntaxError) and error.filename and _is_under(error.filename, root):
        return {"kind": kind, "message": _text(error), "file": error.filename, "line": error.lineno or 1}
    return {
        "kind": kind,
        "message": _text(error),
        "file": place.filename if place else None,
        "line": place.lineno if place else None,
    }


def _text(error: BaseException) -> str:
    if isinstance(error, SystemExit):
        return f"sys.exit({error.code!r})"
    lines = str(error).strip().splitlines()
    if lines and getattr(error, "speaks_for_itself", False):
        return lines[0]
    return f"{type(error).__name__}: {lines[0]}" if lines else type(error).__name__


def _is_under(path: str, root: str) -> bool:
    if path.startswith("<") or not Path(path).resolve().is_relative_to(root):
        return False
    # A virtual environment may lie inside of the project, and the project inside of one.
    inside = Path(path).resolve().relative_to(root).parts
    return "site-packages" not in inside and "dist-packages" not in inside


def _write(found: Document, path: str) -> None:
    text = json.dumps({"version": 1, **found}, ensure_ascii=True)
    temporary = Path(f"{path}.part")
    temporary.write_text(text, encoding="ascii")
    temporary.replace(path)
