#!/usr/bin/env bash
# lwip.sh BUILD ROOT: lwIP behind `sockdrill run --stack lwip`, where sockdrill is built with it.
# shellcheck source=lib.sh
source "$(dirname "$0")/lib.sh"

: >"$SCRATCH/empty"
if ! sockdrill run --stack lwip "$SCRATCH/empty" 2>"$SCRATCH/err"; then
    err '^sockdrill: this sockdrill was built without lwIP: install liblwip-dev and build it again$'
    ((FAILURES == 0)) || exit 1
    skip 'built without lwIP'
fi

# The two protocols over the two families, as POSIX has them.
for family in 'AF_INET 127.0.0.1' 'AF_INET6 [::1]'; do
    read -r af lo <<<"$family"
    cat >"$SCRATCH/stream.drill" <<END
l = socket($af, SOCK_STREAM, 0) >= 0
bind(l, $lo:0) = 0
listen(l, 1) = 0
c = socket($af, SOCK_STREAM|SOCK_NONBLOCK, 0) >= 0
connect(c, name(l)) = -1 EINPROGRESS
poll([{c, POLLOUT}], 500) = 1 [{c, POLLOUT}]
s = accept(l) >= 0
send(c, "GET\n", MSG_NOSIGNAL) = 4
recv(s, 64, 0) = 4 "GET\n"
shutdown(c, SHUT_WR) = 0
recv(s, 64, 0) = 0
close(s) = 0
END
    cat >"$SCRATCH/datagram.drill" <<END
a = socket($af, SOCK_DGRAM, 0) >= 0
bind(a, $lo:0) = 0
b = socket($af, SOCK_DGRAM, 0) >= 0
bind(b, $lo:0) = 0
sendto(b, "ping", 0, name(a)) = 4
recvfrom(a, 64, 0) = 4 "ping"
END
    for drill in stream datagram; do
        expect 0 sockdrill run --stack lwip "$SCRATCH/$drill.drill"
        silent err
    done
    # Two descriptors of lwIP's, which the kernel knows nothing of.
    out "^a = socket\($af, SOCK_DGRAM, 0\) >= 0 # 1$"
    out "^recvfrom\(a, 64, 0\) = 4 \"ping\" # ${lo//[][]/.}:[0-9]+$"
done

# What it lacks is unsupported.
printf 's = socket(AF_INET, SOCK_DGRAM, 0)\nd = dup(s)\na = accept4(s, 0)\n' >"$SCRATCH/lacks.drill"
expect 0 sockdrill run --stack lwip "$SCRATCH/lacks.drill"
[[ $(grep -c '# unsupported by this stack$' "$SCRATCH/out") == 2 ]] || fail 'not two calls lack'

# Without isolation there is no way out either: lwIP has none.
printf 's = socket(AF_INET, SOCK_DGRAM, 0)\nsendto(s, "x", 0, 192.0.2.1:0) = -1 EHOSTUNREACH\n' \
    >"$SCRATCH/out.drill"
SOCKDRILL_ISOLATION=off expect 0 sockdrill run --stack lwip "$SCRATCH/out.drill"
out '^sendto\(s, "x", 0, 192\.0\.2\.1:0\) # refused: not loopback$'
if isolated; then
    expect 0 sockdrill run --stack lwip "$SCRATCH/out.drill"
    silent err
fi

# ran STATUS: a run's end, be it as expected or not, but neither a crash nor a call that hangs.
ran() {
    (($1 == 0 || $1 == 2)) && ! grep -q 'did not return' "$SCRATCH/err"
}

# Every seed that mixes the protocols, by itself and after one another.
mixed=("$ROOT"/corpus/seeds/sequence/mixed/*.drill)
for drill in "${mixed[@]}"; do
    status=0
    timeout 30 "$BUILD/sockdrill" run --stack lwip "$drill" >"$SCRATCH/out" 2>"$SCRATCH/err" ||
        status=$?
    ran "$status" || fail "$drill ended with $status"
done
status=0
timeout 120 "$BUILD/sockdrill" run --stack lwip "${mixed[@]}" >"$SCRATCH/out" 2>"$SCRATCH/err" ||
    status=$?
ran "$status" || fail "the seeds after one another ended with $status"
[[ $(grep -c '^# .*\.drill$' "$SCRATCH/out") == "${#mixed[@]}" ]] || fail 'not every seed was run'

# A finding in lwIP that nothing else may meet: it is seen, and ends.
status=0
sockdrill run --stack lwip "$ROOT/harness/tests/e2e/lwip_bound_twice.drill" >"$SCRATCH/out" \
    2>"$SCRATCH/err" || status=$?
if ((status == 2)); then
    err '^.*/lwip_bound_twice\.drill:7: expected = -1 EINVAL$'
    err 'lwip_bound_twice\.drill: call 4, bind, did not return within [0-9]+ s$'
else
    ((status == 0)) || fail "the drill that binds twice ended with $status"
fi
