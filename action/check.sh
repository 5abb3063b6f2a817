# Run the check: annotations and summary, and the other reports into files.
# In: MIGRATE_GUARD, PYTHON, BASE, INPUT_ARGUMENTS, INPUT_FAIL_ON, INPUT_SARIF. Out: exit code and outputs.
set -euo pipefail

export GIT_CONFIG_COUNT=1 GIT_CONFIG_KEY_0=safe.directory GIT_CONFIG_VALUE_0="$GITHUB_WORKSPACE"

reports="$(mktemp -d "$RUNNER_TEMP/migrate-guard-reports.XXXXXX")"
case "$INPUT_SARIF" in
    "") sarif="$reports/migrate-guard.sarif" ;;
    /* | ?:*) sarif="$INPUT_SARIF" ;;
    *) sarif="$GITHUB_WORKSPACE/$INPUT_SARIF" ;;
esac
mkdir -p "$(dirname "$sarif")"
rm -f "$sarif"

flags=(--format github)
flags+=(--output "json=$reports/report.json" --output "markdown=$reports/report.md" --output "sarif=$sarif")
if [ -n "$BASE" ]; then flags+=(--base "$BASE"); fi
if [ -n "$INPUT_FAIL_ON" ]; then flags+=(--fail-on "$INPUT_FAIL_ON"); fi
# `read` ends with 1 at the end of its input, where it always ends here.
IFS=$' \t\r\n' read -r -d '' -a arguments <<< "$INPUT_ARGUMENTS" || true

code=0
"$MIGRATE_GUARD" check "${flags[@]}" ${arguments[@]+"${arguments[@]}"} || code=$?

{
    echo "exit-code=$code"
    if [ -f "$sarif" ]; then echo "sarif=$sarif"; fi
    if [ -f "$reports/report.md" ]; then echo "markdown=$reports/report.md"; fi
    if [ -f "$reports/report.json" ]; then
        "$PYTHON" - "$reports/report.json" << 'PYTHON'
import json, sys

with open(sys.argv[1], encoding="utf-8") as file:
    summary = json.load(file)["summary"]
print(f"findings={summary['errors'] + summary['warnings'] + summary['infos']}")
print(f"errors={summary['errors']}")
print(f"warnings={summary['warnings']}")
PYTHON
    fi
} >> "$GITHUB_OUTPUT"
exit "$code"
