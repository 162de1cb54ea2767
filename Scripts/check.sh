#!/usr/bin/env bash
# Format and lint, and a look for words and paths that do not belong here. Prints one summary line.
set -uo pipefail
cd "$(dirname "$0")/.."
log=$(mktemp)
swift format lint --strict --recursive --parallel Sources Tests Benchmarks Package.swift >"$log" 2>&1
findings=$(grep -cE ': (warning|error):' "$log")
[ "$findings" = 0 ] || head -n 20 "$log"
leaks=$(git grep -nIE '/work/|/\.library|farm-(studio|bench)' -- . ':!Scripts/check.sh' | head -n 5)
[ -z "$leaks" ] || printf 'Paths that do not belong here:\n%s\n' "$leaks"
echo "check: $findings format findings, $([ -z "$leaks" ] && echo 0 || echo some) leaked paths"
[ "$findings" = 0 ] && [ -z "$leaks" ]
