"""Evaluate a revision given as text, and show its operations as short lines."""

from __future__ import annotations

import ast
import textwrap
from collections.abc import Mapping
from pathlib import Path

from migrate_guard.dialect import parse_dialect
from migrate_guard.evaluate.interpret.loader import Loader, ModuleFiles
from migrate_guard.evaluate.outcome import Direction, Evaluation
from migrate_guard.evaluate.revision import evaluate
from migrate_guard.operations import AnyOperation, Opaque
from migrate_guard.project.script import Script
from migrate_guard.project.source import Source
from migrate_guard.schema import Schema, empty_schema

HEADER = "import sqlalchemy as sa\nfrom alembic import op\n"


def source_of(text: str, path: str = "versions/abc.py") -> Source:
    """Return a source with this text."""
    return Source(path, Path(path), text, tuple(text.split("\n")))


def loader_of(modules: Mapping[str, str] | None = None) -> Loader:
    """Return a loader that knows these modules of a project by their dotted names."""
    texts = dict(modules or {})
    files = ModuleFiles(
        lambda dotted: Path(f"{dotted}.py") if dotted in texts else None,
        lambda file: _parsed(file, texts[file.stem]),
    )
    return Loader(files)


def _parsed(file: Path, text: str) -> tuple[Source, ast.Module]:
    return source_of(text, file.as_posix()), ast.parse(text)


def run(
    text: str,
    direction: Direction = "upgrade",
    dialect: str = "postgresql",
    modules: Mapping[str, str] | None = None,
    before: Schema | None = None,
    database: str | None = None,
    revision: str = "abc",
) -> Evaluation:
    """Evaluate a revision; `text` is dedented and gets the usual imports in front."""
    text = HEADER + textwrap.dedent(text)
    script = Script(source_of(text), ast.parse(text), revision)
    target = parse_dialect(dialect)
    schema = before or empty_schema(target.name)
    return evaluate(script, direction, target, schema, loader_of(modules), database)


def body(text: str, **options: str) -> Evaluation:
    """Evaluate statements as the body of `upgrade()`."""
    return run("def upgrade():\n" + textwrap.indent(textwrap.dedent(text), "    "), **options)  # type: ignore[arg-type]  # options are keywords of run


def shown(evaluation: Evaluation) -> list[str]:
    """Return a line per operation: its class, its subject, and what it depends on."""
    return [line(transition.operation) for transition in evaluation.transitions]


def line(operation: AnyOperation) -> str:
    """Return one operation as a short line."""
    subject = operation.reason if isinstance(operation, Opaque) else _subject(operation)
    conditions = " if " + " and ".join(map(str, operation.conditions)) if operation.conditions else ""
    return f"{type(operation).__name__} {subject}{conditions}".strip()


def _subject(operation: AnyOperation) -> str:
    parts = [str(getattr(operation, "table", "") or "")]
    column = getattr(operation, "column", None)
    parts.append(column if isinstance(column, str) else getattr(column, "name", "") or "")
    index = getattr(operation, "index", None)
    parts.append(str(index.name) if index is not None else "")
    parts.append(str(getattr(operation, "name", "") or ""))
    return " ".join(part for part in parts if part)
