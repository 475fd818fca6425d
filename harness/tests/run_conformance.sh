#!/usr/bin/env bash
# run_conformance.sh TOOL FOLDER: runs the conformance drills on the kernel's sockets, each by itself.
# A drill must be met, unless it says "Linux departs": then it must not be, so that the remark goes
# when its reason does. Ends with 77 where drills are not isolated.
set -euo pipefail

scratch=$(mktemp -d)
trap 'rm -rf "$scratch"' EXIT
printf 's = socket(AF_INET, SOCK_DGRAM, 0)\nconnect(s, 192.0.2.1:0)\n' >"$scratch/way_out.drill"
if "$1" run "$scratch/way_out.drill" | grep -q refused; then
    echo 'skipped: no private network namespace is permitted here'
    exit 77
fi

failed=0 count=0 departs=0
while read -r drill; do
    expected=0 status=0
    if grep -q '^# Linux departs' "$drill"; then
        expected=2
        departs=$((departs + 1))
    fi
    count=$((count + 1))
    "$1" run "$drill" >"$scratch/out" 2>"$scratch/err" || status=$?
    if ((status != expected)); then
        echo "$drill: ended with $status, not $expected"
        cat "$scratch/err"
        failed=$((failed + 1))
    fi
done < <(find "$2" -name '*.drill' | sort)
echo "$count drills, in $departs of which Linux departs, $failed failed"
((count > 0 && failed == 0))
