"""What is read must be what the real Alembic reads, on generated histories and on real ones."""

from __future__ import annotations

import os
import warnings
from collections.abc import Iterator
from pathlib import Path

import pytest
from alembic.config import Config as AlembicConfig
from alembic.script import ScriptDirectory
from alembic.util.exc import CommandError
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from migrate_guard.config import Config
from migrate_guard.errors import GuardError
from migrate_guard.project import Environment, Graph, find_environments, load_graph, resolve
from migrate_guard.project.paths import absolute_path
from tests.project.trees import ENV_PY, chain, revision, write_files

LAYOUTS = {
    "default": ("script_location = migrations\n", "migrations/versions"),
    "here": ("script_location = %(here)s/migrations\n", "migrations/versions"),
    "os": ("script_location = migrations\npath_separator = os\nversion_locations = a/v{os}b/v\n", "b/v"),
    "legacy os": (
        "script_location = migrations\nversion_path_separator = os\nversion_locations = a/v{os}b/v\n",
        "b/v",
    ),
    "space": ("script_location = migrations\npath_separator = space\nversion_locations = a/v b/v\n", "b/v"),
    "newline": (
        "script_location = migrations\npath_separator = newline\nversion_locations =\n  a/v\n  b/v\n",
        "b/v",
    ),
    "colon": ("script_location = migrations\npath_separator = :\nversion_locations = a/v:b/v\n", "b/v"),
    "semicolon": ("script_location = migrations\npath_separator = ;\nversion_locations = a/v; b/v\n", "b/v"),
    "legacy comma": ("script_location = migrations\nversion_locations = a/v, b/v\n", "b/v"),
    "legacy space": ("script_location = migrations\nversion_locations = a/v  b/v\n", "b/v"),
    "recursive": (
        "script_location = migrations\nrecursive_version_locations = true\n",
        "migrations/versions/2024/05",
    ),
    "a location that is not there": (
        "script_location = migrations\npath_separator = :\nversion_locations = no/where:b/v\n",
        "b/v",
    ),
}


def alembic_sees(root: Path, ini: str = "alembic.ini", toml: str | None = None) -> ScriptDirectory:
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        return ScriptDirectory.from_config(AlembicConfig(root / ini, toml))


def agree(environment: Environment, graph: Graph, theirs: ScriptDirectory) -> None:
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        assert sorted(graph.heads) == sorted(theirs.get_heads())
        assert sorted(graph.bases) == sorted(theirs.get_bases())
        locations = [absolute_path(one, Path.cwd()) for one in theirs._version_locations]
        assert list(environment.version_locations) == locations
        for script in theirs.walk_revisions():
            ours = graph.scripts[script.revision]
            assert ours.source.file.resolve() == Path(script.path).resolve()
            assert ours.down_revisions == script._versioned_down_revisions
            assert ours.message == script.doc.strip()
            assert set(graph.children.get(script.revision, ())) == set(script.nextrev)
            position = graph.order.index(script.revision)
            assert all(graph.order.index(one) < position for one in script._all_down_revisions)
        assert len(graph.scripts) == len(list(theirs.walk_revisions()))


@pytest.mark.parametrize("layout", LAYOUTS)
def test_the_same_files(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, layout: str) -> None:
    options, under = LAYOUTS[layout]
    write_files(
        tmp_path,
        {
            "alembic.ini": "[alembic]\n" + options.format(os=os.pathsep)
            if "{os}" in options
            else "[alembic]\n" + options,
            "migrations/env.py": ENV_PY,
            "migrations/versions/README.py.txt": "",
            f"{under}/__init__.py": "",
            f"{under}/helper/__init__.py": "",
            **chain("a1", "b2", "c3", under=under),
        },
    )
    monkeypatch.chdir(tmp_path)
    (environment,) = find_environments(Config(root=tmp_path)).environments
    agree(environment, load_graph(environment, tmp_path), alembic_sees(tmp_path))


