"""Read the ignore comments of a file; the verdict's first step.

`# migrate-guard: ignore[rule-a, rule-b] -- reason` stands in a statement or directly above one;
`# migrate-guard: ignore-file[rule] -- reason` stands anywhere. A marker inside a string is no comment.
In an ini file a comment has a line of its own, above the option that it is about.
"""

from __future__ import annotations

import contextlib
import io
import tokenize
import warnings
from collections.abc import Iterator

from migrate_guard.errors import nearest
from migrate_guard.pattern import pattern
from migrate_guard.record import dataclass
from migrate_guard.rule import IgnoreComment
from migrate_guard.span import Span

_MARKER = pattern(r"#\s*migrate-guard:\s*(?P<body>.*)")
# A comment may hold several, as in `# type: ignore  # migrate-guard: …`; `see #123` is one.
_PARTS = pattern(r"#.*?(?=\s+#\s|$)")
_BODY = pattern(r"(?P<word>[\w-]+)\s*(?P<list>\[(?P<names>[^\]]*)\])?\s*(?P<rest>.*)")
_REASON = pattern(r"--\s*(?P<reason>.*)")
_WORDS = ("ignore", "ignore-file")
_FORM = "write `# migrate-guard: ignore[rule-name] -- reason`"
_SKIPPED = frozenset({tokenize.NL, tokenize.INDENT, tokenize.DEDENT, tokenize.ENDMARKER})


@dataclass(frozen=True, slots=True)
class PlacedComment:
    """An ignore comment and the lines that it is about, first and last; `None` for the whole file."""

    comment: IgnoreComment
    lines: tuple[int, int] | None

    def covers(self, span: Span) -> bool:
        """Tell whether a finding at that span, in the same file, is one that the comment is about."""
        return self.lines is None or (span.line <= self.lines[1] and self.lines[0] <= span.end_line)


def read_comments(path: str, text: str) -> tuple[PlacedComment, ...]:
    """Return the ignore comments of a file's text in their order.

    A text that is not Python is read as far as its tokens go.
    """
    if "migrate-guard:" not in text:
        return ()
    comments, statements = _scan(text) if path.endswith(".py") else _scan_options(text)
    taken = frozenset(comments)
    placed = []
    for line, (column, comment) in comments.items():
        for found in _parse(path, line, column, comment):
            lines = None if found.whole_file else _lines(line, statements, taken)
            placed.append(PlacedComment(found, lines))
    return tuple(placed)


def _scan(text: str) -> tuple[dict[int, tuple[int, str]], list[tuple[int, int]]]:
    """Return the comments by line, and the first and last lines of the statements."""
    comments: dict[int, tuple[int, str]] = {}
    statements: list[tuple[int, int]] = []
    start: int | None = None
    for token in _tokens(text):
        if token.type == tokenize.COMMENT:
            comments[token.start[0]] = (token.start[1], token.string)
        elif token.type == tokenize.NEWLINE:
            statements.append((start or token.start[0], token.end[0]))
            start = None
        elif start is None and token.type not in _SKIPPED:
            start = token.start[0]
    return comments, statements


def _scan_options(text: str) -> tuple[dict[int, tuple[int, str]], list[tuple[int, int]]]:
    """Return the comments of an ini file by line, and its other lines as statements."""
    comments: dict[int, tuple[int, str]] = {}
    statements: list[tuple[int, int]] = []
    for number, line in enumerate(text.splitlines(), 1):
        if line.startswith("#"):
            comments[number] = (0, line)
        elif line.strip():
            statements.append((number, number))
    return comments, statements


def _tokens(text: str) -> list[tokenize.TokenInfo]:
    """Return the tokens of a text up to the first place that is not Python."""
    tokens: list[tokenize.TokenInfo] = []
    with warnings.catch_warnings(), contextlib.suppress(tokenize.TokenError, SyntaxError, UnicodeError):
        # From Python 3.12 on, the tokenizer warns of odd literals: the project's business, not ours.
        warnings.simplefilter("ignore")
        tokens.extend(tokenize.generate_tokens(io.StringIO(text).readline))
    return tokens


def _lines(line: int, statements: list[tuple[int, int]], comments: frozenset[int]) -> tuple[int, int]:
    """Return the lines of the statement that a comment stands in or, through further comments, above."""
    below = line
    while below in comments and not any(first <= below <= last for first, last in statements):
        below += 1
    return next(((first, last) for first, last in statements if first <= below <= last), (line, line))


def _parse(path: str, line: int, column: int, comment: str) -> Iterator[IgnoreComment]:
    for part in _PARTS.finditer(comment):
        marker = _MARKER.fullmatch(part[0].rstrip())
        if marker is not None:
            begin = column + part.start() + 1
            yield _understand(Span(path, line, begin, line, begin + len(marker[0])), marker["body"])


def _understand(span: Span, body: str) -> IgnoreComment:
    match = _BODY.fullmatch(body)
    word = match["word"] if match else ""
    if match is None or word not in _WORDS:
        near = nearest(word, _WORDS) if word else None
        hint = f"did you mean `{near}[…]`?" if near else _FORM
        return IgnoreComment(
            span, fault=f"{word or body!r} is not something to tell migrate-guard", hint=hint
        )
    whole_file = word == "ignore-file"
    names = tuple(name.strip() for name in (match["names"] or "").split(",") if name.strip())
    if not names:
        fault = "it names no rule, and migrate-guard never ignores all of them"
        return IgnoreComment(span, whole_file=whole_file, fault=fault, hint=_FORM)
    reason = _REASON.fullmatch(match["rest"])
    if reason is None and match["rest"] and not match["rest"].startswith("#"):
        fault = f"{match['rest']!r} after the rules is not understood"
        return IgnoreComment(span, names, whole_file, fault=fault, hint="write the reason after `--`")
    return IgnoreComment(span, names, whole_file, reason["reason"].strip() if reason else "")
