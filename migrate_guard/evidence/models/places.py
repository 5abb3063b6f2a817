"""Where in the project's files a table or a column of the models is written."""

from __future__ import annotations

import ast
from collections.abc import Iterable, Mapping
from functools import lru_cache
from pathlib import Path
from typing import Any

from migrate_guard.operations import TableName
from migrate_guard.project.paths import shown_path
from migrate_guard.schema.model import DEFAULT_SCHEMAS
from migrate_guard.span import Span


class Places:
    """Finds places of tables and columns; files are read when a place in them is first asked for.

    `answer` is what the probe says of classes and modules, `root` what shown paths are relative to.
    """

    def __init__(self, answer: Iterable[Mapping[str, Any]], root: Path) -> None:
        self._tables = {TableName(one["table"], one["schema"] or ""): one for one in answer}
        # Models may name the default schema, which the history leaves out.
        for schema in DEFAULT_SCHEMAS.values():
            named = [(table, one) for table, one in self._tables.items() if table.schema == schema]
            self._tables = {**{TableName(table.name): one for table, one in named}, **self._tables}
        self._root = root

    def of(self, table: TableName | None, column: str | None = None) -> Span | None:
        """Return where a column is written, or its table if that is not known."""
        known = None if table is None else self._tables.get(table)
        if known is None:
            return None
        if column is not None:
            found = self._of_column(known, known["columns"].get(column, column))
            if found is not None:
                return found
        return self._of_table(known)

    def _of_column(self, known: Mapping[str, Any], attribute: str) -> Span | None:
        for one in known["classes"]:
            for node in _class_body(one["file"], one["name"]):
                if attribute in _bound(node):
                    return self._span(one["file"], node)
        return None

    def _of_table(self, known: Mapping[str, Any]) -> Span | None:
        for one in known["classes"]:
            found = _class(one["file"], one["name"])
            if found is not None:
                return self._span(one["file"], found)
        for file in known["files"]:
            for node in ast.walk(_tree(file) or ast.Module([], [])):
                if isinstance(node, ast.Call) and _makes_table(node, known["table"]):
                    return self._span(file, node)
        return None

    def _span(self, file: str, node: ast.stmt | ast.expr) -> Span:
        line = node.lineno
        text = _lines(file)[line - 1].rstrip()
        # `ast` counts bytes, a span characters.
        end = node.end_col_offset if node.end_lineno == line and node.end_col_offset else len(text)
        columns = [len(text[:offset].decode(errors="replace")) + 1 for offset in (node.col_offset, end)]
        return Span(shown_path(Path(file), self._root), line, columns[0], line, columns[1])


@lru_cache(maxsize=256)
def _lines(file: str) -> tuple[bytes, ...]:
    try:
        return tuple(Path(file).read_bytes().splitlines())
    except OSError:
        return ()


@lru_cache(maxsize=256)
def _tree(file: str | None) -> ast.Module | None:
    try:
        return None if file is None else ast.parse(b"\n".join(_lines(file)))
    except (SyntaxError, ValueError):
        return None


def _class(file: str | None, name: str) -> ast.ClassDef | None:
    """Return the definition of a class by its qualified name, those inside of functions included."""
    body: list[ast.stmt] = (_tree(file) or ast.Module([], [])).body
    found: ast.ClassDef | None = None
    for part in name.replace("<locals>.", "").split("."):
        inside = (node for statement in body for node in ast.walk(statement))
        found = None
        for node in inside:
            if isinstance(node, (ast.ClassDef, ast.FunctionDef)) and node.name == part:
                body = node.body
                found = node if isinstance(node, ast.ClassDef) else None
                break
        else:
            return None
    return found


def _class_body(file: str | None, name: str) -> list[ast.stmt]:
    found = _class(file, name)
    return [] if found is None else found.body


def _bound(node: ast.stmt) -> set[str]:
    if isinstance(node, ast.Assign):
        return {target.id for target in node.targets if isinstance(target, ast.Name)}
    if isinstance(node, ast.AnnAssign) and isinstance(node.target, ast.Name):
        return {node.target.id}
    return {node.name} if isinstance(node, ast.FunctionDef) else set()


def _makes_table(call: ast.Call, name: str) -> bool:
    function = call.func
    called = function.attr if isinstance(function, ast.Attribute) else getattr(function, "id", "")
    first = call.args[0] if call.args else None
    return called.endswith("Table") and isinstance(first, ast.Constant) and first.value == name
