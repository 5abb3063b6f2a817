"""The configuration: default < file < flag, and errors that point at the line."""

from __future__ import annotations

import contextlib
import dataclasses
import os
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from migrate_guard.config import OPTIONS, Config, load_config, options_markdown
from migrate_guard.config.file import find_file
from migrate_guard.config.readers import BadValueError, Setting
from migrate_guard.dialect import Dialect
from migrate_guard.errors import GuardError
from migrate_guard.finding import Severity

FAMILIES = {"drop-column": "data-loss", "drop-table": "data-loss", "index-blocks-writes": "locking"}


def load(root: Path, text: str = "", flags: dict[str, object] | None = None) -> Config:
    """Return the settings with a `migrate-guard.toml` of that text."""
    (root / "migrate-guard.toml").write_text(text, encoding="utf-8")
    return load_config(root, FAMILIES, flags)


def error(root: Path, text: str, flags: dict[str, object] | None = None) -> str:
    """Return message and hint of the error that a file of that text gives; its own name is left out."""
    with pytest.raises(GuardError) as caught:
        load(root, text, flags)
    return f"{caught.value.message} | {caught.value.hint}".removeprefix("migrate-guard.toml:")


def test_without_a_file_the_defaults_hold(tmp_path: Path) -> None:
    (tmp_path / ".git").mkdir()

    assert load_config(tmp_path, FAMILIES) == Config(tmp_path)


def test_every_key_is_read(tmp_path: Path) -> None:
    config = load(
        tmp_path,
        """\
select = ["data-loss", "index-blocks-writes"]
ignore = ["drop-table"]
severity = { drop-column = "info", locking = "warning" }
fail-on = "error"
dialects = ["postgresql:15", "sqlite"]
since = "3f2a"
require-reasons = true
paths = ["services"]
config-files = ["deploy/alembic.ini"]
sections = ["audit"]
directory = "migrations"
exclude = ["vendor/*"]
""",
    )

    assert config == Config(
        root=tmp_path,
        select=("data-loss", "index-blocks-writes"),
        ignore=("drop-table",),
        severity={"drop-column": Severity.INFO, "locking": Severity.WARNING},
        fail_on=Severity.ERROR,
        dialects=(Dialect("postgresql", (15,)), Dialect("sqlite")),
        since="3f2a",
        require_reasons=True,
        paths=(tmp_path / "services",),
        config_files=(tmp_path / "deploy" / "alembic.ini",),
        sections=("audit",),
        directory=tmp_path / "migrations",
        exclude=("vendor/*",),
        file=tmp_path / "migrate-guard.toml",
    )


def test_every_setting_has_a_key() -> None:
    keys = {option.name.replace("-", "_") for option in OPTIONS}

    of_the_run = {"root", "file", "staged", "narrowed"}
    assert keys == {field.name for field in dataclasses.fields(Config)} - of_the_run


def test_the_documented_examples_are_read(tmp_path: Path) -> None:
    file = tmp_path / "migrate-guard.toml"
    file.write_text("\n".join(f"{option.name} = {option.example}" for option in OPTIONS), encoding="utf-8")

    config = load_config(tmp_path, {**FAMILIES, "empty-downgrade": "rollback"})
    for option in OPTIONS:
        assert getattr(config, option.name.replace("-", "_")) != option.default
        assert f"| `{option.name}` |" in options_markdown()


def test_a_flag_wins_over_the_file(tmp_path: Path) -> None:
    config = load(tmp_path, 'ignore = ["drop-table"]\nfail-on = "error"\n', {"fail-on": "never"})

    assert (config.ignore, config.fail_on) == (("drop-table",), None)


def test_a_wrong_value_is_an_error_even_where_a_flag_wins(tmp_path: Path) -> None:
    assert "1: fail-on" in error(tmp_path, 'fail-on = "erorr"\n', {"fail-on": "error"})


