#!/usr/bin/env bash
# readme.sh ROOT runs the README's own commands in a copy of the repository, as a reader would who
# has just cloned it, and compares what they print. What begins with ci/ is run by CI as it is; here
# it is only asked for its help.
set -euo pipefail

root=$1
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT

fail() {
    printf 'readme.sh: %s\n' "$*" >&2
    exit 1
}

# block LANGUAGE N: the Nth block of a language in the README; "plain" for one without a name.
block() {
    awk -v language="$1" -v want="$2" '
        /^```/ && inside { inside = 0; next }
        /^```/ { name = substr($0, 4); inside = 1
                 if (name == "") name = "plain"
                 if (name == language) seen++
                 next }
        inside && name == language && seen == want' "$root/README.md"
}

# copy: the repository's files, as git knows them, without what was built.
copy() {
    mkdir "$work/repo"
    git -C "$root" ls-files -co --exclude-standard -z |
        (cd "$root" && xargs -0 tar cf - --ignore-failed-read) | tar xf - -C "$work/repo"
    mkdir -p "$work/repo/build"
    ln -s "$root/build/default" "$work/repo/build/default"
}

# The finding on the first screen: the commands, their output and their status.
first_screen() {
    local status=0
    (cd "$work/repo" && bash -c "$(block sh 2)") >"$work/seen" 2>"$work/errors" || status=$?
    ((status == 2)) || fail "the first finding ends with $status, not 2"
    cat "$work/errors" >>"$work/seen"
    # A descriptor's number, in a remark, is whatever is free.
    diff <(block plain 1 | sed 's/ # [0-9]*$//') <(sed 's/ # [0-9]*$//' "$work/seen") || fail 'the first finding prints something else'
}

# What `sockdrill conform` says of the same finding.
conformance() {
    local status=0
    (cd "$work/repo" && bash -c "$(block sh 4)") >"$work/seen" || status=$?
    ((status == 2)) || fail "sockdrill conform ends with $status, not 2"
    while IFS= read -r line; do
        grep -qxF -e "$line" "$work/seen" || fail "sockdrill conform does not print: $line"
    done < <(block plain 3)
}

# What `sockdrill addresses` says; a library that is not there has no line.
addresses() {
    local status=0
    (cd "$work/repo" && bash -c "$(block sh 5)") >"$work/seen" || status=$?
    ((status == 2)) || fail "sockdrill addresses ends with $status, not 2"
    while IFS= read -r line; do
        grep -qxF -e "$line" "$work/seen" || grep -q "^skipped: $(awk '{ print $1 }' <<<"$line")," "$work/seen" ||
            fail "sockdrill addresses does not print: $line"
    done < <(block plain 4)
}

# The drill that the README shows does what its expectations say.
shown_drill() {
    block plain 2 >"$work/shown.drill"
    grep -q socket "$work/shown.drill" || fail 'the second plain block is not the drill'
    "$root/build/default/sockdrill" run "$work/shown.drill" >/dev/null
}

# A project with a target of its own, made of the README's blocks and a server.
own_server() {
    mkdir "$work/repo/server" "$work/home"
    block c 1 >"$work/repo/server/serve_fuzzer.c"
    block cmake 1 >"$work/repo/server/CMakeLists.txt"
    printf 'int serve_one_client(int fd);\n' >"$work/repo/server/server.h"
    cat >"$work/repo/server/server.c" <<'EOF'
#include "server.h"
#include <sys/socket.h>

int serve_one_client(int fd)
{
    char data[64];
    ssize_t size;

    while ((size = recv(fd, data, sizeof data, 0)) > 0)
        if (send(fd, data, (size_t)size, MSG_NOSIGNAL) != size)
            return -1;
    return 0;
}
EOF
    (cd "$work/repo" && HOME=$work/home bash -euo pipefail -c "$(block sh 3)") \
        >"$work/log" 2>&1 </dev/null || { tail -n 30 "$work/log" && fail 'the own target fails'; }
    grep -q 'Done [0-9]* runs' "$work/log" || fail 'the own target did not run'
}

# Every command that the README names is there and helps.
named_commands() {
    local command tool=$root/build/default/sockdrill
    while read -r command; do
        "$root/$command" --help >/dev/null || fail "$command --help fails"
    done < <(grep -oE '`ci/[a-z-]+' "$root/README.md" | tr -d '`' | sort -u)
    while read -r _ command; do
        "$tool" "$command" --help >/dev/null || fail "sockdrill $command --help fails"
    done < <(grep -oE '`sockdrill [a-z]+' "$root/README.md" | sort -u)
}

copy
first_screen
conformance
addresses
shown_drill
named_commands
own_server
