"""The action's steps, run as a runner runs them: checkouts, events, and a `gh` that remembers its calls."""

from __future__ import annotations

import json
import os
import sys
from collections.abc import Mapping
from pathlib import Path

import pytest

from tests.commands import FIXTURES, ROOT
from tests.repositories import Repository, new_repository, revision
from tests.runner import Runner, step

# One worker runs the whole module: what it installs first is needed by several tests.
pytestmark = [
    pytest.mark.xdist_group("action"),
    pytest.mark.skipif(sys.platform == "win32", reason="the bash on the PATH may be another system's"),
]

BLOCKS = 'op.create_index("ix_a", "t_a", ["id"])'
# Stands in for GitHub's program: remembers how it is called, and finds what the variable FOUND says.
GH = """\
#!/bin/sh
printf '%s\\n' "$*" >> "$CALLS"
printf '%s %s %s\\n' "$GH_TOKEN" "$GH_HOST" "$MARKER" > "$CALLS.with"
if [ -n "$REFUSED" ]; then echo "gh: Resource not accessible by integration (HTTP 403)" >&2; exit 1; fi
case "$*" in *--paginate*) printf "$FOUND";; esac
"""


@pytest.fixture(scope="module")
def installed(tmp_path_factory: pytest.TempPathFactory) -> Runner:
    """A runner that has run the installation; it needs a package registry."""
    runner = Runner(tmp_path_factory.mktemp("runner"), ROOT)
    code = runner.run(step("install"))
    if code != 0 and not os.environ.get("CI"):
        pytest.skip(f"the action could not be installed: {runner.log[-300:]}")
    assert code == 0, runner.log
    return runner


@pytest.mark.parametrize(
    ("inputs", "code"),
    [
        ({"working-directory": "flask-migrate"}, 1),
        ({"working-directory": "clean"}, 0),
        ({"arguments": "flask-migrate", "fail-on": "never"}, 0),
        ({"arguments": "flask-migrate\n--fail-on\n  never\n"}, 0),
        ({"arguments": "no-such-directory"}, 2),
    ],
    ids=["findings", "clean", "fail-on", "lines", "cannot-look"],
)
def test_the_installed_command_checks(
    installed: Runner, tmp_path: Path, inputs: Mapping[str, str], code: int
) -> None:
    runner = Runner(tmp_path, FIXTURES, inputs)
    runner.values |= {key: value for key, value in installed.values.items() if key.startswith("steps.")}
    assert runner.job() == code, runner.log
    assert runner.output("exit-code") == str(code)
    found = "flask-migrate" in "".join(inputs.values())
    assert ("::error " in runner.log) is found, runner.log


def test_a_version_is_installed_by_its_number_only(tmp_path: Path) -> None:
    runner = Runner(tmp_path, ROOT, {"version": "0.1.0; touch owned"})
    assert runner.run(step("install")) == 2
    assert "::error::migrate-guard: the input version is 0.1.0; touch owned" in runner.log
    assert not (tmp_path / "migrate-guard").exists()


def test_outputs_count_and_name_the_files(tmp_path: Path) -> None:
    runner = Runner(tmp_path, FIXTURES, {"working-directory": "flask-migrate"})
    assert runner.job() == 1
    assert [runner.output(name) for name in ("findings", "errors", "warnings", "base")] == ["3", "3", "0", ""]
    sarif = json.loads(Path(runner.output("sarif")).read_text(encoding="utf-8"))
    assert len(sarif["runs"][0]["results"]) == 3
    first = "<!-- migrate-guard: flask-migrate -->\n"
    assert Path(runner.output("markdown")).read_text(encoding="utf-8").startswith(first)
    summary = (tmp_path / "summary-check.md").read_text(encoding="utf-8")
    assert "user has no value for email" in summary


def test_what_cannot_be_checked_has_no_counts(tmp_path: Path) -> None:
    (tmp_path / "empty").mkdir()
    runner = Runner(tmp_path, tmp_path / "empty", {"sarif": "old/out.sarif"})
    (tmp_path / "empty" / "old").mkdir()
    (tmp_path / "empty" / "old" / "out.sarif").write_text("of an earlier run", encoding="utf-8")
    assert runner.job() == 2
    assert "error: no migrations found" in runner.log
    for name in ("findings", "errors", "warnings", "sarif", "markdown"):
        assert runner.output(name) == ""


