"""Engines that never connect: `env.py` gets as far as `context.configure()` without any database."""

from __future__ import annotations

import contextlib
import importlib
import types
from collections.abc import Callable, Iterator
from typing import Any

import sqlalchemy
from sqlalchemy import engine as engines
from sqlalchemy.engine import Engine, create
from sqlalchemy.exc import NoSuchModuleError

async_engines: Any
try:
    async_engines = importlib.import_module("sqlalchemy.ext.asyncio.engine")
except ImportError:
    # Without greenlet the project has no async engine either.
    async_engines = None


class StubConnection:
    """A connection, transaction and result in one, which does nothing and returns itself.

    `dialect` and `engine` are those of the engine that was asked to connect.
    """

    def __init__(self, engine: Any) -> None:
        self.engine = engine
        self.dialect = engine.dialect
        self.closed = False
        self.info: dict[str, object] = {}

    def __enter__(self) -> StubConnection:
        return self

    def __exit__(self, *exception: object) -> None:
        return None

    async def __aenter__(self) -> StubConnection:
        return self

    async def __aexit__(self, *exception: object) -> None:
        return None

    async def run_sync(self, function: Callable[..., Any], *arguments: Any, **keywords: Any) -> Any:
        """Call the function with this connection, as an async connection does."""
        return function(self, *arguments, **keywords)

    def in_transaction(self) -> bool:
        """Return that there is no transaction."""
        return False

    def __iter__(self) -> Iterator[Any]:
        return iter(())

    def __bool__(self) -> bool:
        return True

    def __await__(self) -> Any:
        yield from ()
        return self

    def __getattr__(self, name: str) -> Any:
        if name.startswith("__"):
            raise AttributeError(name)
        if name in _NOTHING:
            return lambda *arguments, **keywords: None
        if name in _NO_ROWS:
            return lambda *arguments, **keywords: []
        return lambda *arguments, **keywords: self


_OF_EVERY_ENGINE = frozenset({"_is_async", "future", "poolclass"})
_NOTHING = frozenset({"scalar", "first", "fetchone", "one_or_none", "scalar_one_or_none"})
_NO_ROWS = frozenset({"all", "fetchall", "fetchmany"})


PLACEHOLDER = "is_of_a_placeholder"
"""The attribute that marks an engine whose URL names no dialect."""


class _AnyModule(types.ModuleType):
    """A database driver that is not installed; only its names are asked for."""

    paramstyle = "pyformat"
    version = __version__ = "99.0"
    sqlite_version_info = (3, 45, 0)

    def __getattr__(self, name: str) -> Any:
        if name.startswith("__"):
            raise AttributeError(name)
        return type(name, (Exception,), {})


@contextlib.contextmanager
def no_connections() -> Iterator[None]:
    """Keep every engine of the project from connecting, for the time of a `with` block."""

    def connect(self: Any, *arguments: Any, **keywords: Any) -> StubConnection:
        return StubConnection(self)

    with contextlib.ExitStack() as stack:
        for owner in (Engine,) if async_engines is None else (Engine, async_engines.AsyncEngine):
            for name in ("connect", "begin", "raw_connection"):
                stack.enter_context(_replaced(owner, name, connect))
        without_driver = _without_driver(create.create_engine)
        for module in (create, engines, sqlalchemy):
            stack.enter_context(_replaced(module, "create_engine", without_driver))
        if async_engines is not None:
            stack.enter_context(_replaced(async_engines, "_create_engine", without_driver))
        yield


def _without_driver(original: Callable[..., Engine]) -> Callable[..., Engine]:
    def create_engine(url: Any, **keywords: Any) -> Engine:
        try:
            return original(url, **keywords)
        except NoSuchModuleError:
            # The URL is a placeholder, as templates have it: any engine will do.
            known = {name: value for name, value in keywords.items() if name in _OF_EVERY_ENGINE}
            if keywords.get("_is_async"):
                any_engine = original("postgresql+asyncpg://", module=_AnyModule("driver"), **known)
            else:
                any_engine = original("sqlite://", **known)
            setattr(any_engine, PLACEHOLDER, True)
            return any_engine
        except ImportError:
            # The driver is missing; nothing will be sent through it.
            return original(url, **{**keywords, "module": _AnyModule("driver")})

    return create_engine


@contextlib.contextmanager
def _replaced(owner: Any, name: str, value: object) -> Iterator[None]:
    missing = object()
    before = vars(owner).get(name, missing)
    if before is missing and not hasattr(owner, name):
        yield
        return
    setattr(owner, name, value)
    try:
        yield
    finally:
        if before is missing:
            delattr(owner, name)
        else:
            setattr(owner, name, before)
