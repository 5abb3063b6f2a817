"""The examples of the rule pages and the cases: what fires and what is silent, line by line."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from migrate_guard.report.text import text as text_report
from migrate_guard.rule import Rule
from migrate_guard.rule_list import all_rules
from tests.pages import CASES, ROOT, RULE_PAGES, Block, Example, examples, judge, write

PAGES = sorted(RULE_PAGES.glob("*/*.md"))
RULES = {rule.info.name: rule for rule in all_rules()}
EXAMPLES = list(examples([*PAGES, *sorted(CASES.glob("*.md"))]))
SECTIONS = ["Bad", "Good", "When it is fine", "More"]


@pytest.mark.parametrize("example", EXAMPLES, ids=lambda example: example.name)
def test_example_is_judged_as_its_comments_say(example: Example, tmp_path: Path, update: bool) -> None:
    """Every marked line has exactly its findings, every other line has none, under every rule."""
    written = write(example, tmp_path)
    judgement, found = judge(written)
    assert judgement.internal_errors == ()
    report = text_report(judgement)
    assert found == written.expected, report
    if example.report is not None:
        if update:
            _replace_report(example, report)
        else:
            assert report == example.report


def _replace_report(example: Example, report: str) -> None:
    page = example.block.page
    content = page.read_text(encoding="utf-8")
    page.write_text(
        content.replace(f"```text\n{example.report}```", f"```text\n{report}```"), encoding="utf-8"
    )


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.stem)
def test_page_has_its_parts(page: Path) -> None:
    """A page is called like its rule, says what happens, shows bad and good, and points further."""
    content = page.read_text(encoding="utf-8")
    assert content.startswith(f"# {page.stem}\n\n")
    assert re.findall(r"^\*\*(.+?)\*\*$", content, re.MULTILINE) == SECTIONS
    first = content.split("\n\n")[1]
    assert first[0].isupper() or first[0] == "`"
    bad = [example for example in examples([page]) if example.block.section == "Bad"]
    assert bad, "a page without a bad example proves nothing"
    good = [example for example in examples([page]) if example.block.section == "Good"]
    assert good, "a page without a good example helps nobody"
    for example in bad:
        assert any(page.stem in line for block in example.blocks for line in block.text.splitlines())


def test_every_rule_has_a_page_and_every_page_a_rule() -> None:
    """The two files of a rule share family and name."""
    rules = {f"{rule.info.family}/{rule.info.name}" for rule in RULES.values()}
    assert rules == {page.relative_to(RULE_PAGES).with_suffix("").as_posix() for page in PAGES}


@pytest.mark.parametrize("rule", RULES.values(), ids=lambda rule: rule.info.name)
def test_rule_says_in_one_sentence_what_happens(rule: Rule) -> None:
    """The first line of a rule's docstring is the summary that lists show."""
    assert re.fullmatch(r"[A-Z`].*[.]", rule.info.summary), rule.info.summary


def _code_blocks(help_text: str) -> Iterator[str]:
    block: list[str] = []
    for line in [*help_text.split("\n"), ""]:
        if line.startswith("    "):
            block.append(line[4:])
        elif block:
            yield "\n".join(block)
            block = []


BAD = [example for example in EXAMPLES if example.block.page.parent.parent == RULE_PAGES]


@pytest.mark.parametrize("example", BAD, ids=lambda example: example.name)
def test_advice_is_code_that_does_not_fire_the_rule_again(example: Example, tmp_path: Path) -> None:
    """The code in a finding's help can be parsed, and no rule that spoke has anything against it."""
    judgement, _ = judge(write(example, tmp_path))
    for number, finding in enumerate(judgement.findings):
        done: tuple[Block, ...] = ()
        for part, code in enumerate(_code_blocks(finding.help or "")):
            ast.parse(code)
            if not re.match(r"(op\.|with op\.)", code) or "..." in code:
                continue
            advice = _as_example(example, code, done)
            done = (*done, replace(advice.block, options=(*advice.block.options, f"file=done_{part}.py")))
            root = tmp_path / f"advice-{number}-{part}"
            root.mkdir()
            again, _ = judge(write(advice, root))
            assert finding.rule not in {other.rule for other in again.findings if not other.suppressed}, code


