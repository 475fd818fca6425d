#!/usr/bin/env bash
# clauses_named.sh ROOT: every clause that a drill names is one, every clause is named by a drill, and
# the specification asks every clause. That a drill exercises what it names ci/clauses checks.
set -euo pipefail

cd "$1"
scratch=$(mktemp -d)
trap 'rm -rf "$scratch"' EXIT
sed -nE 's/^CLAUSE\(([A-Z0-9_]+),.*/\1/p' harness/lists/clauses.def | sort >"$scratch/clauses"
find corpus/conformance -name '*.drill' -exec sed -n 's/^# clause: *//p' {} + | tr ' ' '\n' | sort -u |
    sed '/^$/d' >"$scratch/named"
# The table of options names clauses without the prefix.
grep -ohE '[A-Z][A-Z0-9_]+' harness/spec/*.[ch] | sed 's/^CLAUSE_//' | sort -u >"$scratch/asked"
failed=no

# none WHAT FILE: fails with what is in the file.
none() {
    [[ -s $2 ]] || return 0
    sed "s/^/$1: /" "$2"
    failed=yes
}

[[ -s $scratch/clauses && -s $scratch/named ]]
comm -23 "$scratch/named" "$scratch/clauses" >"$scratch/unknown"
none 'a drill names what is no clause' "$scratch/unknown"
comm -23 "$scratch/clauses" "$scratch/named" >"$scratch/unnamed"
none 'no drill names' "$scratch/unnamed"
comm -23 "$scratch/clauses" "$scratch/asked" >"$scratch/idle"
none 'the specification never asks' "$scratch/idle"
uniq -d "$scratch/clauses" >"$scratch/twice"
none 'twice in the list' "$scratch/twice"
[[ $failed == no ]]
