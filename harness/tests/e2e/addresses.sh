#!/usr/bin/env bash
# addresses.sh BUILD ROOT: `sockdrill addresses` holds parsers of addresses against the texts.
# shellcheck source=lib.sh
source "$(dirname "$0")/lib.sh"

# Strings that are given: what the texts say, what each parser makes of it, and the classes.
expect 2 sockdrill addresses 0127.0.0.1 1.2.3 ::ffff:1.2.3.4 '[fe80::1%25lo]:80'
silent err
out '^0127\.0\.0\.1$'
out '^  ipv4 +the texts +refused at 3 \[IPV4_LEADING_ZERO\]$'
out '^  numbers +the texts +87\.0\.0\.1 \[NUMBERS_OCTAL\]$'
out '^  numbers +the texts +1\.2\.0\.3 \[NUMBERS_PARTS\]$'
out '^  host +the texts +\[fe80::1%lo\]:80 \[HOST_ZONE\]$'
out '^    glibc inet_aton +87\.0\.0\.1$'
out '^    glibc inet_network +0\.1\.2\.3  <- NUMBERS_PARTS, otherwise$'
out '^NUMBERS_PARTS \(shall\): '
out '^[0-9]+ parsers and printers, [0-9]+ strings read, [0-9]+ classes of deviations$'

# Nobody departs here.
expect 0 sockdrill addresses 192.0.2.1.
silent err
out 'all refuse it$'

# The whole corpus: glibc departs as it is known to; a class that is new is said to be.
expect 2 sockdrill addresses
silent err
out '^IPV4_LEADING_ZERO \(shall\): .* \[POSIX'
out '^    glibc inet_pton AF_INET +refused +"00\.0\.0\.0": refused, not 0\.0\.0\.0 \([0-9]+\)'

# With the versions that the list and the report are about, they are what the corpus shows.
rows='.deviations[] | "DEVIATION(\"\(.library)\", \"\(.function)\", \(.clause), \(.difference |
    ascii_upcase))"'
if grep -qx 'ID=debian' /etc/os-release && grep -qx 'VERSION_ID="12"' /etc/os-release &&
    ! grep -q '^skipped: ' "$SCRATCH/out"; then
    expect 2 sockdrill addresses --json
    jq -r "$rows" "$SCRATCH/out" | sort >"$SCRATCH/shown"
    grep '^DEVIATION(' "$ROOT/harness/lists/address_deviations.def" | sort >"$SCRATCH/known"
    same "$SCRATCH/shown" "$SCRATCH/known"
    expect 2 sockdrill addresses --markdown
    same "$SCRATCH/out" "$ROOT/reports/conformance/addresses.md"
fi

expect 2 sockdrill addresses --json --calls 20000 --seed 3
silent err
jq -e '.strings == [] and (.deviations | length > 5) and all(.deviations[]; has("text") and
    has("clause") and (.difference | IN("accepted", "refused", "otherwise")))' "$SCRATCH/out" \
    >/dev/null || fail 'not the JSON expected'
expect 2 sockdrill addresses --json 1.2.3
jq -e '.strings[0].text == "1.2.3" and any(.strings[0].readings[];
    .function == "inet_aton" and .reading == "1.2.0.3" and .difference == "agrees")' \
    "$SCRATCH/out" >/dev/null || fail 'not the JSON expected of a string'

expect 2 sockdrill addresses --markdown
out '^## IPV4_LEADING_ZERO$'
# shellcheck disable=SC2016
out '^\| glibc inet_pton AF_INET \| refused \| `"00\.0\.0\.0"` \|'

# A parser of one's own, with a fault that is found; and all that can be wrong with one.
# build NAME BODY: a plug-in of that body.
build() {
    printf '#include <sockdrill/address.h>\n%s\n' "$2" >"$SCRATCH/$1.c"
    cc -shared -fPIC -I "$ROOT/harness/include" "$SCRATCH/$1.c" -o "$SCRATCH/$1.so"
}
TABLE='const struct sockdrill_address_parser sockdrill_address_parser = {
    VERSION, FORM, "mine", READ};'
if command -v cc >/dev/null; then
    build mine "$(sed -e 's/VERSION/SOCKDRILL_ADDRESS_VERSION/; s/FORM,/SOCKDRILL_FORM_PORT,/' \
        -e 's/READ/read_port/' <<<"#include <stdlib.h>
static int read_port(struct sockdrill_address *out, const char *text, size_t length)
{
    (void)length;
    out->port = atoi(text) & 0xffff;
    return SOCKDRILL_ACCEPTED;
}
$TABLE")"
    expect 2 sockdrill addresses --parser "$SCRATCH/mine.so" 65536 80 80x
    out '^    own mine +80$'
    out '^    own mine +accepted +"": 0, not refused'
    out '^PORT_RANGE \(shall\)'
    build old 'const unsigned sockdrill_address_parser[16] = {99};'
    refused 'is of version 99, not 1' sockdrill addresses --parser "$SCRATCH/old.so"
    build empty 'const unsigned sockdrill_address_parser[16] = {1};'
    refused 'lacks a name, a form or a function$' sockdrill addresses --parser "$SCRATCH/empty.so"
    build none 'int nothing;'
    refused 'exports no sockdrill_address_parser' sockdrill addresses --parser "$SCRATCH/none.so"
fi
printf 'no object' >"$SCRATCH/text.so"
refused 'cannot be loaded' sockdrill addresses --parser "$SCRATCH/text.so"
refused '^sockdrill: /nowhere/mine\.so: No such file' sockdrill addresses --parser /nowhere/mine.so
