"""Shell text as a list of commands: enough of the grammar to tell what runs after what, and what if it fails.

https://pubs.opengroup.org/onlinepubs/9799919799/utilities/V3_chap02.html
"""

from __future__ import annotations

from collections.abc import Sequence

from migrate_guard.pattern import pattern
from migrate_guard.record import dataclass

_OPERATORS = ("&&", "||", ";;", ";", "|&", "|", "&", "(", ")")
_OPENING = frozenset({"if", "then", "elif", "else", "while", "until", "do", "!", "{", "(", "time"})
_DEEPER = frozenset({"if", "while", "until", "for", "case", "select", "{", "("})
_CLOSING = frozenset({"fi", "done", "esac", "}", ")"})
_HEREDOC = pattern(r"<<(?P<dash>-?)\s*(?P<mark>['\"]?)(?P<word>[A-Za-z_][\w.-]*)(?P=mark)")
_SHELLS = frozenset({"sh", "bash", "dash", "ash", "zsh"})
_DEEPEST = 5


@dataclass(frozen=True, slots=True)
class Command:
    """One simple command: `words` without quotation marks, and where it stands.

    `line` counts from 1 in the text. `before` and `after` are the operators beside it, a break being `;`.
    `keywords` are the words of the grammar right before it, such as `if` or `!`. `depth` counts the
    compound commands around it. A closing word such as `fi` is a command of its own.
    """

    words: tuple[str, ...]
    line: int
    before: str = ";"
    after: str = ";"
    keywords: tuple[str, ...] = ()
    depth: int = 0

    @property
    def closes(self) -> bool:
        """Whether it is only the end of a compound command."""
        return len(self.words) == 1 and self.words[0] in _CLOSING


def read_shell(text: str, line: int = 1, same_line: bool = False) -> tuple[Command, ...]:
    """Return the commands of a text in their order; `line` is the number of its first line.

    With `same_line` all of it stands in that line. Never raises: text that is no shell gives commands that
    mean nothing.
    """
    reader = _Reader(line, same_line)
    for number, word, kind in _tokens(text):
        reader.take(number, word, kind)
    return tuple(reader.finished())


def inner(command: Command) -> tuple[Command, ...]:
    """Return the commands of `sh -c '...'` within a command, none if it has no such part."""
    words = command.words
    for index, word in enumerate(words):
        if word.rpartition("/")[2] not in _SHELLS:
            continue
        for offset, option in enumerate(words[index + 1 :], index + 1):
            if not option.startswith("-"):
                break
            if not option.startswith("--") and "c" in option and offset + 1 < len(words):
                found = read_shell(words[offset + 1], command.line, same_line=True)
                strict = any("e" in one[1:] for one in words[index + 1 : offset + 1] if one[1:2] != "-")
                return (Command(("set", "-e"), command.line), *found) if strict else found
    return ()


def flattened(commands: Sequence[Command], depth: int = 0) -> list[tuple[Command, tuple[Command, ...]]]:
    """Return every command with the list that it stands in, those inside of `sh -c` included."""
    found = []
    for command in commands:
        found.append((command, tuple(commands)))
        if depth < _DEEPEST:
            found += flattened(inner(command), depth + 1)
    return found


class _Reader:
    """Puts words together to commands."""

    def __init__(self, line: int, same_line: bool) -> None:
        self._first, self._same_line = line, same_line
        self._done: list[Command] = []
        self._words: list[str] = []
        self._keywords: list[str] = []
        self._line = line
        self._before = ";"
        self._depth = 0
        self._brackets = 0

    def take(self, number: int, word: str, kind: str) -> None:
        """Take the next token: a word, a quoted word or an operator."""
        if kind == "operator" and word not in ("(", ")"):
            self._end(";" if word == ";;" else word)
        elif word == ")" and kind == "operator":
            self._bracket_closes()
        elif self._words and word == "{" and self._words[-1] == ")":
            # `name() {` begins a function.
            self._words, self._keywords, self._depth = [], ["{"], self._depth + 1
        elif self._words or kind == "quoted":
            self._begin(number)
            self._words.append(word)
        else:
            self._begin(number)
            self._first_word(word)

    def _begin(self, number: int) -> None:
        if not self._words:
            self._line = self._first if self._same_line else self._first + number

    def _first_word(self, word: str) -> None:
        self._brackets += word == "("
        self._depth += word in _DEEPER
        if word in _CLOSING:
            self._depth = max(self._depth - 1, 0)
        if word in _OPENING:
            self._keywords.append(word)
        else:
            self._words.append(word)

    def _bracket_closes(self) -> None:
        if self._words and self._words[-1] == "(":
            self._words.append(")")
        elif self._brackets:
            self._end(";")
            self._brackets -= 1
            self._depth = max(self._depth - 1, 0)
            self._words.append(")")
        else:
            # What stood before it is a pattern of `case`.
            self._words = []

    def _end(self, operator: str) -> None:
        if not self._words:
            if operator != ";" or not self._keywords:
                self._before = operator if self._done and operator != ";" else self._before
            return
        made = Command(
            tuple(self._words), self._line, self._before, operator, tuple(self._keywords), self._depth
        )
        self._done.append(made)
        self._words, self._keywords, self._before = [], [], operator

    def finished(self) -> list[Command]:
        """Return the commands."""
        self._end(";")
        return self._done


