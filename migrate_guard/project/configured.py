"""From a configuration, or a directory without one, to an `Environment`."""

from __future__ import annotations

from pathlib import Path

from migrate_guard.dialect import DialectName
from migrate_guard.errors import GuardError
from migrate_guard.files import read_regular
from migrate_guard.pattern import pattern
from migrate_guard.project.environment import Environment, EnvironmentKind
from migrate_guard.project.histories import histories
from migrate_guard.project.ini import IniFile, read_ini
from migrate_guard.project.locations import (
    bases,
    candidates,
    directories_above,
    find_directory,
    import_root,
    is_script_directory,
    package_paths,
)
from migrate_guard.project.paths import absolute_path, is_directory, is_file, shown_path
from migrate_guard.project.pyproject import TomlFile, read_pyproject
from migrate_guard.project.settings import DEFAULT_SECTION, Settings
from migrate_guard.project.urls import dialect_of_url

_FLASK = pattern(r"\bfrom\s+flask\b|\bcurrent_app\b")
_PLACEHOLDER = pattern(r"[{}$]|<\w+>")
_NAMES = pattern(r",\s*")


class UnfilledTemplateError(GuardError):
    """A configuration whose script location has places that a program fills in before Alembic reads it."""


def environments_of(
    ini_path: Path | None, toml_path: Path | None, root: Path, sections: tuple[str, ...] = ()
) -> tuple[Environment, ...]:
    """Return the environments that an ini, a `pyproject.toml`, or both together configure.

    Without `sections` these are `[alembic]` and every other section that sets a `script_location`.
    Empty if there is a `pyproject.toml` alone that does not speak of Alembic. Raise `GuardError` for a
    broken file, an unknown section or a script directory that is not there.
    """
    ini = read_ini(ini_path, shown_path(ini_path, root)) if ini_path is not None else None
    toml = read_pyproject(toml_path, shown_path(toml_path, root)) if toml_path is not None else None
    if ini is None and toml is None:
        return ()
    return tuple(
        one
        for name in _sections(ini, toml, sections)
        for one in histories(_environment(Settings(ini, toml, name), root))
    )


def bare_environments(
    script_location: Path, root: Path, versions: tuple[Path, ...] = (), command_is_flask: bool = False
) -> tuple[Environment, ...]:
    """Return the environments of a directory that no configuration file describes; nearly always one."""
    environment = Environment(
        name=shown_path(script_location, root),
        kind="directory",
        root=import_root(script_location.parent),
        above=directories_above(import_root(script_location.parent), root),
        script_location=script_location,
        version_locations=versions or (script_location / "versions",),
        env_py=_env_py(script_location),
        command="flask db" if command_is_flask or uses_flask(script_location) else "alembic",
    )
    return histories(environment)


def ini_of(environment: Environment, root: Path) -> IniFile | None:
    """Return the ini file of an environment; beside a `pyproject.toml` it is an `alembic.ini`.

    `root` is what shown paths are relative to. `None` if there is none that can be read.
    """
    config = environment.config_file
    if config is None:
        return None
    file = config.with_name("alembic.ini") if config.suffix == ".toml" else config
    try:
        return read_ini(file, shown_path(file, root)) if is_file(file) else None
    except GuardError:
        return None


def uses_flask(script_location: Path) -> bool:
    """Tell whether the `env.py` of a script directory is one of Flask-Migrate's."""
    env_py = _env_py(script_location)
    if env_py is None:
        return False
    try:
        return _FLASK.search(read_regular(env_py).decode(errors="replace")) is not None
    except OSError:
        return False


def _sections(ini: IniFile | None, toml: TomlFile | None, asked: tuple[str, ...]) -> tuple[str, ...]:
    if ini is None:
        return (DEFAULT_SECTION,)
    for name in asked:
        # A `pyproject.toml` is used whatever the section, so the ini need not have it.
        if name not in ini.sections and (toml is None or name != DEFAULT_SECTION):
            raise GuardError(
                f"{ini.shown}: there is no section [{name}]",
                f"its sections are {', '.join(f'[{one}]' for one in ini.sections)}",
            )
    if asked:
        return asked
    found = [one for one in ini.sections if one != DEFAULT_SECTION and ini.owns(one, "script_location")]
    default = ini.raw(DEFAULT_SECTION, "script_location") is not None or toml is not None
    if default or (DEFAULT_SECTION in ini.sections and not found):
        return (DEFAULT_SECTION, *found)
    if found:
        return tuple(found)
    raise GuardError(f"{ini.shown}: there is no section [alembic]", "name the section with -n")


