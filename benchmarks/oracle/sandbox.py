"""Keep scripts from reaching out: no network, no processes, no writing outside one directory."""

from __future__ import annotations

import os
import sys
from pathlib import Path

_FORBIDDEN = ("socket.connect", "socket.bind", "socket.getaddrinfo", "socket.gethostbyname")
_PROCESSES = ("subprocess.Popen", "os.system", "os.exec", "os.posix_spawn", "os.spawn", "os.fork", "os.kill")
_CHANGES = (
    "os.remove os.rename os.rmdir os.mkdir os.chmod os.chown os.link os.symlink os.truncate "
    "shutil.rmtree shutil.move shutil.copyfile shutil.unpack_archive"
).split()


class ForbiddenError(PermissionError):
    """A script wanted to reach out of its process."""


def close(scratch: Path) -> None:
    """Forbid it from here on in this process, for good; files may be written below `scratch`."""
    allowed = str(scratch.resolve())

    def hook(event: str, arguments: tuple[object, ...]) -> None:
        if event.startswith(_FORBIDDEN) or event in _PROCESSES:
            raise ForbiddenError(event)
        if event in _CHANGES or (event == "open" and _writes(arguments)):
            _check(arguments[0], allowed, event)

    sys.addaudithook(hook)


def _writes(arguments: tuple[object, ...]) -> bool:
    _, mode, flags = arguments
    if isinstance(mode, str):
        return bool(set(mode) & set("wax+"))
    return isinstance(flags, int) and bool(flags & (os.O_WRONLY | os.O_RDWR | os.O_CREAT))


def _check(path: object, allowed: str, event: str) -> None:
    if not isinstance(path, (str, bytes, os.PathLike)):
        return
    full = os.path.realpath(os.fsdecode(path))
    if not full.startswith((allowed, os.devnull)):
        raise ForbiddenError(f"{event} {full}")
