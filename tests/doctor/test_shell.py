"""Shell text as commands, and what their failures lead to."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from migrate_guard.doctor.read.model import Script
from migrate_guard.doctor.read.outcome import each, fallback, ignored
from migrate_guard.doctor.read.shell import read_shell
from migrate_guard.doctor.read.words import gate, is_server, migration


def words(text: str) -> list[tuple[int, str]]:
    """Return line and words of each command."""
    return [(one.line, " ".join(one.words)) for one in read_shell(text)]


def test_continuations_comments_and_here_documents() -> None:
    text = (
        "#!/bin/sh\nalembic \\\n  upgrade head # now\ncat <<'EOF'\nalembic upgrade heads || true\nEOF\n"
        "echo 'two\nlines' done\nlast --x=\"$(a | b)\" $(c; d)\n"
    )
    assert words(text) == [
        (2, "alembic upgrade head"),
        (4, "cat <<EOF"),
        (7, "echo two\nlines done"),
        (9, "last --x=$(a | b) $(c; d)"),
    ]


def test_compound_commands_have_depth_and_keywords() -> None:
    text = 'f() {\n  a\n}\ncase "$1" in\n  web) b ;;\nesac\nif ! c; then d; else e; fi\n(g; h) 2>&1 | i & j'
    found = {one.words[0]: one for one in read_shell(text)}
    assert [found[name].depth for name in "abcdegj"] == [1, 1, 1, 1, 1, 1, 0]
    assert (found["c"].keywords, found["d"].keywords, found["e"].keywords) == (
        ("if", "!"),
        ("then",),
        ("else",),
    )
    assert (found["i"].after, found["j"].before) == ("&", "&")


@pytest.mark.parametrize(
    ("command", "verb", "target"),
    [
        ("alembic upgrade head", "upgrade", "head"),
        ("alembic -c deploy/alembic.ini -x tenant=a upgrade heads", "upgrade", "heads"),
        ("poetry run python -m alembic upgrade +1", "upgrade", "+1"),
        ("docker compose exec -T web alembic stamp --purge head", "stamp", "head"),
        ("flask --app shop db upgrade -d migrations", "upgrade", ""),
        ("python manage.py db upgrade", "upgrade", ""),
        ("/venv/bin/alembic upgrade head 2>&1", "upgrade", "head"),
    ],
)
def test_migrations_are_known_however_they_are_called(command: str, verb: str, target: str) -> None:
    found = migration(command.split())
    assert found is not None
    assert (found.verb, found.target) == (verb, target)


@pytest.mark.parametrize(
    "command",
    [
        "echo alembic upgrade head",
        "pip install alembic upgrade",
        "alembic upgrade head --sql",
        "apt-get upgrade",
    ],
)
def test_other_commands_are_none(command: str) -> None:
    assert migration(command.split()) is None


def test_the_gate_and_servers() -> None:
    assert gate("uvx migrate-guard check --base origin/main".split()) == ("--base", "origin/main")
    assert gate("python -m migrate_guard check".split()) == ()
    assert gate("pip install migrate-guard check".split()) is None
    assert is_server("poetry run gunicorn app:app".split()) is False
    assert is_server(("exec", "$@"))
    assert not is_server(("python", "seed.py"))


def outcome(text: str, **settings: bool) -> str | None:
    """Return how the failure of the upgrade in a text is ignored, `None` if it is not."""
    script = Script("x.sh", "shell", "x", read_shell(text), **settings)
    (found,) = [ignored(script, one, around) for one, around, _ in each(script) if _is_upgrade(one.words)]
    return found


def _is_upgrade(found: tuple[str, ...]) -> bool:
    made = migration(found)
    return made is not None and made.verb == "upgrade"


IGNORED = [
    "alembic upgrade head || true",
    "cd /app && alembic upgrade head && seed || :",
    "set -e\nalembic upgrade head || { echo failed; sleep 1; }\n",
    'alembic upgrade head || echo "skipped"',
    "set -e\nalembic upgrade head || exit 0",
    "set -e\nalembic upgrade head | tee log\n",
    "alembic upgrade head &\nwait",
    "alembic upgrade head\nexec gunicorn app:app",
    'if [ -n "$X" ]; then\n  alembic upgrade head\nelse\n  echo no\nfi\nuvicorn app:app',
    'sh -c "alembic upgrade head; exec uvicorn a:b"',
    'set -e\nset +e\nflask db upgrade\nexec "$@"',
]
NOTICED = [
    "alembic upgrade head",
    "set -e\nalembic upgrade head\nexec gunicorn app:app",
    "set -euo pipefail\nalembic upgrade head | tee log\nexec x",
    "set -o errexit\nalembic upgrade head\nexec x",
    "alembic upgrade head || exit 1\nexec gunicorn app:app",
    "alembic upgrade head || { echo failed; exit 1; }\nexec gunicorn app:app",
    "alembic upgrade head && exec gunicorn app:app",
    "until alembic upgrade head; do sleep 1; done\nexec gunicorn app:app",
    "if ! alembic upgrade head; then exit 1; fi\nexec x",
    'while true; do\n flask db upgrade\n if [[ "$?" == "0" ]]; then break; fi\ndone\nexec gunicorn a:a',
    "alembic upgrade head\nstatus=$?\nexec x",
    "alembic upgrade head || die 'no'\nexec x",
    "if x; then\n alembic upgrade head\nelse\n exec gunicorn a:a\nfi",
    'bash -ec "alembic upgrade head; exec uvicorn a:b"',
    'exec sh -c "alembic upgrade head && uvicorn a:b"',
    "alembic upgrade head\npytest",
]


@pytest.mark.parametrize("text", IGNORED)
def test_a_failure_without_consequence(text: str) -> None:
    assert outcome(text) is not None


@pytest.mark.parametrize("text", NOTICED)
def test_a_failure_that_is_noticed_or_may_be(text: str) -> None:
    assert outcome(text) is None


def test_what_a_runner_sets_counts() -> None:
    assert outcome("alembic upgrade head\nexec x", errexit=True) is None
    assert outcome("alembic upgrade head | tee x\n", errexit=True) is not None
    assert outcome("alembic upgrade head | tee x\n", errexit=True, pipefail=True) is None


@pytest.mark.parametrize(
    "text",
    [
        "alembic upgrade head || alembic stamp head",
        "if ! alembic upgrade head; then\n echo x\n alembic stamp head\nfi",
        "if alembic upgrade head; then echo ok; else alembic stamp head; fi",
        "alembic upgrade head || (echo x; alembic stamp head)",
    ],
)
def test_what_answers_a_failure(text: str) -> None:
    commands = read_shell(text)
    first = next(one for one in commands if _is_upgrade(one.words))
    assert ("alembic", "stamp", "head") in [one.words for one in fallback(first, commands)]


def test_what_runs_in_any_case_is_no_answer() -> None:
    commands = read_shell("if alembic upgrade head; then alembic stamp x; fi\nalembic stamp head")
    assert fallback(commands[0], commands) == []


_PARTS = [*"ab \n\\'\"$(){};|&#<>!=-", "if ", "fi", "||", "alembic upgrade head"]


@given(st.lists(st.sampled_from(_PARTS), max_size=40).map("".join))
def test_no_text_breaks_it(text: str) -> None:
    script = Script("x", "shell", "x", read_shell(text))
    for one, around, _ in each(script):
        assert 1 <= one.line <= text.count("\n") + 1
        ignored(script, one, around)
        fallback(one, around)
