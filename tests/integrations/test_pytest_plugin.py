"""The pytest plugin in sessions of its own: alone, under pytest-xdist, beside pytest-alembic."""

from __future__ import annotations

import os
import re
import shutil
import sys
from pathlib import Path

import pytest

from tests.commands import FIXTURES, ROOT, run
from tests.repositories import new_repository, revision

pytest_plugins = ["pytester"]

README = (ROOT / "README.md").read_text(encoding="utf-8")
BAD = "migrations/versions/8a51edff73cf_add_user_email.py"
GOOD = "migrations/versions/e70a0b263ec7_create_user.py"


@pytest.fixture
def session(pytester: pytest.Pytester, monkeypatch: pytest.MonkeyPatch) -> pytest.Pytester:
    """An empty project, whose pytest runs in a process of its own and knows nothing of this run."""
    for name in [name for name in os.environ if name.startswith("PYTEST_")]:
        monkeypatch.delenv(name)
    pytester.makeini("[pytest]\n")
    return pytester


def copied(session: pytest.Pytester, fixture: str) -> None:
    """Put a fixture project into the session's directory."""
    ignored = shutil.ignore_patterns("__pycache__", "instance", "expected.txt")
    shutil.copytree(FIXTURES / fixture, session.path, dirs_exist_ok=True, ignore=ignored)


def pytest_run(session: pytest.Pytester, *arguments: str) -> pytest.RunResult:
    """Run pytest as a user does."""
    return session.runpytest_subprocess("-p", "no:cacheprovider", *arguments)


def collected(session: pytest.Pytester, *arguments: str) -> list[str]:
    """Return the ids of what is collected, in its order."""
    found = pytest_run(session, "--collect-only", "-q", *arguments).outlines
    return [line for line in found if "::" in line]


def test_each_revision_is_an_item_and_fails_with_its_findings(session: pytest.Pytester) -> None:
    copied(session, "flask-migrate")

    done = pytest_run(session, "--migrate-guard", "-v")

    done.assert_outcomes(passed=2, failed=1)
    done.stdout.fnmatch_lines(
        [
            "*collected 3 items",
            f"{GOOD}::migrate-guard PASSED*",
            f"{BAD}::migrate-guard FAILED*",
            "migrations/alembic.ini::migrate-guard PASSED*",
            f"*_ migrate-guard: {BAD} _*",
            "error?add-column-not-null-without-default?: user has no value for email*",
            f"  --> {BAD}:22:9",
            "   = help: let it be NULL first; *",
            "error?unnamed-constraint?: making a unique constraint*",
        ]
    )
    assert "pytest_items.py" not in done.stdout.str(), "a traceback through the plugin tells users nothing"


def test_the_configuration_turns_it_on(session: pytest.Pytester) -> None:
    copied(session, "flask-migrate")
    session.makepyfile(test_own="def test_own():\n    pass\n")
    (session.path / "tox.ini").unlink()
    pasted = re.search(r"<!-- pytest: .*?-->\n```toml\n(.*?)```\n", README, re.DOTALL)
    assert pasted
    session.makepyprojecttoml(pasted[1])

    pytest_run(session).assert_outcomes(passed=3, failed=1)
    pytest_run(session, "-k", "own").assert_outcomes(passed=1, deselected=3)
    pytest_run(session, "-k", "8a51edff73cf").assert_outcomes(failed=1, deselected=3)


def test_unasked_it_does_nothing_and_costs_nothing(session: pytest.Pytester) -> None:
    copied(session, "flask-migrate")
    session.makepyfile(
        test_own="""
        import sys

        def test_own():
            assert sorted(name for name in sys.modules if name.startswith("migrate_guard")) == [
                "migrate_guard",
                "migrate_guard.integrations",
                "migrate_guard.integrations.pytest_plugin",
            ]
        """
    )
    pytest_run(session).assert_outcomes(passed=1)


def test_what_is_said_of_the_project_fails_its_configuration(session: pytest.Pytester) -> None:
    copied(session, "multiple-heads")
    done = pytest_run(session, "--migrate-guard", "-v")
    done.stdout.fnmatch_lines(["alembic.ini::migrate-guard FAILED*", "*?multiple-heads?*"])