def _tokens(text: str) -> list[tuple[int, str, str]]:
    """Return line (from 0), text and kind of each token."""
    found: list[tuple[int, str, str]] = []
    lines = text.replace("\r\n", "\n").replace("\\\n", "\x00").split("\n")
    number = 0
    ending: list[tuple[str, bool]] = []
    rest = ""
    start = 0
    for line in lines:
        joined = line.count("\x00")
        if ending:
            word, dash = ending[0]
            if (line.lstrip("\t") if dash else line).rstrip() == word:
                ending.pop(0)
            number += joined + 1
            continue
        rest = f"{rest}\n{line}" if rest else line
        start = start if "\n" in rest else number
        number += joined + 1
        tokens = _line_tokens(rest, start)
        if tokens is None:
            continue
        rest = ""
        found += tokens
        found.append((number - 1, ";", "operator"))
        ending = [(one["word"], bool(one["dash"])) for one in _HEREDOC.finditer(line)]
    if rest:
        # A quotation mark that is never closed: what stands before it is read.
        found += _line_tokens(rest + rest[-1:] + "'", start) or _line_tokens(rest + '"', start) or []
    return found


def _line_tokens(text: str, number: int) -> list[tuple[int, str, str]] | None:
    """Return the tokens of lines, `None` if a quotation mark is open at their end."""
    return _Lexer(text, number).tokens()


class _Lexer:
    """Goes through lines in which no here-document stands; `\x00` is a break that a backslash joins."""

    def __init__(self, text: str, number: int) -> None:
        self._text, self._number, self._index = text, number, 0
        self._found: list[tuple[int, str, str]] = []
        self._word, self._begun, self._quoted, self._at = "", False, False, number

    def tokens(self) -> list[tuple[int, str, str]] | None:
        """Return all tokens, `None` if a quotation mark is open at the end."""
        while self._index < len(self._text):
            char = self._text[self._index]
            if char in "'\"":
                if not self._quote(char):
                    return None
            elif char == "\\" and self._index + 1 < len(self._text):
                self._add(self._text[self._index + 1], 2)
            elif char == "#" and not self._begun:
                end = self._text.find("\n", self._index)
                self._index = end if end >= 0 else len(self._text)
            elif not self._separator(char):
                self._plain(char)
        self._finish()
        return self._found

    def _add(self, text: str, length: int) -> None:
        self._at = self._at if self._begun else self._number
        self._word, self._begun = self._word + text, True
        self._number += sum(self._text.count(one, self._index, self._index + length) for one in "\n\x00")
        self._index += length

    def _finish(self) -> None:
        if self._begun:
            self._found.append((self._at, self._word, "quoted" if self._quoted else "word"))
        self._word, self._begun, self._quoted = "", False, False

    def _quote(self, mark: str) -> bool:
        end = _quote_end(self._text, self._index)
        if end is None:
            return False
        self._add(_unquoted(self._text[self._index + 1 : end], mark), end + 1 - self._index)
        self._quoted = True
        return True

    def _separator(self, char: str) -> bool:
        """Take a blank or an operator, if there is one."""
        operator = next((one for one in _OPERATORS if self._text.startswith(one, self._index)), "")
        if operator and self._is_part_of_word(operator):
            return False
        if not operator and char not in " \t\n\x00":
            return False
        self._finish()
        if operator:
            self._found.append((self._number, operator, "operator"))
        self._number += char in "\n\x00"
        self._index += max(len(operator), 1)
        return True

    def _is_part_of_word(self, operator: str) -> bool:
        before, after = self._text[: self._index], self._text[self._index + 1 :]
        if operator in ("&", "|"):
            return before.endswith((">", "<")) or (operator == "&" and after.startswith(">"))
        return operator == "(" and self._word.endswith(("$", "<", ">", "="))

    def _plain(self, char: str) -> None:
        end = _bracket_end(self._text, self._index + 1) if char == "(" else self._index + 1
        self._add(self._text[self._index : end], end - self._index)


def _bracket_end(text: str, index: int) -> int:
    depth = 1
    while index < len(text) and depth:
        depth += {"(": 1, ")": -1}.get(text[index], 0)
        index += 1
    return index


def _quote_end(text: str, start: int) -> int | None:
    mark, index = text[start], start + 1
    while index < len(text):
        if text[index] == "\\" and mark == '"':
            index += 2
        elif text[index] == mark:
            return index
        else:
            index += 1
    return None


def _unquoted(text: str, mark: str) -> str:
    if mark == "'":
        return text.replace("\x00", "\\\n")
    return pattern(r'\\(["\\$`])').sub(r"\1", text.replace("\x00", ""))
