#!/usr/bin/env bash
# Builds, fills the data folder with demonstration data, serves: run.sh PORT DATA
set -euo pipefail
port=$1
data=$2
cd "$(dirname "$0")/.."
echo "Building (the first time takes some minutes) …"
swift build -c release --product tongban
program=$(swift build -c release --product tongban --show-bin-path)/tongban
database=()
[ -n "${TONGBAN_DATABASE:-}" ] && database=(--database "$TONGBAN_DATABASE")
"$program" demo --data "$data" --log warning ${database[@]+"${database[@]}"}
cat <<TEXT

Tongban 通办 is served at http://127.0.0.1:$port

  Residents   http://127.0.0.1:$port/510106/            phone 13800000001 (person) or 13800000002 (also acts for a company)
  Office      http://127.0.0.1:$port/510106/desk/tasks  demo.clerk, demo.reviewer, demo.approver, demo.head, demo.supervisor, demo.admin
  Password    tongban-demo-2026  (for all of them)

Stop with Ctrl-C. Data stays in $data.
TEXT
exec "$program" serve --demo --data "$data" --port "$port" --log warning ${database[@]+"${database[@]}"}
