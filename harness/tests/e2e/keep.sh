#!/usr/bin/env bash
# keep.sh BUILD ROOT: `sockdrill keep` puts a crash into corpus/regressions/, from where it replays.
# What it wrote is taken away again; ctest runs it alone, because others read that folder.
# shellcheck source=lib.sh
source "$(dirname "$0")/lib.sh"

REGRESSIONS=$ROOT/corpus/regressions
[[ -w $REGRESSIONS ]] || skip 'corpus/regressions cannot be written'

# tidy_up: removes what was kept, and the folders made for it.
kept=()
tidy_up() {
    ((${#kept[@]} == 0)) || rm -f -- "${kept[@]}"
    find "$REGRESSIONS" -mindepth 1 -type d -empty -delete
}

# keep TARGET FILE: leaves the kept file's name in $file.
keep() {
    local before=no
    expect 0 sockdrill keep "$@"
    silent err
    (($(wc -l <"$SCRATCH/out") == 1)) || fail 'not one line on stdout'
    file=$(<"$SCRATCH/out")
    [[ $file == "$REGRESSIONS/$1"/* && -f $file ]] || fail "$file is not a file in $REGRESSIONS/$1"
    git -C "$ROOT" ls-files --error-unmatch -- "$file" >/dev/null 2>&1 && before=yes
    [[ $before == yes ]] || kept+=("$file")
}

# The canary's crash: kept as text, under the same name each time, and replayed from there.
cat >"$SCRATCH/crash.drill" <<'END'
l = socket(AF_INET, SOCK_STREAM, 0)
bind(l, 127.0.0.1:0)
listen(l, 1)
shutdown(l, SHUT_RDWR)
s = accept4(l, 0)
END
sockdrill fmt --binary --target canary "$SCRATCH/crash.drill" >"$SCRATCH/crash"
keep canary "$SCRATCH/crash"
first=$file
[[ $file == *.drill ]] || fail "$file is no drill"
grep -q 'shutdown(s0, SHUT_RDWR)' "$file" || fail "$file does not hold the calls"
keep canary "$SCRATCH/crash"
[[ $file == "$first" ]] || fail 'the same crash got two names'
if sanitized; then
    expect 2 sockdrill replay canary "$file"
    err 'AddressSanitizer: heap-use-after-free'
fi

# A server's: `remote` keeps its place, whatever the input does with it.
printf '\xfe\x53\x01\x00\x10\xfe\x53\x06\0\0\0\0\0\0\0\0\0\0\0hello' >"$SCRATCH/remote"
keep examples/line_server "$SCRATCH/remote"
expect 0 sockdrill fmt --binary --target examples/line_server "$file"
cp "$SCRATCH/out" "$SCRATCH/again"
expect 0 sockdrill fmt --target examples/line_server "$SCRATCH/remote"
cp "$SCRATCH/out" "$SCRATCH/before"
expect 0 sockdrill fmt --target examples/line_server "$SCRATCH/again"
same "$SCRATCH/out" "$SCRATCH/before"
expect 0 sockdrill replay examples/line_server "$file"

# Text and bytes: kept as a line that is read back as the same bytes; also none, and a comment's.
i=0
for bytes in '::1' '#no comment' '\\\\n' 'a\nb' '\0\0377' ' ' ''; do
    printf '%b' "$bytes" >"$SCRATCH/bytes.$i"
    keep address/inet_pton "$SCRATCH/bytes.$i"
    [[ $file == *.txt ]] || fail "$file is no text"
    expect 0 "$BUILD/targets/address/inet_pton" "$file"
    grep -q '^1 inputs replayed$' "$SCRATCH/err" || fail "kept \"$bytes\" is not one input"
    ((++i))
done

# A file that cannot be read is not kept.
before=$(find "$REGRESSIONS" -type f | wc -l)
refused '^sockdrill: .*/missing: No such file or directory$' sockdrill keep canary "$SCRATCH/missing"
printf 'close(x)\n' >"$SCRATCH/bad.drill"
refused '^sockdrill: .*/bad\.drill:1:7: ' sockdrill keep canary "$SCRATCH/bad.drill"
(($(find "$REGRESSIONS" -type f | wc -l) == before)) || fail 'something was kept'
