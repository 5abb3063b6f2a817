"""Markdown for GitHub: the comment on a pull request and the summary of a job.

A parser of Markdown reads what it would show: nothing in it may come from the project but text.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from html import unescape

import pytest
from hypothesis import given
from hypothesis import strategies as st
from markdown_it import MarkdownIt
from markdown_it.token import Token

from migrate_guard.finding import Confidence, Finding, Lock, Related, Severity
from migrate_guard.judgement import Judgement
from migrate_guard.report import PAGES, Context
from migrate_guard.report import markdown as comment
from migrate_guard.report.marking import fenced, html, inline
from migrate_guard.report.step_summary import LIMIT, step_summary
from migrate_guard.report.summary import not_checked
from migrate_guard.report.terminal import visible, visible_line
from migrate_guard.span import Span
from tests.judgements import JUDGEMENTS, PATH, finding, judgement

PARSER = MarkdownIt("commonmark").enable(["table", "strikethrough"])
SUMMARY = re.compile(
    r"<details><summary>(?:🔴|🟠|🔵) (?P<message>[^<>\n]*)<br>\n"
    r"<code>(?P<place>[^<>\n]+)</code> <code>[a-z-]+</code></summary>"
)
PLAIN = Context()
LOCK = Lock("orders", "SHARE", "writes", True, "postgresql 15")


def tokens(text: str) -> list[Token]:
    """Return what a text consists of, inline parts included."""
    return [
        part
        for token in PARSER.parse(text)
        for part in ([token, *token.children] if token.children else [token])
    ]


def one_line(text: str) -> str:
    """Return a text as it is shown in one line."""
    return " ".join(visible_line(text).split())


def shown(token: Token) -> str:
    """Return the text that an inline token shows, without the spaces of no width."""
    return "".join(
        child.content if child.type in ("text", "text_special", "code_inline") else " "
        for child in token.children or ()
    ).replace("\u200b", "")


def counting(made: Judgement) -> list[Finding]:
    """Return the findings that are not suppressed."""
    return [one for one in made.findings if one.suppressed is None]


def rows(text: str) -> Iterator[list[str]]:
    """Yield the cells of each row of the tables, heads included."""
    row: list[str] = []
    for token in PARSER.parse(text):
        if token.type == "tr_open":
            row = []
        elif token.type == "inline":
            row.append(shown(token))
        elif token.type == "tr_close":
            yield row
            row = []


SPECIAL = st.text(max_size=30) | st.text("`*_[]()<>#@|\\~!&$-+=.1a \n\t{}:\"'", max_size=30)


@given(SPECIAL)
def test_a_text_is_shown_as_it_is(text: str) -> None:
    expected = one_line(text)
    parsed = tokens(f"| x |\n| --- |\n| {inline(text)} |\n")
    cell = [token for token in parsed if token.type == "inline"][1:]

    assert [shown(token) for token in cell] == [expected.replace("\u200b", "")]
    assert {token.type for token in parsed if token.level > 3} <= {"text", "text_special", "inline"}
    alone = [token for token in PARSER.parse(inline(text)) if token.type == "inline"]
    assert [shown(token) for token in alone] == ([expected.replace("\u200b", "")] if expected else [])
    assert unescape(html(text)).replace("\u200b", "") == expected.replace("\u200b", "")
    assert not re.search("[<>\n]", html(text))


@given(SPECIAL)
def test_code_is_shown_as_it_is(text: str) -> None:
    (block,) = PARSER.parse(fenced(text, "python"))

    assert (block.type, block.info) == ("fence", "python")
    assert block.content == visible(text) + "\n"


@pytest.mark.parametrize("text", ["@team", "a @team/x b", "#12", "x@y"])
def test_nobody_is_mentioned(text: str) -> None:
    pattern = re.compile(r"(@|#)(&#8203;)")

    assert pattern.search(inline(text))
    assert pattern.search(html(text))


COMMENT = f"""\
<!-- migrate-guard: services/a%2D-b -->
### migrate-guard in services/a\\-\\-b

1 error and 1 warning in 1 of 3 new revisions; 212 older ones replayed, 2 operations not analysed, \
1 finding suppressed.

| severity | findings | rules |
| --- | --- | --- |
| 🔴 error | 1 | [index-blocks-writes]({PAGES}/locking/index-blocks-writes.md) |
| 🟠 warning | 1 | [drop-table]({PAGES}/data-loss/drop-table.md) |

<details><summary>🔴 building ix_orders_customer_id blocks writes to orders until it ends<br>
<code>services/a--b/{PATH}:8</code> <code>index-blocks-writes</code></summary>

```
  |
8 |     op.create_index("ix_orders_customer_id", "orders", ["customer_id"])
  |     ^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^ SHARE lock on orders
  |
```

build it concurrently:

```python
with block():
    build()
```

- it has 7 rows
- orders is created here: services/a\\-\\-b/8c1d\\.py:21
- this is possible, not certain: it rests on something that could not be read
- has to wait: writes on orders \\(SHARE\\): as long as work on the rows takes

