#!/usr/bin/env bash
# interposed.sh BUILD ROOT: every function that the C library exports and that takes a descriptor or a
# time stands in lists/interposed.def, and the table in harness/interpose/README.md is made of that.
# shellcheck source=lib.sh
source "$(dirname "$0")/lib.sh"

interposed=$BUILD/harness/tests/interposed
cd "$ROOT"

# headers: those of the C library that compile by themselves, as includes.
headers() {
    dpkg -L libc6-dev | grep -E '^/usr/include/([a-z0-9_]+-linux-gnu/)?((sys|arpa|net|netinet|rpc)/)?[^/]*\.h$' |
        sed -E 's#^/usr/include/([a-z0-9_]+-linux-gnu/)?##' | sort -u |
        grep -vxE 'regexp\.h|sys/(elf|vm86)\.h' | sed 's/.*/#include <&>/'
}

# prototypes: of the functions in them, fortified ones too, that take a descriptor or a time.
prototypes() {
    headers | cc -x c -E -P -O1 -D_GNU_SOURCE -D_FORTIFY_SOURCE=2 - | awk -f harness/tests/interposed/takers.awk
}

exported() {
    nm -D --defined-only "$(cc -print-file-name=libc.so.6)" | awk '$2 ~ /[TWi]/ { sub(/@.*/, "", $3); print $3 }'
}

command -v dpkg >/dev/null || skip 'the headers are found by dpkg'
"$interposed" names | sort >"$SCRATCH/listed"
[[ ! $(uniq -d "$SCRATCH/listed") ]] || fail "twice in interposed.def: $(uniq -d "$SCRATCH/listed" | xargs)"
exported | sort -u >"$SCRATCH/exported"
prototypes | sort -u | comm -12 - "$SCRATCH/exported" >"$SCRATCH/takers"
for known in recvmmsg poll __recv_chk clock_nanosleep sleep time epoll_pwait2 close_range fdopen; do
    grep -qx "$known" "$SCRATCH/takers" || fail "$known is not found in the C library's headers"
done
unlisted=$(comm -23 "$SCRATCH/takers" "$SCRATCH/listed" | xargs)
[[ ! $unlisted ]] || fail "not in interposed.def, nor in refused.def: $unlisted"
[[ $(comm -23 "$SCRATCH/takers" <(grep -vx ppoll "$SCRATCH/listed")) == ppoll ]] ||
    fail 'that ppoll is not listed would not be noticed'
unknown=$(comm -13 "$SCRATCH/exported" "$SCRATCH/listed" | xargs)
[[ ! $unknown ]] || fail "the C library has no $unknown"

"$interposed" table >"$SCRATCH/table"
sed -n '/^| in code/,/^$/p' harness/interpose/README.md | sed '/^$/d' | diff - "$SCRATCH/table" ||
    fail "the table in harness/interpose/README.md is not that of $interposed table"
