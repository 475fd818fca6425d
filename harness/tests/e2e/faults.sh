#!/usr/bin/env bash
# faults.sh BUILD ROOT: ci/faults tells what is found from what survives, and from what could not be
# judged. A stand-in takes the place of `sockdrill conform`.
# shellcheck source=lib.sh
source "$(dirname "$0")/lib.sh"

# A copy of what the script needs, with a stand-in that ends as the fault's name is in its files.
mkdir -p "$SCRATCH/repo/harness/tests/faults" "$SCRATCH/build/harness/tests" "$SCRATCH/build/plugins"
cp -r "$ROOT/ci" "$ROOT/CMakeLists.txt" "$SCRATCH/repo"
mkdir -p "$SCRATCH/repo/corpus/conformance/recv"
git -C "$SCRATCH/repo" init -q
git -C "$SCRATCH/repo" -c user.name=me -c user.email=me commit -q --allow-empty -m none
ln -s "$BUILD/harness/tests/faults" "$SCRATCH/build/harness/tests/faults"
ln -s "$BUILD/plugins/faulty.so" "$SCRATCH/build/plugins/faulty.so"
cat >"$SCRATCH/build/sockdrill" <<'END'
#!/usr/bin/env bash
[[ $* == "conform --profile linux --first --stack "*"/faulty.so --calls "[1-9]*" --seed "[1-9]* ]] ||
    exit 1
printf '%s\n' "$*" >>"$ASKED"
case $SOCKDRILL_FAULT in
    '') exit "$WITHOUT" ;;
    recv.byte_lost.*) exec sleep 60 ;;
    recv.overrun.*) exit 0 ;;
    recv.tail_lost.*) echo 'no such thing' >&2 && exit 139 ;;
    recv.byte_changed.*) printf 'got\n    seed 7: recv(\n    seed 8: recv(\n' && exit 2 ;;
    *) printf 'got\n    corpus/conformance/a.drill:7: it(\n    seed 8: it(\n' && exit 2 ;;
esac
END
chmod +x "$SCRATCH/build/sockdrill"
export WITHOUT=0 ASKED="$SCRATCH/asked"

explained() { printf '%b' "$1" >"$SCRATCH/repo/harness/tests/faults/survivors.txt"; }
faults() { "$SCRATCH/repo/ci/faults" --build "$SCRATCH/build" --seconds 1 --jobs 4 "$@"; }

explained '# none\n'
expect 0 faults 'recv.byte_changed.*' '*.sent_twice.tcp4'
out '^all +7 +7$'
out '^tcp4 +4 +4$'

# Survivors: by time, and without a deviation in all calls.
expect 2 faults 'recv.byte_*'
err 'fewer than 97 % are found'
out '^all +12 +8$'
out '^recv.byte_lost.udp6 +recv leaves out the first byte +not explained$'
: >"$ASKED"
expect 2 faults --percent 0 --seed 5 recv.overrun.tcp6
err 'not explained in harness/tests/faults/survivors.txt'
grep -q -- '--seed 5 corpus/conformance/recv corpus/conformance$' "$ASKED" ||
    fail 'not the seed that was asked for, or not the drills'
explained 'send.*\twrong\nrecv.over*\tthere is a reason\n'
expect 0 faults --percent 0 recv.overrun.tcp6
out '^recv.overrun.tcp6 .* there is a reason$'
expect 2 faults --percent 50 recv.overrun.tcp6
expect 0 faults --percent 0 --json recv.overrun.udp4 recv.byte_changed.udp4
jq -e '.stacks == 2 and .found == 1 and .survivors[0].why == "there is a reason" and
       .kinds.udp4.found == 1 and .calls.recv.stacks == 2' "$SCRATCH/out" >/dev/null ||
    fail 'the JSON is not right'

# The report, and what was found by drawn calls only.
expect 0 faults --percent 0 --report recv.overrun.udp4 recv.byte_changed.udp4 send.sent_twice.tcp4
out '^slowest: .*[0-9] s; found by drawn calls only: 1$'
report=("$SCRATCH"/repo/reports/faults/*.md)
grep -q '2 of 3 mutated stacks (66.66 %) .* 1 of them by drawn' "${report[0]}" ||
    fail 'the figures of the report are not right'
grep -q '^| .recv.overrun.udp4. | .* | there is a reason |$' "${report[0]}" ||
    fail 'the survivors of the report are not right'

# The small one: each call once, and not all of one kind of socket.
: >"$ASKED"
expect 0 faults --smoke --percent 0 --json '[bclsw]*'
jq -e '(.calls | length) == .stacks and .stacks > 5 and (.kinds | length) > 2' "$SCRATCH/out" \
    >/dev/null || fail 'not one for each call'

# What could not be judged is no survivor, and neither may the stack without a fault be found.
expect 1 faults recv.tail_lost.tcp4
err 'no such thing'
export WITHOUT=2
expect 1 faults recv.byte_changed.tcp4
silent out
err 'without a fault is found too'
export WITHOUT=1
expect 1 faults recv.byte_changed.tcp4
err 'conform ended with 1'
export WITHOUT=0

refused 'no fault is called nothing' faults nothing
refused 'take a whole number from 1' faults --seconds 0
refused 'take a whole number from 1' faults --jobs many
refused 'takes a number to 100' faults --percent 101
refused "unknown option '--sekonds'" faults --sekonds 5
refused 'needs a value' faults --seed
refused 'there is no nowhere/sockdrill' "$SCRATCH/repo/ci/faults" --build nowhere