def test_paths_in_a_file_count_from_its_directory_and_flags_from_here(tmp_path: Path) -> None:
    (tmp_path / "migrate-guard.toml").write_text('paths = ["a"]\ndirectory = "m"\n', encoding="utf-8")
    here = tmp_path / "sub"
    here.mkdir()

    config = load_config(here, FAMILIES, {"directory": "m"})
    assert (config.paths, config.directory) == ((tmp_path / "a",), here / "m")


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ('selct = ["drop-table"]', "1: unknown key 'selct' | did you mean 'select'?"),
        ("fail_on = 'error'", "1: unknown key 'fail_on' | did you mean 'fail-on'?"),
        (
            '\n\nselect = [\n  "drop-column",\n  "drop-tabel",\n]',
            "5: select: unknown rule or family 'drop-tabel' | did you mean 'drop-table'?",
        ),
        (
            'ignore = ["zzzzz"]',
            "1: ignore: unknown rule or family 'zzzzz' | `migrate-guard rules` lists the rules and families",
        ),
        (
            '[severity]\ndrop-table = "error"\ndrop-column = "wraning"\n',
            "3: severity: unknown severity 'wraning' | did you mean 'warning'?",
        ),
        (
            '[severity]\ndrop-tabel = "error"\n',
            "2: severity: unknown rule or family 'drop-tabel' | did you mean 'drop-table'?",
        ),
        (
            'severity = { drop-table = "off" }',
            "1: severity: unknown severity 'off' | name the rule in `ignore` to switch it off",
        ),
        (
            'fail-on = "nevr"',
            "1: fail-on: unknown severity 'nevr' | did you mean 'never'?",
        ),
        (
            'dialects = ["sqlite", "postgersql:15"]',
            "1: dialects: unknown dialect 'postgersql:15' | did you mean 'postgresql'?",
        ),
        (
            'dialects = ["sqlite:new"]',
            "1: dialects: unknown dialect 'sqlite:new' | use the name and a server version: sqlite:3",
        ),
        (
            'select = "drop-table"',
            '1: select: expected a list of strings, found "drop-table" | write ["drop-table"]',
        ),
        ("select = [1]", "1: select: expected a string, found 1 | None"),
        ('since = ""', "1: since: the value is empty | write one, or leave this out"),
        (
            'require-reasons = "yes"',
            '1: require-reasons: expected true or false, found "yes" | None',
        ),
        (
            'severity = ["a"]',
            '1: severity: expected a table with levels, found a list | write { rule-name = "warning" }',
        ),
    ],
)
def test_an_error_names_the_line_and_the_nearest_name(tmp_path: Path, text: str, message: str) -> None:
    assert error(tmp_path, text) == message


def test_broken_toml_names_the_line(tmp_path: Path) -> None:
    assert error(tmp_path, 'select = ["a"]\nignore = [\n= 3').startswith("3: not valid TOML: ")


def test_an_error_in_a_flag_names_the_flag(tmp_path: Path) -> None:
    assert error(tmp_path, "", {"dialects": ["oracle"]}).startswith("--dialect: unknown dialect 'oracle' | ")


def test_in_pyproject_the_line_of_our_table_is_meant(tmp_path: Path) -> None:
    (tmp_path / "pyproject.toml").write_text(
        '[tool.other]\nselect = ["E"]\n\n[tool.migrate-guard]\nselect = ["E"]\n', encoding="utf-8"
    )

    with pytest.raises(GuardError, match=r"^pyproject\.toml:5: select: unknown rule or family 'E'"):
        load_config(tmp_path, FAMILIES)


def test_the_nearest_file_up_to_the_repository_is_read(tmp_path: Path) -> None:
    repository = tmp_path / "repository"
    deep = repository / "a" / "b"
    deep.mkdir(parents=True)
    (tmp_path / "migrate-guard.toml").write_text('ignore = ["drop-table"]', encoding="utf-8")
    assert load_config(deep, FAMILIES).ignore == ("drop-table",)

    (repository / ".git").mkdir()
    assert load_config(deep, FAMILIES).ignore == ()

    (repository / "pyproject.toml").write_text(
        '[tool.migrate-guard]\nignore = ["drop-column"]', encoding="utf-8"
    )
    (repository / "a" / "pyproject.toml").write_text('[project]\nname = "x"\n', encoding="utf-8")
    assert load_config(deep, FAMILIES).ignore == ("drop-column",)

    (repository / "migrate-guard.toml").write_text('ignore = ["locking"]', encoding="utf-8")
    assert load_config(deep, FAMILIES).ignore == ("locking",)


