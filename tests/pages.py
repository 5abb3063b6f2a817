"""The examples in Markdown: every python block of `rules/**/*.md` and `tests/cases/*.md` is a revision.

How a block is read:

- Bare statements are the body of `upgrade()`; `op`, `sa`, `postgresql` and `mysql` are imported for them,
  and `downgrade()` raises. A block with `def upgrade` or `def downgrade` is everything below the header, but
  a missing `downgrade()` raises as well. One that assigns `revision` has its own header, and the history is
  then judged from its start.
- A comment at the end of a line names the rules that find something there: `# drop-column, rename-table`.
  A block without such comments is clean under every rule.
- After ` ```python ` come options: `earlier` makes the block a revision before the next one (a good one is
  judged as well, a bad one only sets the scene); `dialect=mysql`
  or `dialect=sqlite,postgresql:10` says whom it is for (PostgreSQL otherwise); `require-reasons` is the
  setting of that name; `file=NAME` names the file; `with=NAME` makes the block another file of the project,
  such as a module, `migrations/env.py` or, as ` ```ini with=alembic.ini `, the configuration of Alembic; with
  an ini every environment that is found is judged. `models=NAME` makes it a module whose `Base.metadata` are
  the models that the history is compared with.
- `base` makes the block a file of the base branch, which the branch at hand was made from and still has,
  unless a block with the same `file` shows what it has become; `base deleted` one that the branch deleted,
  `base since` one that the base branch has got after that. What the base does not have is judged then.
- A ` ```sql database ` block before it is run on a new SQLite database, which is then looked at as well.
- A ` ```text ` block after it is the exact report.
"""

from __future__ import annotations

import contextlib
import re
import sqlite3
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field, replace
from pathlib import Path

from migrate_guard.check import check
from migrate_guard.config import Config
from migrate_guard.dialect import parse_dialect
from migrate_guard.judgement import Judgement
from migrate_guard.rule_list import all_rules
from tests.repositories import new_repository

ROOT = Path(__file__).resolve().parent.parent
RULE_PAGES = ROOT / "rules"
CASES = ROOT / "tests" / "cases"
VERSIONS = Path("migrations/versions")

_FENCE = re.compile(r"^```(\w+) ?(.*?)\n(.*?)^```$", re.MULTILINE | re.DOTALL)
_HEADING = re.compile(r"^\*\*(.+?)\*\*$|^#+ (.+)$", re.MULTILINE)
_MARK = re.compile(r"\s*# ([a-z]+(?:-[a-z]+)*(?:, [a-z]+(?:-[a-z]+)*)*)$")
_IMPORTS = '''"""{title}"""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import mysql, postgresql

'''
_HEADER = """revision = "{revision}"
down_revision = {parent}
branch_labels = None
depends_on = None


"""
_DOWNGRADE = '\n\ndef downgrade():\n    raise NotImplementedError("there is no way back")\n'


@dataclass(frozen=True)
class Block:
    """One python block: its text, where it stands in the page, and what its fence says."""

    page: Path
    line: int
    section: str
    text: str
    options: tuple[str, ...]

    def option(self, name: str, default: str = "") -> str:
        """Return the value of `name=value`."""
        return next((o.partition("=")[2] for o in self.options if o.startswith(f"{name}=")), default)

    @property
    def whole(self) -> bool:
        """Whether the block brings its own header, and with it its place in the history."""
        return re.search(r"^revision\b.*=", self.text, re.MULTILINE) is not None

    @property
    def module(self) -> str:
        """The path of the module that the block is, empty for a revision."""
        return self.option("with") or self.option("models")

    @property
    def file(self) -> str:
        """The name of its revision file."""
        return self.option("file") or f"{self.page.stem.replace('-', '_')}_{self.line}.py"


@dataclass(frozen=True)
class Example:
    """A block with the blocks that come before it, and the report that is shown below it."""

    block: Block
    before: tuple[Block, ...] = ()
    report: str | None = None
    database: str = ""

    @property
    def name(self) -> str:
        """Where it stands, as a test's name."""
        return f"{self.block.page.relative_to(ROOT).as_posix()}:{self.block.line}"

    @property
    def blocks(self) -> tuple[Block, ...]:
        """All revisions of the example in their order."""
        return (*self.before, self.block)


def examples(pages: Iterable[Path]) -> Iterator[Example]:
    """Go through the examples of pages, in their order."""
    for page in pages:
        yield from _examples(page)


def _examples(page: Path) -> Iterator[Example]:
    before: list[Block] = []
    database = ""
    last: Example | None = None
    text = page.read_text(encoding="utf-8")
    for found in _FENCE.finditer(text):
        language, info, body = found.groups()
        if language == "text" and last is not None:
            last = replace(last, report=body)
        if language == "sql" and info == "database":
            database = body
        if language not in ("python", "ini"):
            continue
        if last is not None:
            yield last
            last = None
        headings = [a or b for a, b in _HEADING.findall(text, 0, found.start())]
        line = text.count("\n", 0, found.start()) + 2
        block = Block(page, line, headings[-1] if headings else "", body, tuple(info.split()))
        if not {"earlier", "base"}.isdisjoint(block.options) or block.module:
            if block.section == "Good" and not block.whole and not block.module:
                yield Example(block, tuple(before))
            before.append(block)
        else:
            last = Example(block, tuple(before), database=database)
            before, database = [], ""
    if last is not None:
        yield last


