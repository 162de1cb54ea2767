#!/usr/bin/env bash
# Builds in release and prints one table of ratios measured in one run: CASES=200 make bench
set -euo pipefail
cd "$(dirname "$0")/.."
swift build -c release --product bench
"$(swift build -c release --product bench --show-bin-path)/bench"
