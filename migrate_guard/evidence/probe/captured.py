"""What `env.py` says to Alembic: the arguments of every `context.configure()`."""

from __future__ import annotations

import argparse
import contextlib
import inspect
import os
import sys
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any

from alembic.config import Config
from alembic.runtime.environment import EnvironmentContext
from alembic.script import ScriptDirectory

from .stubs import PLACEHOLDER, StubConnection, no_connections

Document = dict[str, Any]


class Captured:
    """One `context.configure()`: its arguments, and the database it is for in a multidb environment.

    `metadatas` are the MetaData of `target_metadata`, one or several; none if it is not given.
    """

    def __init__(self, arguments: Document, connection: Any = None) -> None:
        self.arguments = arguments
        self.database: str | None = None
        self._connection = connection

    @property
    def url(self) -> str | None:
        """The URL of the database that it would have connected to, with its password."""
        url = getattr(getattr(self._connection, "engine", None), "url", None) or self.arguments.get("url")
        if url is None or isinstance(url, str):
            return url
        return str(url.render_as_string(hide_password=False))

    @property
    def dialect(self) -> str | None:
        """The name of the dialect that it would have spoken, `None` where the URL is a placeholder."""
        engine = getattr(self._connection, "engine", None)
        if engine is not None and not getattr(getattr(engine, "sync_engine", engine), PLACEHOLDER, False):
            return None if engine.dialect is None else str(engine.dialect.name)
        return None

    @property
    def metadatas(self) -> list[Any]:
        """The MetaData that the models are in."""
        found = self.arguments.get("target_metadata")
        if found is None:
            return []
        return list(found) if isinstance(found, (list, tuple)) else [found]


@contextlib.contextmanager
def run_environment(config: Config) -> Iterator[tuple[list[Captured], EnvironmentContext]]:
    """Run the `env.py` of a configuration and give what it configures; nothing is migrated.

    Inside of the block no engine connects and `alembic.context` is there: hooks ask it when they are
    called later. Raises whatever the project's code raises.
    """
    script = ScriptDirectory.from_config(config)
    context = EnvironmentContext(config, script, fn=lambda revision, context: [], as_sql=False)
    captured: list[Captured] = []
    _intercept(context, captured)
    with no_connections(), context:
        script.run_env()
        yield captured, context


def of_database(captured: Iterable[Captured], database: str | None) -> Captured | None:
    """Return what is configured for a database of a multidb environment; `None` asks for the first."""
    every = list(captured)
    named = [one for one in every if (one.database or "") == (database or "")]
    if named:
        return named[0]
    return every[0] if database is None and every else None


def _intercept(context: EnvironmentContext, captured: list[Captured]) -> None:
    """Replace what would touch a database on the instance, where the functions of `alembic.context` look."""

    def configure(connection: Any = None, *positional: Any, **keywords: Any) -> None:
        names = list(inspect.signature(EnvironmentContext.configure).parameters)[2:]
        captured.append(Captured({**dict(zip(names, positional, strict=False)), **keywords}, connection))

    def run_migrations(**keywords: Any) -> None:
        if captured and isinstance(keywords.get("engine_name"), str):
            captured[-1].database = keywords["engine_name"]

    stub = StubConnection(_NoEngine())
    replaced: dict[str, Any] = {
        "configure": configure,
        "run_migrations": run_migrations,
        "begin_transaction": contextlib.nullcontext,
        "execute": lambda *arguments, **keywords: None,
        "get_bind": lambda: stub,
        "get_context": lambda: stub,
    }
    for name, value in replaced.items():
        setattr(context, name, value)


class _NoEngine:
    dialect = None


def alembic_config(request: Document) -> Config:
    """Return the configuration as the `alembic` command would make it."""
    options: Document = {"ini_section": request["section"], "cmd_opts": _command_options(request)}
    file: str | None = request["config_file"]
    if "toml_file" in inspect.signature(Config.__init__).parameters:
        # The command looks into both, whichever of them has the settings.
        toml = Path(request["root"], "pyproject.toml")
        options["toml_file"] = file if file is not None and file.endswith(".toml") else str(toml)
    if file is not None and file.endswith(".toml"):
        file = str(Path(file).with_name("alembic.ini"))
    config = Config(file, **options)
    if request["kind"] != "pyproject.toml":
        # It may be relative to a directory that `alembic` would have been run in.
        config.set_main_option("script_location", request["script_location"].replace("%", "%%"))
    return config


def _command_options(request: Document) -> argparse.Namespace:
    """Return what `alembic revision --autogenerate` would have read from its command line."""
    return argparse.Namespace(
        autogenerate=True,
        x=list(request["x"]),
        sql=False,
        message=request.get("message"),
        name=request["section"],
        tag=None,
    )


@contextlib.contextmanager
def flask_config(request: Document) -> Iterator[Config]:
    """Give the configuration that Flask-Migrate would make, inside of the application's context."""
    from flask.cli import ScriptInfo, load_dotenv

    load_dotenv()
    sys.path.insert(0, str(Path.cwd()))
    application = ScriptInfo(app_import_path=request["app"] or os.environ.get("FLASK_APP")).load_app()
    with application.app_context():
        migrate = application.extensions["migrate"].migrate
        yield migrate.get_config(request["script_location"], x_arg=list(request["x"]), opts=["autogenerate"])
