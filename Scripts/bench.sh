#!/usr/bin/env bash
# Builds in release and prints tables of ratios measured in one run: CASES=800 SCALE=20000 make bench [SECTIONS="small together lifecycles pages scale"]
# Many cases, on both engines or one of them, with a backup under load and its restored copy:
# SECTIONS=scale SCALE=1000000 ENGINES="sqlite postgres" KEEPING=1 BENCH_DIR=/a/disk/with/room make bench
set -euo pipefail
cd "$(dirname "$0")/.."
for tool in wrk nginx psql pgbench; do
    command -v "$tool" >/dev/null || [ -x "/usr/sbin/$tool" ] || missing="${missing:-} $tool"
done
if [ -n "${missing:-}" ]; then
    echo "Please install what is compared with: apt-get install wrk nginx-light postgresql (missing:$missing)" >&2
    exit 1
fi
swift build -c release --product tongban
swift build -c release --product bench
programs=$(swift build -c release --show-bin-path)
export TONGBAN_BIN=$programs/tongban
export TONGBAN_POSTGRES_DIR=${TONGBAN_POSTGRES_DIR:-${TMPDIR:-/tmp}/tongban-bench-postgres-$$}
eval "$(Scripts/postgres.sh env)"
trap 'Scripts/postgres.sh stop >/dev/null 2>&1' EXIT
# The throw-away server of the tests keeps nothing safe; here it is to be compared, so it does.
psql -q "$TONGBAN_TEST_POSTGRES" -c "ALTER SYSTEM SET fsync = on" -c "ALTER SYSTEM SET full_page_writes = on" \
    -c "ALTER SYSTEM SET synchronous_commit = on" -c "ALTER SYSTEM SET autovacuum = on" -c "SELECT pg_reload_conf()" >/dev/null
# shellcheck disable=SC2086
"$programs/bench" ${SECTIONS:-}
