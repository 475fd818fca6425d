#!/usr/bin/env bash
# habits.sh BUILD ROOT: what has broken other ways of running servers beneath a fuzzer, one after
# another, beneath libsockdrill-preload.so.
# shellcheck source=lib.sh
source "$(dirname "$0")/lib.sh"

library=$BUILD/harness/libsockdrill-preload.so
[[ -e $library ]] || skip 'this build has no libsockdrill-preload.so'

# habit NAME: with the drill on standard input; what the server said has to be the arguments, and
# it has to end by itself.
habit() {
    local name=$1
    shift
    cat >"$SCRATCH/in.drill"
    expect 0 timeout 60 env LD_PRELOAD="$library" SOCKDRILL_INPUT="$SCRATCH/in.drill" \
        "$BUILD/harness/tests/habits" "$name"
    silent err
    diff <( (($# == 0)) || printf '%s\n' "$@") "$SCRATCH/out" || fail "$name said something else"
}

# client NAME [UDP]: the lines of a client that connects.
client() {
    local type=SOCK_STREAM
    [[ ${2-} ]] && type=SOCK_DGRAM
    printf '%s = socket(AF_INET6, %s, 0)\nconnect(%s, [::1]:7007)\n' "$1" "$type" "$1"
}

# 1. The end of the input is the end: nothing spins, nothing waits for ever.
client a | habit serve 'read 0 '
habit serve </dev/null

# 2. Messages stay apart.
{
    client a
    printf 'send(a, "one", 0)\nsend(a, "two", 0)\n'
} | habit serve 'read 3 one' 'read 3 two' 'read 0 '
{
    client a UDP
    printf 'send(a, "one", 0)\nsend(a, "two", 0)\n'
} | habit datagrams 'datagram 3 one' 'datagram 3 two'

# 3. Connections are apart too: a server that connects to itself at its start does not eat the input.
{
    client a
    printf 'send(a, "hello", 0)\n'
} | habit probe 'connect 0 ' 'probe 5 probe' 'read 5 hello' 'read 0 '

# 4. Ancillary data comes and goes with a datagram.
{
    client a UDP
    printf 'send(a, "question", 0)\n'
} | habit control 'to 3 ::1' 'answer 8 '

# 5. A listener that does not block says so when nobody is left, and meets the next all the same.
{
    client a
    client b
} >"$SCRATCH/both"
habit accept_all 'accept 0 ' 'Resource temporarily unavailable -1 ' 'accept 0 ' \
    'Resource temporarily unavailable -1 ' <"$SCRATCH/both"

# 6. Descriptors of the system's in the same set are looked at.
client a | habit wake 'woken 1 w' 'client 1 ' 'woken 1 c'

# 7. Sleeping takes no time.
habit sleep 'left 0 ' 'left 0 ' <"$SCRATCH/both"

# 8. What the kernel has to clear away at the end is not made.
client a | habit watch 'watch 1 ' 'nowhere -1 ' 'kind 20 anon_inode:[eventfd]' 'read 0 '
