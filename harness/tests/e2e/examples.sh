#!/usr/bin/env bash
# examples.sh BUILD ROOT: each example with a mistake in it fails on a drill that meets the mistake,
# the example without it does not; and where bytes alone cannot show the mistake, neither does the one
# with it when no answers are given.
# shellcheck source=lib.sh
source "$(dirname "$0")/lib.sh"

examples=$BUILD/targets/examples
bytes='rpc_client.reply|dns_client.name|echo_server.serve' # which the remote can show by itself
count=0 hidden=0

for drill in "$ROOT"/harness/tests/examples/*.drill; do
    name=$(basename "$drill" .drill)
    good=$examples/${name%%.*} broken=$examples/${name%%.*}_broken/${name#*.}
    for family in '' '# the other family
close(-1)'; do
        # One more call in the drill has it go over the other family.
        { cat "$drill" && printf '%s\n' "$family"; } >"$SCRATCH/$name.drill"
        "$good" --quiet "$SCRATCH/$name.drill" || fail "$name: the example fails without the mistake"
        ! "$broken" --quiet "$SCRATCH/$name.drill" 2>/dev/null || fail "$name: the mistake is not found"
    done
    count=$((count + 1))
    [[ ! $name =~ ^($bytes)$ ]] || continue
    "$broken" --quiet --level none "$drill" || fail "$name: the mistake is found without answers"
    hidden=$((hidden + 1))
done
((count == 12 && hidden == 9)) || fail "$count examples with a mistake, $hidden of them hidden"
