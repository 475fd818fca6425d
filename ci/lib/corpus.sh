# The found corpus: corpus/found/TARGET/, files named by their SHA-1, as libFuzzer does.
# To be sourced after base.sh.
# shellcheck shell=bash

# corpus_add TARGET_FOLDER FILE...: adds each file under its name, never over another.
corpus_add() {
    local found=$1 sha file
    shift
    (($#)) || return 0
    mkdir -p "$found"
    # A name with a backslash would be escaped; no engine makes one.
    while read -r sha file; do
        [[ -e $found/$sha ]] || corpus_copy "$file" "$found/$sha"
    done < <(sha1sum -- "$@")
}

# corpus_copy FILE COPY: a copy that is there whole or not at all.
corpus_copy() {
    cp -- "$1" "$2.part"
    mv -- "$2.part" "$2"
}

# corpus_count FOLDER: how many files there are.
corpus_count() {
    find "$1" -type f 2>/dev/null | wc -l
}

# corpus_swap TARGET NEW: puts the folder NEW in place of the target's corpus. The old one waits
# until that is done, so that corpus_mend loses nothing after a kill.
corpus_swap() {
    local target=$1 new=$2 old=corpus/found/.old/$1
    mkdir -p "${old%/*}" &&
        mv -T -- "corpus/found/$target" "$old" &&
        mv -T -- "$new" "corpus/found/$target" &&
        rm -rf -- "$old"
}

# corpus_mend TARGET: takes back what a swap that was killed left behind.
corpus_mend() {
    local old=corpus/found/.old/$1
    [[ -d $old ]] || return 0
    mkdir -p "corpus/found/$1"
    find "$old" -type f -exec mv -t "corpus/found/$1" -- {} +
    rm -rf -- "$old"
}

# corpus_forget FILE FOLDER...: removes inputs equal to FILE: one that crashes at the start would
# end the engine again and again.
corpus_forget() {
    local file=$1 twin
    shift
    find "$@" -type f -size "$(stat -c %s -- "$file")c" -print0 |
        while IFS= read -r -d '' twin; do
            ! cmp -s -- "$file" "$twin" || rm -f -- "$twin"
        done
}
