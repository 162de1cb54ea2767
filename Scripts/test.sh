#!/usr/bin/env bash
# Every Swift test on SQLite and PostgreSQL, then the browser and API tests; ends with plain counts.
set -uo pipefail
cd "$(dirname "$0")/.."
flags="--explicit-target-dependency-import-check error"
export TONGBAN_POSTGRES_DIR=${TONGBAN_POSTGRES_DIR:-${TMPDIR:-/tmp}/tongban-test-postgres-$$}
failed=0

echo "== PostgreSQL"
eval "$(Scripts/postgres.sh env)" || { echo "PostgreSQL could not be started"; exit 1; }
trap 'Scripts/postgres.sh stop >/dev/null 2>&1' EXIT
[ -n "${TONGBAN_TEST_POSTGRES:-}" ] || { echo "PostgreSQL could not be started"; exit 1; }

echo "== Build"
# shellcheck disable=SC2086
swift build --build-tests $flags || exit 1

echo "== Swift tests"
swift_log=$(mktemp)
swift test --skip-build 2>&1 | tee "$swift_log" | grep -vE '^[◇↳] |passed after|^\s*$'
[ "${PIPESTATUS[0]}" = 0 ] || failed=1
swift_summary=$(grep -E 'Test run with' "$swift_log" | tail -1)

echo "== Browser and API tests"
if [ ! -x .venv/bin/python ]; then python3 -m venv .venv || exit 1; fi
.venv/bin/pip install -q --disable-pip-version-check -r Browser/requirements.txt || exit 1
browser_log=$(mktemp)
.venv/bin/python -m pytest Browser -q --color=no 2>&1 | tee "$browser_log"
[ "${PIPESTATUS[0]}" = 0 ] || failed=1

echo "== Calls made up from the API's description, the short form (the long one: make calls)"
calls_log=$(mktemp)
.venv/bin/python Fuzz/api/calls.py --short --callers 13800000001,demo.clerk,system 2>&1 | tee "$calls_log"
[ "${PIPESTATUS[0]}" = 0 ] || failed=1

echo "== kill -9 under load, the short form (the long one: make torture)"
torture_log=$(mktemp)
.venv/bin/python Torture/torture.py --rounds 2 --seconds 1 --modes sqlite,postgres,database,pair,full 2>&1 | tee "$torture_log"
[ "${PIPESTATUS[0]}" = 0 ] || failed=1

echo
echo "Swift:   $swift_summary"
tail -n 1 "$browser_log"
tail -n 1 "$calls_log"
grep -E '^(sqlite|postgres|database|pair|full): ' "$torture_log"
exit $failed
