"""What a revision script means, apart from its header: two scripts of one meaning do the same.

Docstrings, comments, layout, annotations, the order of imports and imports that nothing uses are free; so
are names of the header, which other comparisons look at.
"""

from __future__ import annotations

import ast
import warnings
from collections import Counter
from collections.abc import Iterator
from typing import TypeGuard

from migrate_guard.project.header import NAMES
from migrate_guard.project.script import Script

_ALIKE = 0.5
"""The share of an upgrade's statements that is left in an edited revision; git's `-M` takes as much of the
lines for a renamed file: https://git-scm.com/docs/git-diff#Documentation/git-diff.txt--Mltngt"""

# What Alembic writes for `alembic revision` without `-m`: `ScriptDirectory.generate_revision` in
# alembic/script/base.py, Alembic 1.20.
_NO_MESSAGE = "empty message"


def same_meaning(one: Script, other: Script) -> bool:
    """Tell whether two scripts do the same, whatever their headers say."""
    if one.source.text == other.source.text:
        return True
    return _imports(one) == _imports(other) and _dumped(one) == _dumped(other)


def alike(one: Script, other: Script) -> bool:
    """Tell whether two scripts with one id are one revision, edited: by message or by what they do."""
    if one.message not in ("", _NO_MESSAGE) and one.message == other.message:
        return True
    mine, its = Counter(_upgrades(one)), Counter(_upgrades(other))
    if not mine and not its:
        return one.source.path == other.source.path
    return 2 * (mine & its).total() >= _ALIKE * (mine.total() + its.total())


def _upgrades(script: Script) -> Iterator[str]:
    """Go through the statements of the functions that upgrade, as text; those that do nothing left out."""
    for function in _plain(script).body:
        if isinstance(function, ast.FunctionDef) and function.name.partition("_")[0] == "upgrade":
            yield from (ast.dump(one) for one in function.body if not isinstance(one, ast.Pass))


def _dumped(script: Script) -> str:
    return ast.dump(_plain(script))


def _plain(script: Script) -> ast.Module:
    tree = _parsed(script)
    tree.body = [one for one in tree.body if not _is_header(one) and not _is_import(one)]
    _Plain().visit(tree)
    return tree


def _parsed(script: Script) -> ast.Module:
    # Again, because the script's own tree is shared and must not change.
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        return ast.parse(script.source.text)


def _is_header(statement: ast.stmt) -> bool:
    if isinstance(statement, ast.Assign):
        targets: list[ast.expr] = statement.targets
    elif isinstance(statement, ast.AnnAssign):
        targets = [statement.target]
    else:
        return False
    names = [name for target in targets for name in (getattr(target, "elts", None) or [target])]
    return all(isinstance(name, ast.Name) and name.id in NAMES for name in names)


def _is_import(statement: ast.stmt) -> TypeGuard[ast.Import | ast.ImportFrom]:
    return isinstance(statement, (ast.Import, ast.ImportFrom))


def _imports(script: Script) -> frozenset[tuple[str, str, str]]:
    """Return the imports at the top level whose names are used: module, name, what it is bound to."""
    used = {node.id for node in ast.walk(_plain(script)) if isinstance(node, ast.Name)}
    found = set()
    for statement in script.tree.body:
        if not _is_import(statement):
            continue
        module = ""
        if isinstance(statement, ast.ImportFrom):
            module = "." * statement.level + (statement.module or "")
        for alias in statement.names:
            bound = alias.asname or alias.name.partition(".")[0]
            if bound in used or alias.name == "*":
                found.add((module, alias.name, bound))
    return frozenset(found)


class _Plain(ast.NodeTransformer):
    """Takes out of a tree what does not change what it does."""

    def visit(self, node: ast.AST) -> ast.AST | None:
        """Go through a node; a block that is left without statements passes."""
        done: ast.AST | None = super().visit(node)
        body = getattr(done, "body", None)
        if isinstance(body, list) and not body and not isinstance(done, ast.Module):
            body.append(ast.Pass())
        return done

    def visit_Expr(self, node: ast.Expr) -> ast.AST | None:
        """Drop docstrings and other constants that stand for themselves."""
        return None if isinstance(node.value, ast.Constant) else self.generic_visit(node)

    def visit_Pass(self, node: ast.Pass) -> None:
        """Drop it; `visit` puts one where it is needed."""

    def visit_Constant(self, node: ast.Constant) -> ast.AST:
        """Forget that a string was written with `u`."""
        node.kind = None
        return node

    def visit_FunctionDef(self, node: ast.FunctionDef) -> ast.AST:
        """Drop what the function returns by its annotation."""
        node.returns = None
        return self.generic_visit(node)

    def visit_arg(self, node: ast.arg) -> ast.AST:
        """Drop the annotation of an argument."""
        node.annotation = None
        return node

    def visit_ClassDef(self, node: ast.ClassDef) -> ast.AST:
        """Keep the annotations of a class: SQLAlchemy and dataclasses read them."""
        node.body = [one for one in node.body if not _is_text(one)]
        return node

    def visit_AnnAssign(self, node: ast.AnnAssign) -> ast.AST | None:
        """Make a plain assignment of one with an annotation."""
        if node.value is None:
            return None
        return self.generic_visit(ast.Assign(targets=[node.target], value=node.value))


def _is_text(statement: ast.stmt) -> bool:
    return isinstance(statement, ast.Expr) and isinstance(statement.value, ast.Constant)
