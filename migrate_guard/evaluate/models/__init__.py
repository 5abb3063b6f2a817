"""Models as evidence without importing them: the schema that SQLAlchemy models would build, read statically.

A second opinion on the level of the evaluation, whose interpreter and knowledge of SQLAlchemy it shares.
Nothing of the project is imported or executed.
"""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from migrate_guard.dialect import Dialect
from migrate_guard.evaluate.interpret.interpreter import Interpreter
from migrate_guard.evaluate.interpret.modules import Module
from migrate_guard.evaluate.interpret.recorder import Recorder
from migrate_guard.evaluate.library.metadata import MetaDataValue
from migrate_guard.evaluate.models.building import build, places
from migrate_guard.evaluate.models.interpreter import ModelInterpreter, RunningLoader
from migrate_guard.evaluate.models.registry import Found
from migrate_guard.evaluate.models.result import Note, StaticModels
from migrate_guard.evaluate.models.starting import (
    ProjectFiles,
    UnknownModelsError,
    empty_module,
    env_module,
    named_targets,
    read_candidates,
    targets,
)
from migrate_guard.project import Environment
from migrate_guard.project.folders import DISK, Folders
from migrate_guard.schema import empty_schema

__all__ = ["Note", "StaticModels", "UnknownModelsError", "read_models"]


def read_models(
    environment: Environment,
    dialect: Dialect,
    root: Path,
    database: str | None = None,
    names: Sequence[str] = (),
    folders: Folders = DISK,
) -> StaticModels:
    """Return the schema that the models of an environment would build on a dialect.

    It begins with `target_metadata` of `env.py` and follows what that imports; where it cannot be made out,
    as in a Flask application, all files of the project that look like models are read. `names` are
    `module:attribute` of the MetaData to begin with in its place. `root` is what shown paths are relative to.
    `database` is the name of a database of a multidb environment: the models with that `__bind_key__`, or in
    the MetaData that `env.py` has under that name. `folders` are the files that are read. Raise
    `UnknownModelsError` where a name leads to no MetaData.
    """
    files = ProjectFiles(environment, root, folders)
    main = env_module(environment, files) or empty_module(environment)
    interpreter = ModelInterpreter(_recorder(dialect), RunningLoader(files.modules), main)
    if names:
        wanted: list[MetaDataValue] | None = named_targets(names, interpreter)
        interpreter.run_imported()
    else:
        wanted = _read(environment, main, files, interpreter, database)
    if wanted is None:
        wanted = _of_application(interpreter, database)
    for shown, reason in files.unread.items():
        interpreter.models.note(f"{shown}: {reason}", missing=True)
    tables = _chosen(interpreter, wanted)
    library = interpreter.models.shared["flask_appbuilder"]
    if any(found.table.metadata is library for found in tables):
        interpreter.models.note("flask_appbuilder has tables of its own in the same MetaData", missing=True)
    recorder = _recorder(dialect)
    machine = Interpreter(recorder, interpreter.loader, main)
    schema = build(tables, interpreter.models, machine, recorder)
    models = interpreter.models
    return StaticModels(schema, places(tables, schema), tuple(models.notes), frozenset(models.named))


def _recorder(dialect: Dialect) -> Recorder:
    return Recorder("models", "", dialect, empty_schema(dialect.name))


def _read(
    environment: Environment,
    main: Module,
    files: ProjectFiles,
    interpreter: ModelInterpreter,
    database: str | None,
) -> list[MetaDataValue] | None:
    """Execute what is to be read; return the MetaData that `env.py` names, `None` if it is not known."""
    interpreter.run(main)
    found = targets(main, interpreter, database)
    if found is not None:
        interpreter.run_imported()
        if environment.command == "alembic" and not interpreter.dynamic and interpreter.models.tables:
            return found
        interpreter.models.note("what env.py leads to may not be all: all files with models are read")
    read_candidates(files, interpreter)
    interpreter.run_imported()
    return found


def _of_application(interpreter: ModelInterpreter, database: str | None) -> list[MetaDataValue] | None:
    """Return the MetaData of the only Flask-SQLAlchemy application, `None` where there is not one."""
    if len(interpreter.models.applications) != 1:
        return None
    return [interpreter.models.applications[0].bind(database or None)]


def _chosen(interpreter: ModelInterpreter, wanted: list[MetaDataValue] | None) -> list[Found]:
    """Return the tables of the wanted MetaData, and those whose MetaData is not known."""
    models = interpreter.models
    if wanted is None:
        kinds = {id(found.table.metadata) for found in models.tables if found.table.metadata is not None}
        if len(kinds) > 1:
            models.note(f"target_metadata is not known: the models of all {len(kinds)} MetaData are taken")
        return list(models.tables)
    found = [one for one in models.tables if one.table.metadata is None or one.table.metadata in wanted]
    for one in found:
        if one.table.metadata is None:
            models.doubt(one, "its MetaData is not known")
    return found
