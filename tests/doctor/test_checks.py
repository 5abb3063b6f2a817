"""Every check on set-ups that it must speak of, and on good ones that look alike."""

from __future__ import annotations

from pathlib import Path

import pytest

from migrate_guard.doctor.checks import all_checks
from migrate_guard.doctor.globs import covers, matches
from tests.doctor.projects import examined, told
from tests.repositories import revision


def workflow(run: str, on: str = "on: pull_request", checkout: str = "", more: str = "") -> str:
    """Return a workflow with one job, whose second step runs a command."""
    return (
        f"{on}\njobs:\n  guard:\n    runs-on: ubuntu-latest\n    steps:\n"
        f"      - uses: actions/checkout@v5\n{checkout}      - run: {run}\n{more}"
    )


CI = ".github/workflows/ci.yml"
GATE = workflow("migrate-guard check")
SERVER = "gunicorn -w 4 app:app"
BAD: list[tuple[str, dict[str, str], str]] = [
    ("stamp-fallback", {"run.sh": "alembic upgrade head || alembic stamp head\n"}, "run.sh:1"),
    (
        "stamp-fallback",
        {"Procfile": "release: if ! flask db upgrade; then flask db stamp; fi\n"},
        "Procfile:1",
    ),
    (
        "upgrade-failure-ignored",
        {"start": f"#!/bin/sh\nalembic upgrade head\nexec {SERVER}\n"},
        "start:2",
    ),
    (
        "upgrade-failure-ignored",
        {"Dockerfile": f'FROM x\nCMD ["sh", "-c", \\\n  "alembic upgrade head; {SERVER}"]\n'},
        "Dockerfile:2",
    ),
    (
        "upgrade-failure-ignored",
        {
            "compose.yml": f"services:\n  web:\n    command: >-\n"
            f"      bash -c 'alembic upgrade head || true;\n      {SERVER}'\n"
        },
        "compose.yml:4",
    ),
    (
        "upgrade-failure-ignored",
        {CI: workflow("alembic upgrade head", more="        continue-on-error: true\n")},
        f"{CI}:8",
    ),
    (
        "upgrade-failure-ignored",
        {".gitlab-ci.yml": "deploy:\n  allow_failure: true\n  script:\n    - alembic upgrade head\n"},
        ".gitlab-ci.yml:2",
    ),
    ("gate-failure-ignored", {CI: workflow("migrate-guard check || true")}, f"{CI}:7"),
    (
        "gate-failure-ignored",
        {CI: workflow("|\n          pip install x\n          migrate-guard check | tee log")},
        f"{CI}:9",
    ),
    ("gate-failure-ignored", {CI: workflow("migrate-guard check --exit-zero")}, f"{CI}:7"),
    (
        "gate-failure-ignored",
        {CI: GATE.replace("    runs-on", "    continue-on-error: true\n    runs-on")},
        f"{CI}:4",
    ),
    ("shallow-checkout", {CI: workflow("migrate-guard check --base origin/main")}, f"{CI}:6"),
    (
        "shallow-checkout",
        {CI: workflow("migrate-guard check --base", checkout="        with: {fetch-depth: 50}\n")},
        f"{CI}:6",
    ),
    (
        "shallow-checkout",
        {
            CI: workflow(
                "pip list",
                more="      - uses: migrate-guard/migrate-guard@v0.1.0\n        with:\n"
                "          arguments: --base auto\n",
            )
        },
        f"{CI}:6",
    ),
    (
        "shallow-checkout",
        {
            ".gitlab-ci.yml": "variables: {GIT_DEPTH: '10'}\nguard:\n"
            "  script: [migrate-guard check --base auto]\n"
        },
        ".gitlab-ci.yml:3",
    ),
    (
        "upgrade-heads",
        {
            ".github/actions/db/action.yml": "name: db\nruns:\n  using: composite\n  steps:\n"
            "    - shell: bash\n      run: alembic upgrade heads\n"
        },
        ".github/actions/db/action.yml:6",
    ),
    ("upgrade-heads", {CI: workflow("poetry run alembic -c alembic.ini upgrade heads")}, f"{CI}:7"),
    (
        "gate-passes-over-revisions",
        {CI: workflow("migrate-guard check", on="on:\n  pull_request:\n    paths: [app/**, '**/*.yml']")},
        f"{CI}:3",
    ),
    (
        "gate-passes-over-revisions",
        {
            CI: workflow(
                "migrate-guard check", on="on:\n  pull_request:\n    paths-ignore:\n    - migrations/**"
            )
        },
        f"{CI}:3",
    ),
    (
        "gate-passes-over-revisions",
        {
            ".gitlab-ci.yml": "guard:\n  script: migrate-guard check\n  rules:\n    - changes:\n"
            "        - app/**/*\n"
        },
        ".gitlab-ci.yml:5",
    ),
    (
        "gate-passes-over-revisions",
        {
            ".pre-commit-config.yaml": "repos:\n- repo: x\n  hooks:\n  - id: migrate-guard\n"
            "    exclude: ^migrations/\n"
        },
        ".pre-commit-config.yaml:4",
    ),
    (
        "revisions-not-in-image",
        {"Dockerfile": "FROM x\n", ".dockerignore": "# no\n**/versions\n"},
        ".dockerignore:2",
    ),
    ("revisions-not-in-image", {"Dockerfile": "FROM x\n", ".dockerignore": "*\n!app\n"}, ".dockerignore:1"),
    (
        "concurrent-upgrade",
        {
            "docker-compose.yml": "services:\n  web:\n    build: .\n    deploy:\n      replicas: 3\n",
            "Dockerfile": f'FROM x\nCMD ["sh", "-c", "alembic upgrade head && {SERVER}"]\n',
        },
        "docker-compose.yml:5",
    ),
    (
        "concurrent-upgrade",
        {
            "docker-compose.yml": "x-app: &app {build: .}\nservices:\n  web:\n    <<: *app\n  worker:\n"
            "    <<: *app\n    command: celery worker\n",
            "Dockerfile": 'FROM x\nENTRYPOINT ["./entrypoint.sh"]\nCMD ["gunicorn"]\n',
            "entrypoint.sh": '#!/bin/sh\nset -e\nalembic upgrade head\nexec "$@"\n',
        },
        "docker-compose.yml:6",
    ),
    (
        "workers-upgrade",
        {
            "app.py": "from flask import Flask\nfrom flask_migrate import upgrade\n\ndef create_app():\n"
            "    app = Flask(__name__)\n    upgrade()\n    return app\n",
            "Procfile": "web: gunicorn --workers=4 'app:create_app()'\n",
        },
        "app.py:6",
    ),
]
GOOD: list[dict[str, str]] = [
    {CI: GATE},
    {
        CI: workflow(
            "migrate-guard check --base origin/main", checkout="        with:\n          fetch-depth: 0\n"
        )
    },
    {CI: workflow("|\n          git fetch --unshallow\n          migrate-guard check --base origin/main")},
    {CI: workflow("|\n          alembic upgrade head\n          pytest || true")},
    {CI: workflow("alembic upgrade head", more="        continue-on-error: false\n")},
    {CI: workflow("migrate-guard check", on="on:\n  pull_request:\n    paths: ['**.py', '!docs/**']")},
    {CI: workflow("migrate-guard check", on="on:\n  pull_request:\n  push:\n    paths: [app/**]")},
    {
        ".gitlab-ci.yml": "guard:\n  variables:\n    GIT_DEPTH: 0\n  script:\n"
        "    - migrate-guard check --base auto\n"
    },
    {
        ".gitlab-ci.yml": "guard:\n  script: migrate-guard check\n  rules:\n"
        "    - changes: [migrations/**/*]\n    - if: $CI\n"
    },
    {"start.sh": f"#!/bin/bash -e\nalembic upgrade head\nexec {SERVER}\n"},
    {"Dockerfile": f'FROM x\nRUN echo "alembic upgrade heads"\nCMD alembic upgrade head && exec {SERVER}\n'},
    {"Dockerfile": "FROM x\n", ".dockerignore": "*\n!migrations\n!app\n__pycache__\n**/*.pyc\n"},
    {".dockerignore": "migrations\n"},
    {
        "compose.yaml": "services:\n  migrate:\n    build: .\n    command: alembic upgrade head\n"
        "  web:\n    build: .\n"
        f"    command: {SERVER}\n    deploy: {{replicas: 3}}\n    depends_on:\n"
        f"      migrate: {{condition: service_completed_successfully}}\n",
        "Dockerfile": "FROM x\n",
    },
    {
        "compose.yaml": f"services:\n  web:\n    command: sh -c 'alembic upgrade head && {SERVER}'\n"
        "  worker:\n    command: sh -c 'alembic upgrade head && celery worker'\n"
        "    depends_on:\n      web: {condition: service_healthy}\n",
    },
    {
        "compose.yaml": "services:\n  web:\n    build: .\n    scale: 2\n",
        "Dockerfile": f'FROM x\nCMD ["sh", "-c", "flock /l alembic upgrade head && {SERVER}"]\n',
    },
    {"Procfile": f"release: alembic upgrade head\nweb: {SERVER}\n"},
    {
        "app.py": "from flask import Flask\nfrom flask_migrate import upgrade\n\ndef create_app():\n"
        "    app = Flask(__name__)\n    upgrade()\n    return app\n",
        "Procfile": "web: gunicorn --preload -w 4 'app:create_app()'\n",
    },
    {
        ".pre-commit-config.yaml": "repos:\n- repo: x\n  hooks:\n  - id: migrate-guard\n"
        "    files: ^migrations/\n"
    },
]


