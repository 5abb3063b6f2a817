"""Every format takes every graph, and what programs read is what they can read."""

from __future__ import annotations

import json
import re
import xml.etree.ElementTree as ET
from pathlib import Path

import jsonschema
from hypothesis import given

import migrate_guard.report.graph
from migrate_guard.drawing import Drawing, Part, drawing
from migrate_guard.finding import Severity
from migrate_guard.report import Style
from migrate_guard.report.graph import (
    graph_json,
    graph_mermaid,
    graph_svg,
    graph_text,
    too_long_for_mermaid,
)
from migrate_guard.report.terminal import display_width
from tests.drawing.graphs import broken, drawn, found, part, parts, script

_SCHEMA = Path(migrate_guard.report.graph.__file__).parent / "graph-v1.schema.json"
CONTRACT = jsonschema.Draft202012Validator(json.loads(_SCHEMA.read_text(encoding="utf-8")))
_SVG = "{http://www.w3.org/2000/svg}"
_QUOTED = r'"[^"&<>`\\%{}\[\]()|*_~@:\n]*"'
_LABEL = rf'({_QUOTED}|"([^"&<>`\\%{{}}\[\]()|*_~@:\n]|<br/>)*")'
MERMAID_LINES = re.compile(
    rf"""
      %%\ (?!\{{)[^\n]*
    | flowchart\ TB
    | \ {{4}}classDef\ [a-z]+\ [^\n]+
    | \ {{4}}r\d+(\[{_LABEL}\]|\(\[{_LABEL}\]\)|\{{\{{{_LABEL}\}}\}}):::[a-z]+
    | \ {{4}}(r\d+|earlier)\ -->\ r\d+
    | \ {{4}}r\d+\ -\.\ "needed\ by"\ \.->\ r\d+
    | \ {{4}}earlier\(\["earlier\ revisions"\]\):::known
    """,
    re.VERBOSE,
)
"""A narrow reading of Mermaid's grammar (`flow.jison`), line by line."""

DIAMOND = (
    script("a", message="create orders"),
    script("b", "a", message="index orders"),
    script("c", "a", branch_labels=("billing",)),
    script("m", "b", "c"),
    script("n", "m", depends_on=("x",)),
    script("o", "m"),
    script("x"),
)


def lines(one: Drawing, style: Style = Style(), ascii_only: bool = False) -> list[str]:  # noqa: B008 - frozen
    """Return the lines of the text."""
    return graph_text([one], style, ascii_only).splitlines()


def test_branches_and_merges_are_drawn_as_git_draws_them() -> None:
    assert lines(drawn(*DIAMOND)) == [
        "alembic.ini · postgresql 16 · 7 revisions, 3 heads",
        "",
        "◆ n (head, depends on x)",
        "│ ◆ x (head, base)",
        "│ ◆ o (head)",
        "├─╯",
        "● m",
        "├─╮",
        "│ ● c (label: billing)",
        "● │ b index orders",
        "├─╯",
        "● a (base) create orders",
        "",
        "Not checked: no rule looked at these revisions (--no-check).",
    ]


def test_a_terminal_without_lines_gets_others() -> None:
    text = graph_text([drawn(*DIAMOND, findings=(found("b"),))], ascii_only=True)
    assert text.isascii()
    assert "+-+\n| * c (label: billing)\n* | b index orders  ! 1 error\n+-+\n" in text


def test_findings_and_novelty_are_marked() -> None:
    mild = found("b", severity=Severity.INFO)
    done = drawn(
        script("a"),
        script("b", "a"),
        findings=(found("b"), mild, found(None)),
        judged=frozenset({"b"}),
        against="origin/main",
        settled=frozenset({"a"}),
    )
    text = lines(done, Style(verbose=True))
    assert text[2] == "◆ b (head, new)  ▲ 1 error, 1 info"
    assert text[3].startswith("│  error[index-blocks-writes] building ix_orders_customer_id")
    assert text[5] == "● a (base)"
    assert text[-2:] == [
        "1 revision new against origin/main.",
        "1 error and 1 info in 1 of 1 judged revision; 1 error about the environment as a whole.",
    ]
    assert "\x1b[1;31m" in graph_text([done], Style(colour=True))


