#!/usr/bin/env bash
# ci.sh ROOT: what keeps ci/fuzz from running is told in one line that names the mend, with status 1,
# before anything long begins. In a copy of the repository.
set -euo pipefail

root=$1
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT

# refused PATTERN COMMAND...: COMMAND ends with 1, says one line that matches, and nothing on stdout.
refused() {
    local pattern=$1 status=0
    shift
    (cd "$work/repo" && "$@") >"$work/out" 2>"$work/err" </dev/null || status=$?
    if ((status != 1)) || [[ -s $work/out || $(wc -l <"$work/err") != 1 ]] ||
        ! grep -qE -- "$pattern" "$work/err"; then
        printf 'ci.sh: "%s" ended with %d and said:\n' "$*" "$status" >&2
        cat "$work/out" "$work/err" >&2
        exit 1
    fi
}

# status LET TITLE...: the status of a run of ci/fuzz that found a crash of each title.
status() {
    local let=$1 title crashes='' bugs='' folder=0
    shift
    for title; do
        folder=$((folder + 1))
        crashes+=$(jq -n --arg folder "$folder" --arg title "$title" '{$folder, $title}')
        bugs+="target"$'\t'"afl"$'\t'"$folder"$'\n'
    done
    jq -n --arg version 1 --arg commit '' --arg started '' --arg ended '' --argjson rows '[]' \
        --argjson interrupted false --slurpfile crashes <(printf '%s' "$crashes") --arg bugs "$bugs" \
        --argjson checked '[]' --argjson let "$let" -f "$root/ci/lib/summary.jq" | jq .status
}

# without COMMAND: prints a PATH that has every command of today's but this one.
without() {
    local folder=$work/without-$1 path
    mkdir "$folder"
    while read -r -d : path; do
        find -L "$path" -maxdepth 1 -type f -executable ! -name "$1" \
            -exec ln -sf -t "$folder" {} + 2>/dev/null || true
    done <<<"$PATH:"
    printf '%s\n' "$folder"
}

mkdir "$work/repo"
git -C "$root" ls-files -co --exclude-standard -z |
    (cd "$root" && xargs -0 tar cf - --ignore-failed-read) | tar xf - -C "$work/repo"

refused '--seconds takes a whole number' ci/fuzz --seconds 0
refused '--seconds takes a whole number' ci/fuzz --seconds soon
refused '--seed takes a whole number' ci/fuzz --seed x
refused '--engine takes libfuzzer, afl or both' ci/fuzz --engine honggfuzz
refused "unknown option '--sekonds'" ci/fuzz --sekonds 5
refused 'afl-fuzz' env PATH="$(without afl-fuzz)" ci/fuzz --engine afl
refused 'clang' env PATH="$(without clang)" ci/fuzz
rm -rf "$work/repo/reports/out"
printf 'in the way' >"$work/repo/reports/out"
refused 'cannot write to reports/out' ci/fuzz
[[ $(<"$work/repo/reports/out") == 'in the way' ]] || exit 1
refused '--fail-under' ci/coverage --fail-under much

deviation='deviation: recv() on a connected UDP socket: got 1'
[[ $(status false) == 0 && $(status true) == 0 ]] || exit 1
[[ $(status false "$deviation") == 2 && $(status true "$deviation") == 0 ]] || exit 1
[[ $(status true "$deviation" 'memory leak in drill_run') == 2 ]] || exit 1
[[ $(status true 'time-out in drill_run' "$deviation") == 2 ]] || exit 1
