"""`--models static` and `--models-fallback static`, as a user meets them."""

from __future__ import annotations

import json
import shutil
import subprocess
from pathlib import Path

import pytest

from tests.commands import FIXTURES, migrate_guard

FAILS = "import app_settings_that_do_not_exist\n"


@pytest.fixture
def shop(tmp_path: Path) -> Path:
    """A project whose models need a package that is not there, and have a column more than the history."""
    copy = tmp_path / "shop"
    shutil.copytree(FIXTURES / "alembic-ini", copy, ignore=shutil.ignore_patterns("__pycache__"))
    models = copy / "shop" / "models.py"
    text = models.read_text(encoding="utf-8")
    models.write_text(
        FAILS
        + text.replace("    email", "    nick: Mapped[str | None] = mapped_column(String(40))\n    email", 1)
    )
    return copy


def check(project: Path, *arguments: str) -> subprocess.CompletedProcess[str]:
    return migrate_guard("check", "--select", "model-not-migrated", *arguments, cwd=project)


def test_models_that_cannot_be_imported_are_read(shop: Path) -> None:
    done = check(shop, "--models", "static", "--format", "json")

    (finding,) = json.loads(done.stdout)["findings"]
    assert done.returncode == 1
    assert finding["message"] == "the models have column customers.nick, and no migration creates it"
    assert finding["path"] == "shop/models.py"
    assert 'op.add_column("customers", sa.Column("nick", sa.String(40), nullable=True))' in finding["help"]
    assert finding["confidence"] == "certain"


def test_nothing_of_the_project_is_run(shop: Path) -> None:
    for file in (shop / "shop" / "models.py", shop / "alembic" / "env.py"):
        file.write_text("open('run.txt', 'w').close()\n" + file.read_text(encoding="utf-8"), encoding="utf-8")

    assert check(shop, "--models", "static", "--python", "no/such/python").returncode == 1
    assert not (shop / "run.txt").exists()


def test_a_doubt_makes_it_possible_only(shop: Path) -> None:
    models = shop / "shop" / "models.py"
    more = (
        "\n\nfrom elsewhere import Stamped\n\n\nclass Visit(Stamped, Base):\n    __tablename__ = 'visits'\n"
    )
    models.write_text(models.read_text(encoding="utf-8") + more, encoding="utf-8")

    done = check(shop, "--models", "static", "--format", "json")

    document = json.loads(done.stdout)
    (finding,) = document["findings"]
    assert finding["confidence"] == "possible"
    assert (
        "= note: only possible: not all of the models could be read: "
        in check(shop, "--models", "static").stdout
    )
    assert any(line.startswith("models: visits on postgresql") for line in document["summary"]["not_checked"])


def test_the_fallback_is_asked_for_and_says_why(shop: Path) -> None:
    alone = check(shop, "--models", "auto")
    assert alone.returncode == 2
    assert "app_settings_that_do_not_exist" in alone.stdout

    done = check(shop, "--models", "auto", "--models-fallback", "static")
    assert done.returncode == 1
    assert "column customers.nick" in done.stdout
    assert (
        "models as loaded, they are only read (the models cannot be loaded: shop/models.py:1: " in done.stdout
    )


def test_the_fallback_in_the_configuration_is_for_models_that_fail_only(shop: Path) -> None:
    (shop / "migrate-guard.toml").write_text('models-fallback = "static"\nmodels = ["auto"]\n')
    assert "they are only read" in check(shop).stdout

    models = shop / "shop" / "models.py"
    models.write_text(models.read_text(encoding="utf-8").replace(FAILS, ""), encoding="utf-8")
    done = check(shop)
    assert "column customers.nick" in done.stdout
    assert "they are only read" not in done.stdout


def test_both_reasons_are_told_where_reading_does_not_help(shop: Path) -> None:
    (shop / "shop" / "models.py").write_text(FAILS, encoding="utf-8")

    done = check(shop, "--models", "auto", "--models-fallback", "static")

    assert done.returncode == 2
    assert "app_settings_that_do_not_exist" in done.stdout
    assert "no models are found without importing them" in done.stdout


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (("--models", "static", "--models", "auto"), "auto loads the models and static only reads them"),
        (("--models", "statik"), "expected module:attribute, auto or static"),
        (("--models", "auto", "--models-fallback", "auto"), "--models-fallback: expected static"),
        (("--models", "static", "--models", "shop.no:Base.metadata"), "there is no module shop.no"),
        (("--models", "static", "--models", "shop.models:Customer"), "no MetaData is found there"),
    ],
)
def test_what_cannot_be_meant_is_exit_code_2(shop: Path, arguments: tuple[str, ...], said: str) -> None:
    done = check(shop, *arguments)
    assert done.returncode == 2
    assert said in done.stdout + done.stderr


def test_the_metadata_can_be_named(shop: Path) -> None:
    done = check(shop, "--models", "static", "--models", "shop.models:Base.metadata")
    assert done.returncode == 1
    assert "column customers.nick" in done.stdout


def test_status_tells_how_the_models_were_looked_at(shop: Path) -> None:
    done = migrate_guard("status", "--models", "static", cwd=shop)
    assert "1 change the models       read without importing them, from env.py" in done.stdout
    assert "column customers.nick" in done.stdout

    (shop / "migrate-guard.toml").write_text('models = ["static"]\n')
    assert "read without importing them" in migrate_guard("status", cwd=shop).stdout