def test_the_same_from_pyproject(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    write_files(
        tmp_path,
        {
            "pyproject.toml": """
                [tool.alembic]
                script_location = "%(here)s/db"
                version_locations = ["%(here)s/db/versions", "%(here)s/more"]
                recursive_version_locations = true
                """,
            "db/env.py": ENV_PY,
            **chain("a1", "b2", under="db/versions/x"),
            "more/c.py": revision("c3", "b2"),
        },
    )
    monkeypatch.chdir(tmp_path)
    (environment,) = find_environments(Config(root=tmp_path)).environments
    theirs = alembic_sees(tmp_path, toml=str(tmp_path / "pyproject.toml"))
    assert environment.kind == "pyproject.toml"
    agree(environment, load_graph(environment, tmp_path), theirs)


@st.composite
def histories(draw: st.DrawFn) -> dict[str, str]:
    """Return revision files without cycles, with merges, several bases, labels and dependencies."""
    files: dict[str, str] = {}
    names = [f"{draw(st.sampled_from('abcdef'))}{number:04}" for number in range(draw(st.integers(1, 12)))]
    for index, name in enumerate(names):
        earlier = names[:index]
        down = draw(st.lists(st.sampled_from(earlier), max_size=2, unique=True)) if earlier else []
        depends = draw(st.lists(st.sampled_from(earlier), max_size=1)) if earlier else []
        labels = [f"label{index}"] if draw(st.integers(0, 3)) == 0 else []
        files[f"migrations/versions/{draw(st.integers(0, 9))}_{name}.py"] = revision(
            name,
            (tuple(down) if len(down) > 1 else down[0]) if down else None,
            depends_on=depends or None,
            branch_labels=tuple(labels) or None,
        )
    return files


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None, max_examples=60)
@given(files=histories(), data=st.data())
def test_the_same_graph(
    tmp_path_factory: pytest.TempPathFactory, files: dict[str, str], data: st.DataObject
) -> None:
    root = tmp_path_factory.mktemp("history")
    ini = f"[alembic]\nscript_location = {root}/migrations\n"
    write_files(root, {"alembic.ini": ini, "migrations/env.py": ENV_PY, **files})
    (environment,) = find_environments(Config(root=root)).environments
    graph = load_graph(environment, root)
    theirs = alembic_sees(root)
    agree(environment, graph, theirs)
    name = data.draw(st.sampled_from(sorted(graph.scripts)))
    label = data.draw(st.sampled_from(sorted(graph.labels) or [name]))
    for symbol in (
        "head",
        "heads",
        name,
        name[:4],
        label,
        f"{label}@head",
        f"{label}@heads",
        f"{label}@{name}",
    ):
        assert ours_for(graph, symbol) == theirs_for(theirs, symbol), symbol
    for symbol in (f"{name}-1", f"{name}-2", f"{name}+1", "+1", "+2"):
        assert ours_for(graph, symbol) == theirs_for_step(theirs, symbol), symbol


def ours_for(graph: Graph, symbol: str) -> set[str] | None:
    try:
        return set(resolve(graph, symbol))
    except GuardError:
        return None


def theirs_for(theirs: ScriptDirectory, symbol: str) -> set[str] | None:
    try:
        return {one.revision for one in theirs.get_revisions(symbol)}
    except CommandError:
        return None


def theirs_for_step(theirs: ScriptDirectory, symbol: str) -> set[str] | None:
    from alembic.script.revision import RevisionError

    try:
        targets = theirs.revision_map._parse_upgrade_target((), symbol, True)
    except (RevisionError, AssertionError):
        return None
    if targets == (None,):
        return None
    return {one.revision for one in targets if one is not None and one != "base"}


def corpus() -> Iterator[Path]:
    """Go through the real packages that `python -m benchmarks.corpus` unpacks, where they are there."""
    directory = Path(__file__).parents[2] / ".cache" / "corpus"
    if directory.is_dir():
        yield from sorted(one for one in directory.iterdir() if one.is_dir())


@pytest.mark.parametrize(
    "package", list(corpus()) or [pytest.param(None, marks=pytest.mark.skip("no corpus"))]
)
def test_the_same_in_real_histories(package: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(package)
    if not list(package.rglob("env.py")):
        pytest.skip("the package has no environment of its own")
    for environment in find_environments(Config(root=package)).environments:
        graph = load_graph(environment, package)
        theirs = ScriptDirectory(
            str(environment.script_location),
            version_locations=list(environment.version_locations),
            recursive_version_locations=environment.recursive or "are read too" in " ".join(graph.notes),
        )
        assert_same_headers(graph, theirs)


def assert_same_headers(graph: Graph, theirs: ScriptDirectory) -> None:
    """Compare without running the scripts, whose imports are not there: Alembic is given our headers."""
    from alembic.script.revision import Revision, RevisionMap

    names = {one.name for location in theirs._version_locations for one in theirs_files(theirs, location)}
    ours = {one.source.file.name for one in (*graph.scripts.values(), *graph.duplicates)}
    assert ours | {Path(one.span.path).name for one in graph.broken} == names
    revisions = [
        Revision(one.revision, one.down_revisions or None, one.depends_on or None, one.branch_labels or None)
        for one in graph.scripts.values()
    ]
    map_ = RevisionMap(lambda: revisions)
    assert set(map_.heads) == set(graph.heads)
    assert set(map_.bases) == set(graph.bases)


def theirs_files(theirs: ScriptDirectory, location: Path) -> Iterator[Path]:
    from alembic.script.base import Script, _only_source_rev_file

    for file in Script._list_py_dir(theirs, location):
        if _only_source_rev_file.match(file.name):
            yield file
