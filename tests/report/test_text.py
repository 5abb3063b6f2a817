"""The text report: what a person reads."""

from __future__ import annotations

import ast
import re
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

import migrate_guard.report
from migrate_guard.finding import Confidence, Related, Severity
from migrate_guard.judgement import InternalError, Judgement, Summary
from migrate_guard.report import Style, finding_block, text
from migrate_guard.report.terminal import cells, display_width, visible
from migrate_guard.span import Span
from tests.judgements import JUDGEMENTS, LINES, PATH, environment, finding, judgement

SOURCES = {PATH: LINES}


def test_a_report_is_annotated_source_and_a_summary() -> None:
    help_text = (
        "build it concurrently, alone in its revision:\n"
        "with op.get_context().autocommit_block():\n"
        '    op.create_index("ix_orders_customer_id", "orders", ["customer_id"], if_not_exists=True)'
    )
    found = finding(
        label="SHARE lock on orders", help=help_text, notes=("orders is created in 8c1d_orders.py:21",)
    )

    assert text(judgement(found)) == (
        """\
error[index-blocks-writes]: building ix_orders_customer_id blocks writes to orders until it ends
 --> migrations/versions/3f2a_index_orders.py:8:5
  |
8 |     op.create_index("ix_orders_customer_id", "orders", ["customer_id"])
  |     ^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^ SHARE lock on orders
  |
  = help: build it concurrently, alone in its revision:
          with op.get_context().autocommit_block():
              op.create_index("ix_orders_customer_id", "orders", ["customer_id"], if_not_exists=True)
  = note: orders is created in 8c1d_orders.py:21

alembic.ini · postgresql 15 (from sqlalchemy.url in alembic.ini) · 215 revisions, 1 head
1 error in 1 of 3 new revisions; 212 older ones replayed, 2 operations not analysed. \
Not checked: models (no --models), database (no --database-url).
"""
    )


def test_a_long_statement_is_shortened_in_the_middle() -> None:
    found = finding(span=Span(PATH, 9, 5, 15, 6), label="checks every row", severity=Severity.WARNING)

    assert finding_block(found, SOURCES) == (
        """\
warning[index-blocks-writes]: building ix_orders_customer_id blocks writes to orders until it ends
  --> migrations/versions/3f2a_index_orders.py:9:5
   |
 9 | /     op.create_foreign_key(
10 | |         "fk_orders_customer",
11 | |         "orders",
...  |
15 | |     )
   | |_____^ checks every row
   |"""
    )


def test_a_statement_of_few_lines_is_shown_whole() -> None:
    block = finding_block(finding(span=Span(PATH, 9, 5, 12, 20)), SOURCES)

    assert [line[:2].strip() for line in block.splitlines()[3:7]] == ["9", "10", "11", "12"]
    assert "..." not in block


def test_carets_stand_under_wide_characters_and_behind_tabs() -> None:
    begin = LINES[15].index('"漢字"')
    found = finding(span=Span(PATH, 16, begin + 1, 16, begin + 5), label="here")

    _, _, _, source, marks, *_ = finding_block(found, SOURCES).splitlines()
    assert source == '16 |     op.drop_column("größe", "漢字")  # 漢字'
    assert marks == "   |                             ^^^^^^ here"


def test_a_long_line_is_cut_around_the_place() -> None:
    line = "x = " + "a" * 100 + "TARGET" + "b" * 100
    begin = line.index("TARGET") + 1
    found = finding(span=Span("f.py", 1, begin, 1, begin + 6))

    _, _, _, source, marks, *_ = finding_block(found, {"f.py": (line,)}, Style(width=60)).splitlines()
    assert source.startswith("1 | …a")
    assert source.endswith("b…")
    assert len(source) == 60
    assert source[marks.index("^") : marks.rindex("^") + 1] == "TARGET"


@given(
    line=st.text(st.characters(exclude_categories=["Cs", "Cc", "Zl", "Zp"]) | st.just("\t"), max_size=200),
    start=st.integers(0, 210),
    length=st.integers(0, 210),
    width=st.integers(40, 140),
)
def test_no_shown_line_is_wider_than_the_terminal(line: str, start: int, length: int, width: int) -> None:
    found = finding(span=Span("f.py", 1, start + 1, 1, start + 1 + length))

    _, _, _, source, marks, *_ = finding_block(found, {"f.py": (line,)}, Style(width=width)).split("\n")
    assert display_width(source) <= width
    assert len(marks) <= width + 1
    assert "^" in marks


def test_a_finding_without_source_has_its_place_only() -> None:
    block = finding_block(finding(span=Span("gone.py", 3, 1, 3, 1)), {})

    assert block.splitlines()[1:] == [" --> gone.py:3:1"]


def test_uncertainty_and_related_places_are_notes() -> None:
    found = finding(
        confidence=Confidence.POSSIBLE, related=(Related("orders is created here", Span("a.py", 7, 5, 7, 9)),)
    )

    notes = [line for line in finding_block(found, SOURCES).splitlines() if "= note" in line]
    assert notes == [
        "  = note: orders is created here: a.py:7:5",
        "  = note: this is possible, not certain: it rests on something that could not be read",
    ]


