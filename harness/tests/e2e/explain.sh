#!/usr/bin/env bash
# explain.sh BUILD ROOT: what `sockdrill conform --record` saves, `sockdrill explain` judges later.
# shellcheck source=lib.sh
source "$(dirname "$0")/lib.sh"

isolated || skip 'no private network namespace is permitted here'

cat >"$SCRATCH/unconnected.drill" <<'END_OF_DRILL'
stream = socket(AF_INET, SOCK_STREAM, 0)
send(stream, "hello", MSG_NOSIGNAL)
bind(stream, 127.0.0.1:0)
listen(not_socket, 1)
poll([{stream, POLLIN}], 1000)
END_OF_DRILL
expect 0 sockdrill conform --record "$SCRATCH/traces" "$SCRATCH/unconnected.drill"
trace=$(echo "$SCRATCH"/traces/*unconnected.trace)
[[ $(head -n 1 "$trace") == 'trace 1 stack "kernel" profile "linux" settle '* ]] ||
    fail 'the trace does not begin as one'
grep -qx 'send(stream, "hello", MSG_NOSIGNAL) -> -1 EPIPE' "$trace" || fail 'not the call recorded'
grep -qE '^\? getsockname\([0-9]+\) -> 0 @ 127\.0\.0\.1:[0-9]+$' "$trace" || fail 'not the name recorded'

# Line by line, with the clause that decided.
expect 0 sockdrill explain "$trace"
silent err
out '^send\(stream, "hello", MSG_NOSIGNAL\) -> -1 EPIPE$'
out '^    conforms: [A-Z_]+ \((shall|may|should|Linux)\): .* \[.*\]$'
out '^[0-9]+ conform, 0 deviate, 0 inconclusive$'

# By another profile: what deviates, and what was allowed.
expect 2 sockdrill explain --profile posix "$trace"
out '^    deviates$'
out '^    allowed = -1 ENOTCONN$'
out ', 1 deviate, '
expect 2 sockdrill explain --json --profile posix "$trace"
jq -e '[.[] | select(.judgement == "deviates")] | length == 1 and .[0].line == 3 and
    .[0].allowed[0].outcome == "= -1 ENOTCONN" and (.[0].allowed[0].clause | has("citation"))' \
    "$SCRATCH/out" >/dev/null || fail 'not the JSON expected'
jq -e '.[0].judgement == "conforms" and (.[0].clause | has("statement"))' "$SCRATCH/out" >/dev/null ||
    fail 'not the clause expected'

# conform takes traces too, folders of them included.
expect 0 sockdrill conform "$SCRATCH/traces"
out '^send +1 +0\.0% '
expect 2 sockdrill conform --profile posix "$trace"
out "^    $trace:3: send\\(stream, \"hello\", MSG_NOSIGNAL\\) = -1 EPIPE$"

# Drawn drills are recorded under their seeds.
expect 0 sockdrill conform --record "$SCRATCH/drawn" --calls 150 --seed 5 "$SCRATCH/unconnected.drill"
expect 0 sockdrill explain "$SCRATCH/drawn/seed-5.trace"

# What is wrong with a trace: one line with its place, and status 1.
head -n -1 "$trace" >"$SCRATCH/cut.trace"
expect 1 sockdrill explain "$SCRATCH/cut.trace"
err "^sockdrill: $SCRATCH/cut\.trace:[0-9]+:1: the trace is cut off: .* record it again$"
sed 's/ -> -1 EPIPE//' "$trace" >"$SCRATCH/without.trace"
expect 1 sockdrill explain "$SCRATCH/without.trace"
err '/without\.trace:3:[0-9]+: expected "->" and what the call came to'
refused '/unconnected\.drill:1:1: expected a trace, ' sockdrill explain "$SCRATCH/unconnected.drill"
refused 'No such file or directory' sockdrill explain "$SCRATCH/none.trace"
refused 'no profile is called bsd' sockdrill explain --profile bsd "$trace"
refused 'usage: sockdrill explain TRACE' sockdrill explain
if [[ -c /dev/full && $EUID != 0 ]]; then
    refused 'Permission denied' sockdrill conform --record /proc/traces "$SCRATCH/unconnected.drill"
fi
