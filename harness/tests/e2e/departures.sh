#!/usr/bin/env bash
# departures.sh BUILD ROOT: reports/conformance/linux.md and the drills agree. Each of its rows names
# drills that there are; a drill of which Linux departs is named by a row; and whatever in
# corpus/conformance deviates under the profile posix does so in a drill that a row names, too: the same
# call, against the same clauses.
# shellcheck source=lib.sh
source "$(dirname "$0")/lib.sh"

isolated || skip 'no private network namespace is permitted here'
cd "$ROOT"
table=reports/conformance/linux.md
# shellcheck disable=SC2016 # these are Markdown's
drill='`[a-z0-9_]+/[a-z0-9_]+\*?`'

# deviations FILE...: call and clauses of each, as profile posix has it.
deviations() {
    sockdrill conform --profile posix --json "$@" >"$SCRATCH/json" || (($? == 2))
    jq -r '.deviations[] | "\(.call): \([.allowed[].clause] | unique | join(" "))"' \
        "$SCRATCH/json" | sort -u
}

grep '^| ' "$table" | grep -vE '^\| (call|what) ' >"$SCRATCH/rows"
[[ -s $SCRATCH/rows ]] || fail 'no rows'
grep -vE "${drill}[^|]*\|$" "$SCRATCH/rows" >"$SCRATCH/bare" || true
[[ ! -s $SCRATCH/bare ]] || fail "a row names no drill: $(cut -c 1-60 "$SCRATCH/bare")"
grep -oE "$drill" "$SCRATCH/rows" | tr -d '`' | sort -u >"$SCRATCH/names"
while read -r name; do
    compgen -G "corpus/conformance/$name.drill" >>"$SCRATCH/found" || fail "there is no drill $name"
done <"$SCRATCH/names"
sort -u "$SCRATCH/found" >"$SCRATCH/named"

comm -13 "$SCRATCH/named" <(grep -rl '^# Linux departs' corpus/conformance --include='*.drill' | sort) \
    >"$SCRATCH/unnamed"
[[ ! -s $SCRATCH/unnamed ]] || fail "no row names $(cat "$SCRATCH/unnamed")"

mapfile -t named <"$SCRATCH/named"
deviations "${named[@]}" >"$SCRATCH/explained"
deviations corpus/conformance >"$SCRATCH/seen"
[[ -s $SCRATCH/seen ]] || fail 'nothing deviates'
comm -13 "$SCRATCH/explained" "$SCRATCH/seen" >"$SCRATCH/unexplained"
[[ ! -s $SCRATCH/unexplained ]] || fail "no row explains $(cat "$SCRATCH/unexplained")"