@pytest.mark.parametrize(("check", "files", "place"), BAD)
def test_a_check_speaks_of_what_is_wrong(
    check: str, files: dict[str, str], place: str, tmp_path: Path
) -> None:
    assert told(tmp_path, files) == [f"{check} {place}"]
    assert all(one.help and one.message for one in examined(tmp_path, {}).diagnoses)


@pytest.mark.parametrize("files", GOOD)
def test_no_check_speaks_of_a_good_set_up(files: dict[str, str], tmp_path: Path) -> None:
    assert told(tmp_path, files) == []


def test_every_check_is_shown_at_work() -> None:
    assert set(all_checks()) == {check for check, _, _ in BAD} | {"gate-missing"}


def test_heads_are_fine_where_there_are_branches_on_purpose(tmp_path: Path) -> None:
    labelled = {"migrations/versions/b1.py": revision("b1", None, more="branch_labels = 'billing'")}
    assert told(tmp_path, {CI: workflow("alembic upgrade heads"), **labelled}) == []


HOOK = "\n[post_write_hooks]\nhooks = guard\n# migrate-guard\nguard.entrypoint = migrate-guard\n"


@pytest.mark.parametrize(
    ("files", "place"),
    [
        ({CI: workflow("pytest")}, f"{CI}:1"),
        ({"alembic.ini": "[alembic]\nscript_location = migrations\n" + HOOK}, "alembic.ini:7"),
        ({CI: GATE}, None),
        ({}, None),
        ({CI: workflow("make lint"), "Makefile": "lint:\n\tmigrate-guard check\n"}, None),
        ({".pre-commit-config.yaml": "repos: [{repo: x, hooks: [{id: migrate-guard}]}]\n"}, None),
    ],
)
def test_a_gate_must_be_somewhere(files: dict[str, str], place: str | None, tmp_path: Path) -> None:
    found = [one for one in examined(tmp_path, files).diagnoses if one.check == "gate-missing"]
    assert [f"{one.path}:{one.line}" for one in found] == ([place] if place else [])


def test_rules_about_the_code_are_asked_too(tmp_path: Path) -> None:
    files = {
        "app.py": "from fastapi import FastAPI\nfrom models import Base, engine\n\napp = FastAPI()\n"
        "Base.metadata.create_all(engine)\n",
        "migrations/versions/b2.py": revision("b2", "a1"),
        "migrations/versions/c3.py": revision("c3", "a1"),
    }
    assert {one.partition(" ")[0] for one in told(tmp_path, files)} == {
        "create-all-at-start",
        "multiple-heads",
    }


@pytest.mark.parametrize(
    ("text", "path", "found"),
    [
        ("**", "a/b.py", True),
        ("**/*.py", "b.py", True),
        ("**.py", "a/b.py", True),
        ("*.py", "a/b.py", False),
        ("a/*", "a/b/c", False),
        ("a/**/c", "a/c", True),
        ("a?c", "abc", True),
        ("{app,migrations}/**/*", "migrations/x/y.py", True),
        ("a.c", "abc", False),
    ],
)
def test_patterns_of_paths(text: str, path: str, found: bool) -> None:
    assert matches(text, path) is found
    assert covers("/a/", "a/b/c.py")
    assert not covers("b", "a/b/c.py")
