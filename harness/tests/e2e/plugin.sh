#!/usr/bin/env bash
# plugin.sh BUILD ROOT: `sockdrill run --stack` takes a stack by its name or a plug-in by its path.
# shellcheck source=lib.sh
source "$(dirname "$0")/lib.sh"

PLUGINS=$BUILD/plugins

cat >"$SCRATCH/stream.drill" <<'END'
l = socket(AF_INET, SOCK_STREAM, 0) >= 0
bind(l, 127.0.0.1:0) = 0
listen(l, 1) = 0
c = socket(AF_INET, SOCK_STREAM, 0) >= 0
connect(c, name(l)) = 0
s = accept(l) >= 0
send(c, "GET\n", MSG_NOSIGNAL) = 4
recv(s, 64, 0) = 4 "GET\n"
shutdown(c, SHUT_WR) = 0
END

# The kernel by its name is the default.
expect 0 sockdrill run --stack kernel "$SCRATCH/stream.drill"
silent err
expect 0 sockdrill run "$SCRATCH/stream.drill"
silent err

# The example is the kernel but for one call.
expect 2 sockdrill run --stack "$PLUGINS/trickle.so" "$SCRATCH/stream.drill"
out '^recv\(s, 64, 0\) = 1 "G"$'
err '^.*/stream\.drill:8: expected = 4 "GET\\n"$'
(($(wc -l <"$SCRATCH/err") == 1)) || fail 'more than one thing differs'
sed -i 's/= 4 "GET\\n"/= 1 "G"/' "$SCRATCH/stream.drill"
expect 0 sockdrill run --stack "$PLUGINS/trickle.so" "$SCRATCH/stream.drill"
silent err

# What it does not have is unsupported, and ends the comparison.
printf 's = socket(AF_INET, SOCK_DGRAM, 0)\nd = dup(s) >= 0\nclose(s) = 1\n' >"$SCRATCH/dup.drill"
expect 0 sockdrill run --stack "$PLUGINS/trickle.so" "$SCRATCH/dup.drill"
out '^d = dup\(s\) # unsupported by this stack$'
err 'dup\.drill: a call was not made; nothing after it was compared$'

# A path is found from where one stands, and only then.
(cd "$PLUGINS" && expect 0 sockdrill run --stack ./trickle.so "$SCRATCH/stream.drill")
refused '^sockdrill: no stack "trickle\.so": ' sockdrill run --stack trickle.so "$SCRATCH/stream.drill"

# The README's own command builds it.
if command -v cc >/dev/null; then
    expect 0 cc -shared -fPIC -D_GNU_SOURCE -I "$ROOT/harness/include" \
        "$ROOT/harness/stacks/example/trickle.c" -o "$SCRATCH/trickle.so"
    expect 0 sockdrill run --stack "$SCRATCH/trickle.so" "$SCRATCH/stream.drill"
    silent err
fi

# Each thing that can be wrong: one line that names the file and the mend, and status 1.
drill=$SCRATCH/stream.drill
version=$(sed -nE 's/^#define SOCKDRILL_STACK_VERSION //p' "$ROOT/harness/include/sockdrill/stack.h")
refused '^sockdrill: no stack "linux": there are kernel, model, lwip and plug-ins' \
    sockdrill run --stack linux "$drill"
refused '^sockdrill: no stack "": ' sockdrill run --stack '' "$drill"
refused '^sockdrill: /nowhere/mine\.so: No such file or directory: a plug-in is ' \
    sockdrill run --stack /nowhere/mine.so "$drill"
refused "^sockdrill: $SCRATCH/: cannot be loaded: .*: build it with cc -shared -fPIC" \
    sockdrill run --stack "$SCRATCH/" "$drill"
refused "^sockdrill: $drill: cannot be loaded: [^/]*: build it with cc -shared -fPIC" \
    sockdrill run --stack "$drill" "$drill"
refused "^sockdrill: $PLUGINS/unresolved\.so: cannot be loaded: .*function_of_no_library" \
    sockdrill run --stack "$PLUGINS/unresolved.so" "$drill"
refused "^sockdrill: $PLUGINS/no_symbol\.so: exports no sockdrill_stack: include " \
    sockdrill run --stack "$PLUGINS/no_symbol.so" "$drill"
refused "^sockdrill: $PLUGINS/wrong_version\.so: its sockdrill_stack is of version $((version + 1)), not $version: build it with " \
    sockdrill run --stack "$PLUGINS/wrong_version.so" "$drill"
refused "^sockdrill: $PLUGINS/no_socket\.so: its sockdrill_stack has no socket function: fill in " \
    sockdrill run --stack "$PLUGINS/no_socket.so" "$drill"
refused "^sockdrill: $PLUGINS/no_name\.so: its sockdrill_stack has no name: fill in " \
    sockdrill run --stack "$PLUGINS/no_name.so" "$drill"

# A call that never returns is found, not waited for; what came before it was printed.
printf 's = socket(AF_INET, SOCK_STREAM, 0)\nlisten(s, 1)\nclose(s)\n' >"$SCRATCH/hang.drill"
expect 2 sockdrill run --stack "$PLUGINS/hangs.so" "$SCRATCH/hang.drill"
out '^s = socket\(AF_INET, SOCK_STREAM, 0\) >= 0 # [0-9]+$'
err "^sockdrill: $SCRATCH/hang\.drill: call 2, listen, did not return within [0-9]+ s$"
