"""Settings added to TOML files: what is there stays, in meaning and in letters."""

from __future__ import annotations

import sys

import pytest

from migrate_guard.init.toml_text import with_settings

if sys.version_info >= (3, 11):
    import tomllib
else:
    import tomli as tomllib

SETTINGS = '# why\nbaseline = "b.json"\n'
PYPROJECTS = {
    "empty": "",
    "other tables": '[project]\nname = "x" # kept\n\n[tool.ruff]\nline-length = 100\n',
    "no newline at the end": '[project]\nname = "x"',
    "windows": '[project]\r\nname = "x"\r\n',
    "dotted": 'tool.other = 1\n[project]\nname = "x"\n',
    "our table": '[tool.migrate-guard]  # ours\nfail-on = "error"\n\n[tool.ruff]\nline-length = 1\n',
    "our table, empty": "[tool.migrate-guard]\n",
    "our table, quoted": '[ tool . "migrate-guard" ]\nselect = ["locking"]\n',
    "our severities": '[tool.migrate-guard.severity]\ndrop-table = "info"\n',
    "a byte order mark": '\ufeff[project]\nname = "x"\n',
}
NOT_PYPROJECTS = {
    "inline": "[tool]\nmigrate-guard = { select = [] }\n",
    "tool is inline": "tool = { x = 1 }\n",
    "no table": "tool = 1\n",
    "broken": "[project\n",
    "set already": '[tool.migrate-guard]\nbaseline = "c"\n',
    "in a text": '[tool.x]\ny = """\n[tool.migrate-guard]\n"""\n',
}
OWN = {
    "empty": "",
    "keys": '# ours\nfail-on = "error" # yes\n',
    "no newline at the end": 'fail-on = "error"',
    "a table after keys": 'fail-on = "error"\n\n# levels\n[severity]\ndrop-table = "info"\n',
    "a table at once": '[severity]\ndrop-table = "info"\n',
    "lists": 'select = [\n  "locking",\n  "rollback",\n]\n',
    "windows": 'fail-on = "error"\r\n\r\n[severity]\r\n',
}
NOT_OWN = {"a list of lists": 'x = [\n  ["a"],\n]\n', "set already": 'baseline = "c"\n', "broken": "x = \n"}


def load(text: str) -> dict[str, object]:
    """Return what a text means."""
    return tomllib.loads(text.removeprefix("\ufeff").replace("\r\n", "\n"))


def kept(text: str, made: str) -> bool:
    """Tell whether the lines of a text are in another one, in their order, and one block is added."""
    old, new = text.splitlines(), made.splitlines()
    more = len(new) - len(old)
    return any(old[:at] == new[:at] and old[at:] == new[at + more :] for at in range(len(old) + 1))


@pytest.mark.parametrize("text", PYPROJECTS.values(), ids=PYPROJECTS)
def test_settings_are_added_to_a_pyproject(text: str) -> None:
    made = with_settings(text, SETTINGS, in_pyproject=True)

    assert made is not None
    wanted = load(text)
    tool = wanted.setdefault("tool", {})
    assert isinstance(tool, dict)
    tool.setdefault("migrate-guard", {}).update(baseline="b.json")
    assert load(made) == wanted
    assert kept(text, made)
    assert "# why" in made
    assert ("\r\n" in made) == ("\r\n" in text)
    assert made.endswith("\n")


@pytest.mark.parametrize("text", OWN.values(), ids=OWN)
def test_settings_are_added_to_a_file_of_our_own(text: str) -> None:
    made = with_settings(text, SETTINGS, in_pyproject=False)

    assert made is not None
    assert load(made) == {**load(text), "baseline": "b.json"}
    assert kept(text, made)
    assert ("\r\n" in made) == ("\r\n" in text)


@pytest.mark.parametrize("text", NOT_PYPROJECTS.values(), ids=NOT_PYPROJECTS)
def test_another_pyproject_is_left_alone(text: str) -> None:
    assert with_settings(text, SETTINGS, in_pyproject=True) is None


@pytest.mark.parametrize("text", NOT_OWN.values(), ids=NOT_OWN)
def test_another_file_is_left_alone(text: str) -> None:
    assert with_settings(text, SETTINGS, in_pyproject=False) is None
