#!/usr/bin/env bash
# judge_seeds.sh BINARY ROOT TARGET: replays all that corpus/ keeps for a sequence target, each file
# by itself, every call judged. Prints every deviation, and fails if there is one. Ends with 77 where
# nothing is judged: without a network namespace.
set -euo pipefail
cd "$2"
status=0 judged=0

for file in "corpus/seeds/$3"/*.drill "corpus/regressions/$3"/*.drill; do
    [[ -e $file ]] || continue
    died=0
    said=$("$1" --quiet "$file" 2>&1) || died=$?
    if [[ $said == *'nothing is judged'* ]]; then
        echo "skipped: $said"
        exit 77
    fi
    judged=$((judged + 1))
    ((died != 0)) || continue
    status=1
    # Of a sanitizer's words only those of the deviation matter.
    printf '%s:\n%s\n' "$file" "$(grep -aE '^(deviation:|  (call|allowed) )' <<<"$said" || echo "$said")"
done
echo "$judged judged"
((judged > 0)) || exit 1
exit "$status"