def test_a_broken_pyproject_matters_only_if_it_speaks_of_us(tmp_path: Path) -> None:
    (tmp_path / ".git").mkdir()
    pyproject = tmp_path / "pyproject.toml"
    pyproject.write_text("[project\n", encoding="utf-8")
    assert load_config(tmp_path, FAMILIES).file is None

    pyproject.write_text("[tool.migrate-guard\n", encoding="utf-8")
    with pytest.raises(GuardError, match=r"^pyproject\.toml:1: not valid TOML"):
        load_config(tmp_path, FAMILIES)


def test_a_named_file_is_read_instead(tmp_path: Path) -> None:
    (tmp_path / "migrate-guard.toml").write_text('ignore = ["drop-table"]', encoding="utf-8")
    (tmp_path / "other.toml").write_text('ignore = ["locking"]', encoding="utf-8")

    assert load_config(tmp_path, FAMILIES, file=Path("other.toml")).ignore == ("locking",)


def test_a_named_pyproject_without_our_table_changes_nothing(tmp_path: Path) -> None:
    (tmp_path / "pyproject.toml").write_text("", encoding="utf-8")

    config = load_config(tmp_path, FAMILIES, file=Path("pyproject.toml"))
    assert config == Config(tmp_path, file=tmp_path / "pyproject.toml")


@pytest.mark.parametrize(
    ("content", "message"),
    [
        (None, "x.toml: no such file"),
        (b"\xff\xfe", "x.toml: not UTF-8 text"),
        (b"a = " + b"[" * 20_000, "x.toml: not valid TOML"),
    ],
)
def test_a_file_that_cannot_be_read_is_one_line(tmp_path: Path, content: bytes | None, message: str) -> None:
    if content is not None:
        (tmp_path / "x.toml").write_bytes(content)

    with pytest.raises(GuardError) as caught:
        load_config(tmp_path, FAMILIES, file=Path("x.toml"))
    assert caught.value.message.startswith(message)
    assert "\n" not in caught.value.message


def test_a_directory_of_that_name_is_no_file(tmp_path: Path) -> None:
    (tmp_path / "x.toml").mkdir()

    with pytest.raises(GuardError, match=r"^x\.toml: cannot be read"):
        load_config(tmp_path, FAMILIES, file=Path("x.toml"))


@pytest.mark.skipif(os.name == "nt", reason="Windows has no such modes")
def test_our_table_must_be_a_table(tmp_path: Path) -> None:
    (tmp_path / "pyproject.toml").write_text('[tool]\nmigrate-guard = "yes"\n', encoding="utf-8")

    with pytest.raises(GuardError, match=r"tool\.migrate-guard is not a table"):
        find_file(tmp_path)


_NAMES = st.sampled_from(["postgresql", "never", *FAMILIES])
_RAW = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=8) | _NAMES,
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=5), inner, max_size=3),
    max_leaves=6,
)


@given(st.integers(0, len(OPTIONS) - 1), _RAW)
def test_a_reader_takes_a_value_or_says_what_is_wrong(number: int, raw: object) -> None:
    with contextlib.suppress(BadValueError):  # anything else fails the test
        OPTIONS[number].read(raw, Setting(Path("/"), FAMILIES))


@pytest.mark.skipif(os.name == "nt", reason="needs links")
@pytest.mark.parametrize("what", ["link", "directory"])
def test_a_configuration_that_is_no_file_is_not_passed_over(tmp_path: Path, what: str) -> None:
    file = tmp_path / "migrate-guard.toml"
    if what == "link":
        file.symlink_to("gone.toml")
    else:
        file.mkdir()

    with pytest.raises(GuardError, match=r"^migrate-guard\.toml: ") as caught:
        load_config(tmp_path, {})
    assert caught.value.hint
