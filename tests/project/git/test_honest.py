"""Honest histories give no finding, however they were made."""

from __future__ import annotations

import random
import subprocess
from collections import Counter
from pathlib import Path

import pytest

from tests.project.git.honest import Story
from tests.project.git.shop import HISTORY, Shop
from tests.repositories import new_repository

HISTORIES, PER_TEST = 200, 20


def stories(first: int) -> list[Story]:
    """Return some of the histories; each is made from its own seed."""
    made: list[Story] = []
    mark = 1
    for seed in range(first, first + PER_TEST):
        made.append(Story(random.Random(seed), f"s{seed}", mark))
        mark += len(made[-1].commits)
    return made


@pytest.mark.parametrize("first", range(0, HISTORIES, PER_TEST))
def test_honest_histories_are_silent(first: int, tmp_path: Path) -> None:
    shop = Shop(new_repository(tmp_path / "shop"))
    made = stories(first)
    stream = "".join(part for story in made for part in story.stream())
    subprocess.run(
        ["git", "fast-import", "--quiet"], cwd=shop.root, input=stream.encode(), check=True, timeout=60
    )
    for story in made:
        shop.git("checkout", "--quiet", "--force", f"{story.name}-work")
        judgement = shop.judge(f"{story.name}-main")
        found = {finding.rule for finding in judgement.findings}
        assert judgement.internal_errors == ()
        assert not found & HISTORY, (story.name, story.taken, judgement.findings)
        # What main has got since is not taken over yet: then only the heads may be apart.
        allowed = set() if story.up_to_date else {"multiple-heads"}
        assert found <= allowed, (story.name, story.taken, judgement.findings)
        assert judgement.summary.judged == len(story.own())


def test_the_histories_have_everything() -> None:
    """All steps are taken often, and both kinds of ends come up."""
    made = [story for first in range(0, HISTORIES, PER_TEST) for story in stories(first)]
    taken = Counter(step for story in made for step in story.taken)
    assert len(taken) == 12
    assert min(taken.values()) > 50
    assert 50 < sum(story.up_to_date for story in made) < 180
    assert sum(bool(story.own()) for story in made) > 80