</details>

<details><summary>🟠 gone<br>
<code>services/a--b/{PATH}:8</code> <code>drop-table</code></summary>

```
  |
8 |     op.create_index("ix_orders_customer_id", "orders", ["customer_id"])
  |     ^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^
  |
```


</details>

Not checked: models \\(no \\-\\-models\\) and database \\(no \\-\\-database\\-url\\).
"""


def test_the_comment_tells_what_to_do() -> None:
    made = judgement(
        finding(
            label="SHARE lock on orders",
            help="build it concurrently:\n    with block():\n        build()",
            notes=("it has 7 rows",),
            related=(Related("orders is created here", Span("8c1d.py", 21, 5, 21, 9)),),
            confidence=Confidence.POSSIBLE,
            locks=(LOCK,),
        ),
        finding(severity=Severity.WARNING, rule="drop-table", family="data-loss", message="gone"),
        finding(suppressed="small", message="not shown"),
    )

    assert comment.render(made, Context(prefix="services/a--b/")) == COMMENT


def test_a_clean_run_has_a_comment_to_put_in_place_of_the_old_one() -> None:
    text = comment.render(judgement(not_checked=()), PLAIN)

    assert text.splitlines()[0] == "<!-- migrate-guard -->"
    assert text.endswith(
        "\nNo findings in 3 new revisions; 212 older ones replayed, 2 operations not analysed.\n"
    )


@given(JUDGEMENTS)
def test_every_comment_holds_nothing_of_the_project_but_text(made: Judgement) -> None:
    text = comment.render(made, PLAIN)
    parsed = tokens(text)
    raw = [token.content.strip() for token in parsed if token.type == "html_block"]
    found = [match for part in raw if (match := SUMMARY.fullmatch(part))]
    others = [part for part in raw if not SUMMARY.fullmatch(part)]

    assert text.startswith(comment.MARKER)
    assert others == ["<!-- migrate-guard -->"] + ["</details>"] * len(found)
    assert sorted(unescape(match["message"]).replace("\u200b", "") for match in found) == sorted(
        one_line(one.message).replace("\u200b", "") for one in counting(made)
    )
    assert not {"html_inline", "image", "s_open", "em_open", "heading_open"} & {
        token.type for token in parsed if token.level > 0
    }
    assert sum(token.type == "heading_open" for token in parsed) == 1
    assert all(
        str(token.attrGet("href")).startswith(PAGES + "/") for token in parsed if token.type == "link_open"
    )
    assert all(len(row) == 3 for row in rows(text))
    assert ("Not checked:" in text) >= bool(not_checked(made))


def test_a_comment_that_would_be_too_long_tells_what_is_left_out() -> None:
    many = [finding(message=f"{number} 😀 " + "x" * 700) for number in range(100)]
    text = comment.render(judgement(*many, finding(help="y" * comment.LIMIT)), PLAIN)
    blocks = text.count("<details>")

    assert len(text.encode("utf-16-le")) // 2 <= comment.LIMIT
    assert 40 < blocks < 100
    assert f"**{101 - blocks} more findings left out**" in text
    assert text.count("</details>") == blocks
    assert text.endswith("\\-\\-database\\-url\\).\n")


def test_a_comment_is_bounded_whatever_was_not_checked() -> None:
    text = comment.render(judgement(not_checked=("@" * 3000,) * 3000), PLAIN)

    assert len(text) <= comment.LIMIT
    assert "2980 more" in text


def test_the_summary_says_what_each_statement_blocks() -> None:
    brief = Lock("a|b", "ACCESS EXCLUSIVE", "reads and writes", False, "mysql 8")
    made = judgement(finding(severity=Severity.INFO, message="x | y"), finding(locks=(LOCK, brief)))
    long = "writes on orders (SHARE, postgresql 15): as long as work on the rows takes"
    short = "reads and writes on a|b (ACCESS EXCLUSIVE, mysql 8): until running transactions and this one end"

    assert list(rows(step_summary(made, Context(prefix="services/"), LIMIT))) == [
        ["", "where", "what will happen", "what has to wait"],
        [
            "🔴",
            f"services/{PATH}:8",
            "building ix_orders_customer_id blocks writes to orders until it ends (index-blocks-writes)",
            f"{long} {short}",
        ],
        ["🔵", f"services/{PATH}:8", "x | y (index-blocks-writes)", "—"],
    ]


@given(JUDGEMENTS, st.integers(0, 3000) | st.just(LIMIT))
def test_every_summary_fits_and_has_a_row_for_each_finding(made: Judgement, room: int) -> None:
    text = step_summary(made, PLAIN, room)
    table = list(rows(text))[1:]
    missing = re.search(r"^(\d+) more findings?, for which there is no room here", text, re.MULTILINE)

    assert len(text.encode()) <= room
    assert all(len(row) == 4 for row in table)
    if text:
        assert len(table) + (int(missing[1]) if missing else 0) == len(counting(made))
    assert {token.content for token in tokens(text) if token.type in ("html_inline", "html_block")} <= {
        "<br>"
    }
