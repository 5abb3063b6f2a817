"""The YAML reader against PyYAML, and the lines of what it reads."""

from __future__ import annotations

from typing import Any

import pytest
import yaml
from hypothesis import given
from hypothesis import strategies as st

from migrate_guard.doctor.read.yaml import Node, YamlError, read_yaml


class _Text(yaml.SafeLoader):
    """Leaves every scalar text, as the reader does; merges mappings."""


_Text.yaml_implicit_resolvers = {
    first: [(tag, pattern) for tag, pattern in found if tag.endswith("merge")]
    for first, found in yaml.SafeLoader.yaml_implicit_resolvers.items()
}


def plain(node: Node) -> object:
    """Return what a node holds."""
    if node.pairs is not None:
        return {key: plain(value) for key, value in node.pairs.items()}
    if node.items is not None:
        return [plain(item) for item in node.items]
    return node.text or ""


def documents(text: str) -> list[Any]:
    """Return what the reader makes of a text."""
    return [plain(node) for node in read_yaml(text)]


WORKFLOW = """\
# comment
name: "CI: \\"all\\" # no comment"   # one
on:
  pull_request: {paths: ['app/**', "!docs/**", a:b], branches: [main,
    next]}   # over two lines
defaults: &shell
  run: {shell: bash}
jobs:
  test:
    <<: *shell
    runs-on: ${{ matrix.os }}
    steps:
    - uses: actions/checkout@v4
      with: { fetch-depth: 0 }
    -   name: 'it''s'
        run: |
          alembic upgrade head
            # indented

          echo "a: b"
    - run: >-
        one
        two

        three
         more
    - "quoted
      over lines"
    - plain text
      goes on
    -
      key: value
    - - nested
      - list
    - url: http://x:80/a#b
    - empty:
    - !tag value
...
"""


def _constructed(loader: yaml.SafeLoader, suffix: str, node: yaml.Node) -> Any:
    del suffix
    assert isinstance(node, yaml.ScalarNode)
    return loader.construct_scalar(node)


_Text.add_multi_constructor("!", _constructed)
CASES = [
    WORKFLOW,
    "a: 1\n---\nb: 2\n--- {c: 3}\n",
    "%YAML 1.2\n---\n- &x {a: b}\n- *x\n",
    "a: |+\n  x\n\n\nb: >\n  y\n\n  z\n",
    "a:\n- 1\n-\n- b:\n  - 2\nc: ''\n",
    'a: "\\u00e9\\x41\\t\\\n  joined"\n',
    "base: &b\n  k: v\n  l: w\none:\n  <<: [*b]\n  l: own\n",
    "key with spaces: v\n? odd\n",
    "a: |2\n    two more\n",
    "a: - b\n",
    "a: [1, [2, {b: c}], 'd']\n",
    "a: &x\n  b: c\nd: *x\n",
]


@pytest.mark.parametrize("text", CASES)
def test_it_reads_what_pyyaml_reads(text: str) -> None:
    try:
        wanted = [document for document in yaml.load_all(text, _Text)]  # noqa: C416 - a safe loader
    except yaml.YAMLError:
        with pytest.raises(YamlError):
            read_yaml(text)
    else:
        if "? odd" in text:
            with pytest.raises(YamlError, match="line 2: a complex key"):
                read_yaml(text)
        else:
            assert documents(text) == _without_none([one for one in wanted if one is not None])


def test_tags_are_kept() -> None:
    (node,) = read_yaml("script:\n  - !reference [.setup, script]\n")
    script = node.get("script")
    assert script is not None
    assert script.items is not None
    assert (script.items[0].tag, script.items[0].words()) == ("!reference", (".setup", "script"))


def test_everything_has_its_line() -> None:
    (node,) = read_yaml(WORKFLOW.replace("\n    - !tag value", ""))
    steps = node.get("jobs", "test", "steps")
    assert steps is not None
    assert steps.items is not None
    assert [step.line for step in steps.items[:4]] == [13, 15, 21, 27]
    run = steps.items[1].get("run")
    assert run is not None
    assert (run.line, run.first, run.literal) == (16, 17, True)


@pytest.mark.parametrize(
    ("text", "line"),
    [
        ("a: b\n\tc: d\n", 2),
        ("a: [1, 2\n", 1),
        ('a: "x\n', 1),
        ("a: *gone\n", 1),
        ("a:\n  b: 1\n c: 2\n", 3),
        ("a: b: c\n", 1),
        ("a: {b: [}\n", 1),
        ("a: 1\nno key\n", 2),
        ("[" * 5000, 1),
        ("- " * 5000, 1),
    ],
)
def test_what_it_does_not_understand_has_a_line(text: str, line: int) -> None:
    with pytest.raises(YamlError) as error:
        read_yaml(text)
    assert error.value.line == line


_KEYS = st.text("abc -_.", min_size=1, max_size=5).map(lambda text: f"k{text.strip()}")
_TEXTS = st.text(
    st.characters(exclude_categories=["Cs", "Cc"]) | st.sampled_from("\n:#-'\"[]{}&*!|>% "), max_size=12
)
_VALUES = st.recursive(
    _TEXTS,
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(_KEYS, inner, max_size=3),
    max_leaves=8,
)


@given(st.dictionaries(_KEYS, _VALUES, min_size=1, max_size=3), st.sampled_from([True, False, None]))
def test_it_reads_what_pyyaml_writes(value: dict[str, Any], style: bool | None) -> None:
    text = yaml.safe_dump(value, default_flow_style=style, allow_unicode=True, width=40)
    try:
        # PyYAML does not read all that it writes.
        (wanted,) = yaml.load_all(text, _Text)
    except yaml.YAMLError:
        return
    try:
        found = documents(text)
    except YamlError as error:
        assert error.reason == "a complex key is not read"  # noqa: PT017 - nothing else may be refused
    else:
        assert found == [_without_none(wanted)]


@given(st.text(st.sampled_from("a:- \n\t#'\"[]{}&*!|>?%,"), max_size=40))
def test_no_text_breaks_it(text: str) -> None:
    try:
        read_yaml(text)
    except YamlError as error:
        assert 1 <= error.line <= text.count("\n") + 1  # noqa: PT017 - either outcome is fine


def _without_none(value: Any) -> Any:
    if isinstance(value, dict):
        return {str(key): _without_none(one) for key, one in value.items()}
    if isinstance(value, list):
        return [_without_none(one) for one in value]
    return "" if value is None else value
