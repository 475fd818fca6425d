#!/usr/bin/env bash
# conform.sh BUILD ROOT: `sockdrill conform` judges a stack with drills and with calls drawn at random.
# shellcheck source=lib.sh
source "$(dirname "$0")/lib.sh"

isolated || skip 'no private network namespace is permitted here'
FAULTY=$BUILD/plugins/faulty.so

mkdir -p "$SCRATCH/drills/deeper"
cat >"$SCRATCH/drills/close.drill" <<'END_OF_DRILL'
# POSIX.1-2017 close().
s = socket(AF_INET, SOCK_DGRAM, 0) >= 0
close(s) = 0
close(s) = -1 EBADF
END_OF_DRILL
cat >"$SCRATCH/drills/deeper/departs.drill" <<'END_OF_DRILL'
# POSIX.1-2017 send(): ENOTCONN.
# Linux departs: EPIPE.
s = socket(AF_INET6, SOCK_STREAM, 0) >= 0
send(s, "hello", MSG_NOSIGNAL) = -1 ENOTCONN
END_OF_DRILL
: >"$SCRATCH/drills/deeper/no_drill"

# Clean: files, and folders with what is below them. No call is drawn.
expect 0 sockdrill conform "$SCRATCH/drills/close.drill"
silent err
out '^call +made +succeeded +clauses +decided +deviations +inconclusive$'
out '^close +2 +50\.0% +[1-9][0-9]* +[1-9][0-9]* +0 +0$'
out '^all +3 '
expect 0 sockdrill conform "$SCRATCH/drills"
out '^all +5 '
out '^not met where the drill says that Linux departs: 1, different ones: 1$'
expect 0 sockdrill conform --json --profile linux "$SCRATCH/drills"
jq -e '.schema == "sockdrill-conform" and .stack == "kernel" and .profile == "linux" and
    .drills == 2 and .all.made == 5 and .deviations == [] and .expectations == [] and
    (.departures | length == 1 and .[0].line == 4 and .[0].expected == "= -1 ENOTCONN") and
    (.calls[] | select(.call == "close") | .states."UDP, new" == {made: 1, succeeded: 1}) and
    (.clauses[] | select(.id == "FD_OPEN") | .decided > 0)' "$SCRATCH/out" >/dev/null ||
    fail 'not the JSON expected'
expect 0 sockdrill conform --histogram "$SCRATCH/drills/close.drill"
out '^close +closed +1 +0\.0%$'
out '^close +UDP, new +1 +100\.0%$'

# Under the profile posix, what Linux does otherwise is found: the call, and the drill's own word.
expect 2 sockdrill conform --profile posix "$SCRATCH/drills/deeper/departs.drill"
out '^send SOCK_STREAM AF_INET6: got -1 EPIPE, allowed -1 ENOTCONN \[[A-Z_]+\]$'
out '^    .*/departs\.drill:4: send\(s, "hello", MSG_NOSIGNAL\) = -1 EPIPE$'
out '^    allowed = -1 ENOTCONN$'
out '^        [A-Z_]+ \(shall\): .* \[POSIX.*send\(\).*\]$'
out '^    expected = -1 ENOTCONN$'
out '^deviations: 1, different ones: 1$'
out '^expectations that were not met: 1, different ones: 1$'

# A wrong expectation alone is found too, with its line.
sed 's/EBADF/EINTR/' "$SCRATCH/drills/close.drill" >"$SCRATCH/wrong.drill"
expect 2 sockdrill conform "$SCRATCH/wrong.drill"
out "^$SCRATCH/wrong\.drill:4: not as expected$"
out '^    expected = -1 EINTR$'
! grep -q '^deviations:' "$SCRATCH/out" || fail 'an expectation is taken for a deviation'

# What no text settles conforms, and what the specification does not follow is inconclusive.
expect 0 sockdrill conform --json "$ROOT/harness/tests/open"
jq -e '.all.deviations == 0 and .all.inconclusive > 0' "$SCRATCH/out" >/dev/null ||
    fail 'what is open is not judged so'

# Drawn calls: as many as asked for, the same from the same seed, and most of them succeed.
expect 0 sockdrill conform --json --calls 3000 --seed 7 "$SCRATCH/drills/close.drill"
jq -e '.seed == 7 and .all.made >= 3003 and .all.made < 3103 and .drills > 30 and
    .all.succeeded / .all.made >= 0.6' "$SCRATCH/out" >/dev/null || fail 'not the calls expected'
: >"$SCRATCH/once"
agree=no
for _ in 1 2 3 4 5; do # what is drawn follows what the stack did, which a busy machine may do late
    expect 0 sockdrill conform --json --calls 500 --seed 7 "$SCRATCH/drills/close.drill"
    jq '.calls | map([.call, .made])' "$SCRATCH/out" >"$SCRATCH/twice"
    ! cmp -s "$SCRATCH/once" "$SCRATCH/twice" || { agree=yes && break; }
    mv "$SCRATCH/twice" "$SCRATCH/once"
done
[[ $agree == yes ]] || fail 'no two runs from the same seed draw the same calls'

# A planted fault is found. What was drawn is shortened and saved; it deviates again by itself.
export SOCKDRILL_FAULT=getsockname.port_swapped.tcp4
expect 2 sockdrill conform --stack "$FAULTY" --profile linux --calls 20000 --save "$SCRATCH/saved" \
    "$SCRATCH/drills/deeper"
