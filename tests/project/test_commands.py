"""What a user is told to type, from where they stand."""

from __future__ import annotations

from pathlib import Path

import pytest

from migrate_guard.config import Config
from migrate_guard.project import find_environments
from migrate_guard.project.commands import generating, typed, upgrading

INI = "[alembic]\nscript_location = {location}\n"
FLASK = "from flask import current_app\n"


def scripts(root: Path, location: str, env: str = "") -> None:
    """Make a directory of scripts."""
    (root / location / "versions").mkdir(parents=True)
    (root / location / "env.py").write_text(env, encoding="utf-8")


@pytest.mark.parametrize(
    ("ini", "section", "expected"),
    [
        ("alembic.ini", "alembic", "alembic upgrade head"),
        ("shop.ini", "alembic", "alembic -c shop.ini upgrade head"),
        ("alembic.ini", "audit", "alembic -n audit upgrade head"),
        ("services/shop/alembic.ini", "alembic", "cd services/shop && alembic upgrade head"),
        ("my services/alembic.ini", "alembic", "cd 'my services' && alembic upgrade head"),
    ],
)
def test_of_alembic(ini: str, section: str, expected: str, tmp_path: Path) -> None:
    config = tmp_path / ini
    scripts(config.parent, "migrations")
    config.write_text(
        INI.format(location="migrations").replace("[alembic]", f"[{section}]"), encoding="utf-8"
    )
    (found,) = find_environments(Config(root=tmp_path, config_files=(config,))).environments
    assert upgrading(found, tmp_path, 1) == expected
    assert upgrading(found, tmp_path, 2) == f"{expected}s"


def test_an_ini_inside_of_a_package_is_named_from_above_it(tmp_path: Path) -> None:
    scripts(tmp_path, "shop/db/migrations")
    for package in ("shop", "shop/db"):
        (tmp_path / package / "__init__.py").write_text("", encoding="utf-8")
    (tmp_path / "shop/db/alembic.ini").write_text(INI.format(location="migrations"), encoding="utf-8")
    (found,) = find_environments(Config(root=tmp_path)).environments
    assert typed(found, tmp_path, "check") == "alembic -c shop/db/alembic.ini check"


@pytest.mark.parametrize(
    ("location", "expected"),
    [
        ("migrations", 'flask db migrate -m "describe it"'),
        ("schema", 'flask db migrate -m "describe it" -d schema'),
        ("shop/migrations", 'cd shop && flask db migrate -m "describe it"'),
    ],
)
def test_of_flask_migrate(location: str, expected: str, tmp_path: Path) -> None:
    scripts(tmp_path, location, FLASK)
    (tmp_path / location / "alembic.ini").write_text("[alembic]\n", encoding="utf-8")
    (found,) = find_environments(Config(root=tmp_path)).environments
    assert generating(found, tmp_path) == expected
    assert upgrading(found, tmp_path, 1) == expected.replace('migrate -m "describe it"', "upgrade")