def _as_example(example: Example, code: str, done: tuple[Block, ...]) -> Example:
    """Return the advice as the last revision, after what the example and the advice did before."""
    if example.block.whole and any(block.option("models") for block in example.before):
        return _after_whole(example, code, done)
    if example.block.whole and any("base" in block.options for block in example.before):
        return _in_place(example, code, done)
    block = replace(example.block, text=code + "\n")
    return Example(block, (*example.before, *done))


def _in_place(example: Example, code: str, done: tuple[Block, ...]) -> Example:
    """Return the advice as what the branch does to the base in place of the example."""
    last, name = (done[-1].text, "revision") if done else (example.block.text, "down_revision")
    parent = re.findall(rf"^{name} = (.+)$", last, re.MULTILINE)[-1]
    text = _revision(f"advice{len(done)}", parent, code)
    block = replace(example.block, text=text, options=(f"file=advice{len(done)}.py",))
    return Example(block, (*example.before, *done))


def _after_whole(example: Example, code: str, done: tuple[Block, ...]) -> Example:
    """Return the advice as a revision with a header that follows the example's own."""
    before = (*example.before, example.block, *done)
    parent = re.findall(r"^revision = (.+)$", before[-1].text, re.MULTILINE)[-1]
    text = _revision(f"advice{len(done)}", parent, code)
    return Example(replace(example.block, text=text, options=(f"file=advice{len(done)}.py",)), before)


def _revision(name: str, parent: str, code: str) -> str:
    body = "".join(f"    {line}\n" for line in code.splitlines())
    return f'revision = "{name}"\ndown_revision = {parent}\n\n\ndef upgrade():\n{body}'


def test_table_of_rules_is_current(update: bool) -> None:
    """`rules/README.md` lists every rule; `pytest tests/test_pages.py --update` rewrites it."""
    path = RULE_PAGES / "README.md"
    table = _table()
    if update:
        path.write_text(table, encoding="utf-8", newline="\n")
    assert path.read_text(encoding="utf-8") == table


_FAMILIES = {
    "compatibility": "Breaks the release that is running",
    "data-loss": "Loses rows or values",
    "environment": "What `env.py` and the ini file do to every revision",
    "failing": "Ends in an error",
    "forgotten": "Does not do what was meant to be done",
    "history": "Revisions that do not hang together",
    "locking": "Keeps others waiting",
    "reading": "Could not be read",
    "rollback": "Cannot go back",
    "suppression": "Ignore comments",
    "surprise": "Does something else than it seems to say",
    "transaction": "Does not fit into its transaction",
}


def _table() -> str:
    lines = [
        "# Rules",
        "",
        "What migrate-guard says. Each page tells what happens, shows a bad and a good revision, and tells",
        "when the finding does not matter. `migrate-guard explain NAME` prints a page.",
        "",
        "Made from the rules by `pytest tests/test_pages.py --update`.",
    ]
    families = sorted({rule.info.family for rule in RULES.values()})
    for family in families:
        lines += ["", f"## {family}: {_FAMILIES[family][0].lower()}{_FAMILIES[family][1:]}", ""]
        lines += ["| Rule | Severity | Databases | |", "| --- | --- | --- | --- |"]
        for rule in sorted(RULES.values(), key=lambda rule: rule.info.name):
            info = rule.info
            if info.family == family:
                databases = "all" if len(info.dialects) == 3 else ", ".join(sorted(info.dialects))
                link = f"[{info.name}]({family}/{info.name}.md)"
                lines.append(f"| {link} | {info.severity} | {databases} | {info.summary} |")
    return "\n".join(lines) + "\n"


def test_pages_are_found_where_they_are_expected() -> None:
    """The pages lie in the repository's `rules/`, two levels deep, and nowhere else."""
    assert {page.parent.parent for page in PAGES} == {RULE_PAGES}
    stray = [path for path in RULE_PAGES.rglob("*") if path.is_file() and path.suffix not in {".md"}]
    assert not stray, [path.relative_to(ROOT) for path in stray]
