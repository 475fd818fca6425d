#!/usr/bin/env bash
# spec_alone.sh COMPILER ROOT: harness/spec builds with no more than lists/ and drill/ headers, and
# calls nothing but itself, their tables, and functions on memory and strings: no allocation, no I/O,
# no socket, no clock.
set -euo pipefail

scratch=$(mktemp -d)
trap 'rm -rf "$scratch"' EXIT

# All that it may see.
mkdir -p "$scratch/harness"
for folder in spec lists drill; do
    mkdir "$scratch/harness/$folder"
    cp "$2/harness/$folder"/*.h "$scratch/harness/$folder"
done
cp "$2"/harness/lists/*.def "$scratch/harness/lists"
cp "$2"/harness/spec/*.c "$scratch/harness/spec"

cd "$scratch"
for source in harness/spec/*.c; do
    "$1" -std=gnu11 -D_GNU_SOURCE -O1 -Wall -Wextra -I harness -c "$source" \
        -o "$(basename "$source" .c).o"
done
nm --defined-only ./*.o | awk 'NF == 3 { print $3 }' | sort -u >defined
nm --undefined-only ./*.o | awk 'NF == 2 { print $2 }' | sort -u >wanted
# The tables of lists/ and drill/, which are as pure.
grep -hoE '\b[a-z_]+\(' harness/lists/*.h harness/drill/call.h harness/drill/ancillary.h | tr -d '(' | sort -u >tables
# A compiler calls bcmp where memcmp is only compared with 0, and counts bits by a function.
comm -23 wanted defined | comm -23 - tables |
    grep -vE '^(mem|str)[a-z]+$|^bcmp$|^__popcount[ds]i2$|^_GLOBAL_OFFSET_TABLE_$|^__stack_chk_fail$' >others || true
if [[ -s others ]]; then
    echo 'harness/spec calls what it may not:'
    for symbol in $(<others); do
        nm -A --undefined-only ./*.o | grep -w "$symbol" | sed 's/^/    /'
    done
    exit 1
fi
grep -q . defined || { echo 'nothing was built' && exit 1; }
# The check itself must be able to fail.
printf '#include <stdlib.h>\nvoid *leak(void);\nvoid *leak(void)\n{\n    return malloc(8);\n}\n' >leak.c
"$1" -c leak.c -o leak.o
nm --undefined-only leak.o | grep -qw malloc || { echo 'nm does not show malloc' && exit 1; }
