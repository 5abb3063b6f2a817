"""Little projects with files that test and deploy them."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

from migrate_guard.config import Config
from migrate_guard.doctor import Checkup, examine
from tests.repositories import revision

INI = "[alembic]\nscript_location = migrations\nsqlalchemy.url = postgresql://h/d\n"
ENV = (
    "from alembic import context\nfrom models import Base\n"
    "context.configure(url='postgresql://h/d', target_metadata=Base.metadata)\n"
)
MODELS = (
    "from sqlalchemy.orm import DeclarativeBase, Mapped, mapped_column\n\n\n"
    "class Base(DeclarativeBase):\n    pass\n\n\n"
    "class User(Base):\n    __tablename__ = 'users'\n    id: Mapped[int] = mapped_column(primary_key=True)\n"
)


def project(root: Path, files: Mapping[str, str]) -> Path:
    """Write an Alembic project with one revision, and these files."""
    every = {
        ".git/HEAD": "ref: refs/heads/main\n",
        "alembic.ini": INI,
        "models.py": MODELS,
        "migrations/env.py": ENV,
        "migrations/versions/a1_users.py": revision("a1", None),
        **files,
    }
    for name, text in every.items():
        file = root / name
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(text, encoding="utf-8", newline="\n")
    return root


def examined(root: Path, files: Mapping[str, str]) -> Checkup:
    """Return the checkup of such a project."""
    return examine(Config(root=project(root, files)))


def told(root: Path, files: Mapping[str, str]) -> list[str]:
    """Return `check path:line` of each diagnosis, without the one that no gate is there."""
    found = examined(root, files).diagnoses
    return [f"{one.check} {one.path}:{one.line}" for one in found if one.check != "gate-missing"]
