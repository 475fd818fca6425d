# shellcheck shell=bash
# lib.sh: what the end-to-end tests share. Each is called with the folder that sockdrill was built
# in and the project's root; it ends with 0, 77 where it cannot run here, or 1 after saying what
# was otherwise than expected.
set -euo pipefail

BUILD=$1
ROOT=$2
SCRATCH=$(mktemp -d)
FAILURES=0
export BUILD ROOT SCRATCH

# ended: removes what the test made; a test that saw a failure ends with 1. A test that makes
# something elsewhere has a function tidy_up.
ended() {
    local status=$?
    if declare -F tidy_up >/dev/null; then
        tidy_up
    fi
    rm -rf "$SCRATCH"
    ((FAILURES == 0)) || status=1
    exit "$status"
}
trap ended EXIT

# A sanitizer's report is not what these tests read; looking up its symbols takes longest.
export ASAN_OPTIONS=symbolize=0:detect_leaks=0

sockdrill() { "$BUILD/sockdrill" "$@"; }

# fail MESSAGE: says so, and what the last command printed; the test goes on, and ends with 1.
fail() {
    ((++FAILURES))
    printf 'FAILED at line %s: %s\n' "${BASH_LINENO[-2]}" "$1" >&2
    if [[ -e $SCRATCH/out ]]; then
        sed 's/^/stdout: /' "$SCRATCH/out" | head -n 20 >&2
        sed 's/^/stderr: /' "$SCRATCH/err" | head -n 20 >&2
    fi
}

# skip REASON: ends the test as one that cannot run here.
skip() {
    printf 'skipped: %s\n' "$1"
    exit 77
}

# expect STATUS COMMAND...: runs it, its output in $SCRATCH/out and $SCRATCH/err.
expect() {
    local wanted=$1 status=0
    shift
    "$@" >"$SCRATCH/out" 2>"$SCRATCH/err" </dev/null || status=$?
    ((status == wanted)) || fail "$* ended with $status, not $wanted"
}

# out PATTERN, err PATTERN: fails unless a line of the last output matches.
out() { grep -qE -e "$1" "$SCRATCH/out" || fail "stdout has no line like: $1"; }
err() { grep -qE -e "$1" "$SCRATCH/err" || fail "stderr has no line like: $1"; }

# silent out|err: fails if the last command printed anything there.
silent() { [[ ! -s $SCRATCH/$1 ]] || fail "std$1 is not empty"; }

# refused PATTERN COMMAND...: it must end with 1, print one line like that on stderr, and no more.
refused() {
    local pattern=$1
    shift
    expect 1 "$@"
    silent out
    (($(wc -l <"$SCRATCH/err") == 1)) || fail "$*: not one line on stderr"
    err "$pattern"
}

# same FILE FILE: fails unless both have the same content.
same() { cmp -s "$1" "$2" || fail "$1 and $2 differ: $(diff "$1" "$2" | head -n 5)"; }

# sanitized: whether this build has AddressSanitizer.
sanitized() { grep -qiE '^SOCKDRILL_SANITIZE:[^=]*=(ON|TRUE|1)$' "$BUILD/CMakeCache.txt"; }

# isolated: whether drills run in a network namespace of their own here.
isolated() {
    printf 's = socket(AF_INET, SOCK_DGRAM, 0)\nconnect(s, 192.0.2.1:0)\n' >"$SCRATCH/way_out.drill"
    ! sockdrill run "$SCRATCH/way_out.drill" | grep -q refused
}
