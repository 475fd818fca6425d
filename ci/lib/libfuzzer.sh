# The engine libFuzzer, behind the same functions as afl.sh; job.sh says what each is for.
# shellcheck shell=bash

libfuzzer_prepare() {
    :
}

libfuzzer_start() {
    local work=$1 binary=$2 found=$3 seconds=$4 dict=() seed=() artifacts
    [[ -z ${SEED:-} ]] || seed=(-seed="$((SEED + JOB_RESTARTS[libfuzzer]))")
    # Started again, it may well find the same input, and would write it over the last.
    artifacts=$(mktemp -d "$work/artifacts.XXXXXX")
    [[ ! -s $work/dict ]] || dict=(-dict="$work/dict")
    # A slow input is no finding: only one that takes longer than the time-out.
    engine_run ASAN_OPTIONS=detect_leaks=1 UBSAN_OPTIONS=print_stacktrace=1 \
        "$binary" "${dict[@]}" "${seed[@]}" -max_total_time="$seconds" -timeout="$INPUT_SECONDS_MAX" \
        -rss_limit_mb="$INPUT_MEMORY_MB_MAX" -report_slow_units=3600 \
        -artifact_prefix="$artifacts/" "$found" "$work/seeds"
}

# The last status line holds 'cov: 12 ft: 34 corp: 5/10b'.
libfuzzer_sample() {
    tail -c 65536 "$1/log" | tac |
        sed -nE '/ cov: [0-9]+ .* corp: [0-9]+/ { s/.* cov: ([0-9]+) .* corp: ([0-9]+).*/\1 \2/p; q }'
}

# An artifact is named by its kind: crash, leak, timeout or oom.
libfuzzer_crashes() {
    find "$1" -path '*/artifacts.*/*-*' -printf '%f\t%p\n' |
        sed -n 's/^\(crash\|leak\|timeout\|oom\)-[^\t]*/\1/p'
}

# libFuzzer writes straight into the found corpus.
libfuzzer_collect() {
    :
}

# The last summary before the line that names the artifact.
libfuzzer_words() {
    awk -v name="${2##*/}" '/^SUMMARY: / { last = $0 } index($0, name) { print last; exit }' "$1/log"
}
