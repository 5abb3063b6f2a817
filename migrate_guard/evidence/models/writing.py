"""Have the probe create the revision that closes what a comparison found."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path
from typing import Any

from migrate_guard.errors import GuardError
from migrate_guard.evidence.models.autogenerate import Found
from migrate_guard.evidence.models.compare import Compared, Replay, compared, named_models, variant
from migrate_guard.evidence.models.difference import ModelDifference
from migrate_guard.evidence.probing import Loading, ask, environment_request
from migrate_guard.project import Environment
from migrate_guard.project.paths import shown_path
from migrate_guard.record import dataclass


@dataclass(frozen=True, slots=True)
class Wanted:
    """The revision to write: its message, and whether Alembic's post-write hooks run on it."""

    message: str | None = None
    hooks: bool = True


@dataclass(frozen=True, slots=True)
class Written:
    """What was written for one environment.

    `paths` are the new files as reports show them; none where there was nothing to write. `unwritten` says
    what is not in them, each with the reason.
    """

    paths: tuple[str, ...]
    unwritten: tuple[str, ...]


def write_revision(
    environment: Environment,
    replays: Sequence[Replay],
    models: Sequence[str],
    wanted: Wanted,
    loading: Loading,
    root: Path,
) -> Written:
    """Compare the models of an environment with its history and write the revision between the two.

    It is written for the dialect that `env.py` connects to, or else for the first one. Nothing is written
    where there is no difference. Raise `GuardError` when the models cannot be loaded or the file cannot be
    made; then there is none.
    """
    if not (environment.script_location / "script.py.mako").is_file():
        raise GuardError(
            f"{shown_path(environment.script_location, root)} has no script.py.mako to make a revision of",
            "copy the one that `alembic init` makes",
        )
    every = compared(environment, replays, models, loading, root)
    chosen = _chosen(every)
    unwritten = tuple(dict.fromkeys(_unwritten(every, chosen)))
    variants = [_variant(one) for one in chosen]
    if not any(one["keep"] or one["upgrade"] for one in variants):
        return Written((), unwritten)
    request = {
        "task": "write",
        **environment_request(environment, named_models(models), loading),
        "message": wanted.message,
        "hooks": wanted.hooks,
        "variants": variants,
    }
    answer = ask(request, loading.interpreter, root)
    return Written(tuple(shown_path(Path(path), root) for path in answer["written"]), unwritten)


def _chosen(every: Sequence[Compared]) -> list[Compared]:
    """Return one comparison for each database: where `env.py` connects, or the first."""
    found: dict[str | None, Compared] = {}
    for one in every:
        known = found.setdefault(one.replay.database, one)
        if one.connects and not known.connects:
            found[one.replay.database] = one
    return list(found.values())


def _variant(one: Compared) -> dict[str, Any]:
    """Return what the probe is to write for one database."""
    lines = [found for difference, found in one.found if _is_line(difference, one)]
    return {
        **variant(one.replay, one.offered),
        "keep": list(_kept(found for difference, found in one.found if difference.autogenerate)),
        "upgrade": [line for found in lines for line in found.code],
        "downgrade": [line for found in reversed(lines) for line in found.undo or _no_way_back(found)],
    }


def _is_line(difference: ModelDifference, one: Compared) -> bool:
    """Tell whether a difference is closed by lines of ours, which say `op` and `sa`."""
    return not difference.autogenerate and bool(difference.code) and one.usual_names


def _no_way_back(found: Found) -> tuple[str, ...]:
    return (f"# {_subject(found)}: nothing takes this back", "pass")


def _kept(found: Iterable[Found]) -> Iterator[dict[str, object]]:
    """Go through the operations that were reported, each with the aspects of a column that were."""
    kept: dict[str, dict[str, Any]] = {}
    for one in found:
        for operation in one.operations:
            known = kept.setdefault(
                json.dumps(operation, sort_keys=True), {"operation": operation, "aspects": []}
            )
            known["aspects"].append(one.aspect)
    yield from kept.values()


def _unwritten(every: Sequence[Compared], chosen: Sequence[Compared]) -> Iterator[str]:
    for one in chosen:
        for left in one.left_out:
            yield f"{left.table} was not compared: {left.reason}"
        for difference, found in one.found:
            if not difference.autogenerate and not _is_line(difference, one):
                yield f"{_subject(found)}: {_reason(found)}"
    seen = {_key(found) for one in chosen for _, found in one.found}
    for one in every:
        for _, found in one.found:
            if _key(found) not in seen:
                target = ", ".join(dict.fromkeys(str(each.replay.dialect) for each in chosen))
                yield f"{_subject(found)}: only on {one.replay.dialect}, and the revision is for {target}"


def _reason(found: Found) -> str:
    if found.code:
        return "env.py gives `op` or `sa` another name"
    return "what to write depends on the data or on names that the server gave"


def _subject(found: Found) -> str:
    of = "" if found.table is None or found.kind == "table" else f" of {found.table}"
    aspect = f" ({found.aspect})" if found.aspect else ""
    return f"{found.kind} {found.name}{of}{aspect}"


def _key(found: Found) -> tuple[str, str, str, str]:
    return found.kind, str(found.table), found.name, found.aspect
