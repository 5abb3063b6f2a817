"""Lines added to YAML files: what is there stays, and what it means with the new lines is held by PyYAML."""

from __future__ import annotations

from typing import Any

import pytest
import yaml
from hypothesis import given
from hypothesis import strategies as st

from migrate_guard.init.templates import gitlab_job, hook
from migrate_guard.init.yaml_text import add_hook_repository, add_job, stage_for

HOOKS = {
    "plain": "repos:\n  - repo: a\n    rev: v1\n    hooks:\n      - id: x\n",
    "no newline at the end": "repos:\n  - repo: a\n    rev: v1\n    hooks: [{id: x}]",
    "no indent": "# ours\nrepos:\n- repo: a\n  rev: v1\n  hooks:\n  - id: x\n",
    "wide dashes": "repos:\n-   repo: a\n    rev: v1\n    hooks:\n    -   id: x\n        # args: []\n",
    "keys around": "---\nstages: [x]\nrepos: # all\n  - repo: a\n    hooks: []\n\n# later\nci:\n  skip: []\n",
    "a comment on the next key": "repos:\n- repo: a\n  hooks: []\n# about ci\nci: {}\n",
    "scalars": (
        "repos:\n  - repo: local\n    hooks:\n      - id: x\n        files: |\n          (?x)^(\n\n"
        "            # a\n"
        "          )$\n        # more\n  - repo: >-\n      b\n    hooks: []\n\n\nexclude: '^[a]'\n"
    ),
    "apart": "repos:\n  - repo: a\n\n  # about b\n  - repo: b\n    hooks: []\n\nci: {}\n",
    "windows": "repos:\r\n  - repo: a\r\n    hooks: []\r\nci: {}\r\n",
    "a flow that spans lines": "repos:\n- repo: a\n  hooks: [\n    {},\n  ]\n- {repo: b,\n   hooks: []}\n",
    "a dash alone": "repos:\n  -\n    repo: a\n    hooks: []\n",
    "a comment at the end": "repos:\n  - repo: a\n    hooks: []\n# the end\n",
}
NOT_HOOKS = {
    "empty": "",
    "no repos": "ci: {}\n",
    "an empty list": "repos: []\n",
    "nothing in it": "repos:\n",
    "a flow": "repos: [{repo: a, hooks: []}]\n",
    "a flow below": "repos:\n  [{repo: a, hooks: []}]\n",
    "tabs": "repos:\n- repo: a\n\thooks: []\n",
    "two documents": "repos:\n- repo: a\n---\nrepos:\n- repo: b\n",
    "an end": "repos:\n- repo: a\n...\n",
    "twice": "repos:\n- repo: a\nrepos:\n- repo: b\n",
    "a flow that leaves the block": "repos:\n- {repo: a,\nrev: b}\nci: {}\n",
    "a closing brace outside": "repos:\n- {repo: a,\n  hooks: []\n}\n",
    "mixed newlines": "repos:\r\n- repo: a\n  hooks: []\r\n",
    "quoted key": '"repos":\n- repo: a\n',
    "list of lists outside": "- repos:\n  - repo: a\n",
    "a quote that leaves the block": "repos:\n- repo: 'a\nci:\n  b'\n",
    "text to the very end": "repos:\n- repo: a\n  files: |\n    a",
    "text with its last empty lines": "repos:\n- repo: a\n  files: |+\n    a\n\n\nci: {}\n",
    "less than the items": "repos:\n    - repo: a\n  - repo: b\n",
}


def load(text: str) -> Any:
    """Return what a text means to a parser."""
    return yaml.safe_load(text)


@pytest.mark.parametrize("text", HOOKS.values(), ids=HOOKS)
def test_a_hook_is_added_and_nothing_else_changes(text: str) -> None:
    made = add_hook_repository(text, hook("^a'b$"))

    assert made is not None
    before, after = load(text), load(made)
    assert after == {**before, "repos": [*before["repos"], *load(hook("^a'b$"))]}
    assert kept(text, made)
    assert ("\r\n" in made) == ("\r\n" in text)
    assert made.replace("\r\n", "").count("\r") == 0


