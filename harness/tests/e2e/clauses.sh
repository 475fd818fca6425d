#!/usr/bin/env bash
# clauses.sh BUILD ROOT: `sockdrill clauses` lists the rules of the specification and what covers them.
# shellcheck source=lib.sh
source "$(dirname "$0")/lib.sh"

isolated || skip 'no private network namespace is permitted here'
clauses=$(grep -c '^CLAUSE(' "$ROOT/harness/lists/clauses.def")

expect 0 sockdrill clauses
silent err
out '^FD_OPEN \(shall\): EBADF .* \[POSIX.*\]$'
out "^$clauses clauses, [1-9][0-9]* exercised, [1-9][0-9]* decided something$"
[[ $(grep -cE '^    exercised [0-9]+, decided [0-9]+' "$SCRATCH/out") == "$clauses" ]] ||
    fail 'not every clause is listed'

expect 0 sockdrill clauses RECV_END FD_OPEN
[[ $(wc -l <"$SCRATCH/out") == 4 ]] || fail 'not the two that were named'
out '^RECV_END \(shall\): '

expect 0 sockdrill clauses --json
jq -e --argjson clauses "$clauses" 'length == $clauses and all(.[]; has("id") and has("statement")
    and has("citation") and (.strength | IN("shall", "should", "may", "Linux"))) and
    (.[] | select(.id == "FD_OPEN") | .exercised >= .decided and .decided > 0)' "$SCRATCH/out" \
    >/dev/null || fail 'not the JSON expected'
expect 0 sockdrill clauses --json RECV_END
jq -e 'length == 1 and .[0].id == "RECV_END"' "$SCRATCH/out" >/dev/null || fail 'not the one named'

refused '^sockdrill: no clause is called RECV_EDN: sockdrill clauses lists them$' \
    sockdrill clauses FD_OPEN RECV_EDN
