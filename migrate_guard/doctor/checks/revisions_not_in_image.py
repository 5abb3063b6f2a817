"""An image that is built without its revisions."""

from __future__ import annotations

from collections.abc import Iterator

from migrate_guard.doctor.globs import covers
from migrate_guard.doctor.look import Look
from migrate_guard.doctor.model import Diagnosis
from migrate_guard.project.paths import shown_path


def revisions_not_in_image(look: Look) -> Iterator[Diagnosis]:
    """A `.dockerignore` keeps revisions out of the image, so that an upgrade there does not find them."""
    for path, patterns in look.contents.ignored:
        if not patterns or not _is_used(look, path):
            continue
        context = path.rpartition("/")[0]
        for _, graph in look.environments:
            files = {script.source.file.parent: script.source.file for script in graph.scripts.values()}
            for file in files.values():
                shown = shown_path(file, look.root)
                inside = shown.removeprefix(f"{context}/") if context else shown
                if context and inside == shown:
                    continue
                found = _excluding(patterns, inside)
                if found is not None:
                    yield _diagnosis(path, *found, shown.rpartition("/")[0])


def _excluding(patterns: tuple[tuple[int, str], ...], file: str) -> tuple[int, str] | None:
    """Return the pattern that keeps a file out: the last one that matches decides, `!` takes it in again.

    https://docs.docker.com/build/concepts/context/#syntax
    """
    verdict = None
    for line, text in patterns:
        if covers(text.removeprefix("!"), file):
            verdict = None if text.startswith("!") else (line, text)
    return verdict


def _is_used(look: Look, path: str) -> bool:
    """Tell whether an image is built with this file: one beside it, or anywhere for that of the root."""
    context = path.rpartition("/")[0]
    return any(not context or image.path.startswith(f"{context}/") for image in look.contents.images)


def _diagnosis(path: str, line: int, text: str, directory: str) -> Diagnosis:
    return Diagnosis(
        "revisions-not-in-image",
        path,
        line,
        f"`{text}` keeps {directory} out of the image: an upgrade there finds no revision to run, or does "
        "not know the one that the database is at",
        f"!{directory}",
    )
