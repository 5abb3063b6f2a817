"""The house rules that no other tool checks: sizes, docstrings, paths, the changelog."""

from __future__ import annotations

import ast
import re
import subprocess
from collections.abc import Iterator
from pathlib import Path
from statistics import median

import pytest

from migrate_guard import __version__
from tests.commands import ROOT

PACKAGE = ROOT / "migrate_guard"
MODULES = sorted(PACKAGE.rglob("*.py"))
CHECKED = [
    *MODULES,
    *sorted((ROOT / "tests").rglob("*.py")),
    *sorted((ROOT / "benchmarks").rglob("*.py")),
]
MODULE_CAP, MODULE_MEDIAN = 400, 130
FUNCTION_CAP, FUNCTION_MEDIAN = 60, 12
BINARY = {".gz", ".png", ".whl"}
# What may be longer, by decision: tables of data that are read line by line.
LONG_MODULES = {"tests/dialects/postgresql_cases.py"}
LONG_FUNCTIONS = {"tests/dialects/shop.py postgresql_shop"}

Function = ast.FunctionDef | ast.AsyncFunctionDef


def functions(path: Path) -> Iterator[Function]:
    """Yield all functions of a module, nested ones too."""
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, Function):
            yield node


def length(function: Function) -> int:
    """Return how many lines a function takes, decorators included."""
    first = min([function.lineno, *(decorator.lineno for decorator in function.decorator_list)])
    return (function.end_lineno or first) - first + 1


def lines(path: Path) -> int:
    """Return how many lines a module has."""
    return len(path.read_text(encoding="utf-8").splitlines())


def name(path: Path) -> str:
    """Return a path as it is called inside the checkout."""
    return path.relative_to(ROOT).as_posix()


def tracked() -> list[Path]:
    """Return the files of the project: what git tracks, or all of an unpacked sdist."""
    done = subprocess.run(["git", "ls-files", "-z"], cwd=ROOT, capture_output=True, text=True, check=False)
    if done.returncode == 0 and done.stdout:
        return [ROOT / part for part in done.stdout.split("\0") if part]
    return [path for path in ROOT.rglob("*") if path.is_file()]


def test_no_module_outgrows_the_cap() -> None:
    long = {name(path): lines(path) for path in CHECKED if lines(path) > MODULE_CAP}
    assert {path: count for path, count in long.items() if path not in LONG_MODULES} == {}


def test_no_function_outgrows_the_cap() -> None:
    long = {
        f"{name(path)} {function.name}": length(function)
        for path in CHECKED
        for function in functions(path)
        if length(function) > FUNCTION_CAP
    }
    assert {where: count for where, count in long.items() if where not in LONG_FUNCTIONS} == {}


def test_half_of_the_modules_and_functions_are_short() -> None:
    assert median(lines(path) for path in MODULES) <= MODULE_MEDIAN
    assert median(length(function) for path in MODULES for function in functions(path)) <= FUNCTION_MEDIAN


def class_members() -> dict[str, tuple[set[str], set[str]]]:
    """Return of every class of the package, by name: its documented methods and its bases."""
    found = {}
    for path in MODULES:
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.ClassDef):
                documented = {
                    child.name
                    for child in node.body
                    if isinstance(child, Function) and ast.get_docstring(child)
                }
                found[node.name] = (documented, {ast.unparse(base).split("[")[0] for base in node.bases})
    return found


CLASSES = class_members()


def inherits_docstring(method: str, bases: set[str]) -> bool:
    """Tell whether a base class of the package says what the method does."""
    known = [CLASSES[base] for base in bases if base in CLASSES]
    return any(method in documented or inherits_docstring(method, above) for documented, above in known)


def public_without_docstring(node: ast.Module | ast.ClassDef, prefix: str) -> Iterator[str]:
    """Yield the public classes, functions and methods that say nothing about themselves."""
    bases = CLASSES[node.name][1] if isinstance(node, ast.ClassDef) else set()
    for child in node.body:
        if not isinstance(child, Function | ast.ClassDef) or child.name.startswith("_"):
            continue
        overloaded = any(ast.unparse(mark) == "overload" for mark in child.decorator_list)
        if not (ast.get_docstring(child) or overloaded or inherits_docstring(child.name, bases)):
            yield f"{prefix}{child.name}"
        if isinstance(child, ast.ClassDef):
            yield from public_without_docstring(child, f"{prefix}{child.name}.")


@pytest.mark.parametrize("path", MODULES, ids=name)
def test_what_is_public_is_documented(path: Path) -> None:
    tree = ast.parse(path.read_text(encoding="utf-8"))
    if tree.body:
        assert ast.get_docstring(tree), "a module's docstring says its place in the pipeline"
    assert list(public_without_docstring(tree, "")) == []


def test_docstrings_are_sentences() -> None:
    """A docstring starts like a sentence and its first paragraph ends like one."""
    broken = [
        f"{name(path)}:{node.lineno} {node.name}"
        for path in MODULES
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8")))
        if isinstance(node, Function | ast.ClassDef)
        for doc in [ast.get_docstring(node)]
        if doc is not None and doc.split("\n\n")[0].rstrip()[-1:] not in set(".:!?…")
    ]
    assert broken == []


def test_no_file_knows_a_machine() -> None:
    """Paths of one machine in a file of the project are leftovers."""
    roots = ("root", "work", "home/[a-z]+", "Users/[A-Za-z]+")
    leftover = re.compile(rf"(?<![\w.:/*-])/(?:{'|'.join(roots)})/[\w.]")
    found = []
    for path in tracked():
        if path.suffix in BINARY or not path.is_file():
            continue
        text = path.read_text(encoding="utf-8", errors="replace")
        found += [f"{name(path)}: {match.group()}" for match in leftover.finditer(text)]
    assert found == []


def test_changelog_mentions_the_version() -> None:
    text = (ROOT / "CHANGELOG.md").read_text(encoding="utf-8")
    assert re.search(rf"^## \[{re.escape(__version__)}\]", text, re.MULTILINE)
