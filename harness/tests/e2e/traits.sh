#!/usr/bin/env bash
# traits.sh BUILD ROOT: of each trait of lists/traits.def some drill shows that the profile linux has
# it, but for those that tests/clauses/traits_not_shown.txt explains.
# shellcheck source=lib.sh
source "$(dirname "$0")/lib.sh"

isolated || skip 'no private network namespace is permitted here'
cd "$ROOT"
# Under posix, so that what a trait keeps from coming is waited for.
expect 2 sockdrill conform --profile posix --record "$SCRATCH/traces" corpus/conformance \
    harness/tests/open
find "$SCRATCH/traces" -name '*.trace' | sort | sed 's/$/\t/' >"$SCRATCH/in"

"$BUILD/harness/tests/clauses" traits <"$SCRATCH/in" >"$SCRATCH/out" || fail 'clauses traits failed'
[[ $(wc -l <"$SCRATCH/out") == $(grep -c '^TRAIT(' harness/lists/traits.def) ]] ||
    fail 'not every trait is looked at'
awk -F '\t' '$2 == "nothing" { print $1 }' "$SCRATCH/out" | sort >"$SCRATCH/hidden"
grep -v '^#' harness/tests/clauses/traits_not_shown.txt | awk '{ print $1 }' | sort >"$SCRATCH/explained"
while read -r trait; do
    fail "no drill shows the trait $trait"
done < <(comm -23 "$SCRATCH/hidden" "$SCRATCH/explained")
while read -r trait; do
    grep -q "^TRAIT($trait," harness/lists/traits.def || fail "traits_not_shown.txt: $trait is no trait"
done <"$SCRATCH/explained"
