#!/usr/bin/env bash
# kill -9 at random moments under load, on SQLite and PostgreSQL: Scripts/torture.sh [ROUNDS]; more words go to torture.py.
set -euo pipefail
cd "$(dirname "$0")/.."
rounds=${1:-50}
[ $# -gt 0 ] && shift
swift build --product tongban --explicit-target-dependency-import-check error
python=.venv/bin/python
[ -x "$python" ] || python=python3
exec "$python" Torture/torture.py --rounds "$rounds" "$@"
