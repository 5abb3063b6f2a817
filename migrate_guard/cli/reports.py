"""The reports of one run: on the standard output, in files, in the summary of a job."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterable
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, TypeVar

import click

from migrate_guard.cli import output
from migrate_guard.cli.messages import say, say_bug, say_error
from migrate_guard.errors import GuardError, did_you_mean
from migrate_guard.record import dataclass
from migrate_guard.report.formats import FORMATS, PAGES, Context, render
from migrate_guard.report.terminal import Style

if TYPE_CHECKING:
    from migrate_guard.finding import Severity
    from migrate_guard.judgement import Judgement

F = TypeVar("F", bound=Callable[..., object])

SUMMARY_VARIABLE = "GITHUB_STEP_SUMMARY"
"""The variable in which GitHub Actions names the file for the summary of a step."""

_WITHOUT_VERDICT = ("concise", "github", "gitlab")


def report_options(function: F) -> F:
    """Give a command the options that say which reports are written, and how they look."""
    for option in (
        output.color_option,
        click.option(
            "-v", "--verbose", is_flag=True, help="Show what is suppressed and why something is not analysed."
        ),
        click.option(
            *("-o", "--output", "targets"),
            multiple=True,
            metavar="[FORMAT=]FILE",
            help="Write the report into a file; with a format, write that one as well. May be repeated.",
        ),
        click.option(
            *("--format", "form"),
            type=click.Choice(tuple(FORMATS)),
            default="text",
            show_default=True,
            help="How to report.",
        ),
    ):
        function = option(function)
    return function


@dataclass(frozen=True, slots=True)
class Target:
    """A file to write; an empty `form` is the format that `--format` names."""

    form: str
    file: str


def read_targets(values: Iterable[str]) -> tuple[Target, ...]:
    """Read `FILE` and `FORMAT=FILE`, as `--output` has them.

    A name before `=` that could only be part of a path is none of a format. Raise `GuardError` for an unknown
    format, a missing file name and a file that is named twice.
    """
    targets = tuple(_target(value) for value in values)
    files = [os.path.normpath(target.file) for target in targets]
    for file in files:
        if files.count(file) > 1:
            raise GuardError(f"--output: {file} is named twice", "give each report a file of its own")
    return targets


def _target(value: str) -> Target:
    form, equals, file = value.partition("=")
    if not value:
        raise GuardError("--output: the value is empty", "write the name of a file, or leave this out")
    if not equals or not form.replace("-", "").isalnum():
        return Target("", value)
    if form not in FORMATS:
        hint = f"{did_you_mean(form, FORMATS)}; for a file of that name write ./{value}"
        raise GuardError(f"--output: unknown format {form!r}", hint)
    if not file:
        raise GuardError(f"--output: {value!r} names no file", f"write --output {form}=FILE")
    return Target(form, file)


@dataclass(frozen=True, slots=True)
class Reports:
    """What is to be written: the format and the files of the command line, and how text looks."""

    form: str
    targets: tuple[Target, ...]
    color: str
    verbose: bool

    def write(self, judgement: Judgement, fail_on: Severity | None) -> bool:
        """Write all reports, and to the standard error what they cannot say or what must not be overlooked:
        where it could not look. Tell whether all were written.

        One that cannot be written is an error message of its own and keeps no other from being written.
        """
        from migrate_guard.report.summary import verdict_line

        redirected = any(not target.form for target in self.targets)
        for error in judgement.internal_errors:
            what = f"the rule {error.rule} failed on" if error.rule else "reading failed on"
            say_bug(f"{what} {error.place}: {error.error}")
        for skipped in judgement.skipped:
            say_error(skipped, None)
        written = [
            _told(partial(_write_file, self._job(judgement, fail_on, target))) for target in self.targets
        ]
        if not redirected:
            written.append(_told(partial(_write_out, self._job(judgement, fail_on))))
        if "github" in (self.form, *(target.form for target in self.targets)):
            written.append(_told(partial(_append_summary, self._job(judgement, fail_on))))
        if redirected or self.form in _WITHOUT_VERDICT:
            say(verdict_line(judgement))
        return all(written)

    def _job(self, judgement: Judgement, fail_on: Severity | None, target: Target | None = None) -> _Job:
        terminal = target is None and output.is_terminal()
        colour = output.wants_colour(self.color, os.environ, terminal)
        links = PAGES if colour and output.wants_links(os.environ, terminal) else ""
        style = Style(output.width(os.environ), colour, self.verbose, links)
        prefix = output.path_in_repository(Path.cwd(), os.environ)
        form = target.form if target is not None and target.form else self.form
        return _Job(form, target.file if target else "", judgement, Context(style, prefix, _page, fail_on))


@dataclass(frozen=True, slots=True)
class _Job:
    """One report: its format, its file if it has one, and what it is about."""

    form: str
    file: str
    judgement: Judgement
    context: Context

    def text(self) -> str:
        return render(self.form, self.judgement, self.context)


def _told(write: Callable[[], None]) -> bool:
    try:
        write()
    except GuardError as error:
        say_error(error.message, error.hint)
        return False
    return True


def _write_file(job: _Job) -> None:
    output.write_file(job.text(), Path(job.file))


def _write_out(job: _Job) -> None:
    output.write(job.text(), job.context.style.colour)


def _append_summary(job: _Job) -> None:
    """Append to the file that GitHub shows on the page of the run; nothing where it names none."""
    file = os.environ.get(SUMMARY_VARIABLE)
    if not file:
        return
    from migrate_guard.report.step_summary import LIMIT, step_summary

    output.append(lambda taken: step_summary(job.judgement, job.context, LIMIT - taken), Path(file))


def _page(rule: str) -> str:
    from migrate_guard.explain import page, pages

    return page(rule) if rule in pages() else ""
