#!/usr/bin/env bash
# probe.sh BUILD ROOT: a program in which calls of code under test do not arrive in sockdrill ends
# at once, with one line that names the function.
# shellcheck source=lib.sh
source "$(dirname "$0")/lib.sh"

status=0
"$BUILD/harness/tests/planted_send" >"$SCRATCH/out" 2>"$SCRATCH/err" || status=$?
[[ $status == 1 && ! -s $SCRATCH/out ]] || fail "a send that goes elsewhere was not noticed: $status"
[[ $(wc -l <"$SCRATCH/err") == 1 ]] || fail "not one line: $(cat "$SCRATCH/err")"
grep -q '^sockdrill: calls of send do not arrive in sockdrill but in .*planted_send: ' "$SCRATCH/err" ||
    fail "not named: $(cat "$SCRATCH/err")"
