"""Create the revision that closes what the comparison reported, as `alembic revision --autogenerate` would.

Alembic itself makes it: the project's template, file names, hooks of `env.py` and post-write hooks hold.
Only what the comparison reported is kept, and the lines that autogenerate has no operation for are added.
"""

from __future__ import annotations

import contextlib
import json
import os
from collections.abc import Callable, Iterable, Iterator
from functools import partial
from pathlib import Path
from typing import Any

from alembic.autogenerate import api, render
from alembic.config import Config
from alembic.operations import ops
from alembic.runtime.environment import EnvironmentContext
from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory
from alembic.util import template_to_file

from .captured import Captured, of_database
from .compare import altering_only, described, leaves, make_dialect, prepared, what
from .inspector import Key

Document = dict[str, Any]


class NotWrittenError(Exception):
    """The revision file cannot be made; `path` is the file or directory that it is about."""

    speaks_for_itself = True

    def __init__(self, message: str, path: Path) -> None:
        super().__init__(message)
        self.path = str(path)


class Lines(ops.MigrateOperation):
    """Code that is already written: that of differences for which autogenerate has no operation."""

    def __init__(self, lines: Iterable[str]) -> None:
        self.lines = list(lines)


@render.renderers.dispatch_for(Lines)  # type: ignore[untyped-decorator,unused-ignore]  # typed in some versions only
def _render_lines(autogenerate: api.AutogenContext, one: Lines) -> list[str]:
    """Return the lines as Alembic's printer wants them, which indents blocks by itself."""
    made: list[str] = []
    for line in one.lines:
        if not line.startswith(" ") and made and made[-1].startswith("batch_op"):
            made.append("")
        made.append(line.strip())
    return [*made, ""] if made and made[-1].startswith("batch_op") else made


def written(
    config: Config, captured: Iterable[Captured], context: EnvironmentContext | None, request: Document
) -> list[str]:
    """Create the revision and return the paths of the files that were written: mostly one.

    A file is there as a whole or not at all, and none is replaced. Raises whatever Alembic and the
    project's code raise.
    """
    script = ScriptDirectory.from_config(config) if context is None else context.script
    maker = _maker(config, script, request["message"])
    heads = tuple(script.get_heads())
    for variant in request["variants"]:
        chosen = of_database(captured, variant["database"])
        if chosen is not None and chosen.metadatas:
            dialect = make_dialect(variant["dialect"])
            migration, _ = prepared(context, chosen.arguments, chosen.metadatas, variant, dialect)
            hook = migration.opts["process_revision_directives"]
            migration.opts["process_revision_directives"] = partial(_hooked, hook, variant)
            maker.process_revision_directives = partial(_with_lines, variant)
            maker.run_autogenerate(heads, migration)
    if not request["hooks"]:
        # The second is what Alembic before 1.15 calls them.
        for name in ("hooks", "hook_config"):
            setattr(script, name, [])
    with _careful(script) as made:
        for _ in maker.generate_scripts():
            pass
    return [str(path.absolute()) for path in made]


def _maker(config: Config, script: ScriptDirectory, message: str | None) -> api.RevisionContext:
    options: Document = {
        "message": message,
        "autogenerate": True,
        "sql": False,
        "rev_id": None,
        "head": "head",
        "splice": False,
        "branch_label": None,
        "version_path": None,
        "depends_on": None,
    }
    return api.RevisionContext(config, script, options)


def _with_lines(
    variant: Document, migration: MigrationContext, revision: Any, scripts: list[ops.MigrationScript]
) -> None:
    """Add what autogenerate has no operation for, before the project's hooks look at the script."""
    if variant["upgrade"]:
        scripts[0].upgrade_ops_list[-1].ops.append(Lines(variant["upgrade"]))
        scripts[0].downgrade_ops_list[-1].ops.insert(0, Lines(variant["downgrade"]))


def _hooked(
    hook: Callable[..., None] | None,
    variant: Document,
    migration: MigrationContext,
    revision: Any,
    scripts: list[ops.MigrationScript],
) -> None:
    if hook is not None:
        hook(migration, revision, scripts)
    kept = {_text(one["operation"]): set(one["aspects"]) for one in variant["keep"]}
    autogenerate = api.AutogenContext(migration, migration.opts["target_metadata"])
    for script in scripts:
        upgrade, downgrade = script.upgrade_ops_list[-1], script.downgrade_ops_list[-1]
        for table, one in list(leaves([upgrade])):
            aspects = None if isinstance(one, Lines) else kept.get(_text(described(table, one, autogenerate)))
            if not isinstance(one, Lines):
                _leave(upgrade, downgrade, table, one, aspects)


