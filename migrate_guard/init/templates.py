"""The texts that `migrate-guard init` writes into other people's files; what the README says to paste."""

from __future__ import annotations

from collections.abc import Iterable

from migrate_guard import __version__
from migrate_guard.config.readers import A_VERSION
from migrate_guard.report.terminal import visible_line

REPOSITORY = "migrate-guard/migrate-guard"
CHECKOUT = "actions/checkout@08c6903cd8c0fde910a37f88322edcfb5dd907a8 # v5.0.0"

HOOK_FILES = (
    r"(^|/)(versions|migrations|alembic)/.*\.py$|(^|/)(alembic\.ini|(pyproject|migrate-guard)\.toml)$"
)
"""The files on which the hook runs, as `.pre-commit-hooks.yaml` has it."""

WORKFLOW = f"""\
name: migrate-guard
on: pull_request
permissions:
  contents: read
jobs:
  migrate-guard:
    runs-on: ubuntu-latest
    steps:
      - uses: {CHECKOUT}
        with:
          fetch-depth: 0
          persist-credentials: false
      - uses: {REPOSITORY}@v{__version__}
"""

_HOOK = f"""\
- repo: https://github.com/{REPOSITORY}
  rev: v{__version__}
  hooks:
    - id: migrate-guard
"""

_GITLAB = f"""\
migrate-guard:
{{stage}}  image: python:3.13
  variables:
    GIT_DEPTH: "0"
  rules:
    - if: $CI_PIPELINE_SOURCE == "merge_request_event"
  script:
    - pip install migrate-guard=={__version__}
    - migrate-guard check --base auto --output gitlab=codequality.json --output junit=junit.xml
  artifacts:
    when: always
    reports:
      codequality: codequality.json
      junit: junit.xml
"""


def hook(files: str = "") -> str:
    """Return the item of `repos` in `.pre-commit-config.yaml`; `files` replaces the pattern of the hook."""
    quoted = files.replace("'", "''")
    return _HOOK + (f"      files: '{quoted}'\n" if files else "")


def gitlab_job(stage: str = "") -> str:
    """Return the job of `.gitlab-ci.yml`; without `stage` it is in GitLab's default one, `test`."""
    return _GITLAB.format(stage=f"  stage: {stage}\n" if stage else "")


def dialects_setting(dialects: Iterable[str], reason: str) -> str:
    """Return the lines that name the databases, as `name` or `name:version`; `reason` says how found."""
    names = list(dialects)
    better = [f'"{one}:{A_VERSION[one]}"' for one in names if one in A_VERSION and one != "sqlite"]
    more = f"; with the server's version it is more exact: {', '.join(better)}" if better else ""
    listed = ", ".join(f'"{one}"' for one in names)
    return f"# {visible_line(reason)}{more}\ndialects = [{listed}]\n"


def baseline_setting(path: str) -> str:
    """Return the lines that name the baseline; `path` is without quotes and backslashes."""
    meaning = "findings of the first day, which do not count: see migrate-guard baseline --help"
    return f'# {meaning}\nbaseline = "{path}"\n'
