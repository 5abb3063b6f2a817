"""Reading files that a project has, whatever they turn out to be; the first thing that any stage does."""

from __future__ import annotations

import errno
import os
import stat
from pathlib import Path

MOST_BYTES = 6_000_000


def read_regular(file: Path) -> bytes:
    """Return the bytes of a regular file of at most `MOST_BYTES`.

    Raise `OSError` with a readable `strerror` for anything else: opening a pipe waits for ever, and a
    device may never end.
    """
    status = file.stat()
    if stat.S_ISDIR(status.st_mode):
        raise IsADirectoryError(errno.EISDIR, os.strerror(errno.EISDIR), str(file))
    if not stat.S_ISREG(status.st_mode):
        raise OSError(errno.EINVAL, "it is not a regular file", str(file))
    if status.st_size > MOST_BYTES:
        raise OSError(errno.EFBIG, f"it is longer than {MOST_BYTES // 1_000_000} MB", str(file))
    return file.read_bytes()
