"""The README's claims: its first screen, its commands, its tables.

`pytest tests/test_readme.py --update` rewrites the parts that are generated.
"""

from __future__ import annotations

import re
import shutil
import sys
from pathlib import Path

from migrate_guard import __version__
from migrate_guard.config.options import options_markdown
from migrate_guard.rule_list import all_rules
from tests.commands import FIXTURES, ROOT, migrate_guard, run

README = ROOT / "README.md"


def text() -> str:
    """Return the README."""
    return README.read_text(encoding="utf-8")


def replaced(name: str, wanted: str) -> str:
    """Return the README with the part between two markers as it should be."""
    pattern = re.compile(rf"(<!-- {name}:[^\n]*-->\n).*?(<!-- end of {name} -->\n)", re.DOTALL)
    assert pattern.search(text()), f"no part {name}"
    return pattern.sub(lambda match: match.group(1) + wanted + match.group(2), text())


def keep_current(name: str, wanted: str, update: bool) -> None:
    """Compare a generated part, or rewrite it."""
    if update:
        README.write_text(replaced(name, wanted), encoding="utf-8", newline="\n")
    assert text() == replaced(name, wanted)


def test_first_screen_is_the_real_output(update: bool) -> None:
    session = (FIXTURES / "flask-migrate" / "expected.txt").read_text(encoding="utf-8")
    shown = session.rsplit("[exit ", 1)[0].strip("\n")
    keep_current("output", f"```console\n$ migrate-guard check\n{shown}\n```\n", update)


def test_first_screen_shows_the_three_ways_it_breaks() -> None:
    screen = text().split("<!-- end of output -->")[0]
    assert "add-column-not-null-without-default" in screen
    assert screen.count("[unnamed-constraint]") == 2


def test_schema_is_the_real_output(update: bool) -> None:
    shown = migrate_guard("schema", cwd=FIXTURES / "clean").stdout.strip("\n")
    keep_current("schema", f"```console\n$ migrate-guard schema\n{shown}\n```\n", update)


def test_graph_is_the_real_output(update: bool) -> None:
    shown = migrate_guard("graph", cwd=FIXTURES / "merge").stdout.strip("\n")
    keep_current("graph", f"```console\n$ migrate-guard graph\n{shown}\n```\n", update)


def test_status_is_the_real_output(update: bool, tmp_path: Path) -> None:
    project = tmp_path / "shop"
    shutil.copytree(
        FIXTURES / "flask-migrate", project, ignore=shutil.ignore_patterns("__pycache__", "instance")
    )
    run(sys.executable, "-m", "flask", "db", "upgrade", "e70a0b263ec7", cwd=project, check=True)
    shown = migrate_guard("status", cwd=project).stdout.strip("\n")
    keep_current("status", f"```console\n$ migrate-guard status\n{shown}\n```\n", update)


def test_options_are_those_of_the_code(update: bool) -> None:
    keep_current("options", options_markdown(), update)


def test_ci_ends_with_the_test_command() -> None:
    last = (ROOT / ".ci" / "run").read_text(encoding="utf-8").rstrip().splitlines()[-1]
    assert f"```sh\n{last}\n```" in text()
    assert last.endswith("pytest -n auto")


def test_versions_are_current() -> None:
    for use in re.findall(r"(?:rev: v|migrate-guard@v|migrate-guard/v)([\d.]+)", text()):
        assert use == __version__


def test_every_family_has_a_row() -> None:
    section = text().split("## What it catches")[1].split("\n## ")[0]
    rows = set(re.findall(r"^\| ([a-z-]+) \|", section, re.MULTILINE))
    assert rows - {"family", "---"} == {rule.info.family for rule in all_rules()}


def test_every_linked_file_exists() -> None:
    for link in re.findall(r"\]\(([^)#:]+)\)", text()):
        assert (ROOT / link).exists(), link


def test_every_rule_that_is_named_exists() -> None:
    named = set(re.findall(r"(?:explain|ignore\[|\[\")([a-z]+(?:-[a-z]+)+)", text()))
    assert named
    assert named <= {rule.info.name for rule in all_rules()}
