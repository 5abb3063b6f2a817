"""Throw-away database servers for the tests: no system change, no user created, nothing left behind.

A server listens on a Unix socket in a temporary directory, runs as an unprivileged user when the tests
run as root, and ends with the test process, however that ends. Where the programs come from is in
`server_programs`.
"""

from __future__ import annotations

import itertools
import os
import shutil
import socket
import subprocess
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING
from urllib.parse import quote

from tests.server_programs import Programs, Unavailable, mariadb_programs, postgresql_programs

if TYPE_CHECKING:
    import psycopg
    import pymysql

NOBODY = 65534
_START_SECONDS = 30.0

# The shell waits for its standard input to close, which happens when the test process ends in whatever
# way; then it stops the server and removes its directory.
_SUPERVISOR = (
    '"$@" </dev/null >"$LOG" 2>&1 & read -r _; kill -s "$SIGNAL" $!; wait $! 2>/dev/null; rm -rf "$HOME"'
)


@dataclass(frozen=True)
class PostgresServer:
    """A running PostgreSQL; `url` is SQLAlchemy's for the database `postgres`, with the driver psycopg."""

    directory: Path
    version: tuple[int, ...]
    _numbers: Iterator[int] = field(default_factory=itertools.count)

    @property
    def url(self) -> str:
        """The URL of the maintenance database."""
        return self.url_of("postgres")

    def url_of(self, database: str) -> str:
        """Return the URL of a database."""
        return f"postgresql+psycopg://postgres@/{database}?host={quote(str(self.directory), safe='/')}"

    def fresh_database(self) -> str:
        """Create an empty database and return its URL."""
        name = f"test_{next(self._numbers)}"
        with self.connect() as connection:
            connection.execute(f'CREATE DATABASE "{name}"')
        return self.url_of(name)

    def connect(self, url: str | None = None) -> psycopg.Connection[tuple[object, ...]]:
        """Open a connection of the driver in autocommit mode, to the database of `url`."""
        import psycopg  # a server test costs its driver, the others do not

        database = (url or self.url).partition("@/")[2].partition("?")[0]
        return psycopg.connect(host=str(self.directory), user="postgres", dbname=database, autocommit=True)


@dataclass(frozen=True)
class MariadbServer:
    """A running MariaDB; `url` is SQLAlchemy's for the database `test`, with the driver PyMySQL."""

    path: Path
    version: tuple[int, ...]
    _numbers: Iterator[int] = field(default_factory=itertools.count)

    @property
    def url(self) -> str:
        """The URL of the maintenance database."""
        return self.url_of("test")

    def url_of(self, database: str) -> str:
        """Return the URL of a database."""
        path = quote(str(self.path), safe="/")
        return f"mysql+pymysql://root@localhost/{database}?unix_socket={path}&charset=utf8mb4"

    def fresh_database(self) -> str:
        """Create an empty database and return its URL."""
        name = f"test_{next(self._numbers)}"
        with self.connect() as connection, connection.cursor() as cursor:
            cursor.execute(f"CREATE DATABASE `{name}` CHARACTER SET utf8mb4")
        return self.url_of(name)

    def connect(self, url: str | None = None) -> pymysql.Connection[pymysql.cursors.Cursor]:
        """Open a connection of the driver in autocommit mode, to the database of `url`."""
        import pymysql

        database = (url or self.url).partition("localhost/")[2].partition("?")[0]
        return pymysql.connect(
            unix_socket=str(self.path), user="root", database=database, autocommit=True, charset="utf8mb4"
        )


@contextmanager
def running_postgresql(major: int | None = None) -> Iterator[PostgresServer]:
    """Run a PostgreSQL of that major version, or of any; raise `Unavailable` if there is none."""
    with _home() as home:
        programs = _reachable(postgresql_programs(major), home)
        binaries, data = programs.root / "bin", home / "data"
        initialize = [str(binaries / "initdb"), "--no-sync", "-A", "trust", "-U", "postgres"]
        environment = _environment(programs, home, "QUIT")
        _run([*initialize, "--locale=C", "-E", "UTF8", "-D", str(data)], environment)
        server = [str(binaries / "postgres"), "-D", str(data), "-F", "-k", str(home)]
        for setting in (
            "listen_addresses=",
            "synchronous_commit=off",
            "full_page_writes=off",
            "timezone=UTC",
        ):
            server += ["-c", setting]
        with _supervised(server, environment, home):
            yield PostgresServer(home, _wait_for_postgresql(home))


@contextmanager
def running_mariadb() -> Iterator[MariadbServer]:
    """Run a MariaDB; raise `Unavailable` if there is none."""
    with _home() as home:
        programs = _reachable(mariadb_programs(), home)
        data, path = home / "data", home / "socket"
        _as_nobody_owned(data)
        share = next(p for p in (programs.root / "share" / n for n in ("mysql", "mariadb")) if p.is_dir())
        server = [str(programs.root / "sbin" / "mariadbd"), "--no-defaults", f"--datadir={data}"]
        server += [f"--lc-messages-dir={share}", f"--character-sets-dir={share / 'charsets'}"]
        server += ["--skip-networking", f"--socket={path}", f"--pid-file={home / 'pid'}"]
        # In a shared /tmp, the tables of two servers that start at once have the same names.
        server += [f"--tmpdir={home}"]
        server += ["--innodb-flush-log-at-trx-commit=0", "--innodb-buffer-pool-size=64M", "--skip-log-bin"]
        environment = _environment(programs, home, "KILL")
        _run([*server, "--bootstrap"], environment, _system_tables(share))
        with _supervised(server, environment, home):
            yield MariadbServer(path, _wait_for_mariadb(path, home))


