"""Where a report goes: to the terminal, with colour and width as it has them, or into a file."""

from __future__ import annotations

import os
import sys
from collections.abc import Callable, Mapping
from pathlib import Path

import click

from migrate_guard.errors import GuardError

NARROWEST = 40
WITHOUT_TERMINAL = 120

color_option = click.option(
    "--color",
    type=click.Choice(["auto", "always", "never"]),
    default="auto",
    help="Colours; auto follows NO_COLOR, FORCE_COLOR and the terminal.",
)


def wants_colour(choice: str, environ: Mapping[str, str], is_terminal: bool) -> bool:
    """Decide on colour: the option, then NO_COLOR, then FORCE_COLOR or CLICOLOR_FORCE, then the terminal.

    The variables count when they are not empty (no-color.org); `CLICOLOR_FORCE=0` asks for nothing.
    """
    if choice != "auto":
        return choice == "always"
    if environ.get("NO_COLOR"):
        return False
    if environ.get("FORCE_COLOR") or environ.get("CLICOLOR_FORCE", "0") not in ("", "0"):
        return True
    return is_terminal and environ.get("TERM") != "dumb"


def wants_links(environ: Mapping[str, str], is_terminal: bool) -> bool:
    """Decide on hyperlinks: FORCE_HYPERLINK, then whether a terminal is known to understand them."""
    forced = environ.get("FORCE_HYPERLINK")
    if forced:
        return forced != "0"
    known = ("TERM_PROGRAM", "VTE_VERSION", "WT_SESSION", "KITTY_WINDOW_ID")
    return is_terminal and not environ.get("CI") and any(environ.get(name) for name in known)


def path_in_repository(directory: Path, environ: Mapping[str, str]) -> str:
    """Return the path of a directory from the checkout of GitHub Actions or GitLab CI with `/` at its end;
    empty for the checkout itself, outside of it and where there is none."""
    workspace = environ.get("GITHUB_WORKSPACE") or environ.get("CI_PROJECT_DIR")
    if not workspace:
        return ""
    try:
        inside = directory.resolve().relative_to(Path(workspace).resolve()).as_posix()
    except ValueError:
        return ""
    return "" if inside == "." else f"{inside}/"


def is_terminal() -> bool:
    """Tell whether the standard output is a terminal; a closed one is none."""
    # It is None in a process that was started without one.
    return bool(sys.stdout) and sys.stdout.isatty()


def width(environ: Mapping[str, str]) -> int:
    """Return the columns to write for: COLUMNS, the terminal's, or 120 where there is none."""
    columns = environ.get("COLUMNS", "")
    if columns.isdecimal() and int(columns) > 0:
        return max(int(columns), NARROWEST)
    if is_terminal():
        return max(_terminal_columns(), NARROWEST)
    return WITHOUT_TERMINAL


def _terminal_columns() -> int:
    try:
        return os.get_terminal_size(sys.stdout.fileno()).columns
    except (OSError, ValueError):
        return WITHOUT_TERMINAL


def write(text: str, colour: bool = False) -> None:
    """Write to the standard output. A reader that has gone away is no error: nobody is left to tell.

    Raise `GuardError` when it cannot be written for another reason, such as a full disk.
    """
    writable = text.encode(errors="backslashreplace").decode()  # a path may hold what no encoding has
    reconfigure = getattr(sys.stdout, "reconfigure", None)
    if reconfigure is not None:
        reconfigure(errors="backslashreplace")  # nor is what this terminal's encoding lacks a reason to fail
    try:
        click.echo(writable, nl=False, color=colour)
        if sys.stdout:
            sys.stdout.flush()
    except OSError as error:
        give_up()
        if not isinstance(error, BrokenPipeError):
            raise GuardError(f"the standard output cannot be written: {error.strerror}") from error


def give_up() -> None:
    """Write nothing more to the standard output; Python flushes it once more at its end, which would fail."""
    os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())


def write_file(text: str, file: Path) -> None:
    """Write a report into a file, complete or not at all. Raise `GuardError` when that fails.

    What is no regular file, such as `/dev/stdout`, a pipe or a link, is written to and never replaced.
    """
    try:
        if file.is_symlink() or (file.exists() and not file.is_file()):
            _write_text(text, file)
        else:
            replace_file(text, file)
    except OSError as error:
        raise GuardError(
            f"{file}: cannot be written: {error.strerror}", "name another file with --output"
        ) from error


def append(text: Callable[[int], str], file: Path) -> None:
    """Append to a file what `text` gives for the number of bytes that are in it.

    Raise `GuardError` when that fails.
    """
    try:
        taken = file.stat().st_size if file.exists() else 0
        with file.open("a", encoding="utf-8", errors="backslashreplace", newline="\n") as opened:
            opened.write(text(taken))
    except OSError as error:
        raise GuardError(
            f"{file}: cannot be written: {error.strerror}", "name a file that may be written"
        ) from error


def replace_file(text: str, file: Path) -> None:
    """Write a regular file, complete or not at all. Raise `OSError` when that fails."""
    draft = file.with_name(f".{file.name}.{os.getpid()}.tmp")
    try:
        _write_text(text, draft)
        draft.replace(file)
    finally:
        draft.unlink(missing_ok=True)


def _write_text(text: str, file: Path) -> None:
    file.write_text(text, encoding="utf-8", errors="backslashreplace", newline="\n")