def _environment(settings: Settings, root: Path) -> Environment:
    config = _config_path(settings)
    here = config.parent
    starts = bases(here, root)
    prepend = tuple(
        dict.fromkeys(
            one
            for text in settings.prepend_sys_path()
            for one in candidates(text, (root, here), ())
            if is_directory(one)
        )
    )
    packages = package_paths(here, root, prepend)
    script_location, is_flask = _script_location(settings, starts, packages, root)
    imported_from = import_root(here.parent if is_flask else here)
    near = tuple(dict.fromkeys([*starts, script_location]))
    return Environment(
        name=_name(settings, config, root),
        kind=_kind(settings, config, is_flask),
        root=imported_from,
        above=directories_above(imported_from, root),
        script_location=script_location,
        version_locations=_version_locations(settings, script_location, near, packages),
        recursive=settings.flag("recursive_version_locations"),
        config_file=config,
        section=settings.section,
        env_py=_env_py(script_location),
        prepend=prepend,
        databases=_databases(settings),
        url_dialects=_url_dialects(settings),
        command="flask db" if is_flask else "alembic",
    )


def _config_path(settings: Settings) -> Path:
    """Return the file that says where the scripts are."""
    ini, toml = settings.ini, settings.toml
    if ini is not None and (toml is None or ini.raw(settings.section, "script_location") is not None):
        return ini.path
    assert toml is not None  # noqa: S101 - settings have one file at least
    return toml.path


def _script_location(
    settings: Settings, starts: tuple[Path, ...], packages: tuple[Path, ...], root: Path
) -> tuple[Path, bool]:
    """Return the script directory, and whether it is one of Flask-Migrate.

    Flask-Migrate sets `script_location` to the directory of the ini, whatever the ini says:
    `Migrate.get_config` in flask_migrate/__init__.py, Flask-Migrate 4.1.
    """
    beside = settings.ini.path.parent if settings.ini is not None else None
    text = settings.text("script_location")
    if text is None:
        if beside is not None and is_script_directory(beside):
            return beside, True
        raise GuardError(
            f"{settings.place('script_location')}: there is no script_location in {_table(settings)}",
            "add it, or name the directory of the revisions as a path",
        )
    found = find_directory(text, starts, packages)
    if beside is not None and (found is None or found == beside) and uses_flask(beside):
        return beside, True
    if found is None:
        kind = UnfilledTemplateError if _PLACEHOLDER.search(text) else GuardError
        looked = dict.fromkeys(shown_path(one, root) for one in candidates(text, starts, packages)[:3])
        raise kind(
            f"{settings.place('script_location')}: script_location {text!r} is not a directory",
            f"looked for {', '.join(looked)}" if looked else "correct it",
        )
    return found, False


def _version_locations(
    settings: Settings, script_location: Path, starts: tuple[Path, ...], packages: tuple[Path, ...]
) -> tuple[Path, ...]:
    """Return the directories of the revisions; Alembic passes over those that are not there."""
    found: dict[Path, None] = {}
    for text in settings.version_locations():
        places = candidates(text, starts, packages) or (absolute_path(Path(text), starts[0]),)
        found[next((one for one in places if is_directory(one)), places[0])] = None
    return tuple(found) or (script_location / "versions",)


def _databases(settings: Settings) -> tuple[str, ...]:
    """Return `databases` of Alembic's multidb template, which its `env.py` splits the same way."""
    text = settings.ini.raw(settings.section, "databases") if settings.ini is not None else None
    return tuple(dict.fromkeys(one.strip() for one in _NAMES.split(text or "") if one.strip()))


def _url_dialects(settings: Settings) -> tuple[DialectName, ...]:
    """Return the dialects of `sqlalchemy.url`, that of each database of a multidb environment included."""
    found: dict[DialectName, None] = {}
    for section in (settings.section, *_databases(settings)):
        dialect = dialect_of_url(Settings(settings.ini, settings.toml, section).loose_text("sqlalchemy.url"))
        if dialect is not None:
            found[dialect] = None
    return tuple(found)


def _name(settings: Settings, config: Path, root: Path) -> str:
    shown = shown_path(config, root)
    return shown if settings.section == DEFAULT_SECTION else f"{shown} [{settings.section}]"


def _kind(settings: Settings, config: Path, is_flask: bool) -> EnvironmentKind:
    if is_flask:
        return "flask-migrate"
    return "pyproject.toml" if settings.toml is not None and config == settings.toml.path else "alembic.ini"


def _table(settings: Settings) -> str:
    return f"[{settings.section}]" if settings.ini is not None else "[tool.alembic]"


def _env_py(script_location: Path) -> Path | None:
    env_py = script_location / "env.py"
    return env_py if is_file(env_py) else None
