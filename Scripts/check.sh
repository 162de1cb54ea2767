#!/usr/bin/env bash
# Format and lint. Prints one summary line.
set -uo pipefail
cd "$(dirname "$0")/.."
log=$(mktemp)
swift format lint --strict --recursive --parallel Sources Tests Benchmarks Fuzz Package.swift >"$log" 2>&1
status=$?
findings=$(grep -cE ': (warning|error):' "$log")
[ "$status" = 0 ] || head -n 20 "$log"
echo "check: $findings format findings"
exit "$status"
