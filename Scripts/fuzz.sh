#!/usr/bin/env bash
# libFuzzer on what reads bytes that anybody may send: Scripts/fuzz.sh [MINUTES each, 10] [PROPERTY …]
#
# Builds into .build-fuzz; what was reached is kept in .build-fuzz/corpus and built on by the next run. An input that breaks a
# property is written to Fuzz/Found, from where `swift test` tries it again; the script then ends with 1.
set -uo pipefail
cd "$(dirname "$0")/.."
minutes=${1:-10}
[ $# -gt 0 ] && shift
properties=${*:-rules pack list multipart journal json address}
export TONGBAN_FUZZ=1 SWIFT_BACKTRACE=enable=no
scratch=${TONGBAN_FUZZ_SCRATCH:-.build-fuzz}
swift build -c release --scratch-path "$scratch" --product fuzz || exit 1
fuzz=$(swift build -c release --scratch-path "$scratch" --show-bin-path)/fuzz

failed=0
for property in $properties; do
    corpus=$scratch/corpus/$property
    mkdir -p "$corpus" "Fuzz/Found/$property"
    log=$scratch/$property.log
    case $property in pack) longest=16384 ;; list | journal) longest=8192 ;; *) longest=4096 ;; esac
    if TONGBAN_PROPERTY=$property nice "$fuzz" "$corpus" "Fuzz/Seeds/$property" "Fuzz/Found/$property" \
        -dict="Fuzz/Dictionaries/$property.dict" -artifact_prefix="Fuzz/Found/$property/" \
        -max_total_time=$((minutes * 60)) -timeout=5 -rss_limit_mb=1024 -max_len="$longest" \
        -print_final_stats=1 >"$log" 2>&1; then
        echo "$property: $(sed -n 's/stat::number_of_executed_units: *//p' "$log") inputs in $minutes min, nothing found"
    else
        echo "$property: FOUND"
        grep -aE "^$property: |ERROR: libFuzzer|Fatal error|Test unit written" "$log" | head -n 5
        failed=1
    fi
    rmdir --ignore-fail-on-non-empty "Fuzz/Found/$property" 2>/dev/null
done
exit "$failed"
