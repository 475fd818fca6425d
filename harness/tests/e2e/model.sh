#!/usr/bin/env bash
# model.sh BUILD ROOT: the specification as a stack does nothing that the specification forbids.
# shellcheck source=lib.sh
source "$(dirname "$0")/lib.sh"

# judged MADE LOST ARGUMENT...: at least so many calls are made, none deviates, and so many drills are
# inconclusive.
judged() {
    local made=$1 lost=$2 status=0
    shift 2
    sockdrill conform --stack model --json "$@" >"$SCRATCH/report" 2>"$SCRATCH/err" || status=$?
    ((status == 0 || status == 2)) || fail "conform --stack model $* ended with $status"
    jq -e --argjson made "$made" --argjson lost "$lost" '.profile == "linux" and .all.made >= $made and
        .all.deviations == 0 and .all.inconclusive == $lost' "$SCRATCH/report" >/dev/null ||
        fail "conform --stack model $*: $(jq -c '.all, [.deviations[]?.title]' "$SCRATCH/report")"
}

# What comes of a bind to a scope is not followed: bind/link_local_without_interface.
judged 9000 1 "$ROOT/corpus/conformance"
printf 'close(-1) = -1 EBADF\n' >"$SCRATCH/one.drill"
for seed in 1 2; do
    judged 19000 0 --calls 20000 --seed "$seed" "$SCRATCH/one.drill"
done

# A stream and a datagram over each family, and no descriptor of the system's: the numbers are its own.
for family in 'AF_INET 127.0.0.1' 'AF_INET6 [::1]'; do
    read -r af lo <<<"$family"
    cat >"$SCRATCH/both.drill" <<END
l = socket($af, SOCK_STREAM, 0) >= 0
bind(l, $lo:0) = 0
listen(l, 1) = 0
c = socket($af, SOCK_STREAM, 0) >= 0
connect(c, name(l)) = 0
s = accept(l) >= 0
writev(c, ["half ", "and half"]) = 13
readv(s, [5, 64]) = 13 "half and half"
a = socket($af, SOCK_DGRAM, 0) >= 0
bind(a, $lo:0) = 0
sendto(a, fill("ab", 5), 0, name(a)) = 5
recvfrom(a, 64, 0) = 5 "ababa"
END
    expect 0 sockdrill run --stack model "$SCRATCH/both.drill"
    silent err
    out "^l = socket\($af, SOCK_STREAM, 0\) >= 0 # 0$"
done
