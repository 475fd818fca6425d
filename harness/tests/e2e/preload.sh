#!/usr/bin/env bash
# preload.sh BUILD ROOT: programs that know nothing of sockdrill run on the model beneath
# libsockdrill-preload.so, meet the remote, and end by themselves.
# shellcheck source=lib.sh
source "$(dirname "$0")/lib.sh"

library=$BUILD/harness/libsockdrill-preload.so
tests=$BUILD/harness/tests
[[ -e $library ]] || skip 'this build has no libsockdrill-preload.so'

# under INPUT PROGRAM ARGUMENT...: what both sides call is in $SCRATCH/calls.
under() {
    local input=$1
    shift
    timeout 60 env LD_PRELOAD="$library" SOCKDRILL_INPUT="$input" SOCKDRILL_TRACE="$SCRATCH/calls" "$@"
}

calls() { grep -qE -e "$1" "$SCRATCH/calls" || fail "no call like $1: $(head -n 30 "$SCRATCH/calls")"; }

# Bytes that are no drill are what a client sends, over TCP and UDP, ports that others may not bind
# among them. When it has closed, and nothing else can come, the program ends.
printf 'hello\0there' >"$SCRATCH/hello"
expect 0 under "$SCRATCH/hello" "$tests/shout" 7
silent err
calls '^code: write\(.*"HELLO\\000THERE"\) = 11$'
calls '^remote: recv\(.*\) = 11$'
calls '^# 2 sockets$'
expect 0 under "$SCRATCH/hello" "$tests/shout" 7 udp
calls '^code: sendto\(.*"HELLO\\000THERE"\) = 11$'

# The standard input is one too, which the program itself does not get to read.
printf 'hi' | timeout 60 env LD_PRELOAD="$library" SOCKDRILL_TRACE="$SCRATCH/calls" "$tests/shout" 7
calls '^code: write\(.*"HI"\) = 2$'

# A drill has several clients, whose messages stay apart.
cat >"$SCRATCH/two.drill" <<'DRILL'
a = socket(AF_INET, SOCK_STREAM, 0)
b = socket(AF_INET, SOCK_STREAM, 0)
connect(a, 127.0.0.1:7)
connect(b, 127.0.0.1:7)
send(a, "one", 0)
send(a, "two", 0)
send(b, "three", 0)
DRILL
expect 0 under "$SCRATCH/two.drill" "$tests/shout" 7
calls '^code: write\(.*"ONE"\) = 3$'
calls '^code: write\(.*"TWO"\) = 3$'
calls '^code: write\(.*"THREE"\) = 5$'

# The same input gives the same run.
cp "$SCRATCH/calls" "$SCRATCH/before"
expect 0 under "$SCRATCH/two.drill" "$tests/shout" 7
cmp -s "$SCRATCH/before" "$SCRATCH/calls" || fail 'the same drill was another run'

# The fuzzer's side of the fork server: each run meets its own input, and a crash is one.
printf 'crash' >"$SCRATCH/crash"
expect 0 "$tests/fuzzer" "$library" 100 "$SCRATCH/hello" "$SCRATCH/crash" -- "$tests/shout" 7
[[ $(grep -c 'hello: exit 0, covers something$' "$SCRATCH/out") == 50 ]] || fail 'not fifty runs'
[[ $(grep -c 'crash: signal 6$' "$SCRATCH/out") == 50 ]] || fail 'not fifty crashes'

# A sanitizer of the program's still sees what a call is given, and all of it: two bytes came. Where
# its library is a shared one it has to be the first.
checked=$tests/habits_checked
if nm "$checked" | grep -q __asan_init; then
    sanitizer=$(ldd "$checked" | awk '/libasan/ { print $3 }')
    printf 'hi' >"$SCRATCH/hi"
    expect 1 timeout 60 env LD_PRELOAD="${sanitizer:+$sanitizer:}$library" SOCKDRILL_INPUT="$SCRATCH/hi" \
        "$checked" overflow
    err 'ERROR: AddressSanitizer: heap-buffer-overflow'
fi

# What is wrong is said in one line.
expect 1 under "$SCRATCH/nowhere" "$tests/shout" 7
err "^sockdrill: SOCKDRILL_INPUT: .*nowhere: No such file or directory$"
[[ $(wc -l <"$SCRATCH/err") == 1 ]] || fail 'not one line'
head -c $(((1 << 20) + 1)) /dev/zero >"$SCRATCH/large"
# shellcheck disable=SC2016 # expanded by the inner shell
expect 1 timeout 60 bash -c 'LD_PRELOAD=$1 exec "$2" 7 <"$3"' - "$library" "$tests/shout" "$SCRATCH/large"
err '^sockdrill: the standard input: larger than 1 MiB, which no input is$'
expect 1 env LD_PRELOAD="$library" SOCKDRILL_TRACE=/nowhere/calls "$tests/shout" 7
err '^sockdrill: SOCKDRILL_TRACE: /nowhere/calls: No such file or directory$'
