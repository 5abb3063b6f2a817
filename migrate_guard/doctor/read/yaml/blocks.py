"""The block structure of YAML: what indentation and dashes mean."""

from __future__ import annotations

import re
from collections.abc import Iterator

from migrate_guard.doctor.read.yaml.nodes import Node, YamlError
from migrate_guard.doctor.read.yaml.scanner import Scanner
from migrate_guard.pattern import pattern
from migrate_guard.record import replace

_BLOCK = pattern(r"(?P<kind>[|>])(?P<more>[1-9+-]*)[ \t]*(?:#.*)?")
_COMMENT = pattern(r"(?:^|[ \t])#.*")
_PROPERTY = pattern(r"(?P<kind>[&!])(?P<word>[^ \t,\[\]{}]*)[ \t]*")
_ALIAS = pattern(r"\*(?P<name>[^ \t,\[\]{}]+)[ \t]*(?:#.*)?")
_NO_KEY = "[]{}#&*!|>@`%,"
_MERGE = "<<"
_DEEPEST = 100
_COMPLEX = "a complex key is not read"


def read_yaml(text: str) -> tuple[Node, ...]:
    """Return the documents of a file. Raise `YamlError` for what is no YAML or not known here."""
    lines = text.removeprefix("\ufeff").replace("\r\n", "\n").replace("\r", "\n").split("\n")
    if not lines[-1]:
        lines.pop()
    documents = []
    for start, end in _documents(lines):
        # Lines before it are blanked, so that line numbers stay.
        own = [line if start <= row else "" for row, line in enumerate(lines[:end])]
        reader = _Reader(own)
        node = reader.whole()
        if node is not None:
            documents.append(node)
    return tuple(documents)


def _documents(lines: list[str]) -> list[tuple[int, int]]:
    """Return the ranges of lines of the documents; markers and directives are blanked."""
    starts = [0]
    ends: list[int] = []
    for row, line in enumerate(lines):
        if line == "---" or line.startswith(("--- ", "---\t")):
            lines[row] = "   " + line[3:]
            ends.append(row)
            starts.append(row)
        elif (
            line == "..."
            or line.startswith("... ")
            or (line.startswith("%") and not any(one.strip(" \t") for one in lines[starts[-1] : row]))
        ):
            lines[row] = ""
    return list(zip(starts, [*ends, len(lines)], strict=True))