def _system_tables(share: Path) -> str:
    """Return the script that fills an empty data directory, with a root that needs no password."""
    parts = ["CREATE DATABASE mysql;\nCREATE DATABASE test;\nUSE mysql;\nSET @auth_root_socket=NULL;\n"]
    for stem in ("system_tables", "performance_tables", "system_tables_data"):
        found = next(p for p in (share / f"{n}_{stem}.sql" for n in ("mariadb", "mysql")) if p.exists())
        parts.append(found.read_text())
    return "\n".join(parts)


@contextmanager
def _home() -> Iterator[Path]:
    """Make a directory for a server: short, because a socket's path has at most 107 bytes."""
    home = Path(tempfile.mkdtemp(prefix="guard-"))
    _as_nobody_owned(home)
    try:
        yield home
    finally:
        shutil.rmtree(home, ignore_errors=True)


def _as_nobody_owned(folder: Path) -> None:
    folder.mkdir(exist_ok=True)
    if os.getuid() == 0:
        os.chown(folder, NOBODY, NOBODY)


def _reachable(programs: Programs, home: Path) -> Programs:
    """Return programs that the server's user can execute, copied if they lie in a private directory."""
    folders = (programs.root, *programs.root.parents)
    if os.getuid() != 0 or all(folder.stat().st_mode & 0o001 for folder in folders):
        return programs
    shutil.copytree(programs.root, home / "programs", symlinks=True)
    return programs.moved(home / "programs")


def _environment(programs: Programs, home: Path, signal: str) -> dict[str, str]:
    return {
        "PATH": os.environ.get("PATH", os.defpath),
        "LD_LIBRARY_PATH": os.pathsep.join(map(str, programs.libraries)),
        "LC_ALL": "C",
        "TZ": "UTC",
        "HOME": str(home),
        "LOG": str(home / "log"),
        "SIGNAL": signal,
    }


def _popen(command: list[str], environment: dict[str, str]) -> subprocess.Popen[str]:
    user = NOBODY if os.getuid() == 0 else None
    return subprocess.Popen(
        command,
        env=environment,
        cwd=environment["HOME"],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        user=user,
        group=user,
        extra_groups=[] if user is not None else None,
        start_new_session=True,
    )


def _run(command: list[str], environment: dict[str, str], text: str = "") -> None:
    with _popen(command, environment) as process:
        output, _ = process.communicate(text, timeout=_START_SECONDS * 4)
    if process.returncode != 0:
        raise Unavailable(f"{Path(command[0]).name} failed: {output.strip()[-600:]}")


@contextmanager
def _supervised(command: list[str], environment: dict[str, str], home: Path) -> Iterator[None]:
    with _popen(["sh", "-c", _SUPERVISOR, "sh", *command], environment) as process:
        try:
            yield
        finally:
            # Leaving the `with` waits for the supervisor, which on a busy disk is long over the removal.
            if process.stdin is not None:
                process.stdin.close()


def _wait_for_postgresql(home: Path) -> tuple[int, ...]:
    import psycopg

    deadline = time.monotonic() + _START_SECONDS
    while True:
        try:
            with psycopg.connect(host=str(home), user="postgres", dbname="postgres") as connection:
                number = connection.info.server_version
                return (number // 10000, number % 10000)
        except psycopg.OperationalError as error:
            _still_hope(deadline, error, home)


def _wait_for_mariadb(path: Path, home: Path) -> tuple[int, ...]:
    import pymysql

    _wait_for_listener(path, home)
    with pymysql.connect(unix_socket=str(path), user="root") as connection:
        return _mariadb_version(connection)


def _wait_for_listener(path: Path, home: Path) -> None:
    """Wait with a plain socket: PyMySQL leaves those of failed attempts open."""
    deadline = time.monotonic() + _START_SECONDS
    while True:
        try:
            with socket.socket(socket.AF_UNIX) as probe:
                probe.connect(str(path))
                return
        except OSError as error:
            _still_hope(deadline, error, home)


def _mariadb_version(connection: pymysql.Connection[pymysql.cursors.Cursor]) -> tuple[int, ...]:
    with connection.cursor() as cursor:
        cursor.execute("SELECT VERSION()")
        row = cursor.fetchone()
    text = str(row[0]) if row else ""
    return tuple(int(part) for part in text.partition("-")[0].split("."))


def _still_hope(deadline: float, error: Exception, home: Path) -> None:
    if time.monotonic() > deadline:
        log = (home / "log").read_text(errors="replace") if (home / "log").exists() else ""
        raise Unavailable(f"the server did not start: {error}: {log.strip()[-600:]}") from error
    time.sleep(0.02)
