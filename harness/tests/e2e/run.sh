#!/usr/bin/env bash
# run.sh BUILD ROOT: `sockdrill run` makes a drill's calls, prints them and checks what they came to.
# shellcheck source=lib.sh
source "$(dirname "$0")/lib.sh"

cat >"$SCRATCH/good.drill" <<'END'
# A half-close.
l = socket(AF_INET, SOCK_STREAM, 0) >= 0
bind(l, 127.0.0.1:0) = 0
listen(l, 1) = 0
c = socket(AF_INET, SOCK_STREAM, 0)
connect(c, name(l)) = 0
s = accept(l) >= 0

send(c, "GET\n", MSG_NOSIGNAL) = 4
shutdown(c, SHUT_WR) = 0
recv(s, 64, 0) = 4 "GET\n"
recv(s, 64, 0) = 0
recv(c, 64, 0) <unfinished>
recv(c, 64, MSG_DONTWAIT) = -1 EAGAIN
END

expect 0 sockdrill run "$SCRATCH/good.drill"
silent err
out '^l = socket\(AF_INET, SOCK_STREAM, 0\) >= 0 # [0-9]+$'
out '^s = accept\(l\) >= 0 # [0-9]+ 127\.0\.0\.1:[0-9]+$'
out '^send\(c, "GET\\n", MSG_NOSIGNAL\) = 4$'
out '^recv\(s, 64, 0\) = 4 "GET\\n"$'
out '^recv\(c, 64, 0\) <unfinished>$'
out '^recv\(c, 64, MSG_DONTWAIT\) = -1 EAGAIN$'
[[ $(wc -l <"$SCRATCH/out") == 12 ]] || fail 'not one line a call'

# What it prints is a drill, whose expectations are met.
cp "$SCRATCH/out" "$SCRATCH/printed.drill"
expect 0 sockdrill run "$SCRATCH/printed.drill"
silent err

# Wrong expectations, one of each kind: status 2, and each is named with its file and line.
for wrong in 's/= 4$/= 3/' 's/= 4 "GET/= 4 "PUT/' 's/EAGAIN/EINTR/' 's/<unfinished>/= 0/'; do
    sed "$wrong" "$SCRATCH/good.drill" >"$SCRATCH/wrong.drill"
    line=$(diff "$SCRATCH/good.drill" "$SCRATCH/wrong.drill" | sed -nE '1s/^([0-9]+).*/\1/p') || true
    expect 2 sockdrill run "$SCRATCH/wrong.drill"
    err "^$SCRATCH/wrong\.drill:$line: expected "
    [[ $(wc -l <"$SCRATCH/err") == 1 ]] || fail 'not one line for one wrong expectation'
    [[ $(wc -l <"$SCRATCH/out") == 12 ]] || fail 'the calls after a wrong one were not made'
done

# JSON: valid, one object a call, also when an expectation is not met or bytes are not text.
sed -i 's/"GET/"\\xff\\x00\\xc3\\x28/; s/= 4$/= 5/' "$SCRATCH/good.drill"
expect 2 sockdrill run --json "$SCRATCH/good.drill"
jq -e 'length == 12 and all(.[]; has("line") and has("call") and has("kind") and has("result")
    and has("outcome") and has("met"))' "$SCRATCH/out" >/dev/null || fail 'not the JSON expected'
jq -e '[.[] | select(.met == false)] | length == 1' "$SCRATCH/out" >/dev/null ||
    fail 'not the expectations expected'
jq -e '.[11].errno == "EAGAIN" and .[11].line == 14 and .[11].kind == "returned"
    and .[10].kind == "unfinished"' "$SCRATCH/out" >/dev/null || fail 'not the last calls expected'

# A binary input, and an empty one.
printf '\xfe\x53\x01\xfe\x53\x0d' >"$SCRATCH/input"
expect 0 sockdrill run "$SCRATCH/input"
silent err
out '^s0 = socket\(AF_INET, SOCK_STREAM, 0\) >= 0 # [0-9]+$'
out '^close\(s0\) = 0$'
: >"$SCRATCH/empty"
expect 0 sockdrill run "$SCRATCH/empty"
silent out
silent err

# Without isolation other addresses are refused, and the drill goes on.
printf 's = socket(AF_INET, SOCK_DGRAM, 0)\nconnect(s, 192.0.2.1:0)\nclose(s) = 0\n' \
    >"$SCRATCH/out.drill"
SOCKDRILL_ISOLATION=off expect 0 sockdrill run "$SCRATCH/out.drill"
out '^connect\(s, 192\.0\.2\.1:0\) # refused: not loopback$'
out '^close\(s\) = 0$'

# Several files: each is named, all are run, and one finding is enough.
printf 's = socket(AF_INET, SOCK_DGRAM, 0)\nclose(s) = 0\n' >"$SCRATCH/one.drill"
printf 's = socket(AF_INET, SOCK_DGRAM, 0)\nclose(s) = 1\n' >"$SCRATCH/two.drill"
expect 0 sockdrill run "$SCRATCH/one.drill" "$SCRATCH/input" "$SCRATCH/one.drill"
silent err
[[ $(grep -c '^# .*/one\.drill$' "$SCRATCH/out") == 2 ]] || fail 'not every file is named'
[[ $(grep -c '= 0$' "$SCRATCH/out") == 3 ]] || fail 'not every file was run'
expect 2 sockdrill run "$SCRATCH/two.drill" "$SCRATCH/one.drill"
err '^.*/two\.drill:2: expected = 1$'
out '^# .*/one\.drill$'
expect 2 sockdrill run --json "$SCRATCH/one.drill" "$SCRATCH/two.drill"
jq -e '[.[].file | sub(".*/"; "")] == ["one.drill", "one.drill", "two.drill", "two.drill"]' \
    "$SCRATCH/out" >/dev/null || fail 'not the files expected'
jq -e '[.[] | select(.met | not) | .file | sub(".*/"; "")] == ["two.drill"]' "$SCRATCH/out" \
    >/dev/null || fail 'not the expectation expected'
expect 1 sockdrill run "$SCRATCH/one.drill" "$SCRATCH/none.drill"
err '^sockdrill: .*/none\.drill: '
