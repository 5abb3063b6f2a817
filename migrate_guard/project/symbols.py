"""How a revision is named on a command line: ids, partial ids, heads, labels and steps from them."""

from __future__ import annotations

from collections.abc import Iterable

from migrate_guard.errors import GuardError
from migrate_guard.pattern import pattern
from migrate_guard.project.graph import Graph, reached

# alembic/script/revision.py, Alembic 1.20: `_relative_destination`, and the four characters that a
# partial id needs in `_revision_for_ident`.
_RELATIVE = pattern(r"(?:(?P<branch>.+?)@)?(?P<symbol>\w+)?(?P<steps>[+-]\d+)")
_SHORTEST_PARTIAL = 4


class UnknownRevisionError(GuardError):
    """No revision or branch of the graph has the name; another environment's may."""


def resolve(graph: Graph, symbol: str) -> tuple[str, ...]:
    """Return the revisions that a symbol names, as `alembic upgrade` or `alembic show` would read it.

    Accepts an id or its beginning, a branch label, `head`, `heads`, `base` (which is no revision: an empty
    tuple), `label@head`, `label@heads`, `label@id`, and steps such as `head-1`, `ae10+2`, `-1` (down from
    the heads) and `+1` (up from the bases). Raise `GuardError` for what names nothing, or several
    revisions where one is meant.
    """
    relative = _RELATIVE.fullmatch(symbol)
    if relative:
        return _walk(graph, symbol, relative["branch"], relative["symbol"], int(relative["steps"]))
    branch, _, name = symbol.rpartition("@")
    lineage = _lineage(graph, branch) if branch else None
    return _named(graph, symbol, name, lineage)


def _named(graph: Graph, symbol: str, name: str, lineage: frozenset[str] | None) -> tuple[str, ...]:
    if name == "base":
        return ()
    if name in ("head", "heads"):
        heads = graph.heads if lineage is not None or name == "head" else _real_heads(graph)
        found = tuple(head for head in heads if lineage is None or head in lineage)
        if name == "head" and len(found) > 1:
            raise GuardError(
                f"{symbol!r} is ambiguous: there are {len(found)} heads, {_listed(found)}",
                "name one of them, or say 'heads' for all",
            )
        return found
    revision = _identified(graph, name, lineage)
    if lineage is not None and revision not in lineage:
        raise GuardError(
            f"revision {revision} is not on the branch of {symbol!r}", "leave out what is before the @"
        )
    return (revision,)


def _identified(graph: Graph, name: str, lineage: frozenset[str] | None = None) -> str:
    """Return the one revision with this id, label or beginning of either."""
    if name in graph.scripts:
        return name
    if name in graph.labels:
        return graph.labels[name]
    candidates = {
        revision: None
        for key, revision in _keys(graph)
        if name and len(key) >= _SHORTEST_PARTIAL and key.startswith(name)
        if lineage is None or revision in lineage
    }
    if len(candidates) > 1:
        raise GuardError(
            f"{len(candidates)} revisions start with {name!r}: {_listed(tuple(candidates))}",
            "give more characters of the id",
        )
    if not candidates:
        raise UnknownRevisionError(f"there is no revision or branch {name!r}", _nearest(graph, name))
    return next(iter(candidates))


def _keys(graph: Graph) -> Iterable[tuple[str, str]]:
    yield from ((revision, revision) for revision in graph.scripts)
    yield from graph.labels.items()


def _nearest(graph: Graph, name: str) -> str:
    import difflib  # here, because only an error needs it

    close = difflib.get_close_matches(name, [key for key, _ in _keys(graph)], n=3, cutoff=0.5)
    if close:
        return f"did you mean {' or '.join(close)}?"
    return f"the heads are {_listed(graph.heads)}" if graph.heads else "no file declares a head"


def _lineage(graph: Graph, branch: str) -> frozenset[str]:
    """Return what lies before and after a branch's revision, along `down_revision`."""
    start = _identified(graph, branch)
    down = {
        revision: tuple(one for one in before if revision in graph.children.get(one, ()))
        for revision, before in graph.parents.items()
    }
    return reached(graph.children, [start]) | reached(down, [start])


def _real_heads(graph: Graph) -> tuple[str, ...]:
    """Return the heads that no other revision depends on either, which is what `heads` means to Alembic."""
    needed = {parent for before in graph.parents.values() for parent in before}
    return tuple(revision for revision in graph.scripts if revision not in needed)


def _walk(graph: Graph, symbol: str, branch: str | None, start: str | None, steps: int) -> tuple[str, ...]:
    lineage = _lineage(graph, branch) if branch else None
    if start is not None:
        at = _named(graph, start, start, None if start not in ("head", "heads") else lineage)
        starts: tuple[str | None, ...] = at or (None,)
    elif steps < 0:
        starts = tuple(head for head in graph.heads if lineage is None or head in lineage)
    else:
        starts = (None,)
    found = (_steps(graph, symbol, one, steps, lineage) for one in starts)
    return tuple(dict.fromkeys(one for one in found if one is not None))


def _steps(
    graph: Graph, symbol: str, start: str | None, steps: int, lineage: frozenset[str] | None
) -> str | None:
    """Go step by step; `None` stands for the base, below every first revision."""
    at = start
    for _ in range(abs(steps)):
        if steps > 0:
            following = graph.bases if at is None else graph.children.get(at, ())
            options = tuple(one for one in following if lineage is None or one in lineage)
        elif at is None:
            options = ()
        else:
            options = _down(graph, at)
            if not options and not graph.scripts[at].down_revisions:
                at = None
                continue
        if not options:
            raise GuardError(
                f"{symbol!r} goes beyond the end of the history", "take fewer steps, or name a revision"
            )
        if len(options) > 1:
            raise GuardError(
                f"{symbol!r} is ambiguous: the history forks into {_listed(options)}", "name the revision"
            )
        at = options[0]
    return at


def _down(graph: Graph, revision: str) -> tuple[str, ...]:
    return tuple(one for one in graph.parents[revision] if revision in graph.children.get(one, ()))


def _listed(revisions: tuple[str, ...]) -> str:
    shown = ", ".join(revisions[:4])
    return f"{shown}, …" if len(revisions) > 4 else shown