def test_what_is_wrong_is_said() -> None:
    text = "\n".join(lines(drawn(broken("b", "gone"), script("c", "b"), script("d", "e"), script("e", "d"))))
    assert "✗ b (unreadable)" in text
    assert "! b.py could not be read" in text
    assert "○ gone (missing)" in text
    assert "! it is in a cycle of 2 revisions" in text
    assert "! follows " in text


def test_a_limited_drawing_shows_that_it_goes_on_and_what_it_hides() -> None:
    whole = part(
        script("a"), script("b", "a"), script("c", "b"), findings=(found("a"),), judged=frozenset("abc")
    )
    done = drawing(whole, last=1)
    text = lines(done)
    assert text[2:4] == ["◆ c (head)", "┊"]
    assert "2 more revisions not drawn: 1 with findings." in text
    assert "r0 --> r1" not in graph_mermaid([done])
    assert "earlier --> r0" in graph_mermaid([done])


def test_a_long_message_is_shortened_to_the_width() -> None:
    text = lines(drawn(script("a", message="漢字" * 80), findings=(found("a"),)), Style(width=60))
    assert display_width(text[2]) <= 60
    assert text[2].endswith("…  ▲ 1 error")


def test_several_environments_are_drawn_apart() -> None:
    both = [drawn(script("a")), drawn(script("b"))]
    assert graph_text(both).count("alembic.ini · ") == 2
    assert graph_mermaid(both).count("```mermaid\n") == 2
    assert len(json.loads(graph_json(both))["environments"]) == 2
    root = ET.fromstring(graph_svg(both))
    assert len(root.findall(f".//{_SVG}polygon")) == 2


def test_the_picture_has_a_dot_for_each_revision_and_a_line_for_each_step() -> None:
    root = ET.fromstring(graph_svg([drawn(*DIAMOND, findings=(found("b", message="<&>"),))]))
    assert len(root.findall(f".//{_SVG}circle")) == 4
    assert len(root.findall(f".//{_SVG}polygon")) == 3
    ways = root.findall(f".//{_SVG}path")
    assert len([one for one in ways if one.get("class") == "line"]) == 6
    assert len([one for one in ways if one.get("class") == "line needs"]) == 1
    style = root.find(f"{_SVG}style")
    assert style is not None
    assert "prefers-color-scheme: dark" in (style.text or "")
    titles = [one.text or "" for one in root.findall(f".//{_SVG}g/{_SVG}title")]
    assert "b · index orders · b.py · error[index-blocks-writes] <&>" in titles


def test_mermaid_escapes_what_it_would_read_itself() -> None:
    text = graph_mermaid([drawn(script("a", message='say "hi" <b>; %% end `x`'))])
    assert '(["a<br/>say #34;hi#34; #60;b#62;#59; #37;#37; end #96;x#96;' in text
    assert "<br/>1#46; first" in graph_mermaid([drawn(script("a", message="1. first"))])


def test_mermaid_refuses_more_lines_than_its_limit() -> None:
    def chain(number: int) -> Drawing:
        return drawn(*(script(f"r{one}", *([f"r{one - 1}"] if one else [])) for one in range(number)))

    assert not too_long_for_mermaid(chain(501))
    assert too_long_for_mermaid(chain(502))


@given(parts())
def test_every_format_takes_every_graph(any_part: Part) -> None:
    for last in (None, 2):
        one = drawing(any_part, last=last)
        for style in (Style(), Style(width=40, colour=True, verbose=True)):
            assert graph_text([one], style, ascii_only=False).endswith("\n")
        assert graph_text([one], Style(verbose=True)).translate({9: None, 10: None}).isprintable()
        CONTRACT.validate(json.loads(graph_json([one])))
        picture = graph_svg([one, one])
        assert picture.isascii()
        assert ET.fromstring(picture).tag == f"{_SVG}svg"
        assert graph_svg([one, one]) == picture
        diagram = graph_mermaid([one]).splitlines()
        assert [line for line in diagram if not MERMAID_LINES.fullmatch(line)] == []
        assert diagram.count("flowchart TB") == 1
