#!/usr/bin/env bash
# fmt.sh BUILD ROOT: `sockdrill fmt` converts inputs between their forms and keeps what people wrote.
# shellcheck source=lib.sh
source "$(dirname "$0")/lib.sh"

cat >"$SCRATCH/loose.drill" <<'END'
# A comment,
#   of two lines.

  server=socket ( AF_INET6 ,SOCK_STREAM|SOCK_CLOEXEC,0 )   # at a line's end
bind(server,[::1]:20001)=0
	# indented
send(server, "a # in a string \" and \\", MSG_DONTWAIT|MSG_NOSIGNAL) = -1 EPIPE # why
poll([{server,POLLIN}],-1)
END
cat >"$SCRATCH/canonical.drill" <<'END'
# A comment,
#   of two lines.

server = socket(AF_INET6, SOCK_STREAM|SOCK_CLOEXEC, 0) # at a line's end
bind(server, [::1]:20001) = 0
# indented
send(server, "a # in a string \" and \\", MSG_NOSIGNAL|MSG_DONTWAIT) = -1 EPIPE # why
poll([{server, POLLIN}], -1)
END

expect 0 sockdrill fmt "$SCRATCH/loose.drill"
silent err
cp "$SCRATCH/out" "$SCRATCH/once.drill"
same "$SCRATCH/once.drill" "$SCRATCH/canonical.drill"
expect 0 sockdrill fmt "$SCRATCH/once.drill"
same "$SCRATCH/out" "$SCRATCH/canonical.drill"

# Line ends of Windows become plain ones.
sed 's/$/\r/' "$SCRATCH/loose.drill" >"$SCRATCH/windows.drill"
expect 0 sockdrill fmt "$SCRATCH/windows.drill"
same "$SCRATCH/out" "$SCRATCH/canonical.drill"

# Text to binary, and back: the calls stay, and so do the bytes.
expect 0 sockdrill fmt --binary "$SCRATCH/loose.drill"
silent err
cp "$SCRATCH/out" "$SCRATCH/binary"
expect 0 sockdrill fmt "$SCRATCH/binary"
silent err
cp "$SCRATCH/out" "$SCRATCH/back.drill"
grep -v '^ *#' "$SCRATCH/canonical.drill" | sed -E 's/ # (at|why).*//; s/\) = .*/)/; /^$/d' |
    sed 's/server/s0/g' >"$SCRATCH/plain.drill"
same "$SCRATCH/back.drill" "$SCRATCH/plain.drill"
expect 0 sockdrill fmt --binary "$SCRATCH/back.drill"
same "$SCRATCH/out" "$SCRATCH/binary"

# Every drill, of a pair one: canonical once is canonical for ever, and its binary form says the same.
# Those of corpus/conformance are no target's.
while IFS= read -r -d '' seed; do
    rules=(--target "$(dirname "${seed#"$ROOT"/corpus/*/}")")
    [[ $seed != "$ROOT"/corpus/conformance/* ]] || rules=()
    expect 0 sockdrill fmt "$seed"
    cp "$SCRATCH/out" "$SCRATCH/once.drill"
    expect 0 sockdrill fmt "$SCRATCH/once.drill"
    same "$SCRATCH/out" "$SCRATCH/once.drill"
    expect 0 sockdrill fmt --binary "${rules[@]}" "$seed"
    cp "$SCRATCH/out" "$SCRATCH/binary"
    expect 0 sockdrill fmt "${rules[@]}" "$SCRATCH/binary"
    cp "$SCRATCH/out" "$SCRATCH/back.drill"
    expect 0 sockdrill fmt --binary "${rules[@]}" "$SCRATCH/back.drill"
    same "$SCRATCH/out" "$SCRATCH/binary"
done < <(find "$ROOT/corpus" -name '*.drill' ! -path '*/conformance/*_ipv6.drill' -print0)

# The rules of a target: --target reads a binary input as the target would.
printf '\xfe\x53\x01' >"$SCRATCH/socket"
expect 0 sockdrill fmt --target sequence/udp "$SCRATCH/socket"
out '^s0 = socket\(AF_INET, SOCK_DGRAM, 0\)$'
expect 0 sockdrill fmt --target sequence/tcp "$SCRATCH/socket"
out '^s0 = socket\(AF_INET, SOCK_STREAM, 0\)$'
printf '\xfe\x53\x0d' >"$SCRATCH/close"
expect 0 sockdrill fmt --target examples/line_server "$SCRATCH/close"
out '^close\(remote\)$'
printf '::1\0\xff\n' >"$SCRATCH/text"
expect 0 sockdrill fmt --target address/inet_pton "$SCRATCH/text"
out '^::1\\x00\\xff\\x0a$'

# An output that cannot be written is said.
if [[ -w /dev/full ]]; then
    status=0
    sockdrill fmt "$SCRATCH/loose.drill" >/dev/full 2>"$SCRATCH/err" || status=$?
    ((status == 1)) || fail "fmt to a full device ended with $status"
    err '^sockdrill: cannot write the output: No space left on device$'
fi
