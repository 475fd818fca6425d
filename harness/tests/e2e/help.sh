#!/usr/bin/env bash
# help.sh BUILD ROOT: every command tells what it does and its version.
# shellcheck source=lib.sh
source "$(dirname "$0")/lib.sh"

version='^sockdrill [0-9]+\.[0-9]+\.[0-9]+$'

expect 0 sockdrill --help
silent err
out '^Usage: sockdrill '
commands=$(sed -nE 's/^  ([a-z]+) .*/\1/p' "$SCRATCH/out")
[[ $(wc -w <<<"$commands") -ge 7 ]] || fail 'fewer commands than there are'
expect 0 sockdrill --version
silent err
out "$version"

for command in $commands; do
    expect 0 sockdrill "$command" --help
    silent err
    out "^Usage: sockdrill $command"
    expect 0 sockdrill "$command" --version
    silent err
    out "$version"
done

for target in $(sockdrill list | cut -f1); do
    expect 0 "$BUILD/targets/$target" --help
    silent err
    out '^Usage: '
    expect 0 "$BUILD/targets/$target" --version
    silent err
    out "$version"
done

# Without a command it says how it is used, and that it could do nothing.
expect 1 sockdrill
silent out
err '^Usage: sockdrill '
