#!/usr/bin/env bash
# replay.sh BUILD ROOT: `sockdrill replay` runs a target on files, and tells a crash from success.
# shellcheck source=lib.sh
source "$(dirname "$0")/lib.sh"

# All seeds of each target, in every form: a folder, its files, their binary forms.
sockdrill list >"$SCRATCH/targets"
while IFS=$'\t' read -r target _; do
    folder=$ROOT/corpus/seeds/$target
    [[ -d $folder ]] || continue
    expect 0 sockdrill replay "$target" "$folder"
    silent out
    expect 0 sockdrill replay "$target" "$folder"/*
    expect 0 sockdrill seeds "$target" "$SCRATCH/seeds/$target"
    expect 0 sockdrill replay "$target" "$SCRATCH/seeds/$target"
done <"$SCRATCH/targets"

# A file whose name begins with a dash is a file; text targets read lines.
printf '127.0.0.1\n\\x00\n' >"$SCRATCH/lines.txt"
expect 0 sockdrill replay address/inet_pton "$SCRATCH/lines.txt"
err '^2 inputs replayed$'

# Code under test runs on the model, and on the kernel's sockets when that is asked for.
printf 'ECHO hello\r\nQUIT\r\n' >"$SCRATCH/lines"
server=$BUILD/targets/examples/line_server
for stack in model kernel; do
    expect 0 "$server" --stack "$stack" "$SCRATCH/lines"
    expect 0 env SOCKDRILL_STACK="$stack" "$server" "$SCRATCH/lines"
done
expect 1 "$server" --stack lwip "$SCRATCH/lines"
err '--stack takes kernel or model, not "lwip"'
expect 1 env SOCKDRILL_STACK=lwip "$server" "$SCRATCH/lines"
err '^sockdrill: SOCKDRILL_STACK is kernel or model, not "lwip"$'

# The canary's crash, in text and in binary form, is found each time.
cat >"$SCRATCH/crash.drill" <<'END'
l = socket(AF_INET, SOCK_STREAM, 0)
bind(l, 127.0.0.1:0)
listen(l, 1)
shutdown(l, SHUT_RDWR)
s = accept4(l, 0)
END
sockdrill fmt --binary --target canary "$SCRATCH/crash.drill" >"$SCRATCH/crash"
sanitized || skip 'without a sanitizer the canary does not crash'
expect 2 sockdrill replay canary "$SCRATCH/crash.drill"
err 'AddressSanitizer: heap-use-after-free'
for ((i = 0; i < 100; i++)); do
    expect 2 sockdrill replay canary "$SCRATCH/crash"
done

# A crash after others that go well is found; the user's sanitizer options stay in force.
expect 2 sockdrill replay canary "$SCRATCH/lines.txt" "$SCRATCH/crash"
ASAN_OPTIONS=$ASAN_OPTIONS:help=1 expect 2 sockdrill replay canary "$SCRATCH/crash"
err 'Available flags for AddressSanitizer'

# A target that a signal kills has crashed too.
ASAN_OPTIONS=$ASAN_OPTIONS:abort_on_error=1 expect 2 sockdrill replay canary "$SCRATCH/crash"
err '^sockdrill: the target was killed by signal 6 '