out '^getsockname SOCK_STREAM AF_INET: got '
out '^    seed [0-9]+.*: getsockname\('
saved=$(find "$SCRATCH/saved" -name 'getsockname-*.drill' | head -n 1)
[[ $(grep -vc '^#' "$saved") -le 4 ]] || fail 'the drill is not short'
expect 2 sockdrill conform --stack "$FAULTY" --profile linux "$saved"
out "^    $saved:[0-9]+.*: getsockname\\("
SOCKDRILL_FAULT='' expect 0 sockdrill conform --stack "$FAULTY" --profile linux "$saved"
trace=$(find "$SCRATCH/saved" -name 'seed-*.trace' | head -n 1)
expect 2 sockdrill explain "$trace"
# With --first the drill that shows it is the last.
expect 2 sockdrill conform --stack "$FAULTY" --profile linux --first "$saved" "$SCRATCH/drills"
expect 2 sockdrill conform --stack "$FAULTY" --profile linux --first --json --calls 100000000 "$saved"
jq -e '.drills == 1' "$SCRATCH/out" >/dev/null || fail 'it went on after the first'

# Data that never comes is told from data that is late, by asking after the last call.
cat >"$SCRATCH/unread.drill" <<'END_OF_DRILL'
a = socket(AF_INET, SOCK_DGRAM, 0)
bind(a, 127.0.0.1:0)
b = socket(AF_INET, SOCK_DGRAM, 0)
sendto(b, "hello", 0, name(a)) = 5
END_OF_DRILL
SOCKDRILL_FAULT='' expect 0 sockdrill conform --stack "$FAULTY" --profile linux "$SCRATCH/unread.drill"
SOCKDRILL_FAULT=sendto.nothing_sent.udp4 expect 2 sockdrill conform --stack "$FAULTY" --profile linux \
    "$SCRATCH/unread.drill"
out '^poll SOCK_DGRAM AF_INET: got 0, allowed POLLIN '
out "^    $SCRATCH/unread\.drill, after its last call: poll\\(\\[\\{a, POLLIN\\}\\], [0-9]+\\) = 0$"

# A call that never returns is found, and the run goes on.
printf 's = socket(AF_INET, SOCK_STREAM, 0)\nlisten(s, 1)\n' >"$SCRATCH/hang.drill"
expect 2 sockdrill conform --stack "$BUILD/plugins/hangs.so" "$SCRATCH/hang.drill" "$SCRATCH/wrong.drill"
err "^sockdrill: $SCRATCH/hang\.drill: call 2, listen, did not return within [0-9]+ s$"
out "^$SCRATCH/wrong\.drill:4: not as expected$"
out '^listen \(TCP, new\): did not return within '
out '^calls that did not return: 1, different ones: 1$'

# So does one that ends the process; drawn calls in a state in which it was seen twice leave it out.
expect 2 sockdrill conform --json --stack "$BUILD/plugins/crashes.so" --calls 1000 --profile linux \
    "$SCRATCH/hang.drill" "$SCRATCH/wrong.drill"
err "^sockdrill: $SCRATCH/hang\.drill: call 2, listen, ended the process with SIGABRT$"
err '^crashes: no listening here$'
jq -e '(.expectations | length == 1) and .all.made > 50 and all(.crashes[]; .count <= 2) and
    (.crashes[0] | .title == "listen (TCP, new): ended the process with SIGABRT" and .count >= 1 and
    .line == 2 and (.file | endswith("/hang.drill")))' "$SCRATCH/out" >/dev/null ||
    fail 'not the JSON of a stack that crashes'
refused '^sockdrill: the stack .*/leaves\.so ended the process before its first call$' \
    sockdrill conform --stack "$BUILD/plugins/leaves.so" "$SCRATCH/wrong.drill"

# Interrupted: a clean end with what was found.
status=0
timeout --preserve-status -s INT 4 "$BUILD/sockdrill" conform --json --progress --calls 1000000000 \
    "$SCRATCH/wrong.drill" >"$SCRATCH/out" 2>"$SCRATCH/err" || status=$?
((status == 2)) || fail "an interrupted run ended with $status"
err '^sockdrill: [0-9]+ drills, [0-9]+ calls, [0-9]+ deviations'
err '^sockdrill: interrupted'
jq -e '.interrupted and .all.made > 100 and (.expectations | length == 1)' "$SCRATCH/out" >/dev/null ||
    fail 'not the JSON of an interrupted run'

# What cannot be run: one line, and status 1.
unset SOCKDRILL_FAULT
refused '^sockdrill: no profile is called bsd: ' sockdrill conform --profile bsd "$SCRATCH/drills"
refused '^sockdrill: no stack "linux": ' sockdrill conform --stack linux "$SCRATCH/drills"
refused '^sockdrill: /nowhere\.drill: No such file' sockdrill conform /nowhere.drill
mkdir "$SCRATCH/empty"
refused '^sockdrill: .*/empty: there is no drill' sockdrill conform "$SCRATCH/empty"
printf 'close(remote)\n' >"$SCRATCH/remote.drill"
refused '^sockdrill: .*/remote\.drill: the variable "remote"' sockdrill conform "$SCRATCH/remote.drill"
refused ': -1 is no number$' sockdrill conform --calls -1
