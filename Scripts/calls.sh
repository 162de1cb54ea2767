#!/usr/bin/env bash
# Calls made up from the description of the API (schemathesis), on SQLite and PostgreSQL: Scripts/calls.sh [--calls 20000 …]
set -euo pipefail
cd "$(dirname "$0")/.."
swift build --product tongban --explicit-target-dependency-import-check error
if [ ! -x .venv/bin/python ]; then python3 -m venv .venv; fi
.venv/bin/pip install -q --disable-pip-version-check -r Browser/requirements.txt
export TONGBAN_POSTGRES_DIR=${TONGBAN_POSTGRES_DIR:-${TMPDIR:-/tmp}/tongban-calls-postgres-$$}
trap 'Scripts/postgres.sh stop >/dev/null 2>&1' EXIT
eval "$(Scripts/postgres.sh env)"
.venv/bin/python Fuzz/api/calls.py "$@"
