"""An environment per package, and the run of its migrations on an empty database."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path

from benchmarks.corpus import ROOT

if sys.version_info >= (3, 11):
    import tomllib
else:
    import tomli as tomllib

ENVIRONMENTS = ROOT / ".cache" / "environments"
DRIVERS: Mapping[str, str] = {"postgresql": "psycopg2", "sqlite": "", "mariadb": "pymysql"}
_SCHEMES: Mapping[str, str] = {"postgresql": "postgresql", "sqlite": "sqlite", "mariadb": "mysql"}
_LIMIT_SECONDS = 240


class NotRunError(Exception):
    """The migrations did not reach the head; the message is the last line of what they said."""


@dataclass(frozen=True, slots=True)
class Target:
    """How a package's migrations are run; `path` is a path inside the wheel, or one per dialect."""

    name: str
    path: str | Mapping[str, str]
    ini: str
    drivers: Mapping[str, str] = field(default_factory=dict)
    requirements: tuple[str, ...] = ()
    variables: Mapping[str, str] = field(default_factory=dict)
    before: str = ""
    program: str = ""
    models: tuple[str, ...] = ()
    app: str = ""

    def path_for(self, dialect: str) -> str | None:
        """Return where the scripts of a dialect are, `None` if the package has none."""
        return self.path if isinstance(self.path, str) else self.path.get(dialect)

    @property
    def folder(self) -> Path:
        """Return the package's virtual environment."""
        return ENVIRONMENTS / self.name

    @property
    def site(self) -> Path:
        """Return where the environment keeps the package."""
        return next((self.folder / "lib").glob("python*/site-packages"))


def targets() -> dict[str, Target]:
    """Return the packages of the list by name."""
    entries = tomllib.loads(Path(__file__).with_name("packages.toml").read_text(encoding="utf-8"))
    return {
        name: Target(
            name,
            **{**entry, **{key: tuple(entry.get(key, ())) for key in ("requirements", "models")}},
        )
        for name, entry in entries.items()
    }


def install(target: Target, version: str) -> None:
    """Make the environment unless it is there; raise `NotRunError` when pip fails."""
    if (target.folder / "bin" / "python").exists():
        return
    subprocess.run([sys.executable, "-m", "venv", target.folder], check=True)
    wanted = [f"{target.name}=={version}", "psycopg2-binary", "pymysql", *target.requirements]
    python = str(target.folder / "bin" / "python")
    done = subprocess.run([python, "-m", "pip", "install", "--quiet", *wanted], check=False)
    if done.returncode != 0:
        shutil.rmtree(target.folder)
        raise NotRunError("pip could not install it")


def with_driver(target: Target, dialect: str, url: str) -> str:
    """Return a URL with the driver that the package's env.py asks for."""
    driver = target.drivers.get(dialect, DRIVERS[dialect])
    scheme = "+".join(filter(None, [_SCHEMES[dialect], driver]))
    return f"{scheme}:{url.partition(':')[2]}"


def variables(target: Target, url: str, home: str) -> dict[str, str]:
    """Return the environment variables that a package wants, for a database and an empty directory."""
    filled = {
        name: value.format(url=url, home=home, site=target.site) for name, value in target.variables.items()
    }
    return {"HOME": home, **filled}


def upgrade(
    target: Target,
    dialect: str,
    url: str,
    script: str = "upgrade.py",
    more: Mapping[str, object] | None = None,
) -> frozenset[str]:
    """Run the migrations up to their heads and return the tables that were there before the first of them.

    `script` is the one of this folder that does it, and `more` what it is given besides. Raise `NotRunError`
    when they do not get there.
    """
    own = with_driver(target, dialect, url)
    site = target.site
    given = {
        "url": own,
        "location": str(site / (target.path_for(dialect) or "")),
        "ini": str(site / target.ini) if target.ini else "",
        "before": target.before,
        "program": target.program,
        **(more or {}),
    }
    with tempfile.TemporaryDirectory() as home:
        before = Path(home) / "tables-before.json"
        given["before_file"] = str(before)
        known = {name: os.environ[name] for name in ("PATH", "LANG", "TMPDIR") if name in os.environ}
        file = Path(__file__).with_name(script)
        command = [str(target.folder / "bin" / "python"), str(file), json.dumps(given)]
        try:
            done = subprocess.run(
                command,
                cwd=home,
                env={**known, **variables(target, own, home)},
                capture_output=True,
                text=True,
                timeout=_LIMIT_SECONDS,
                check=False,
            )
        except subprocess.TimeoutExpired as error:
            raise NotRunError(f"no end after {_LIMIT_SECONDS} s") from error
        if done.returncode != 0:
            raise NotRunError(_reason(done.stderr or done.stdout))
        return frozenset(json.loads(before.read_text(encoding="utf-8")))


def _reason(output: str) -> str:
    """Return the line that names the error, without the advice that SQLAlchemy adds."""
    lines = [line.strip() for line in output.splitlines() if line.strip()]
    errors = [
        line for line in lines if "Error" in line.partition(":")[0] and " " not in line.partition(":")[0]
    ]
    return (errors or lines or ["no output"])[-1][:200]