def _text(description: Document) -> str:
    return json.dumps(description, sort_keys=True)


def _leave(upgrade: Any, downgrade: Any, table: Key | None, one: Any, aspects: set[str] | None) -> None:
    """Take an operation and its reversal out of a script, or those of its changes that are not to be made."""
    unwanted = set(what(one)) - aspects if isinstance(one, ops.AlterColumnOp) and aspects else set()
    if aspects is not None and not unwanted:
        return
    undoing = _undoing(downgrade, table, one)
    for container, operation in ((upgrade, one), (downgrade, undoing)):
        if operation is None:
            continue
        changed = altering_only(operation, set(what(operation)) - unwanted) if unwanted else None
        _replace(container, operation, changed)


def _undoing(downgrade: Any, table: Key | None, one: Any) -> Any:
    """Return the operation of the downgrade that undoes one of the upgrade, `None` if there is none."""
    try:
        wanted = _subject(table, one.reverse())
    except (NotImplementedError, ValueError):
        return None
    return next((each for where, each in leaves([downgrade]) if _subject(where, each) == wanted), None)


def _subject(table: Key | None, one: Any) -> tuple[object, ...]:
    schema, name = table or (getattr(one, "schema", None), getattr(one, "table_name", None))
    names = ("column_name", "constraint_name", "index_name")
    column = getattr(getattr(one, "column", None), "name", None)
    return (type(one), schema, name, column, *(getattr(one, each, None) for each in names))


def _replace(container: Any, operation: Any, by: Any) -> None:
    """Put another operation, or with `None` nothing, in the place of one."""
    for group in [container, *(one for one in container.ops if isinstance(one, ops.ModifyTableOps))]:
        for position, one in enumerate(group.ops):
            if one is operation:
                group.ops[position : position + 1] = [] if by is None else [by]
                container.ops[:] = [
                    each for each in container.ops if not isinstance(each, ops.ModifyTableOps) or each.ops
                ]
                return


@contextlib.contextmanager
def _careful(script: ScriptDirectory) -> Iterator[list[Path]]:
    """Make the files that Alembic generates whole, in new places only; take them back if it fails later.

    Gives the paths of those that were made.
    """
    made: list[Path] = []

    def generate(source: Any, target: Any, **arguments: Any) -> None:
        _place(Path(source), Path(target), script.output_encoding, arguments)
        made.append(Path(target))

    def ensure(directory: Any) -> None:
        with _writing(Path(directory)):
            Path(directory).mkdir(parents=True, exist_ok=True)

    # Alembic would write into the file itself.
    for name, function in (("_generate_template", generate), ("_ensure_directory", ensure)):
        setattr(script, name, function)
    try:
        yield made
    except BaseException:
        for path in made:
            path.unlink(missing_ok=True)
        raise


def _place(source: Path, target: Path, encoding: str, arguments: Document) -> None:
    draft = target.with_name(f".{target.name}.{os.getpid()}.part")
    with _writing(target.parent):
        try:
            # Alembic before 1.14 takes texts only.
            template_to_file(str(source), str(draft), encoding, **arguments)
            _check(draft, source)
            _move(draft, target)
        finally:
            draft.unlink(missing_ok=True)


@contextlib.contextmanager
def _writing(directory: Path) -> Iterator[None]:
    try:
        yield
    except OSError as error:
        raise NotWrittenError(f"it cannot be written: {error.strerror}", directory) from error


def _check(draft: Path, source: Path) -> None:
    try:
        compile(draft.read_bytes(), str(draft), "exec", dont_inherit=True)
    except SyntaxError as error:
        raise NotWrittenError(f"what it makes is no Python: {error.msg}", source) from error


def _move(draft: Path, target: Path) -> None:
    """Rename a file, if there is none of the new name."""
    try:
        os.link(draft, target)
    except FileExistsError:
        raise NotWrittenError("there is such a file", target) from None
    except OSError:
        # The file system has no links.
        if target.exists():
            raise NotWrittenError("there is such a file", target) from None
        draft.replace(target)
