# Say what is merged already, and fetch what git needs to compare with it.
# In: INPUT_BASE, INPUT_TOKEN, PYTHON, the event. Out: the output `base`, as `--base` takes it, or empty.
#
# Nothing here fails the job: where the history stays too short, `check` ends with exit code 2 and the line
# to add.
set -euo pipefail

zero="0000000000000000000000000000000000000000"

# Checked out as another user, as in a container, git would refuse to read the checkout.
export GIT_CONFIG_COUNT=1 GIT_CONFIG_KEY_0=safe.directory GIT_CONFIG_VALUE_0="$GITHUB_WORKSPACE"
export GIT_TERMINAL_PROMPT=0

# Print what the event says under keys, nothing where it does not.
event() {
    "$PYTHON" - "$@" << 'PYTHON'
import json, os, sys

try:
    with open(os.environ.get("GITHUB_EVENT_PATH", ""), encoding="utf-8") as file:
        value = json.load(file)
    for key in sys.argv[1:]:
        value = value[key]
except (OSError, ValueError, KeyError, TypeError):
    value = ""
if isinstance(value, (str, int)):
    print(value)
PYTHON
}

# Fetch as the checkout can, else with the token: a second header beside the checkout's own is an error.
fetch() {
    if git fetch --quiet --no-tags --no-recurse-submodules "$@" 2> "$log"; then return 0; fi
    [ -n "$INPUT_TOKEN" ] || return 1
    local login
    login="$(printf 'x-access-token:%s' "$INPUT_TOKEN" | base64 | tr -d '\n')"
    GIT_CONFIG_COUNT=2 GIT_CONFIG_KEY_1="http.${GITHUB_SERVER_URL:-https://github.com}/.extraheader" \
        GIT_CONFIG_VALUE_1="AUTHORIZATION: basic $login" \
        git fetch --quiet --no-tags --no-recurse-submodules "$@" 2> "$log"
}

is_known() { git rev-parse --verify --quiet "$1^{commit}" > /dev/null; }

is_shallow() { [ "$(git rev-parse --is-shallow-repository)" = true ]; }

meets() { [ -n "$(git merge-base HEAD "$1" 2> /dev/null)" ]; }

# Bring the remote's $2 into the ref $1, and as much of both histories as makes them meet.
bring() {
    local tip="$1" source="$2" head more
    if is_known "$tip"; then
        # A branch that a kept checkout has from an earlier run may be an old one.
        if [ "$tip" != "$source" ]; then fetch -- origin "$source" || true; fi
    elif is_shallow; then
        fetch --depth=1 -- origin "$source" || return 1
    else
        fetch -- origin "$source" || return 1
    fi
    head="$(git rev-parse HEAD)" || return 1
    for more in 1 50 200 800; do
        if meets "$tip" || ! is_shallow; then return 0; fi
        # Each by itself: asked for both at once, git 2.55 deepens only one of them.
        fetch "--deepen=$more" -- origin "$source" || return 1
        fetch "--deepen=$more" -- origin "$head" || return 1
    done
}

base="" tip="" source=""
case "$INPUT_BASE" in
    none | "") ;;
    auto)
        case "${GITHUB_EVENT_NAME:-}" in
            pull_request | pull_request_target)
                base=auto tip="refs/remotes/origin/${GITHUB_BASE_REF:-}"
                source="+refs/heads/${GITHUB_BASE_REF:-}:$tip"
                ;;
            merge_group)
                base=auto tip="$(event merge_group base_sha)" source="$tip"
                ;;
            push)
                base="$(event before)"
                if [ "$base" = "$zero" ]; then base=""; fi
                tip="$base" source="$base"
                ;;
        esac
        ;;
    origin/*)
        base="$INPUT_BASE" tip="refs/remotes/$INPUT_BASE"
        source="+refs/heads/${INPUT_BASE#origin/}:$tip"
        ;;
    *) base="$INPUT_BASE" tip="$INPUT_BASE" source="$INPUT_BASE" ;;
esac

log="$(mktemp "$RUNNER_TEMP/migrate-guard-fetch.XXXXXX")"
if [ -n "$source" ] && ! bring "$tip" "$source"; then
    reason="$(head -n 1 "$log")"
    echo "::warning::migrate-guard: the base $base could not be fetched: ${reason//%/%25}"
fi
echo "base=$base" >> "$GITHUB_OUTPUT"