class _Reader:
    """One document. A dash is replaced by a blank once it was read, so that what follows is a block again."""

    def __init__(self, lines: list[str]) -> None:
        self._lines = lines
        self._row = 0
        self._anchors: dict[str, Node] = {}
        self._depth = 0

    def whole(self) -> Node | None:
        """Return the only value, `None` if the document is empty."""
        if not self._advance():
            return None
        node = self._node(0)
        if self._advance():
            raise YamlError(self._row + 1, "it does not fit into what is above it")
        return node

    def _advance(self) -> bool:
        """Go to the next line that is neither empty nor a comment; tell whether there is one."""
        while self._row < len(self._lines):
            text = self._lines[self._row].lstrip(" ")
            if text.strip(" \t") and not text.startswith("#"):
                if text.startswith("\t"):
                    raise YamlError(self._row + 1, "a tab is no indentation")
                return True
            self._row += 1
        return False

    def _indent(self) -> int:
        line = self._lines[self._row]
        return len(line) - len(line.lstrip(" "))

    def _node(self, least: int) -> Node:
        """Read the value that begins at this line, if it is indented by at least so much."""
        if not self._advance() or self._indent() < least:
            return Node(min(self._row, len(self._lines) - 1) + 1)
        self._depth += 1
        if self._depth > _DEEPEST:
            raise YamlError(self._row + 1, "it is nested too deeply")
        column, line = self._indent(), self._row + 1
        text = self._lines[self._row][column:]
        if _is_dash(text):
            node = self._sequence(column)
        elif text.startswith("? ") or text == "?":
            raise YamlError(line, _COMPLEX)
        elif _key_end(text) is not None:
            node = self._mapping(column)
        else:
            node = self._value(column, least - 1)
        self._depth -= 1
        return node

    def _sequence(self, column: int) -> Node:
        line, items = self._row + 1, []
        while self._advance() and self._indent() == column and _is_dash(self._lines[self._row][column:]):
            self._blank(column, 1)
            row = self._row
            # An item that is empty is followed by the next dash, or by less indentation.
            items.append(self._node(column + 1) if self._text(row, column) else self._below(row, column + 1))
        return Node(line, items=tuple(items))

    def _below(self, row: int, least: int) -> Node:
        self._row = row + 1
        return self._node(least) if self._advance() and self._indent() >= least else Node(row + 1)

    def _mapping(self, column: int) -> Node:
        line = self._row + 1
        pairs: dict[str, Node] = {}
        lines: dict[str, int] = {}
        merged: dict[str, Node] = {}
        while self._advance() and self._indent() == column:
            row, text = self._row, self._lines[self._row][column:]
            end = _key_end(text)
            if end is None:
                complex_ = text.startswith("? ") or text == "?"
                raise YamlError(row + 1, _COMPLEX if complex_ else "a key is missing")
            name = self._key(text, column)
            self._blank(column, end + 1)
            value = self._entry(row, column)
            if name == _MERGE:
                merged = {**dict(self._merged(value)), **merged}
            else:
                pairs[name], lines[name] = value, row + 1
        for name, value in merged.items():
            if name not in pairs:
                pairs[name], lines[name] = value, value.line
        return Node(line, pairs=pairs, lines=lines)

    def _merged(self, value: Node) -> Iterator[tuple[str, Node]]:
        """Go through the pairs of what is merged; of several mappings the first one counts."""
        for one in reversed(value.items if value.items is not None else (value,)):
            if one.pairs is None:
                raise YamlError(value.line, "only a mapping can be merged")
            yield from one.pairs.items()

    def _key(self, text: str, column: int) -> str:
        if text[0] in "\"'":
            return Scanner(self._lines, self._row, column, self._anchors).quoted().text or ""
        return text[: _key_end(text)].strip(" \t")

    def _entry(self, row: int, column: int) -> Node:
        """Read the value of a key, whose line has only that left."""
        if self._text(row, column):
            return self._value(self._indent(), column, keyed=True)
        self._row = row + 1
        if not self._advance() or self._indent() < column:
            return Node(row + 1)
        if self._indent() > column:
            return self._node(column + 1)
        # The items of a sequence may stand under their key without being indented.
        dash = _is_dash(self._lines[self._row][column:])
        return self._sequence(column) if dash else Node(row + 1)

    def _value(self, column: int, parent: int, keyed: bool = False) -> Node:
        """Read what begins in the middle of a line; what belongs to it is indented by more than `parent`."""
        row = self._row
        text = self._lines[row][column:]
        found = _PROPERTY.match(text)
        if found is not None:
            return self._with_property(found, column, parent, keyed)
        alias = _ALIAS.fullmatch(text.rstrip(" \t"))
        if alias is not None:
            self._row += 1
            return Scanner(self._lines, row, column, self._anchors).alias(alias["name"])
        block = _BLOCK.fullmatch(text.rstrip(" \t"))
        if block is not None:
            return self._block(block["kind"], block["more"], parent)
        if text[0] in "[{\"'":
            scanner = Scanner(self._lines, row, column, self._anchors)
            node = scanner.quoted() if text[0] in "\"'" else scanner.flow()
            rest = _COMMENT.sub("", scanner.lines[scanner.row][scanner.column :]).strip(" \t")
            if rest:
                raise YamlError(scanner.row + 1, f"{rest[:20]!r} does not belong behind it")
            self._row = scanner.row + 1
            return node
        if text[0] in "@`%" or (keyed and _is_dash(text)):
            raise YamlError(row + 1, f"no value begins with {text[0]}")
        return self._plain(column, parent)

    def _with_property(self, found: re.Match[str], start: int, parent: int, keyed: bool) -> Node:
        """Read a value behind its anchor or tag."""
        row, column = self._row, start + found.end()
        self._blank(start, column - start)
        if self._text(row, 0):
            alone = self._indent() == column and start == 0
            node = self._node(parent + 1) if alone else self._value(column, parent, keyed)
        else:
            self._row = row + 1
            same = keyed and self._advance() and self._indent() == parent
            listed = same and _is_dash(self._lines[self._row][parent:])
            node = self._sequence(parent) if listed else self._below(row, parent + 1)
        if found["kind"] == "&":
            self._anchors[found["word"]] = node
            return node
        return replace(node, tag=f"!{found['word']}")

    def _block(self, kind: str, more: str, parent: int) -> Node:
        line = self._row + 1
        self._row += 1
        digits = [int(one) for one in more if one.isdigit()]
        column = max(parent, 0) + digits[0] if digits else None
        kept: list[str] = []
        while self._row < len(self._lines):
            text = self._lines[self._row]
            if text.strip(" "):
                indent = self._indent()
                if column is None and indent > parent:
                    column = indent
                if column is None or indent < column:
                    break
            kept.append(text[column:] if column is not None else "")
            self._row += 1
        body = "\n".join(kept) if kind == "|" else _folded(kept)
        return Node(line, _chomped(body, more), first=line + 1, literal=kind == "|")

    def _plain(self, column: int, parent: int) -> Node:
        line = self._row + 1
        parts = [_without_comment(self._lines[self._row][column:])]
        closed = _COMMENT.search(self._lines[self._row][column:]) is not None
        if _ends_key(parts[0]) is not None:
            raise YamlError(line, "a second key in one line")
        self._row += 1
        empty = 0
        while not closed and self._row < len(self._lines):
            text = self._lines[self._row]
            if not text.strip(" \t"):
                empty += 1
            elif self._indent() <= parent or text.lstrip(" \t").startswith("#"):
                break
            else:
                if _key_end(text.strip(" \t")) is not None and not _is_dash(text.strip(" \t")):
                    raise YamlError(self._row + 1, "a key is indented further than the one before it")
                parts.append("\n" * empty if empty else " ")
                parts.append(_without_comment(text.strip(" \t")))
                closed, empty = _COMMENT.search(text) is not None, 0
            self._row += 1
        return Node(line, "".join(parts), first=line)

    def _text(self, row: int, column: int) -> bool:
        """Tell whether a line has anything but a comment from a column on."""
        return bool(_COMMENT.sub("", self._lines[row][column:]).strip(" \t"))

    def _blank(self, column: int, length: int) -> None:
        line = self._lines[self._row]
        self._lines[self._row] = line[:column] + " " * length + line[column + length :].replace("\t", " ", 1)


