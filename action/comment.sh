# Write the report as a comment on the pull request, or replace the one of an earlier run.
# In: REPORT, EXIT_CODE, FINDINGS, PYTHON, GH_TOKEN, the event. What cannot be written is a warning: the
# verdict is the exit code of the check.
set -euo pipefail

warn() {
    local line="$1"
    line="${line//%/%25}"
    echo "::warning::migrate-guard: the comment was not written: ${line//$'\n'/ }"
    exit 0
}

number="$("$PYTHON" - << 'PYTHON'
import json, os

try:
    with open(os.environ.get("GITHUB_EVENT_PATH", ""), encoding="utf-8") as file:
        print(int(json.load(file)["pull_request"]["number"]))
except (OSError, ValueError, KeyError, TypeError):
    pass
PYTHON
)"
if [ -z "$number" ]; then
    echo "::notice::migrate-guard: no comment is written, since this run is for no pull request"
    exit 0
fi
command -v gh > /dev/null || warn "this runner has no gh; install it, or set comment: false"

if [ -z "$REPORT" ]; then
    # The beginning is that of the report, by which a later run finds the comment.
    REPORT="$(mktemp "$RUNNER_TEMP/migrate-guard-comment.XXXXXX")"
    "$PYTHON" - << 'PYTHON' > "$REPORT"
import os
from urllib.parse import quote

inside = os.path.relpath(os.getcwd(), os.path.realpath(os.environ["GITHUB_WORKSPACE"])).replace(os.sep, "/")
where = "" if inside == "." or inside.startswith("..") else inside
print(f"<!-- migrate-guard{': ' + quote(where, safe='/').replace('--', '%2D-') if where else ''} -->")
PYTHON
    {
        echo "### migrate-guard"
        echo
        echo "Could not check (exit code $EXIT_CODE): the log of" \
            "[this run]($GITHUB_SERVER_URL/$GITHUB_REPOSITORY/actions/runs/$GITHUB_RUN_ID) says why."
    } >> "$REPORT"
fi

GH_HOST="${GITHUB_SERVER_URL#*://}"
MARKER="$(head -n 1 "$REPORT")"
export GH_HOST MARKER
log="$(mktemp "$RUNNER_TEMP/migrate-guard-gh.XXXXXX")"
hint="(it needs the permission pull-requests: write, which pull requests from forks do not get)"
comments="repos/$GITHUB_REPOSITORY/issues/$number/comments"
found="$(gh api --paginate "$comments?per_page=100" \
    --jq '.[] | select(.body | startswith(env.MARKER)) | .id' 2> "$log")" || warn "$(head -n 1 "$log") $hint"
found="${found%%$'\n'*}"

if [ -n "$found" ]; then
    gh api --silent --method PATCH "repos/$GITHUB_REPOSITORY/issues/comments/$found" \
        --field "body=@$REPORT" 2> "$log" || warn "$(head -n 1 "$log") $hint"
elif [ "$EXIT_CODE" != 0 ] || [ "$FINDINGS" != 0 ]; then
    # A pull request about which there is nothing to say gets no comment.
    gh api --silent --method POST "$comments" --field "body=@$REPORT" 2> "$log" ||
        warn "$(head -n 1 "$log") $hint"
fi
