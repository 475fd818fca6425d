# A round: one target under one or more engines at the same time. To be sourced after job.sh,
# crash.sh and summary.sh; STOPS counts how often the user asked to stop.
# shellcheck shell=bash

PROGRESS_SECONDS=3
CANARY_SECONDS_MAX=240 # usually found in 20; chance has a long tail
STOPS=0

# ask_to_stop: what Ctrl-C does. The engines end, and what they found is taken over.
ask_to_stop() {
    STOPS=$((STOPS + 1))
    ((STOPS > 1)) || say "stopping; once more leaves the replay of crashes to the next run"
}

# round SECONDS TARGET ENGINE...: fuzzes it, then takes over what was found.
round() {
    local seconds=$1 target=$2 engine work shown=$EPOCHSECONDS
    shift 2
    for engine; do
        work=reports/out/work/$engine/$target
        job_open "$engine" "$target" "$work" "corpus/found/$target"
        sockdrill seeds "$target" "$work/seeds" >/dev/null || die "cannot make the seeds of $target"
        job_ready "$engine"
    done
    for engine; do
        job_start "$engine" "$seconds"
    done
    while ((STOPS == 0)) && jobs_pending "$@"; do
        jobs_wait "$PROGRESS_SECONDS" "$@"
        for engine; do
            job_mend "$engine"
        done
        ((EPOCHSECONDS >= shown + PROGRESS_SECONDS)) || continue
        shown=$EPOCHSECONDS
        for engine; do
            job_progress "$engine" >&2
        done
    done
    job_stop "$@"
    for engine; do
        round_close "$engine" "$target"
    done
}

# round_close ENGINE TARGET: notes what the job did, and takes over what it found.
round_close() {
    local engine=$1 target=$2 work=reports/out/work/$1/$2 log=reports/out/logs/$1/$2.log
    job_report "$engine" >>"$SCRATCH/rows"
    mkdir -p "${log%/*}"
    plain <"$work/log" >"$log"
    harvest "$engine" "$target" "$work" "corpus/found/$target"
}

# harvest ENGINE TARGET WORK FOUND: adds what was found to the corpus and the crashes, then clears
# the work folder. A second wish to stop leaves the rest to the next run.
harvest() {
    local engine=$1 target=$2 work=$3 found=$4 kind file words news home
    ((STOPS == 0)) || crash_hurry
    "${engine}_collect" "$work" "$found"
    while IFS=$'\t' read -r kind file <&3; do
        ((STOPS < 2)) || return 0
        words=$("${engine}_words" "$work" "$file")
        read -r news home < <(crash_keep "$target" "$engine" "$kind" "$file" "$words") ||
            die "cannot keep the crash $file; it stays there for the next run"
        summary_bug "$target" "$engine" "$home"
        rm -- "$file"
        [[ $news == known ]] || shout "$(crash_line "$home")"
    done 3< <("${engine}_crashes" "$work")
    rm -rf -- "$work"
}

# recover: takes over what a run that was killed left in its work folders.
recover() {
    local target engine work
    rm -rf reports/out/crashes/.new.*
    while read -r target <&4; do
        corpus_mend "$target"
        for engine in libfuzzer afl; do
            work=reports/out/work/$engine/$target
            [[ -e $work/counter ]] || continue
            say "taking over what an earlier run left of $target under $engine"
            harvest "$engine" "$target" "$work" "corpus/found/$target"
        done
    done 4< <(targets)
}

# self_check ENGINE...: each must find the bug planted in the canary; dies if one does not.
# Sets CHECKED, what it saw as JSON.
self_check() {
    local engine left=("$@") waiting started=$EPOCHSECONDS
    CHECKED='[]'
    for engine; do
        job_open "$engine" canary "$SCRATCH/canary/$engine" "$SCRATCH/canary/found-$engine"
        printf '0' >"$SCRATCH/canary/$engine/seeds/0"
        job_ready "$engine"
        job_start "$engine" "$CANARY_SECONDS_MAX"
    done
    while ((STOPS == 0)) && ((${#left[@]})); do
        jobs_wait 0.3 "${left[@]}"
        waiting=("${left[@]}") left=()
        for engine in "${waiting[@]}"; do
            if "${engine}_crashes" "$SCRATCH/canary/$engine" | grep -q ^crash; then
                job_stop "$engine"
                self_check_found "$engine" $((EPOCHSECONDS - started))
            elif job_running "$engine"; then
                left+=("$engine")
            else
                die "self-check: $engine did not find the bug planted in the target canary" \
                    "(it said: $(job_last_words "$engine"))"
            fi
        done
    done
    job_stop "$@"
}

# self_check_found ENGINE SECONDS: notes that it found the canary.
self_check_found() {
    say "self-check: $1 found the canary in $2 s"
    CHECKED=$(jq -c --arg engine "$1" --argjson seconds "$2" '. + [{$engine, $seconds}]' \
        <<<"$CHECKED")
}
