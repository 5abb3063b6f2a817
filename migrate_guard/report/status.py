"""The five steps on one screen, or as JSON."""

from __future__ import annotations

from collections.abc import Sequence

from migrate_guard.judgement import EnvironmentStages
from migrate_guard.report.terminal import Style

VERSION = 1
_MARKS = {"done": "ok", "missing": "MISSING", "unknown": "?"}
_COLOURS = {"done": "cyan", "missing": "red", "unknown": "yellow"}
_TITLES = {
    "models": "1 change the models",
    "migration": "2 generate the migration",
    "review": "3 review it",
    "apply": "4 apply it",
    "verify": "5 verify",
}
_WIDTH = max(map(len, _TITLES.values()))


def status_text(environments: Sequence[EnvironmentStages], skipped: Sequence[str], style: Style) -> str:
    """Return one line per step, and below each environment what to type next."""
    lines: list[str] = []
    for one in environments:
        lines.append(one.environment)
        for stage in one.stages:
            mark = style.paint(f"{_MARKS[stage.state]:7}", _COLOURS[stage.state])
            lines.append(f"  {mark}  {_TITLES[stage.name]:{_WIDTH}}  {stage.detail}")
        following = one.next
        lines.append(f"  next: {following}" if following else f"  {_settled(one)}")
        lines.append("")
    lines += [f"could not look: {line}" for line in skipped]
    return "\n".join(lines).rstrip("\n") + "\n"


def _settled(one: EnvironmentStages) -> str:
    """Return what an environment without a missing step comes to: what was not looked at is no all-clear."""
    unknown = any(stage.state == "unknown" for stage in one.stages)
    return "nothing more can be told before the rest is looked at" if unknown else "nothing to do"


def status_json(environments: Sequence[EnvironmentStages], skipped: Sequence[str]) -> str:
    """Return the steps as one JSON document; within version 1, fields may be added."""
    import json

    document = {
        "version": VERSION,
        "environments": [
            {
                "name": one.environment,
                "steps": [
                    {"step": s.name, "state": s.state, "detail": s.detail, "next": s.next} for s in one.stages
                ],
                "next": one.next,
            }
            for one in environments
        ],
        "skipped": list(skipped),
    }
    return json.dumps(document, indent=2) + "\n"
