# Shared by the scripts in ci/: where they run, how they speak, how they fail. To be sourced.
# The working folder becomes the root of the repository, so every path below is relative to it.
# shellcheck shell=bash

cd "$(dirname "${BASH_SOURCE[0]}")/../.." || exit 1

# say TEXT...: one line on stderr; stdout is for results.
say() {
    printf 'ci/%s: %s\n' "${0##*/}" "$*" >&2
}

# shout TEXT...: says it in red where that can be seen.
shout() {
    if [[ -t 2 && -z ${NO_COLOR-} ]]; then
        printf '\e[1;31mci/%s: %s\e[0m\n' "${0##*/}" "$*" >&2
    else
        say "$@"
    fi
}

# die TEXT...: says what is wrong and how to mend it, and ends with status 1: could not run.
die() {
    say "$@"
    exit 1
}

# writable FOLDER...: makes them where they are missing; dies unless there is room to write in each.
writable() {
    local folder why free least=200
    for folder; do
        why=$(mkdir -p "$folder" 2>&1 && mktemp "$folder/.try.XXXXXX" 2>&1) ||
            die "cannot write to $folder (${why##*: }); make it a folder that you may write to"
        rm -- "$why"
        free=$(df -Pm "$folder" | awk 'NR == 2 { print $4 }')
        ((free >= least)) ||
            die "only $free MB are free for $folder; make room for at least $least MB"
    done
}

# help: prints the comment that heads the script.
help() {
    sed -n '2,/^[^#]/s/^# \{0,1\}//p' "ci/${0##*/}"
}

# version: the project's version.
version() {
    sed -n 's/^project(sockdrill VERSION \([0-9.]*\).*/\1/p' CMakeLists.txt
}

# quiet COMMAND...: runs it and shows what it printed only if it fails.
quiet() {
    local log status=0
    log=$(mktemp)
    "$@" >"$log" 2>&1 </dev/null || status=$?
    ((status == 0)) || cat "$log" >&2
    rm -f "$log"
    return "$status"
}

# scratch: sets SCRATCH to a temporary folder that goes when the script ends.
scratch() {
    SCRATCH=$(mktemp -d)
    trap 'rm -rf "$SCRATCH"' EXIT
}

# put FILE: writes stdin to FILE whole or not at all.
put() {
    local new
    new=$(mktemp "$1.XXXXXX") && cat >"$new" && chmod 644 "$new" && mv "$new" "$1"
}

# plain: passes on text without a terminal's colours and other control characters.
plain() {
    sed 's/\x1b\[[0-9;?]*[a-zA-Z]//g' | tr -d '\000-\010\013-\037\177'
}

# table: reads lines of tab-separated columns, the first being the heads, and sets them in columns.
table() {
    awk -f ci/lib/table.awk
}
