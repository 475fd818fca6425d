#!/usr/bin/env bash
# judged.sh BUILD ROOT: the sequence targets judge every call, on the stack that is named; what a
# stack does otherwise than it should is a finding with a title.
# shellcheck source=lib.sh
source "$(dirname "$0")/lib.sh"

cat >"$SCRATCH/pair.drill" <<'END'
s = socket(AF_INET, SOCK_DGRAM, 0)
bind(s, 127.0.0.1:0)
c = socket(AF_INET, SOCK_DGRAM, 0)
connect(c, name(s))
send(c, "abc", 0)
recv(s, 64, 0)
END
sockdrill fmt --binary --target sequence/udp "$SCRATCH/pair.drill" >"$SCRATCH/pair"

expect 0 sockdrill replay sequence/udp "$SCRATCH/pair.drill"
! grep -q 'nothing is judged' "$SCRATCH/err" || skip 'without a network namespace nothing is judged'

# A stack with a planted fault, and the same without one.
export SOCKDRILL_UNDER_TEST=$BUILD/plugins/faulty.so
expect 0 sockdrill replay sequence/udp "$SCRATCH/pair"
export SOCKDRILL_FAULT=recv.byte_changed.udp4
for form in pair pair.drill; do
    expect 2 sockdrill replay sequence/udp "$SCRATCH/$form"
    err '^deviation: recv on a bound UDP socket over IPv4: got 3 with other data, '
    err ', allowed 3 \(DATAGRAM_WHOLE\) or unfinished \(RECV_BLOCKS\)$'
    err '^  call      recv\(.*, 64, 0\) = 3 "'
    err '^  allowed   = 3 "abc"   DATAGRAM_WHOLE: .* \['
done
SOCKDRILL_JUDGE=off expect 0 sockdrill replay sequence/udp "$SCRATCH/pair"

SOCKDRILL_UNDER_TEST=$SCRATCH/none.so expect 1 sockdrill replay sequence/udp "$SCRATCH/pair"
err '^sockdrill: .*none.so'
SOCKDRILL_UNDER_TEST=nosuch expect 1 sockdrill replay sequence/udp "$SCRATCH/pair"
err '^sockdrill: no stack "nosuch"'
