#!/usr/bin/env bash
# errors.sh BUILD ROOT: bad input gives one clear line on stderr, nothing on stdout, and status 1.
# shellcheck source=lib.sh
source "$(dirname "$0")/lib.sh"

missing=$SCRATCH/missing
printf 's = socket(AF_INET, SOCK_STREAM, 0)\nbind(s, 127.0.0.256:0)\n' >"$SCRATCH/bad.drill"
printf 'bad \\q\ngood\n' >"$SCRATCH/bad.txt"
printf 'close(remote)\n' >"$SCRATCH/remote.drill"
printf 's = socket(AF_INET, SOCK_DGRAM, 0)\n' >"$SCRATCH/datagram.drill"
printf '\xfe\x53\x01' >"$SCRATCH/input"
head -c 1048577 /dev/zero >"$SCRATCH/large"
mkdir "$SCRATCH/folder.drill"

# Files that cannot be read.
for words in run fmt 'fmt --binary' 'replay canary' 'keep canary'; do
    # shellcheck disable=SC2086
    refused "$missing: No such file or directory" sockdrill $words "$missing"
done
refused "$SCRATCH/folder\.drill: Is a directory" sockdrill run "$SCRATCH/folder.drill"
refused "$SCRATCH/large: larger than 1 MiB" sockdrill run "$SCRATCH/large"
refused "$SCRATCH/large: larger than 1 MiB" sockdrill replay canary "$SCRATCH/large"
if ((EUID != 0)); then
    printf x >"$SCRATCH/secret"
    chmod 0 "$SCRATCH/secret"
    refused "$SCRATCH/secret: Permission denied" sockdrill run "$SCRATCH/secret"
fi

# Malformed ones, with their place.
for words in run fmt 'fmt --binary' 'replay canary' 'keep canary'; do
    # shellcheck disable=SC2086
    refused "$SCRATCH/bad\.drill:2:9: expected an address" sockdrill $words "$SCRATCH/bad.drill"
done
refused "$SCRATCH/bad\.txt:1:5: expected an escape" \
    sockdrill replay address/inet_pton "$SCRATCH/bad.txt"

# Drills that are another kind of target's.
refused "$SCRATCH/remote\.drill: the variable \"remote\"" sockdrill run "$SCRATCH/remote.drill"
refused "$SCRATCH/remote\.drill: the variable \"remote\"" \
    sockdrill replay canary "$SCRATCH/remote.drill"
refused "$SCRATCH/datagram\.drill:1: " sockdrill replay sequence/tcp "$SCRATCH/datagram.drill"
refused "$SCRATCH/datagram\.drill:1: " \
    sockdrill fmt --binary --target sequence/tcp "$SCRATCH/datagram.drill"

# Unknown targets and commands; the message names those that there are.
for words in 'replay nope' 'keep nope' 'fmt --target nope'; do
    # shellcheck disable=SC2086
    refused 'no target "nope"; there are: .*sequence/tcp' sockdrill $words "$SCRATCH/input"
done
refused 'no target "nope"; there are: .*canary' sockdrill seeds nope "$SCRATCH/made"
refused 'no target "nope"; there are: .*canary' sockdrill dict nope
[[ ! -e $SCRATCH/made ]] || fail 'a folder was made for a target that is not there'
refused '^sockdrill: no command "nope": see sockdrill --help$' sockdrill nope

# Too few words, and too many.
for words in run fmt 'replay canary' 'keep canary' 'seeds canary' dict 'list x' 'fmt a b'; do
    # shellcheck disable=SC2086
    refused '^sockdrill: usage: sockdrill [a-z]+ ' sockdrill $words
done

# A target that is not built here.
mkdir "$SCRATCH/elsewhere"
cp "$BUILD/sockdrill" "$SCRATCH/elsewhere/"
refused "$SCRATCH/elsewhere/targets/canary: No such file or directory" \
    "$SCRATCH/elsewhere/sockdrill" replay canary "$SCRATCH/input"
