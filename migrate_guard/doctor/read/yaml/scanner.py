"""The parts of YAML that are read character by character: quoted text and flow collections."""

from __future__ import annotations

from migrate_guard.doctor.read.yaml.nodes import Node, YamlError

_ESCAPES = {
    "0": "\0", "a": "\a", "b": "\b", "t": "\t", "\t": "\t", "n": "\n", "v": "\v", "f": "\f", "r": "\r",
    "e": "\x1b", " ": " ", '"': '"', "/": "/", "\\": "\\", "N": "\x85", "_": "\xa0", "L": "\u2028",
    "P": "\u2029",
}  # fmt: skip
_LENGTHS = {"x": 2, "u": 4, "U": 8}
_DEEPEST = 60


class Scanner:
    """A place in lines of text that moves forward."""

    def __init__(self, lines: list[str], row: int, column: int, anchors: dict[str, Node]) -> None:
        self.lines = lines
        self.row = row
        self.column = column
        self.anchors = anchors
        self._depth = 0

    def peek(self) -> str:
        """Return the next character of the line, empty at its end."""
        return self.lines[self.row][self.column : self.column + 1]

    def fail(self, reason: str) -> YamlError:
        """Return an error at this place."""
        return YamlError(min(self.row, len(self.lines) - 1) + 1, reason)

    def quoted(self) -> Node:
        """Read text in quotation marks, which may go over several lines."""
        line, mark = self.row + 1, self.peek()
        self.column += 1
        parts: list[str] = []
        while True:
            char = self.peek()
            if not char:
                self._fold(parts)
            elif char == mark:
                self.column += 1
                if mark == "'" and self.peek() == "'":
                    parts.append("'")
                    self.column += 1
                    continue
                return Node(line, "".join(parts), first=line)
            elif char == "\\" and mark == '"':
                self._escape(parts)
            else:
                parts.append(char)
                self.column += 1

    def _fold(self, parts: list[str]) -> None:
        """Go to the next line with text: one break is a blank, more are breaks less one."""
        while parts and parts[-1] in (" ", "\t"):
            parts.pop()
        breaks = 0
        while not self.lines[self.row][self.column :].strip(" \t"):
            breaks += 1
            self.next_line("a quotation mark is not closed")
        text = self.lines[self.row]
        self.column = len(text) - len(text.lstrip(" \t"))
        parts.append(" " if breaks == 1 else "\n" * (breaks - 1))

    def next_line(self, reason: str) -> None:
        """Go to the beginning of the next line."""
        if self.row + 1 >= len(self.lines):
            raise self.fail(reason)
        self.row += 1
        self.column = 0

    def _escape(self, parts: list[str]) -> None:
        char = self.lines[self.row][self.column + 1 : self.column + 2]
        if not char:
            # An escaped break joins the lines without a blank.
            self.next_line("a quotation mark is not closed")
            text = self.lines[self.row]
            self.column = len(text) - len(text.lstrip(" \t"))
            return
        if char in _LENGTHS:
            digits = self.lines[self.row][self.column + 2 : self.column + 2 + _LENGTHS[char]]
            try:
                parts.append(chr(int(digits, 16)))
            except (ValueError, OverflowError):
                raise self.fail(f"\\{char}{digits} is no character") from None
            self.column += 2 + _LENGTHS[char]
            return
        if char not in _ESCAPES:
            raise self.fail(f"\\{char} is no escape")
        parts.append(_ESCAPES[char])
        self.column += 2

    def flow(self) -> Node:
        """Read a value inside of a flow collection, or such a collection itself."""
        self._skip()
        anchor, tag = self._properties()
        char, line = self.peek(), self.row + 1
        if char == "*":
            self.column += 1
            return self.alias(self._word())
        self._depth += 1
        if self._depth > _DEEPEST:
            raise self.fail("it is nested too deeply")
        if char == "[":
            node = self._sequence(line, tag)
        elif char == "{":
            node = self._mapping(line, tag)
        elif char in ('"', "'"):
            node = self.quoted()
        else:
            node = self._plain(line, tag)
        self._depth -= 1
        if anchor:
            self.anchors[anchor] = node
        return node

    def alias(self, name: str) -> Node:
        """Return what an anchor stands for."""
        if name not in self.anchors:
            raise self.fail(f"there is no anchor &{name} before it")
        return self.anchors[name]

    def _properties(self) -> tuple[str, str]:
        anchor = tag = ""
        while self.peek() in ("&", "!") and self.peek():
            kind = self.peek()
            self.column += 1
            word = self._word()
            anchor, tag = (word, tag) if kind == "&" else (anchor, f"!{word}")
            self._skip()
        return anchor, tag

    def _word(self) -> str:
        start = self.column
        while self.peek() and self.peek() not in " \t,[]{}":
            self.column += 1
        return self.lines[self.row][start : self.column]

    def _skip(self) -> None:
        """Go over blanks, comments and ends of lines."""
        while True:
            char = self.peek()
            if char in (" ", "\t") and char:
                self.column += 1
            elif not char or (char == "#" and self._after_blank()):
                self.next_line("a bracket is not closed")
            else:
                return

    def _after_blank(self) -> bool:
        return self.column == 0 or self.lines[self.row][self.column - 1] in " \t"

    def _sequence(self, line: int, tag: str) -> Node:
        self.column += 1
        items: list[Node] = []
        while not self._closes("]"):
            item = self.flow()
            self._skip()
            if self.peek() == ":":
                self.column += 1
                item = Node(
                    item.line, pairs={item.text or "": self._value()}, lines={item.text or "": item.line}
                )
            items.append(item)
            self._separator("]")
        return Node(line, items=tuple(items), tag=tag)

    def _mapping(self, line: int, tag: str) -> Node:
        self.column += 1
        pairs: dict[str, Node] = {}
        lines: dict[str, int] = {}
        while not self._closes("}"):
            key = self.flow()
            name = key.text or ""
            self._skip()
            lines[name] = key.line
            if self.peek() == ":":
                self.column += 1
                pairs[name] = self._value()
            else:
                pairs[name] = Node(key.line)
            self._separator("}")
        return Node(line, pairs=pairs, lines=lines, tag=tag)

    def _value(self) -> Node:
        self._skip()
        return Node(self.row + 1) if self.peek() in (",", "]", "}") else self.flow()

    def _closes(self, bracket: str) -> bool:
        self._skip()
        if self.peek() != bracket:
            return False
        self.column += 1
        return True

    def _separator(self, bracket: str) -> None:
        self._skip()
        if self.peek() == ",":
            self.column += 1
        elif self.peek() != bracket:
            raise self.fail(f"a comma or {bracket} is missing")

    def _plain(self, line: int, tag: str) -> Node:
        parts: list[str] = []
        while True:
            start = self.column
            while not self._ends_plain():
                self.column += 1
            parts.append(self.lines[self.row][start : self.column].strip(" \t"))
            rest = self.lines[self.row][self.column :].strip(" \t")
            if rest and not (rest.startswith("#") and self._after_blank()):
                break
            self._skip()
            if self.peek() in (",", "]", "}", ":"):
                break
        text = " ".join(part for part in parts if part)
        if not text and not tag:
            raise self.fail(f"a value is missing before {self.peek()!r}")
        return Node(line, text, tag=tag, first=line)

    def _ends_plain(self) -> bool:
        char = self.peek()
        if not char or char in ",[]{}":
            return True
        following = self.lines[self.row][self.column + 1 : self.column + 2]
        if char == ":":
            return not following or following in " \t,[]{}"
        return char == "#" and self._after_blank()