@dataclass(frozen=True)
class Written:
    """An example on disk: the findings that its comments expect, as path, line and rule."""

    config: Config
    expected: tuple[tuple[str, int, str], ...] = field(default=())


def write(example: Example, root: Path) -> Written:
    """Write the revisions of an example below `root` and return how to judge them."""
    versions = root / VERSIONS
    versions.mkdir(parents=True)
    expected: list[tuple[str, int, str]] = []
    contents: list[tuple[Block, Path, str]] = []
    parent = None if example.block.whole else "start"
    if parent is not None:
        (versions / "start.py").write_text(_wrapped("pass", "start", None), encoding="utf-8")
    for number, block in enumerate(example.blocks):
        plain, marks = _split(block.text)
        name = block.module
        content = plain
        if block.whole:
            content = _IMPORTS.format(title=block.file) + _with_downgrade(plain)
        elif not name:
            revision = f"r{number}"
            content = _wrapped(plain, revision, parent)
            parent = revision
        path = Path(name) if name else VERSIONS / block.file
        contents.append((block, path, content))
        moved = _offset(content, plain)
        if block is example.block or example.block.whole or name:
            expected += [(path.as_posix(), line + moved, rule) for line, rule in marks]
    since = None if example.block.whole else _previous(example)
    base = _commit_base(contents, root)
    for block, path, content in contents:
        if not base or "base" not in block.options:
            (root / path).parent.mkdir(parents=True, exist_ok=True)
            (root / path).write_text(content, encoding="utf-8")
    if example.database:
        with contextlib.closing(sqlite3.connect(root / "live.db")) as connection:
            connection.executescript(example.database)
    dialects = tuple(map(parse_dialect, example.block.option("dialect", "postgresql").split(",")))
    has_ini = any(block.option("with").endswith(".ini") for block in example.blocks)
    config = Config(
        root=root,
        paths=() if has_ini else (versions,),
        dialects=dialects,
        since=since,
        base=base,
        require_reasons="require-reasons" in example.block.options,
        database_url=f"sqlite:///{(root / 'live.db').as_posix()}" if example.database else None,
        models=tuple(
            f"{Path(one.module).stem}:Base.metadata" for one in example.blocks if one.option("models")
        ),
    )
    return Written(config, tuple(sorted(expected)))


def _commit_base(contents: list[tuple[Block, Path, str]], root: Path) -> str | None:
    """Commit what the base branch has and check out a branch made from it; return the base's name.

    Return `None` if no block is about a base.
    """
    based = [(block, path, content) for block, path, content in contents if "base" in block.options]
    if not based:
        return None
    repository = new_repository(root)
    for block, path, content in based:
        if "since" not in block.options:
            repository.write(path, content)
    repository.commit("Have what the branch starts from")
    repository.git("branch", "work")
    for block, path, content in based:
        if "since" in block.options:
            repository.write(path, content)
    repository.commit("Go on")
    repository.git("checkout", "--quiet", "work")
    for block, path, _ in based:
        if "deleted" in block.options:
            (root / path).unlink()
    return "main"


def _previous(example: Example) -> str:
    revisions = [number for number, block in enumerate(example.before) if not block.module]
    return f"r{revisions[-1]}" if revisions else "start"


def _split(text: str) -> tuple[str, list[tuple[int, str]]]:
    """Take the comments that name rules off a block; return the rest and the lines that they stand on."""
    known = {rule.info.name for rule in all_rules()}
    lines, marks = [], []
    for number, line in enumerate(text.splitlines(), 1):
        found = _MARK.search(line)
        names = found.group(1).split(", ") if found else []
        if found and known.issuperset(names):
            marks += [(number, name) for name in names]
            line = line[: found.start()]
        lines.append(line)
    return "\n".join(lines) + "\n", marks


def _wrapped(text: str, revision: str, parent: str | None) -> str:
    header = _HEADER.format(revision=revision, parent=f'"{parent}"' if parent else None)
    start = _IMPORTS.format(title=revision) + header
    if re.search(r"^def (upgrade|downgrade)", text, re.MULTILINE):
        return start + _with_downgrade(text)
    body = "".join(f"    {line}\n" if line else "\n" for line in text.splitlines())
    return f"{start}def upgrade():\n{body}{_DOWNGRADE}"


def _with_downgrade(text: str) -> str:
    return text if re.search(r"^def downgrade", text, re.MULTILINE) else text + _DOWNGRADE


def _offset(content: str, plain: str) -> int:
    """Return by how many lines the text of a block lies below the start of its file."""
    lines = [line.strip() for line in content.splitlines()]
    wanted = [line.strip() for line in plain.splitlines()]
    return next(n for n in range(len(lines)) if lines[n : n + len(wanted)] == wanted)


def judge(written: Written) -> tuple[Judgement, tuple[tuple[str, int, str], ...]]:
    """Judge an example; return the judgement and its findings as path, line and rule."""
    judgement = check(written.config)
    found = ((f.span.path, f.span.line, f.rule) for f in judgement.findings if f.suppressed is None)
    return judgement, tuple(sorted(found))
