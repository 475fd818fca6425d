#!/usr/bin/env bash
# seeds.sh BUILD ROOT: `sockdrill seeds` builds binary seeds from corpus/, `sockdrill dict` prints
# dictionaries; both are what the engines start from.
# shellcheck source=lib.sh
source "$(dirname "$0")/lib.sh"

# inputs TARGET: how many inputs the texts of corpus/ hold for it.
inputs() {
    local count=0 file
    for file in "$ROOT/corpus/seeds/$1"/* "$ROOT/corpus/regressions/$1"/*; do
        [[ -f $file ]] || continue
        if [[ $file == *.txt ]]; then
            count=$((count + $(grep -cve '^#' -e '^$' "$file" || true)))
        else
            ((++count))
        fi
    done
    printf '%d' "$count"
}

sockdrill list >"$SCRATCH/targets"
while IFS=$'\t' read -r target form; do
    folder=$SCRATCH/made/$target
    expect 0 sockdrill seeds "$target" "$folder"
    silent err
    [[ $(<"$SCRATCH/out") == "$(inputs "$target")" ]] || fail "$target: not so many inputs"
    find "$folder" -type f | sort | xargs -r sha256sum >"$SCRATCH/first"

    # Again, into the same folder and into another: the same files.
    expect 0 sockdrill seeds "$target" "$folder"
    find "$folder" -type f | sort | xargs -r sha256sum >"$SCRATCH/second"
    same "$SCRATCH/first" "$SCRATCH/second"

    expect 0 sockdrill dict "$target"
    silent err
    ! grep -vE '^([a-z_0-9]+=)?"(\\x[0-9a-f]{2})+"$' "$SCRATCH/out" ||
        fail "$target: a line that no engine reads"
    if [[ $form == text || $form == bytes ]]; then
        continue
    fi
    for call in socket bind listen connect accept send recv close poll dup; do
        out "^$call=\"\\\\xfe\\\\x53\\\\x[0-9a-f]{2}\"$"
    done
done <"$SCRATCH/targets"

# Names tell contents: a changed file gets another one.
(($(cut -d' ' -f1 "$SCRATCH/first" | sort -u | wc -l) == $(wc -l <"$SCRATCH/first"))) ||
    fail 'one content under two names'

# A folder that cannot be made, or written, is said, in one line.
: >"$SCRATCH/file"
refused "^sockdrill: $SCRATCH/file/folder: " sockdrill seeds sequence/tcp "$SCRATCH/file/folder"