def test_the_sarif_file_lies_where_it_is_wanted(tmp_path: Path) -> None:
    shop = new_repository(tmp_path / "shop")
    shop.write("app/alembic.ini", "[alembic]\nscript_location = .\n")
    shop.write("app/versions/a.py", revision("a", None))
    (tmp_path / "temp").mkdir()
    inputs = {"working-directory": "app", "sarif": "reports/out.sarif"}
    runner = Runner(tmp_path / "temp", shop.root, inputs)
    runner.job()
    assert runner.output("sarif") == str(shop.root / "reports" / "out.sarif")
    assert (shop.root / "reports" / "out.sarif").is_file()


@pytest.mark.parametrize(
    "inputs",
    [
        {"arguments": "clean; touch {owned} $(touch {owned}) `touch {owned}`"},
        {"fail-on": "$(touch {owned})"},
        {"base": "$(touch {owned}); touch {owned}"},
        {"base": "--upload-pack=touch {owned}"},
    ],
    ids=["arguments", "fail-on", "base", "option"],
)
def test_an_input_is_never_a_command(tmp_path: Path, inputs: Mapping[str, str]) -> None:
    owned = tmp_path / "owned"
    runner = Runner(tmp_path, FIXTURES, {key: value.format(owned=owned) for key, value in inputs.items()})
    assert runner.job() == 2, runner.log
    assert not owned.exists()


@pytest.fixture
def origin(tmp_path: Path) -> Repository:
    """A remote whose branch main has 60 commits since a pull request's branch left it."""
    made = new_repository(tmp_path / "origin")
    made.write("alembic.ini", "[alembic]\nscript_location = migrations\nsqlalchemy.url = postgresql://h/d\n")
    made.write("migrations/versions/a.py", revision("a", None))
    made.write("migrations/versions/old.py", revision("old", "a", BLOCKS))
    made.commit()
    made.git("checkout", "--quiet", "-b", "feature")
    made.write("migrations/versions/new.py", revision("new", "old"))
    made.commit()
    made.git("checkout", "--quiet", "main")
    for number in range(60):
        made.git("commit", "--quiet", "--allow-empty", "--message", f"Work {number}")
    made.git("branch", "pull", "main")
    made.git("checkout", "--quiet", "pull")
    made.git("merge", "--quiet", "--no-edit", "feature")
    made.git("checkout", "--quiet", "main")
    return made


def checkout(origin: Repository, branch: str, to: Path, *flags: str) -> Path:
    """Clone one branch as actions/checkout does: without the others."""
    origin.git("clone", "--quiet", "--single-branch", *flags, "--branch", branch, origin.root.as_uri(), to)
    return to


def job(tmp_path: Path, workspace: Path, event: str, **more: object) -> Runner:
    """Run the job for an event; `payload` is what its file says, `inputs` and variables may be given."""
    temp = tmp_path / "temp"
    temp.mkdir(exist_ok=True)
    runner = Runner(temp, workspace, event=event, **more)  # type: ignore[arg-type]  # fields of Runner
    runner.job()
    return runner


@pytest.mark.parametrize("branch", ["feature", "pull"], ids=["the branch", "its merge with main"])
@pytest.mark.parametrize("depth", [("--depth=1",), ()], ids=["shallow", "whole"])
def test_a_pull_request_is_judged_alone(
    origin: Repository, tmp_path: Path, branch: str, depth: tuple[str, ...]
) -> None:
    """What a shallow checkout lacks is fetched: the base, and both histories to where they meet."""
    there = checkout(origin, branch, tmp_path / "there", *depth)
    runner = job(tmp_path, there, "pull_request", more={"GITHUB_BASE_REF": "main"})
    assert runner.output("exit-code") == "0", runner.log
    assert "No findings in 1 new revision; 2 older ones replayed" in runner.log
    assert runner.output("base") == "auto"


