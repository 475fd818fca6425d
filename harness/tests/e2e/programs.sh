#!/usr/bin/env bash
# programs.sh BUILD ROOT: unmodified programs, as far as they are installed, answer a request beneath
# libsockdrill-preload.so and end by themselves. What they do, and what others need, stands in
# reports/programs.md.
# shellcheck source=lib.sh
source "$(dirname "$0")/lib.sh"

library=$BUILD/harness/libsockdrill-preload.so
[[ -e $library ]] || skip 'this build has no libsockdrill-preload.so'
PATH=$PATH:/usr/sbin
tried=0

# under PROGRAM ARGUMENT...: with the input in $SCRATCH/in.drill; false where it is not installed.
under() {
    local program
    program=$(command -v "$1") || return 1
    shift
    ((++tried))
    rm -f "$SCRATCH/calls"
    expect 0 timeout 60 env LD_PRELOAD="$library" SOCKDRILL_INPUT="$SCRATCH/in.drill" \
        SOCKDRILL_TRACE="$SCRATCH/calls" "$program" "$@"
}

calls() { grep -qF -e "$1" "$SCRATCH/calls" || fail "no call like $1: $(tail -n 30 "$SCRATCH/calls")"; }

tcp() { printf '%s = socket(AF_INET, SOCK_STREAM, 0)\nconnect(%s, 127.0.0.1:%s)\n' "$1" "$1" "$2"; }

# dnsmasq: a question over UDP, answered with PKTINFO, and the same over TCP.
question='\x12\x34\x01\x00\x00\x01\x00\x00\x00\x00\x00\x00\x04test\x07example\x00\x00\x01\x00\x01'
{
    printf 'u = socket(AF_INET, SOCK_DGRAM, 0)\nconnect(u, 127.0.0.1:53)\nsend(u, "%s", 0)\n' "$question"
    tcp t 53
    printf 'send(t, "\\x00\\x1e%s", 0)\n' "$question"
} >"$SCRATCH/in.drill"
if under dnsmasq -d -C /dev/null -p 53 --no-resolv --no-hosts --address=/test.example/1.2.3.4; then
    calls 'code: sendmsg(0, "\0224\205\200\000\001\000\001\000\000\000\000\004test'
    calls '\000.\0224\205\200\000\001\000\001\000\000\000\000\004test'
    calls '\000\004\001\002\003\004") = 48'
fi

# lighttpd: a page.
printf 'It works.\n' >"$SCRATCH/index.html"
cat >"$SCRATCH/lighttpd.conf" <<CONF
server.document-root = "$SCRATCH"
server.port = 8080
server.bind = "127.0.0.1"
index-file.names = ( "index.html" )
CONF
{
    tcp t 8080
    printf 'send(t, "GET / HTTP/1.0\\r\\n\\r\\n", 0)\n'
} >"$SCRATCH/in.drill"
if under lighttpd -D -f "$SCRATCH/lighttpd.conf"; then
    calls '"HTTP/1.0 200 OK\r\n'
fi

# mosquitto: what one client publishes, the other that has subscribed gets.
printf 'listener 1883 127.0.0.1\nallow_anonymous true\nuser %s\n' "$(id -un)" >"$SCRATCH/mosquitto.conf"
{
    tcp a 1883
    tcp b 1883
    printf 'send(a, "\\x10\\x0d\\x00\\x04MQTT\\x04\\x02\\x00\\x3c\\x00\\x01a", 0)\n'
    printf 'send(a, "\\x82\\x06\\x00\\x01\\x00\\x01t\\x00", 0)\n'
    printf 'send(b, "\\x10\\x0d\\x00\\x04MQTT\\x04\\x02\\x00\\x3c\\x00\\x01b", 0)\n'
    printf 'send(b, "\\x30\\x08\\x00\\x01thello", 0)\n'
} >"$SCRATCH/in.drill"
if under mosquitto -c "$SCRATCH/mosquitto.conf"; then
    grep -F 'code: write(' "$SCRATCH/calls" | grep -qF '"0\010\000\001thello") = 10' ||
        fail 'the message has not been passed on'
fi

# redis
{
    tcp t 6379
    printf 'send(t, "PING\\r\\nSET a 1\\r\\nGET a\\r\\n", 0)\n'
} >"$SCRATCH/in.drill"
if under redis-server --port 6379 --bind 127.0.0.1 --save '' --dir "$SCRATCH"; then
    # shellcheck disable=SC2016 # the reply has a dollar
    calls '"+PONG\r\n+OK\r\n$1\r\n1\r\n") = 19'
fi

# socat: says back what it hears.
{
    tcp t 7000
    printf 'send(t, "hello", 0)\n'
} >"$SCRATCH/in.drill"
if under socat TCP-LISTEN:7000,reuseaddr PIPE; then
    grep -F 'code: write(' "$SCRATCH/calls" | grep -qF '"hello") = 5' || fail 'it says nothing'
fi

# curl: a client; the input is the server's answer.
printf 'HTTP/1.0 200 OK\r\nContent-Length: 3\r\n\r\nabc' >"$SCRATCH/answer"
mv "$SCRATCH/answer" "$SCRATCH/in"
if command -v curl >/dev/null; then
    ((++tried))
    expect 0 timeout 60 env LD_PRELOAD="$library" SOCKDRILL_INPUT="$SCRATCH/in" \
        SOCKDRILL_TRACE="$SCRATCH/calls" curl -q --noproxy '*' -sS http://127.0.0.1:8000/
    [[ $(cat "$SCRATCH/out") == abc ]] || fail 'curl got something else'
    calls 'code: send(0, "GET / HTTP/1.1\r\nHost: 127.0.0.1:8000\r\n'
fi

((tried > 0)) || skip 'none of the programs is installed'
