"""Several containers that upgrade one database at the same time."""

from __future__ import annotations

from collections.abc import Iterator

from migrate_guard.doctor.look import Look
from migrate_guard.doctor.model import Diagnosis
from migrate_guard.doctor.read.model import Image, Script, Service
from migrate_guard.doctor.read.outcome import each
from migrate_guard.doctor.read.words import is_server
from migrate_guard.files import read_regular
from migrate_guard.pattern import pattern
from migrate_guard.record import dataclass
from migrate_guard.report.summary import listed

_NAME = "concurrent-upgrade"
_LOCK = pattern(r"\badvisory_(?:xact_)?lock\b|\bGET_LOCK\b|\bflock\b")
_PASTE = (
    "services:\n  migrate:\n    command: alembic upgrade head\n"
    "  web:\n    depends_on:\n      migrate:\n        condition: service_completed_successfully"
)


@dataclass(frozen=True, slots=True)
class _Starting:
    service: Service
    script: Script


def concurrent_upgrade(look: Look) -> Iterator[Diagnosis]:
    """Containers that start together run the same revisions at once, and all but the first one fail.

    Workers of one server are no such thing: `alembic upgrade head && gunicorn -w 4` upgrades once.
    """
    if any(_locks(look)):
        return
    files = dict.fromkeys(service.path for service in look.contents.services)
    for path in files:
        own = [one for one in look.contents.services if one.path == path]
        starting = [found for one in own for found in _starting(look, one)]
        for one in starting:
            if one.service.replicas > 1:
                yield Diagnosis(
                    _NAME,
                    path,
                    one.service.replicas_line,
                    f"{one.service.replicas} containers of {one.service.name} upgrade the database at the "
                    "same time when they start: revisions run twice, or fail in the middle",
                    _PASTE,
                )
        names = {one.service.name for one in starting}
        # One that waits until another one has started finds its work done.
        starting = [one for one in starting if not names & set(one.service.waits)]
        if len(starting) > 1:
            shown = listed([one.service.name for one in starting])
            yield Diagnosis(
                _NAME,
                path,
                starting[1].service.line,
                f"{shown} upgrade the database at the same time when they "
                "start: revisions run twice, or fail in the middle",
                _PASTE,
            )


def _starting(look: Look, service: Service) -> Iterator[_Starting]:
    """Yield what a service starts if that upgrades the database and then serves."""
    image = _image(look, service)
    own = service.entrypoint or (image.start if image is not None and service.command is None else None)
    scripts = [one for one in (own, service.command) if one is not None]
    if image is not None and service.command is not None and service.entrypoint is None:
        # The image's entry point runs with the service's command as its words.
        scripts.append(image.start) if _has_entrypoint(image) else None
    upgrading = next((one for one in scripts if look.upgrades(one)), None)
    if upgrading is not None and any(_serves(look, one) for one in scripts):
        yield _Starting(service, upgrading)


def _image(look: Look, service: Service) -> Image | None:
    return next((one for one in look.contents.images if one.path == service.build), None)


def _has_entrypoint(image: Image) -> bool:
    return any(word.endswith((".sh", "entrypoint")) for one in image.start.commands for word in one.words[:1])


def _serves(look: Look, script: Script) -> bool:
    if any(is_server(command.words) for command, _, _ in each(script)):
        return True
    called = {word.rpartition("/")[2] for command, _, _ in each(script) for word in command.words}
    return any(
        is_server(command.words)
        for one in look.contents.scripts
        if one.kind == "shell" and one.path.rpartition("/")[2] in called
        for command, _, _ in each(one)
    )


def _locks(look: Look) -> Iterator[bool]:
    """Tell of each `env.py` and each script whether it takes a lock around the upgrade."""
    for environment, _ in look.environments:
        if environment.env_py is not None:
            try:
                text = read_regular(environment.env_py).decode(errors="replace")
            except OSError:
                continue
            yield _LOCK.search(text) is not None
    for script, command, _, _ in look.migrations:
        words = (*command.words, *(word for one in script.commands for word in one.words))
        yield any(_LOCK.search(word) for word in words)
