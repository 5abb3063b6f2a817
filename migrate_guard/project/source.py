"""From the bytes of a Python file to its text and syntax tree; the file is never executed."""

from __future__ import annotations

import ast
import codecs
import stat
import sys
import warnings
from dataclasses import field
from pathlib import Path

from migrate_guard.pattern import pattern
from migrate_guard.record import dataclass
from migrate_guard.span import Span, whole_line

MOST_BYTES = 6_000_000

# The declaration of an encoding, https://docs.python.org/3/reference/lexical_analysis.html#encoding-declarations
_COOKIE = pattern(rb"^[ \t\f]*#.*?coding[:=][ \t]*([-\w.]+)")
_BLANK = pattern(rb"^[ \t\f]*(?:#|\r?$)")
_PYTHON_2 = pattern(
    r"(?m)^\s*(?:print\s+[\"'\w]|exec\s+[\"'\w]|raise\s+\w+\s*,|except\s+[\w.]+\s*,\s*\w+\s*:)"
    r"|<>|\bur[\"']|(?<![\w.])0\d+(?![\w.])"
)


@dataclass(frozen=True, slots=True, eq=False)
class Source:
    """The text of a Python file; `path` is what reports show, `file` is where it lies.

    Line ends are `\\n` in `text` however the file spells them; `lines` have none.
    """

    path: str
    file: Path
    text: str
    lines: tuple[str, ...] = field(repr=False)

    def span(self, node: ast.AST) -> Span:
        """Return where a node stands; `ast` counts columns in UTF-8 bytes, spans in characters."""
        line = getattr(node, "lineno", 1)
        end_line = getattr(node, "end_lineno", None) or line
        return Span(
            self.path,
            line,
            self._column(line, getattr(node, "col_offset", 0)),
            end_line,
            self._column(end_line, getattr(node, "end_col_offset", None) or 0),
        )

    def _column(self, line: int, offset: int) -> int:
        text = self.lines[line - 1] if 0 < line <= len(self.lines) else ""
        if text.isascii():
            return offset + 1
        return len(text.encode()[:offset].decode(errors="replace")) + 1


@dataclass(frozen=True, slots=True)
class BrokenScript:
    """A Python file that could not be read; `reason` says why, `hint` what to do.

    `revision` and `down_revisions` are what the text says of the file's place in the history, where its
    header can still be made out; otherwise `None` and empty. `text` is empty if it could not be decoded.
    """

    span: Span
    reason: str
    hint: str | None = None
    revision: str | None = None
    down_revisions: tuple[str, ...] = ()
    text: str = ""


def read_source(file: Path, path: str) -> Source | BrokenScript:
    """Read the text of a Python file as Python itself would decode it (PEP 263, byte order marks).

    `path` is what reports show. Never raises: what cannot be read comes back as `BrokenScript`.
    """
    data = _read_bytes(file, path)
    return data if isinstance(data, BrokenScript) else decode(data, file, path)


def decode(data: bytes, file: Path, path: str) -> Source | BrokenScript:
    """Return the text that these bytes are as a Python file, which need not be on the disk like this."""
    if b"\0" in data:
        return BrokenScript(
            whole_line(path, 1), "it is not a text file: it contains null bytes", "save it as UTF-8"
        )
    encoding = _encoding(data)
    try:
        text = data.decode(encoding)
        text.encode()
    except LookupError:
        return BrokenScript(
            whole_line(path, 1),
            f"it declares the encoding {encoding!r}, which Python does not know",
            "correct the coding comment or save the file as UTF-8",
        )
    except UnicodeError as error:
        start = error.start if isinstance(error, UnicodeDecodeError) else 0
        return BrokenScript(
            whole_line(path, data.count(b"\n", 0, start) + 1),
            f"it cannot be decoded as {encoding}",
            "save it as UTF-8 or declare its encoding in the first line",
        )
    text = text.removeprefix("\ufeff").replace("\r\n", "\n").replace("\r", "\n")
    return Source(path, file, text, tuple(text.split("\n")))


def parse(source: Source) -> ast.Module | BrokenScript:
    """Return the syntax tree of a source, or why this interpreter cannot parse it. Warns of nothing."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        try:
            return ast.parse(source.text)
        except SyntaxError as error:
            return _syntax_error(source, error)
        except (RecursionError, MemoryError):
            return BrokenScript(whole_line(source.path, 1), "it is nested too deeply to be parsed")
        except ValueError as error:
            return BrokenScript(whole_line(source.path, 1), f"it cannot be parsed: {error}")


def read_module(file: Path, path: str) -> tuple[Source, ast.Module] | BrokenScript:
    """Read and parse any Python file of the project, such as a helper that a revision imports."""
    source = read_source(file, path)
    if isinstance(source, BrokenScript):
        return source
    tree = parse(source)
    return tree if isinstance(tree, BrokenScript) else (source, tree)


def _read_bytes(file: Path, path: str) -> bytes | BrokenScript:
    place = whole_line(path, 1)
    try:
        # Not open() first: opening a pipe that is named like a revision would wait for ever.
        status = file.stat()
        if not stat.S_ISREG(status.st_mode):
            return BrokenScript(place, "it is not a regular file")
        if status.st_size > MOST_BYTES:
            size, limit = status.st_size / 1_000_000, MOST_BYTES // 1_000_000
            return BrokenScript(
                place,
                f"it is {size:.1f} MB long; files above {limit} MB are not read",
                "move the data out of the revision",
            )
        return file.read_bytes()
    except OSError as error:
        return BrokenScript(place, f"it cannot be read: {error.strerror or error}")
    except ValueError as error:
        return BrokenScript(place, f"it cannot be read: {error}")


def _encoding(data: bytes) -> str:
    if data.startswith(codecs.BOM_UTF8):
        return "utf-8-sig"
    first, _, rest = data[:2000].partition(b"\n")
    lines = (first, rest.partition(b"\n")[0]) if _BLANK.match(first) else (first,)
    for line in lines:
        found = _COOKIE.match(line)
        if found:
            return found[1].decode("ascii", errors="replace")
    return "utf-8"


def _syntax_error(source: Source, error: SyntaxError) -> BrokenScript:
    line = min(max(error.lineno or 1, 1), max(len(source.lines), 1))
    column = max(error.offset or 1, 1)
    span = Span(source.path, line, column, line, column)
    message = (error.msg or "invalid syntax").rstrip(".")
    running = f"{sys.version_info.major}.{sys.version_info.minor}"
    if _PYTHON_2.search(source.lines[line - 1]):
        return BrokenScript(
            span,
            f"it is not valid Python {running}: {message}",
            "it looks like Python 2: convert it, for example with 2to3 or python-modernize",
        )
    return BrokenScript(
        span,
        f"it is not valid Python {running}: {message}",
        f"correct it; if it uses a newer Python's syntax, run migrate-guard with that Python, not {running}",
    )
