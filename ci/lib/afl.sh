# The engine AFL++, behind the same functions as libfuzzer.sh; job.sh says what each is for.
# shellcheck shell=bash

# It reads one folder, and none of the links in it.
afl_prepare() {
    mkdir "$1/input"
    cp -r "$1/seeds" "$2" "$1/input"
}

afl_start() {
    local work=$1 binary=$2 seconds=$4 dict=() seed=()
    [[ ! -s $work/dict ]] || dict=(-x "$work/dict")
    [[ -z ${SEED:-} ]] || seed=(-s "$((SEED + JOB_RESTARTS[afl]))")
    # Started again, it would clear what it left.
    [[ ! -d $work/afl ]] || mv "$work/afl" "$work/afl.$EPOCHREALTIME"
    # Without sanitizer options in the environment it sets those that it needs. The rest lets it run
    # on any machine, whatever its governor, its core pattern or its terminal, and begin soon when
    # the corpus is large.
    engine_run -u ASAN_OPTIONS -u UBSAN_OPTIONS AFL_NO_UI=1 AFL_SKIP_CPUFREQ=1 \
        AFL_NO_AFFINITY=1 AFL_I_DONT_CARE_ABOUT_MISSING_CRASHES=1 AFL_FAST_CAL=1 \
        afl-fuzz -i "$work/input" -o "$work/afl" "${dict[@]}" "${seed[@]}" -m none -V "$seconds" \
        -t "$((INPUT_SECONDS_MAX * 1000))" -G "$INPUT_BYTES_MAX" -- "$binary"
}

# Column 13 of plot_data holds the edges. AFL++ begins to write it after a minute, or at its end.
afl_sample() {
    local edges corpus
    edges=$(sed -n '$p' "$1/afl/default/plot_data" 2>/dev/null | awk -F ', *' '/^[0-9]/ { print $13 }')
    corpus=$(find "$1/afl/default/queue" -name 'id:*' 2>/dev/null | wc -l)
    printf '%s %s\n' "${edges:--}" "$corpus"
}

afl_crashes() {
    find "$1" -path '*/default/crashes/id:*' -printf 'crash\t%p\n' \
        -o -path '*/default/hangs/id:*' -printf 'timeout\t%p\n'
}

# What it was given is marked 'orig'; the rest of its queue is new.
afl_collect() {
    local work=$1 found=$2 new=()
    mapfile -d '' -t new < <(find "$work" -path '*/default/queue/id:*' ! -name '*,orig:*' -print0)
    corpus_add "$found" "${new[@]}"
}

# AFL++ keeps no output of a crash.
afl_words() {
    :
}