def test_a_merge_group_is_judged_alone(origin: Repository, tmp_path: Path) -> None:
    there = checkout(origin, "pull", tmp_path / "there", "--depth=1")
    group = {"base_sha": origin.git("rev-parse", "main"), "base_ref": "refs/heads/main"}
    runner = job(tmp_path, there, "merge_group", payload={"merge_group": group})
    assert runner.output("exit-code") == "0", runner.log
    assert "No findings in 1 new revision; 2 older ones replayed" in runner.log


def test_a_push_is_judged_alone(origin: Repository, tmp_path: Path) -> None:
    before = origin.git("rev-parse", "main")
    origin.git("merge", "--quiet", "feature")
    there = checkout(origin, "main", tmp_path / "there", "--depth=1")
    runner = job(tmp_path, there, "push", payload={"before": before})
    assert runner.output("base") == before
    assert "No findings in 1 new revision; 2 older ones replayed" in runner.log


@pytest.mark.parametrize(
    ("event", "payload", "inputs"),
    [
        ("push", {"before": "0" * 40}, {}),
        ("schedule", {}, {}),
        ("pull_request", {}, {"base": "none"}),
    ],
    ids=["new branch", "schedule", "base: none"],
)
def test_otherwise_everything_is_judged(
    origin: Repository,
    tmp_path: Path,
    event: str,
    payload: Mapping[str, object],
    inputs: Mapping[str, str],
) -> None:
    there = checkout(origin, "pull", tmp_path / "there", "--depth=1")
    runner = job(tmp_path, there, event, payload=payload, inputs=inputs)
    assert runner.output("base") == ""
    assert runner.output("exit-code") == "1", runner.log
    assert "in 1 of 3 revisions" in runner.log


@pytest.mark.parametrize("base", ["origin/main", "sha"])
def test_a_base_that_is_named_is_fetched(origin: Repository, tmp_path: Path, base: str) -> None:
    named = origin.git("rev-parse", "main") if base == "sha" else base
    there = checkout(origin, "pull", tmp_path / "there", "--depth=1")
    runner = job(tmp_path, there, "workflow_dispatch", inputs={"base": named})
    assert runner.output("exit-code") == "0", runner.log
    assert "No findings in 1 new revision" in runner.log


def test_a_branch_of_an_earlier_run_is_brought_up_to_date(origin: Repository, tmp_path: Path) -> None:
    there = checkout(origin, "main", tmp_path / "there")
    origin.git("merge", "--quiet", "feature")
    Repository(there).git("fetch", "--quiet", "origin", "pull")
    Repository(there).git("checkout", "--quiet", "--detach", "FETCH_HEAD")
    runner = job(tmp_path, there, "pull_request", more={"GITHUB_BASE_REF": "main"})
    assert "No findings and no new revisions" in runner.log, runner.log


def test_a_history_that_stays_too_short_is_exit_code_2(origin: Repository, tmp_path: Path) -> None:
    there = checkout(origin, "feature", tmp_path / "there", "--depth=1")
    Repository(there).git("remote", "set-url", "origin", (tmp_path / "gone").as_uri())
    runner = job(tmp_path, there, "pull_request", more={"GITHUB_BASE_REF": "main"})
    assert "::warning::migrate-guard: the base auto could not be fetched: " in runner.log
    assert "hint: under `with:` of actions/checkout, add: fetch-depth: 0" in runner.log
    assert runner.output("exit-code") == "2"


def test_the_token_fetches_what_the_checkout_may_not(origin: Repository, tmp_path: Path) -> None:
    """A program in front of git refuses what has no token, as the server of a private repository does."""
    there = checkout(origin, "pull", tmp_path / "there", "--depth=1")
    front = tmp_path / "front"
    front.mkdir()
    git = front / "git"
    real = next(
        Path(place) / "git" for place in os.environ["PATH"].split(":") if (Path(place) / "git").exists()
    )
    git.write_text(
        "#!/bin/sh\n"
        'case "$1" in fetch)\n'
        '  [ "$GIT_CONFIG_KEY_1" = http.https://github.example/.extraheader ] || exit 128\n'
        f'  printf "%s" "$GIT_CONFIG_VALUE_1" > {tmp_path}/header;; esac\nexec {real} "$@"\n',
        encoding="utf-8",
    )
    git.chmod(0o755)
    runner = job(tmp_path, there, "pull_request", more={"GITHUB_BASE_REF": "main"}, programs=(front,))
    assert runner.output("exit-code") == "0", runner.log
    header = (tmp_path / "header").read_text(encoding="utf-8")
    assert header == "AUTHORIZATION: basic eC1hY2Nlc3MtdG9rZW46am9iLXRva2Vu"
    assert "job-token" not in runner.log
    assert header.split()[-1] not in runner.log


