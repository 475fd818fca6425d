#!/usr/bin/env bash
# list.sh BUILD ROOT: `sockdrill list` names the targets that are registered, as they are built.
# shellcheck source=lib.sh
source "$(dirname "$0")/lib.sh"

{
    sed -nE 's/^sockdrill_add_target\(([^ ]+) .*/\1/p' "$ROOT/targets/CMakeLists.txt"
    sed -nE 's#^add_example\(([a-z_]+) ""\)#examples/\1#p' "$ROOT/targets/CMakeLists.txt"
    for drill in "$ROOT"/harness/tests/examples/*.drill; do # each shows the mistake of one
        basename "$drill" .drill | sed -E 's#(.*)\.(.*)#examples/\1_broken/\2#'
    done
} | sort >"$SCRATCH/registered"
[[ -s $SCRATCH/registered ]] || fail 'no target is registered'

expect 0 sockdrill list
silent err
cut -f1 "$SCRATCH/out" | sort >"$SCRATCH/listed"
same "$SCRATCH/listed" "$SCRATCH/registered"
while IFS=$'\t' read -r name form; do
    [[ -x $BUILD/targets/$name ]] || fail "$name is not built"
    [[ $form =~ ^(drill|stream|datagram|remote|text|bytes)$ ]] || fail "$name: no form \"$form\""
done <"$SCRATCH/out"
cp "$SCRATCH/out" "$SCRATCH/text"

expect 0 sockdrill list --json
silent err
jq -r '.[] | "\(.name)\t\(.input)"' "$SCRATCH/out" >"$SCRATCH/from_json" || fail 'not JSON'
same "$SCRATCH/from_json" "$SCRATCH/text"