def kept(text: str, made: str) -> bool:
    """Tell whether all lines of a text are in another one, in their order, and one block is added."""
    old, new = text.splitlines(), made.splitlines()
    more = len(new) - len(old)
    return any(old[:at] == new[:at] and old[at:] == new[at + more :] for at in range(len(old) + 1))


@pytest.mark.parametrize("text", NOT_HOOKS.values(), ids=NOT_HOOKS)
def test_another_form_is_left_alone(text: str) -> None:
    assert add_hook_repository(text, hook()) is None


def test_empty_lines_part_the_items_where_they_did() -> None:
    made = add_hook_repository(HOOKS["apart"], hook())

    assert made is not None
    assert "    hooks: []\n\n  - repo: https" in made
    assert "      - id: migrate-guard\n\nci: {}" in made


_LINES = st.lists(
    st.sampled_from(
        [
            *(
                "repos:",
                "- repo: a",
                "  - repo: b",
                "  rev: v1",
                "    hooks: []",
                "- {repo: c,",
                "rev: b}",
                "]",
            ),
            *(
                "ci:",
                "  skip: [a]",
                "# x",
                "    # y",
                "",
                "  hooks:",
                "    - id: x",
                "    files: |",
                "      a: [b",
            ),
            *('"x: y', 'z"', "---", "key: value", "  - &a repo", "- 'it''s'", "  text: >-"),
        ]
    ),
    max_size=12,
).map(lambda lines: "\n".join(["repos:", *lines]))


@given(text=_LINES)
def test_whatever_is_written_means_the_old_and_the_new(text: str) -> None:
    try:
        before = load(text)
    except yaml.YAMLError:
        before = None
    made = add_hook_repository(text, hook())
    if made is not None and isinstance(before, dict) and isinstance(before.get("repos"), list):
        assert load(made) == {**before, "repos": [*before["repos"], *load(hook())]}


JOBS = {
    "plain": "test:\n  script: [x]\n",
    "no newline at the end": "test:\n  script: [x]",
    "names": ".b: &b\n  a: b\n'test: all':\n  <<: *b\ntest:unit:\n  script: x\n\"q\":\n  - a\n",
    "lists": "---\nstages:\n- test\ninclude:\n- x.yml\ntest:\n  script:\n    - |\n      if [ x ]; fi\n",
    "windows": "test:\r\n  script: x\r\n",
}
NOT_JOBS = {
    "empty": "",
    "only comments": "# nothing\n",
    "a flow": "{test: {script: x}}\n",
    "a list": "- a\nb\n",
    "tabs": "test:\n\tscript: x\n",
    "an open flow": "test: [\n  a,\n",
    "an end": "test:\n  script: x\n...\n",
}


@pytest.mark.parametrize("text", JOBS.values(), ids=JOBS)
def test_a_job_is_added_and_nothing_else_changes(text: str) -> None:
    made = add_job(text, gitlab_job())

    assert made is not None
    assert load(made) == {**load(text), **load(gitlab_job())}
    assert kept(text, made)


@pytest.mark.parametrize("text", NOT_JOBS.values(), ids=NOT_JOBS)
def test_another_pipeline_is_left_alone(text: str) -> None:
    assert add_job(text, gitlab_job()) is None


@pytest.mark.parametrize(
    ("text", "stage"),
    [
        ("test:\n  script: x\n", ""),
        ("stages: [build, test]\n", ""),
        ("stages:\n  - build\n  - test # all\n", ""),
        ("stages: ['build', \"lint\", deploy] # three\n", "lint"),
        ("stages:\n# first\n- build\n\n- deploy\nx:\n  - test\n", "build"),
        ("stages:\n  - 'code quality'\n  - verify\n", "verify"),
        ("stages: !reference [a]\n", None),
        ("stages: []\n", None),
        ("stages:\n", None),
        ("stages: [a]\nstages: [b]\n", None),
        ("stages: [\n  a]\n", None),
    ],
)
def test_the_job_is_in_a_stage_that_exists(text: str, stage: str | None) -> None:
    assert stage_for(text) == stage
    if stage:
        assert load(gitlab_job(stage))["migrate-guard"]["stage"] == stage
