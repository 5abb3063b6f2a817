"""One way to write models, as a little project that can be imported for real and read statically."""

from __future__ import annotations

import textwrap
from collections.abc import Mapping
from dataclasses import dataclass, field

ENV = """
from alembic import context
{imports}

target_metadata = {target}
"""
BASE = """
from sqlalchemy.orm import DeclarativeBase


class Base(DeclarativeBase):
    pass
"""


@dataclass(frozen=True)
class Form:
    """Files by their paths, and where their MetaData is: `module:attribute`.

    `uncertain` are the tables that the reader must not call certain, with a word of the reason; `unknown` the
    columns, as `table.column`, of which an attribute must be left open. Everything else must be known.
    `missing` tells that the reader must say that tables may be missing. `needs` is a package for the import.
    """

    files: Mapping[str, str]
    target: str = "models:Base.metadata"
    uncertain: Mapping[str, str] = field(default_factory=dict)
    unknown: tuple[str, ...] = ()
    missing: bool = False
    needs: str = "sqlalchemy"
    postgresql_only: bool = False

    @property
    def env_py(self) -> str:
        """An `env.py` that imports the MetaData as a project would."""
        module, _, attribute = self.target.partition(":")
        name, _, rest = attribute.partition(".")
        target = f"{name}.{rest}" if rest else name
        return ENV.format(imports=f"from {module} import {name}", target=target)


def form(text: str, **options: object) -> Form:
    """Return a form of one file `models.py`."""
    return files({"models.py": text}, **options)


def files(texts: Mapping[str, str], **options: object) -> Form:
    """Return a form of several files."""
    return Form({path: textwrap.dedent(text).lstrip("\n") for path, text in texts.items()}, **options)  # type: ignore[arg-type]  # options are fields of Form
