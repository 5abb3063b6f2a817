"""Put the settings of one run together: default < file < flag."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import TypeVar

from migrate_guard.config import options
from migrate_guard.config.file import ConfigFile, find_file, read_file
from migrate_guard.config.model import Config
from migrate_guard.config.options import OPTIONS, Option
from migrate_guard.config.readers import BadValueError, Setting
from migrate_guard.errors import GuardError, did_you_mean
from migrate_guard.record import dataclass

T = TypeVar("T")

NARROWING = frozenset(
    option.name
    for option in (
        *(options.PATHS, options.CONFIG_FILES, options.SECTIONS, options.DIRECTORY, options.DIALECTS),
        *(options.SELECT, options.IGNORE, options.SINCE, options.BASE),
    )
)
"""The options that, given as flags, make a run look at something else than what the file configures."""


def load_config(
    root: Path,
    families: Mapping[str, str],
    flags: Mapping[str, object] | None = None,
    file: Path | None = None,
) -> Config:
    """Return the settings for a run in the directory `root`, which must be absolute.

    `families` maps every rule to its family. `flags` maps names of options to raw values as the
    configuration file would hold them; those not given are absent. `file` names a configuration file;
    without it the nearest one is taken. Raise `GuardError` for a file that cannot be read, an unknown
    key or a value that an option cannot take; the message names the file and the line, or the flag.
    """
    found = find_file(root) if file is None else read_file(root / file, root)
    if found is not None:
        _check_keys(found)
    layers = _Layers(root, families, flags or {}, found)
    return Config(
        root=root,
        paths=layers.get(options.PATHS),
        config_files=layers.get(options.CONFIG_FILES),
        sections=layers.get(options.SECTIONS),
        directory=layers.get(options.DIRECTORY),
        exclude=layers.get(options.EXCLUDE),
        dialects=layers.get(options.DIALECTS),
        select=layers.get(options.SELECT),
        ignore=layers.get(options.IGNORE),
        severity=layers.get(options.SEVERITY),
        fail_on=layers.get(options.FAIL_ON),
        since=layers.get(options.SINCE),
        base=layers.get(options.BASE),
        baseline=layers.get(options.BASELINE),
        require_reasons=layers.get(options.REQUIRE_REASONS),
        models=layers.get(options.MODELS),
        models_fallback=layers.get(options.MODELS_FALLBACK),
        python=layers.get(options.PYTHON),
        app=layers.get(options.APP),
        x=layers.get(options.X),
        models_timeout=layers.get(options.MODELS_TIMEOUT),
        database_url=layers.get(options.DATABASE_URL),
        version_table=layers.get(options.VERSION_TABLE),
        file=found.file if found else None,
        narrowed=not NARROWING.isdisjoint(layers.flags),
    )


@dataclass(frozen=True)
class _Layers:
    """The places that an option is looked up in."""

    root: Path
    families: Mapping[str, str]
    flags: Mapping[str, object]
    file: ConfigFile | None

    def get(self, option: Option[T]) -> T:
        """Return an option's setting. The file's value is checked even when a flag overrides it."""
        setting = option.default
        if self.file is not None and option.name in self.file.values:
            setting = self._from_file(option, self.file)
        if option.name in self.flags:
            setting = self._from_flag(option)
        return setting

    def _from_file(self, option: Option[T], file: ConfigFile) -> T:
        try:
            return option.read(file.values[option.name], Setting(file.file.parent, self.families))
        except BadValueError as error:
            place = file.place(option.name, error.value)
            raise GuardError(f"{place}: {option.name}: {error.message}", error.hint) from error

    def _from_flag(self, option: Option[T]) -> T:
        try:
            return option.read(self.flags[option.name], Setting(self.root, self.families))
        except BadValueError as error:
            raise GuardError(f"{option.flag}: {error.message}", error.hint) from error


def _check_keys(file: ConfigFile) -> None:
    known = {option.name for option in OPTIONS}
    for key in file.values:
        if key not in known:
            hint = did_you_mean(key.replace("_", "-"), known)
            raise GuardError(f"{file.place(key)}: unknown key {key!r}", hint)
