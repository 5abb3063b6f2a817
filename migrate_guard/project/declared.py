"""Tables that the project's models declare, read from their classes; no model is imported."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from pathlib import Path

from migrate_guard.pattern import pattern
from migrate_guard.project.env_script import imported_names
from migrate_guard.project.environment import Environment
from migrate_guard.project.modules import find_module
from migrate_guard.project.near_modules import module_of, modules_near
from migrate_guard.project.source import Source
from migrate_guard.project.trees import dotted_name
from migrate_guard.record import dataclass
from migrate_guard.span import Span

MAY_DECLARE = pattern(r"__tablename__|\btable\s*=\s*True|\bTable\(")
_SQLMODEL = frozenset({"sqlmodel.SQLModel", "sqlmodel.main.SQLModel"})
_HOPS = 8


@dataclass(frozen=True, slots=True)
class DeclaredTable:
    """A model class with a literal table name. `base` is the class it derives from, see `origin`."""

    name: str
    model: str
    base: str
    file: Path
    span: Span


def declared_tables(
    environment: Environment, root: Path, leave_out: frozenset[Path]
) -> Iterator[DeclaredTable]:
    """Go through the models in the project's files near the environment, some files left out.

    Only classes that derive straight from the base, and say their table's name. `root` is what shown paths
    are relative to.
    """

    def may_declare(file: Path, text: str) -> bool:
        return file not in leave_out and MAY_DECLARE.search(text) is not None

    for file, _, source, tree, names in modules_near(environment, root, may_declare):
        for node in tree.body:
            if isinstance(node, ast.ClassDef):
                table = _table_name(node)
                for base in node.bases if table else ():
                    found = origin(_dotted(base, names, file, tree), environment, root)
                    if found and table:
                        yield DeclaredTable(table, node.name, found, file, _first_line(source, node))


def origin(dotted: str, environment: Environment, root: Path) -> str:
    """Return where the project defines a name that may be imported from module to module.

    `path/to/file.py:Base` for a name of the project, SQLModel's own name for its base, empty otherwise.
    """
    for _ in range(_HOPS):
        if dotted in _SQLMODEL:
            return "sqlmodel.SQLModel"
        if ":" in dotted:
            return dotted
        where, _, name = dotted.rpartition(".")
        file = find_module(where, environment) if where else None
        module = module_of(file, root) if file is not None else None
        if file is None or module is None:
            return ""
        source, tree = module
        if _defines(tree, name):
            return f"{file}:{name}"
        dotted = imported_names(source, tree).get(name, "")
    return ""


def _dotted(node: ast.expr, names: dict[str, str], file: Path, tree: ast.Module) -> str:
    if isinstance(node, ast.Name) and _defines(tree, node.id):
        return f"{file}:{node.id}"
    return dotted_name(node, names)


def _defines(tree: ast.Module, name: str) -> bool:
    """Tell whether a module makes the name itself: by a class, or by an assignment such as
    `Base = declarative_base()`."""
    for node in tree.body:
        if isinstance(node, ast.ClassDef) and node.name == name:
            return True
        targets = node.targets if isinstance(node, ast.Assign) else []
        if isinstance(node, ast.AnnAssign):
            targets = [node.target]
        if any(isinstance(target, ast.Name) and target.id == name for target in targets):
            return True
    return False


def _table_name(node: ast.ClassDef) -> str | None:
    for statement in node.body:
        target = statement.targets[0] if isinstance(statement, ast.Assign) else None
        if isinstance(statement, ast.AnnAssign):
            target = statement.target
        if isinstance(target, ast.Name) and target.id == "__tablename__":
            value = statement.value if isinstance(statement, (ast.Assign, ast.AnnAssign)) else None
            return value.value if isinstance(value, ast.Constant) and isinstance(value.value, str) else None
    # https://sqlmodel.tiangolo.com/tutorial/create-db-and-table/: the class name in lower case.
    is_table = any(
        one.arg == "table" and isinstance(one.value, ast.Constant) and one.value.value is True
        for one in node.keywords
    )
    return node.name.lower() if is_table else None


def _first_line(source: Source, node: ast.ClassDef) -> Span:
    text = source.lines[node.lineno - 1].rstrip()
    return Span(source.path, node.lineno, node.col_offset + 1, node.lineno, len(text) + 1)
