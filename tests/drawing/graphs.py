"""Graphs to draw: a short way to write them, and any that hypothesis thinks of."""

from __future__ import annotations

import ast
from pathlib import Path

from hypothesis import strategies as st

from migrate_guard.dialect import Dialect
from migrate_guard.drawing import Drawing, Part, drawing
from migrate_guard.finding import Finding
from migrate_guard.project import BrokenScript, Environment, Graph, Script, Source, build_graph
from migrate_guard.record import replace
from migrate_guard.span import whole_line
from tests.judgements import finding

NO_TREE = ast.Module([], [])
ENVIRONMENT = Environment(
    "alembic.ini",
    "alembic.ini",
    Path(),
    Path("m"),
    (Path("m/versions"),),
    dialects=(Dialect("postgresql", (16,)),),
)


def script(name: str, *down: str, message: str = "", file: str = "", **header: tuple[str, ...]) -> Script:
    """Return a revision; `header` may hold `depends_on` and `branch_labels`."""
    path = file or f"{name}.py"
    source = Source(path, Path(path), "", ("",))
    return Script(
        source,
        NO_TREE,
        name,
        down,
        header.get("depends_on", ()),
        header.get("branch_labels", ()),
        message,
    )


def broken(name: str | None, *down: str) -> BrokenScript:
    """Return a file that could not be read, with what its header shows."""
    return BrokenScript(whole_line(f"{name}.py", 1), "it is no Python", None, name, down)


def part(*scripts: Script | BrokenScript, **more: object) -> Part:
    """Return an environment with these revisions."""
    graph = build_graph(
        [one for one in scripts if isinstance(one, Script)],
        [one for one in scripts if isinstance(one, BrokenScript)],
    )
    return replace(Part(ENVIRONMENT, graph), **more)  # type: ignore[arg-type]  # the tests name real fields


def drawn(*scripts: Script | BrokenScript, **more: object) -> Drawing:
    """Return the drawing of these revisions, all of them."""
    return drawing(part(*scripts, **more))


def found(revision: str | None, **changes: object) -> Finding:
    """Return a finding about a revision."""
    return finding(revision=revision, **changes)


_NAMES = [f"r{number}" for number in range(12)]
_TEXT = st.text(max_size=8) | st.sampled_from(
    ['"]; x', "<b>&amp;", "%%{init", "a\x00b\x1b[2J", "`end`", "漢字"]
)


@st.composite
def parts(draw: st.DrawFn) -> Part:
    """Return any environment: cycles, absent parents, unreadable and duplicate files included."""
    extra = draw(st.lists(_TEXT.filter(bool), max_size=2))
    names = [*_NAMES, *extra]
    chosen = draw(st.lists(st.sampled_from(names), min_size=1, max_size=12))
    scripts: list[Script | BrokenScript] = []
    for position, name in enumerate(chosen):
        down = tuple(draw(st.lists(st.sampled_from(names), max_size=3)))
        if draw(st.integers(0, 9)) == 0:
            scripts.append(broken(name, *down))
            continue
        depends_on = tuple(draw(st.lists(st.sampled_from(names), max_size=1)))
        labels = tuple(draw(st.lists(_TEXT, max_size=1)))
        scripts.append(
            script(
                name,
                *down,
                message=draw(_TEXT),
                file=f"{position}.py",
                depends_on=depends_on,
                branch_labels=labels,
            )
        )
    findings = tuple(found(name, message=draw(_TEXT)) for name in draw(st.lists(st.sampled_from(names))))
    against = draw(st.none() | _TEXT)
    judged = draw(st.none() | st.frozensets(st.sampled_from(names)))
    settled = draw(st.frozensets(st.sampled_from(names)))
    return part(*scripts, findings=findings, against=against, judged=judged, settled=settled)


def chain(number: int) -> Graph:
    """Return a history without branches."""
    return build_graph(script(f"r{one}", *([f"r{one - 1}"] if one else [])) for one in range(number))
