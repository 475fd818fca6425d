#!/usr/bin/env bash
# replay_target.sh BINARY ROOT TARGET: replays all that corpus/ keeps for a target, twice, to see
# what one run leaves for the next. Ends with 77 when nothing is kept for it.
set -euo pipefail

folders=()
for folder in "$2/corpus/seeds/$3" "$2/corpus/regressions/$3"; do
    if [[ -d $folder ]]; then
        folders+=("$folder")
    fi
done
if ((${#folders[@]} == 0)); then
    echo "skipped: nothing is kept for $3"
    exit 77
fi
exec "$1" --quiet --rounds 2 "${folders[@]}"
