"""The pytest plugin's items: one per judged revision, and one per environment for everything else.

They follow from the project's files and settings alone, so that all workers of pytest-xdist collect the
same in the same order. What could not be checked is an error, never a pass.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path

import pytest

from migrate_guard.check import check
from migrate_guard.config import Config, load_config
from migrate_guard.errors import GuardError
from migrate_guard.finding import Finding, Severity
from migrate_guard.judgement import Judgement
from migrate_guard.record import dataclass
from migrate_guard.report.summary import counting, verdict_line
from migrate_guard.report.terminal import Style
from migrate_guard.report.text import finding_block
from migrate_guard.rule_list import families

NAME = "migrate-guard"
_STYLE = Style(100)


@dataclass(frozen=True, slots=True)
class Outcome:
    """What one item tells: `found` as text, whether that fails, and whether something was not checked."""

    found: str = ""
    fails: bool = False
    unchecked: str = ""


class MigrationFile(pytest.File):
    """A file of a project's migrations: a revision or a configuration."""

    def collect(self) -> Iterable[pytest.Item]:
        """Return nothing: the items are made for all files together."""
        return ()


class MigrationItem(pytest.Item):
    """The judgement on one revision, or on an environment as a whole."""

    outcome: Outcome

    def setup(self) -> None:
        """End in an error if something could not be checked: then there is no verdict to give."""
        if self.outcome.unchecked:
            pytest.fail(self.outcome.unchecked, pytrace=False)

    def runtest(self) -> None:
        """Fail with the findings; those that do not fail are shown with the captured output."""
        if self.outcome.fails:
            pytest.fail(self.outcome.found, pytrace=False)
        if self.outcome.found:
            self.add_report_section("call", NAME, self.outcome.found)

    def reportinfo(self) -> tuple[Path, int | None, str]:
        """Return where the item comes from, for the headings of failures."""
        return self.path, None, f"{NAME}: {self.parent.nodeid if self.parent else self.name}"


@pytest.hookimpl(tryfirst=True)
def pytest_collection_modifyitems(
    session: pytest.Session, config: pytest.Config, items: list[pytest.Item]
) -> None:
    """Add the items before others select among them, with `-k` for example."""
    made: list[pytest.Item | pytest.Collector] = list(_items(session, config.rootpath))
    # What is added here pytest would not count as collected.
    config.hook.pytest_collectreport(report=pytest.CollectReport(NAME, "passed", None, made))
    items.extend(one for one in made if isinstance(one, pytest.Item))


def _items(session: pytest.Session, root: Path) -> Iterator[MigrationItem]:
    try:
        settings = load_config(root, families(), {})
        judgement = check(settings)
    except GuardError as error:
        hint = f"\nhint: {error.hint}" if error.hint else ""
        yield _item(session, root, NAME, Outcome(unchecked=f"error: {error.message}{hint}"))
        return
    environments = [one.name for one in judgement.summary.environments]
    for environment in environments:
        name = f"{NAME}[{environment}]" if len(environments) > 1 else NAME
        for path, outcome in _outcomes(judgement, environment, settings):
            yield _item(session, root / path, name, outcome)
    unchecked = _unchecked(judgement)
    if unchecked:
        yield _item(session, root, NAME, Outcome(unchecked="\n".join(unchecked)))


def _item(session: pytest.Session, path: Path, name: str, outcome: Outcome) -> MigrationItem:
    file: MigrationFile = MigrationFile.from_parent(session, path=path)
    item: MigrationItem = MigrationItem.from_parent(file, name=name)
    item.outcome = outcome
    return item


def _outcomes(judgement: Judgement, environment: str, settings: Config) -> Iterator[tuple[str, Outcome]]:
    """Go through the files of an environment with what is found about them.

    What is about no judged revision, such as several heads, is told with the configuration.
    """
    rest = [one for one in counting(judgement.findings) if one.environment == environment]
    for revision in judgement.judged:
        if revision.environment == environment:
            own = [one for one in rest if one.revision == revision.revision]
            rest = [one for one in rest if one.revision != revision.revision]
            yield revision.path, _outcome(judgement, own, settings.fail_on)
    told = _outcome(judgement, rest, settings.fail_on)
    line = verdict_line(judgement)
    yield environment, Outcome(f"{told.found}\n\n{line}" if told.found else line, told.fails)


def _outcome(judgement: Judgement, findings: Sequence[Finding], fail_on: Severity | None) -> Outcome:
    fails = fail_on is not None and any(one.severity >= fail_on for one in findings)
    return Outcome("\n\n".join(_block(one, judgement) for one in findings), fails)


def _block(finding: Finding, judgement: Judgement) -> str:
    environments = judgement.summary.environments
    dialects = next((one.dialects for one in environments if one.name == finding.environment), ())
    return finding_block(finding, judgement.sources, _STYLE, dialects)


def _unchecked(judgement: Judgement) -> list[str]:
    """Return what was to be judged and could not be."""
    errors = [
        f"this is a bug in migrate-guard: {error.rule or 'reading'} failed on {error.place}: {error.error}"
        for error in judgement.internal_errors
    ]
    return [*(f"error: {line}" for line in judgement.skipped), *errors]
