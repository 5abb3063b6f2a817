# Install migrate-guard into an environment of its own, apart from the project's.
# In: PYTHON, INPUT_VERSION. Out: the outputs `command` and `python`.
set -euo pipefail

case "$INPUT_VERSION" in
    *[!0-9A-Za-z.+!]*)
        echo "::error::migrate-guard: the input version is ${INPUT_VERSION%%$'\n'*}; write it like 0.1.0"
        exit 2
        ;;
    "") package="$GITHUB_ACTION_PATH" ;;
    *) package="migrate-guard" ;;
esac
"$PYTHON" -m venv "$RUNNER_TEMP/migrate-guard"
bin="$RUNNER_TEMP/migrate-guard/bin"
if [ ! -d "$bin" ]; then bin="$RUNNER_TEMP/migrate-guard/Scripts"; fi
"$bin/python" -m pip install --quiet --disable-pip-version-check \
    "${package}[postgresql]${INPUT_VERSION:+==$INPUT_VERSION}"
{
    echo "command=$bin/migrate-guard"
    echo "python=$bin/python"
} >> "$GITHUB_OUTPUT"
