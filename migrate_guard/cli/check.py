"""`migrate-guard check`: judge revisions and report."""

from __future__ import annotations

import os
from collections.abc import Mapping
from typing import TYPE_CHECKING

import click

from migrate_guard.cli.flags import (
    check_loading,
    loading_options,
    novelty_options,
    project_options,
    settings_of,
    verdict_options,
)
from migrate_guard.cli.missing import missing_options, write_missing
from migrate_guard.cli.reports import Reports, read_targets, report_options
from migrate_guard.config import options

if TYPE_CHECKING:
    from migrate_guard.config import Config


@click.command("check")
@click.argument("paths", nargs=-1)
@project_options
@novelty_options
@click.option(
    "--models",
    multiple=True,
    is_flag=False,
    flag_value="auto",
    metavar="[MODULE:ATTRIBUTE|static]",
    help=options.MODELS.help,
)
@click.option(
    "--database-url", is_flag=False, flag_value="auto", metavar="[URL]", help=options.DATABASE_URL.help
)
@missing_options
@verdict_options
@click.option("--exit-zero", is_flag=True, help="Exit with 0 even when there are findings.")
@report_options
@loading_options
@click.option("--debug", is_flag=True, hidden=True)
def command(
    form: str,
    targets: tuple[str, ...],
    verbose: bool,
    color: str,
    exit_zero: bool,
    staged: bool,
    pre_commit: bool,
    debug: bool,
    config: str | None,
    **flags: str | tuple[str, ...] | bool | None,
) -> int:
    """Judge the revisions in PATHS: directories or revision files. Without PATHS, they are searched.

    Exit code: 0 nothing found, 1 findings at or above --fail-on, 2 it could not check.
    """
    del debug  # read where an error ends the run
    from migrate_guard.check import check
    from migrate_guard.verdict import exit_code
    from migrate_guard.verdict.threshold import CLEAN, COULD_NOT_CHECK, FINDINGS

    reports = Reports(form, read_targets(targets), color, verbose)
    settings = _settings(flags, config, staged, pre_commit)
    judgement = check(settings)
    if not reports.write(judgement, settings.fail_on):
        return COULD_NOT_CHECK
    if judgement.baseline is not None:
        from migrate_guard.cli.baseline import shrink

        shrink(judgement, judgement.baseline, os.environ)
    code = exit_code(judgement, settings.fail_on)
    return CLEAN if exit_zero and code == FINDINGS else code


def _settings(
    flags: Mapping[str, str | tuple[str, ...] | bool | None],
    config: str | None,
    staged: bool,
    pre_commit: bool,
) -> Config:
    """Return what to judge and how, after the revision that `--write` asks for is written."""
    from migrate_guard.record import replace

    settings = settings_of(flags, config)
    check_loading(settings, flags)
    settings = replace(settings, staged=staged)
    if pre_commit:
        from migrate_guard.project.git import for_pre_commit

        settings = for_pre_commit(settings, os.environ)
    return write_missing(settings, flags)