def test_settings_of_the_project_hold(session: pytest.Pytester) -> None:
    """What does not fail is shown with the captured output; a base makes older revisions no items."""
    repository = new_repository(session.path)
    repository.write("alembic.ini", "[alembic]\nscript_location = m\nsqlalchemy.url = postgresql://h/d\n")
    blocks = 'op.create_index("ix_a", "t_a", ["id"])'
    repository.write("m/versions/a.py", revision("a", None))
    repository.write("m/versions/b.py", revision("b", "a", blocks))
    repository.commit()
    repository.write("m/versions/c.py", revision("c", "b", blocks.replace("ix_a", "ix_c")))
    repository.write("migrate-guard.toml", 'base = "main"\nfail-on = "never"\n')

    assert collected(session, "--migrate-guard") == [
        "m/versions/c.py::migrate-guard",
        "alembic.ini::migrate-guard",
    ]
    done = pytest_run(session, "--migrate-guard", "-rP")
    done.assert_outcomes(passed=2)
    done.stdout.fnmatch_lines(
        ["error?index-blocks-writes?*ix_c*", "1 error in 1 of 1 new revision; 2 older*"]
    )


@pytest.mark.parametrize(
    ("files", "said"),
    [
        ({}, "error: no migrations found"),
        ({"alembic.ini": "[alembic]\nscript_location = m\n", "m/versions/x": ""}, "no revisions found"),
        ({"migrate-guard.toml": "fail_on = 1\n"}, "unknown key 'fail_on'"),
        (
            {
                "a/alembic.ini": "[alembic]\nscript_location = %(here)s/none\n",
                "b/alembic.ini": "[alembic]\nscript_location = %(here)s\n",
                "b/versions/a.py": revision("a", None),
            },
            "a/alembic.ini",
        ),
    ],
    ids=["no project", "no revisions", "bad configuration", "one of two"],
)
def test_what_cannot_be_checked_is_an_error(
    session: pytest.Pytester, files: dict[str, str], said: str
) -> None:
    for name, text in files.items():
        file = session.path / name
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(text, encoding="utf-8")

    done = pytest_run(session, "--migrate-guard")

    done.assert_outcomes(errors=1, passed=2 if len(files) > 2 else 0)
    assert done.ret == 1
    assert said in done.stdout.str()
    assert "Traceback" not in done.stdout.str()


@pytest.mark.parametrize("fixture", ["flask-migrate", "two-environments", "long-history"])
def test_the_order_is_the_same_each_time(session: pytest.Pytester, fixture: str) -> None:
    copied(session, fixture)
    first = collected(session, "--migrate-guard")
    assert first == collected(session, "--migrate-guard")
    assert len(first) == len(set(first)) > 2


def test_workers_of_xdist_share_the_items(session: pytest.Pytester) -> None:
    copied(session, "two-environments")
    done = pytest_run(session, "--migrate-guard", "-n", "2", "-v")
    done.assert_outcomes(passed=5, failed=1)
    assert "Different tests were collected" not in done.stdout.str()


def test_a_lost_configuration_is_one_error_under_xdist(session: pytest.Pytester) -> None:
    done = pytest_run(session, "--migrate-guard", "-n", "2")
    done.assert_outcomes(errors=1)
    assert done.ret == 1


@pytest.fixture(scope="session")
def pytest_alembic(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A directory with pytest-alembic; it needs a package registry.

    Its newest release, 0.13.1, fails on pytest 9, so that an older pytest comes with it.
    """
    target = tmp_path_factory.mktemp("pytest-alembic")
    pip = (sys.executable, "-m", "pip", "install", "--quiet", "--no-deps", "--target", target)
    done = run(*pip, "pytest-alembic", "pytest<9", cwd=target, timeout=120)
    if done.returncode:
        say = pytest.fail if os.environ.get("CI") else pytest.skip
        say(f"pytest-alembic cannot be installed: {done.stderr.strip()[-300:]}")
    return target


def test_it_works_beside_pytest_alembic(
    session: pytest.Pytester, pytest_alembic: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    copied(session, "clean")
    monkeypatch.setenv("PYTHONPATH", os.pathsep.join([str(pytest_alembic), str(ROOT)]))
    session.mkdir("tests").joinpath("conftest.py").write_text("", encoding="utf-8")

    done = pytest_run(session, "--migrate-guard", "--test-alembic", "-v", "-k", "head or migrate-guard")

    found = done.stdout.str()
    assert "pytest-8." in found
    assert "::test_single_head_revision PASSED" in found, found
    assert "alembic.ini::migrate-guard PASSED" in found
    assert done.ret == 0