def test_a_finding_on_one_of_several_databases_says_so() -> None:
    found = finding(dialects=("sqlite",))

    assert "= note: on sqlite only" in finding_block(found, SOURCES, judged_for=("postgresql", "sqlite"))
    assert "only" not in finding_block(found, SOURCES, judged_for=("sqlite",))


def test_environments_are_reported_apart() -> None:
    summary = {"environments": (environment("a/alembic.ini"), environment("b/alembic.ini"))}
    report = text(
        judgement(finding(environment="a/alembic.ini"), finding(environment="b/alembic.ini"), **summary)
    )

    headings = [line for line in report.splitlines() if line.startswith("In ")]
    assert headings == ["In a/alembic.ini:", "In b/alembic.ini:"]
    footer = [line.split(" · ") for line in report.splitlines() if " · " in line]
    assert [(line[0], line[-1]) for line in footer] == [
        ("a/alembic.ini", "1 error"),
        ("b/alembic.ini", "1 error"),
    ]


@pytest.mark.parametrize(
    ("made", "last"),
    [
        pytest.param(Judgement((), Summary((), 1, 1)), "No findings in 1 revision.", id="clean"),
        pytest.param(
            judgement(opaque=0, not_checked=()),
            "No findings in 3 new revisions; 212 older ones replayed.",
            id="clean-on-history",
        ),
        pytest.param(
            Judgement((finding(), finding(severity=Severity.WARNING)), Summary((), 4, 4)),
            "1 error and 1 warning in 1 of 4 revisions.",
            id="several-levels",
        ),
        pytest.param(
            Judgement((finding(revision=None),), Summary((), 4, 4, conditional=1)),
            "1 error in 4 revisions; 1 under a condition that could not be decided.",
            id="about-no-revision",
        ),
        pytest.param(
            Judgement((), Summary((), 4, 0, 4)),
            "No findings and no new revisions; 4 older ones replayed.",
            id="nothing-new",
        ),
        pytest.param(
            Judgement((finding(suppressed="small table"),), Summary((), 4, 4)),
            "No findings in 4 revisions; 1 finding suppressed.",
            id="suppressed",
        ),
        pytest.param(
            Judgement((), Summary((), 4, 4), {}, (InternalError("drop-table", "3f2a", "KeyError: 1"),)),
            "No findings in 4 revisions. Not checked: drop-table on 3f2a (it failed).",
            id="a-rule-failed",
        ),
    ],
)
def test_the_last_line_says_what_was_found_and_what_was_not_looked_at(made: Judgement, last: str) -> None:
    assert text(made).splitlines()[-1] == last


def test_the_long_form_shows_what_the_short_one_counts() -> None:
    made = judgement(finding(suppressed="the table is small"), reasons=(("a call of helper()", 2),))

    assert "the table is small" not in text(made)
    suppressed, unread, *_ = text(made, Style(verbose=True)).split("\n\n")
    assert suppressed == f"Suppressed:\n  {PATH}:8:5: index-blocks-writes: the table is small"
    assert unread == "Not analysed, because of:\n  a call of helper() (2 operations)"


def test_a_path_or_name_with_a_line_break_stays_in_its_line() -> None:
    odd = finding(span=Span("a\nb.py", 1, 1, 1, 2), label="x\ny", message="m\nn", rule="r")
    block = finding_block(odd, {"a\nb.py": ("code",)})

    assert block.splitlines() == ["error[r]: m n", " --> a b.py:1:1", "  |", "1 | code", "  | ^ x y", "  |"]


def test_colour_changes_nothing_but_colour() -> None:
    made = judgement(finding(label="here", help="a\nb"), finding(span=Span(PATH, 9, 5, 15, 6)))
    coloured = text(made, Style(colour=True))

    assert "\x1b[" in coloured
    assert re.sub(r"\x1b\[[0-9;]*m", "", coloured) == text(made)


def test_links_lead_to_the_page() -> None:
    block = finding_block(finding(), {}, Style(links="https://example.org/rules"))

    address = "https://example.org/rules/locking/index-blocks-writes.md"
    assert f"\x1b]8;;{address}\x1b\\index-blocks-writes\x1b]8;;\x1b\\" in block


@given(JUDGEMENTS, st.booleans())
def test_a_report_never_moves_the_cursor(made: Judgement, verbose: bool) -> None:
    report = text(made, Style(verbose=verbose))

    assert all(character.isprintable() or character in "\n\t" for character in report)
    assert report.endswith("\n")


@given(st.text())
def test_what_is_visible_stays_visible(source: str) -> None:
    shown = "".join(piece for piece, _ in cells(source))

    assert visible(visible(source)) == visible(source)
    assert sum(width for _, width in cells(source)) == display_width(shown)


def test_no_report_calls_anything_safe() -> None:
    package = Path(migrate_guard.report.__file__).parent
    strings = [
        node.value
        for module in package.glob("*.py")
        for node in ast.walk(ast.parse(module.read_text(encoding="utf-8")))
        if isinstance(node, ast.Constant) and isinstance(node.value, str)
    ]

    assert len(strings) > 50
    assert not [string for string in strings if re.search(r"\bsafe\b", string, re.IGNORECASE)]