PULL = {"pull_request": {"number": 7}}


def commenting(tmp_path: Path, project: str, payload: Mapping[str, object] = PULL, **more: str) -> Runner:
    """Run the job with `comment: true` and a `gh` that remembers its calls."""
    program = tmp_path / "gh"
    program.write_text(GH, encoding="utf-8")
    program.chmod(0o755)
    inputs = {"comment": "true", "working-directory": project, "base": "none"}
    more = {"CALLS": str(tmp_path / "calls"), "FOUND": "", "REFUSED": "", **more}
    return Runner(tmp_path, FIXTURES, inputs, "pull_request", payload, (tmp_path,), more)


def calls(tmp_path: Path) -> list[str]:
    """Return how `gh` was called."""
    file = tmp_path / "calls"
    return file.read_text(encoding="utf-8").splitlines() if file.exists() else []


@pytest.mark.parametrize(
    ("found", "project", "code", "written"),
    [
        ("", "flask-migrate", 1, "--method POST repos/shop/app/issues/7/comments"),
        ("41\\n52\\n", "flask-migrate", 1, "--method PATCH repos/shop/app/issues/comments/41"),
        ("41\\n", "clean", 0, "--method PATCH repos/shop/app/issues/comments/41"),
        ("", "clean", 0, None),
    ],
    ids=["first", "again", "mended", "nothing to say"],
)
def test_the_comment_is_made_once_and_then_replaced(
    tmp_path: Path, found: str, project: str, code: int, written: str | None
) -> None:
    runner = commenting(tmp_path, project, FOUND=found)
    assert runner.job() == code, runner.log
    looked, *wrote = calls(tmp_path)
    assert "--paginate repos/shop/app/issues/7/comments?per_page=100" in looked
    if written is None:
        assert wrote == []
    else:
        assert wrote == [f"api --silent {written} --field body=@{runner.output('markdown')}"]
    used = (tmp_path / "calls.with").read_text(encoding="utf-8").strip()
    assert used == f"job-token github.example <!-- migrate-guard: {project} -->"


def test_the_comment_says_what_could_not_be_checked(tmp_path: Path) -> None:
    """It replaces the one of an earlier run, so that an old verdict does not stay."""
    runner = commenting(tmp_path, "flask-migrate", FOUND="41\\n")
    runner.values["inputs.arguments"] = "--select no-such-rule"
    assert runner.job() == 2
    (_, wrote) = calls(tmp_path)
    page = "https://github.example/shop/app/actions/runs/4711"
    body = Path(wrote.partition("body=@")[2]).read_text(encoding="utf-8")
    assert body.splitlines() == [
        "<!-- migrate-guard: flask-migrate -->",
        "### migrate-guard",
        "",
        f"Could not check (exit code 2): the log of [this run]({page}) says why.",
    ]


def test_a_fork_may_not_comment(tmp_path: Path) -> None:
    runner = commenting(tmp_path, "flask-migrate", REFUSED="1")
    assert runner.job() == 1, "the verdict stays"
    (line,) = [line for line in runner.log.splitlines() if line.startswith("::warning::")]
    assert "the comment was not written: gh: Resource not accessible by integration (HTTP 403)" in line
    assert "pull-requests: write" in line


def test_without_a_pull_request_there_is_no_comment(tmp_path: Path) -> None:
    runner = commenting(tmp_path, "flask-migrate", {"before": "0" * 40})
    assert runner.job() == 1
    assert "::notice::migrate-guard: no comment is written" in runner.log
    assert calls(tmp_path) == []


def test_no_comment_is_written_unasked(tmp_path: Path) -> None:
    runner = commenting(tmp_path, "flask-migrate")
    runner.values["inputs.comment"] = "false"
    assert runner.job() == 1
    assert calls(tmp_path) == []
