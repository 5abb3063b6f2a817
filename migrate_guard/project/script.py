"""One revision file: its text, its syntax tree and its header."""

from __future__ import annotations

import ast
import re
from dataclasses import field
from pathlib import Path

from migrate_guard.pattern import pattern
from migrate_guard.project.header import Header, HeaderError, guess_header, ids, read_header
from migrate_guard.project.source import BrokenScript, Source, parse, read_source
from migrate_guard.record import dataclass, replace
from migrate_guard.span import Span, whole_line

__all__ = [
    "BrokenScript",
    "Script",
    "Source",
    "has_header",
    "is_revision_name",
    "may_be_revision",
    "read_script",
    "script_of",
]

# Which files Alembic loads, and the ids of files without `revision`, from the days of Alembic 0.1:
# `_only_source_rev_file` and `_legacy_rev` in alembic/script/base.py, Alembic 1.20.
_REVISION_NAME = pattern(r"(?!\.\#|__init__).*\.py$", re.DOTALL)
_HEADER = pattern(rb"^(?:down_)?revision\b", re.MULTILINE)
_GLANCE = 20_000
_LEGACY_NAME = pattern(r"([a-f0-9]+)\.py$")


@dataclass(frozen=True, slots=True, eq=False)
class Script:
    """A revision as its file declares it.

    `down_revisions`, `depends_on` and `branch_labels` are tuples however the header spells them.
    `message` is the first paragraph of the docstring. `header` maps the header's names to where they are
    assigned. `undecided` are `depends_on` or `branch_labels` that are not literals; they count as empty.
    """

    source: Source
    tree: ast.Module
    revision: str
    down_revisions: tuple[str, ...] = ()
    depends_on: tuple[str, ...] = ()
    branch_labels: tuple[str, ...] = ()
    message: str = ""
    header: dict[str, Span] = field(default_factory=dict)
    undecided: tuple[str, ...] = ()

    @property
    def is_merge(self) -> bool:
        """Whether it joins several revisions."""
        return len(self.down_revisions) > 1


def is_revision_name(name: str) -> bool:
    """Tell whether Alembic would load a file of this name from a versions directory."""
    return _REVISION_NAME.match(name) is not None


def may_be_revision(file: Path) -> bool:
    """Tell whether a file has the name of a revision and, at a glance, a header; reads its beginning only."""
    try:
        if not is_revision_name(file.name) or not file.is_file():
            return False
        with file.open("rb") as stream:
            return has_header(stream.read(_GLANCE))
    except OSError:
        return False


def has_header(data: bytes) -> bool:
    """Tell whether the beginning of these bytes looks like the header of a revision."""
    return _HEADER.search(data[:_GLANCE]) is not None


def read_script(file: Path, path: str) -> Script | BrokenScript | None:
    """Read one file of a versions directory; `path` is what reports show.

    Return `None` for a file that Alembic passes over by its name, and `BrokenScript` for one that Alembic
    would stumble over or that cannot be read without running it. Never raises.
    """
    if not is_revision_name(file.name):
        return None
    source = read_source(file, path)
    return source if isinstance(source, BrokenScript) else script_of(source)


def script_of(source: Source) -> Script | BrokenScript:
    """Return what a text declares as a revision, or why that cannot be read. Never raises."""
    tree = parse(source)
    if isinstance(tree, BrokenScript):
        return _with_guess(tree, source)
    try:
        found = _script(source, tree, read_header(source, tree))
        return replace(found, text=source.text) if isinstance(found, BrokenScript) else found
    except HeaderError as error:
        broken = BrokenScript(source.span(error.node), error.reason, error.hint)
        return _with_guess(broken, source)


def _script(source: Source, tree: ast.Module, header: Header) -> Script | BrokenScript:
    values = header.values
    revision = values.get("revision")
    if not isinstance(revision, str):
        legacy = _LEGACY_NAME.match(source.file.name)
        if legacy is None:
            return _no_revision(source, tree)
        revision = legacy[1]
    if "down_revision" not in values:
        return BrokenScript(
            whole_line(source.path, 1),
            "it assigns no down_revision",
            "name the revision before it, or write down_revision = None if it is the first",
            revision,
        )
    return Script(
        source=source,
        tree=tree,
        revision=revision,
        down_revisions=ids(values["down_revision"]),
        depends_on=ids(values.get("depends_on")),
        branch_labels=ids(values.get("branch_labels")),
        message=_message(tree),
        header=header.spans,
        undecided=header.undecided,
    )


def _no_revision(source: Source, tree: ast.Module) -> BrokenScript:
    if not tree.body:
        return BrokenScript(
            whole_line(source.path, 1),
            "it is empty, so it declares no revision",
            "delete it or restore its contents",
        )
    return BrokenScript(
        whole_line(source.path, 1),
        "it declares no revision, and Alembic stops at such a file in a versions directory",
        "if it is a helper, move it out of the versions directory",
    )


def _with_guess(broken: BrokenScript, source: Source) -> BrokenScript:
    revision, parents = guess_header(source.text)
    return replace(broken, revision=revision, down_revisions=parents, text=source.text)


def _message(tree: ast.Module) -> str:
    first = tree.body[0] if tree.body else None
    if (
        isinstance(first, ast.Expr)
        and isinstance(first.value, ast.Constant)
        and isinstance(first.value.value, str)
    ):
        return first.value.value.strip().partition("\n\n")[0].strip()
    return ""