def _is_dash(text: str) -> bool:
    return text.startswith(("- ", "-\t")) or text.rstrip(" \t") == "-"


def _key_end(text: str) -> int | None:
    """Return where the colon of the key stands that a text begins with, `None` if it begins with none."""
    if not text or text[0] in _NO_KEY or _is_dash(text):
        return None
    if text[0] in "\"'":
        end = _closing(text)
        rest = text[end:].lstrip(" \t") if end else ""
        if not rest.startswith(":") or rest[1:2] not in ("", " ", "\t"):
            return None
        return len(text) - len(rest)
    return _ends_key(text)


def _ends_key(text: str) -> int | None:
    """Return the first colon that ends a plain key, before any comment."""
    for index, char in enumerate(text):
        if char == "#" and text[index - 1 : index] in (" ", "\t"):
            return None
        if char == ":" and text[index + 1 : index + 2] in ("", " ", "\t"):
            return index
    return None


def _closing(text: str) -> int | None:
    """Return the place behind the quoted text that a text begins with."""
    mark, index = text[0], 1
    while index < len(text):
        if text[index] == "\\" and mark == '"':
            index += 2
        elif text[index] == mark:
            if mark == "'" and text[index + 1 : index + 2] == mark:
                index += 2
                continue
            return index + 1
        else:
            index += 1
    return None


def _without_comment(text: str) -> str:
    return _COMMENT.sub("", text, count=1).rstrip(" \t") if "#" in text else text.rstrip(" \t")


def _chomped(body: str, more: str) -> str:
    if "+" in more:
        return f"{body}\n" if body else body
    kept = body.rstrip("\n")
    return kept if "-" in more or not kept else kept + "\n"


def _folded(lines: list[str]) -> str:
    """Join lines as `>` does: a break is a blank, but not beside empty or indented lines."""
    text, before = "", ""
    for number, line in enumerate(lines):
        if number:
            plain = bool(line) and bool(before) and line[0] not in " \t" and before[0] not in " \t"
            text += " " if plain else ("" if line and not before and not _indented(line, text) else "\n")
        text += line
        before = line
    return text


def _indented(line: str, text: str) -> bool:
    return line[0] in " \t" or text.rpartition("\n")[2].startswith((" ", "\t")) or not text.strip("\n")
