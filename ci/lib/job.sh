# A job is one target under one engine. It is named by the engine, since at any time at most one
# runs under each. To be sourced after base.sh, build.sh, corpus.sh, crash.sh and the engines.
#
# An engine is a file lib/ENGINE.sh with these functions, a preset, and a group of ci/packages.txt,
# all named after it:
#
#   ENGINE_prepare WORK FOUND                gets ready, before any engine of the round starts
#   ENGINE_start WORK BINARY FOUND SECONDS   ends in engine_run; reads WORK/seeds and WORK/dict
#   ENGINE_sample WORK                       prints 'EDGES INPUTS', a number or - each
#   ENGINE_crashes WORK                      prints lines 'KIND<TAB>FILE': crash leak timeout oom
#   ENGINE_collect WORK FOUND                adds what it found to the corpus
#   ENGINE_words WORK FILE                   prints what it said of that crash, if it did
#
# WORK is reports/out/work/ENGINE/TARGET. What an engine finds stays there until it has been taken
# over, so a kill loses nothing: the next run takes it over (recover).
# shellcheck shell=bash

# Limits on one input, for the engines and for the replay of a crash.
export INPUT_SECONDS_MAX=10 # taking longer is a finding
export INPUT_MEMORY_MB_MAX=2048
export INPUT_BYTES_MAX=4096 # for what an engine makes; seeds may be longer

JOB_RESTARTS_MAX=50 # a target that crashes on every input would only start and crash

declare -A JOB_TARGET JOB_WORK JOB_FOUND JOB_PID JOB_STARTED_US JOB_RAN_US JOB_UNTIL JOB_RESTARTS
declare -A JOB_CRASHES JOB_EXECUTIONS JOB_SAMPLED_US JOB_NOTE JOB_FAILED

# engine_run [-u NAME]... [NAME=VALUE]... COMMAND...: becomes the engine. It dies with this script,
# and Ctrl-C does not reach it: the script stops it.
engine_run() {
    export SOCKDRILL_COUNTER=$work/counter
    exec setsid setpriv --pdeathsig TERM env "$@"
}

# job_open ENGINE TARGET WORK FOUND: lays out the work folder; the caller puts seeds into WORK/seeds.
job_open() {
    local engine=$1 target=$2 work=$3 found=$4
    JOB_TARGET[$engine]=$target JOB_WORK[$engine]=$work JOB_FOUND[$engine]=$found
    JOB_RAN_US[$engine]=0 JOB_RESTARTS[$engine]=0 JOB_CRASHES[$engine]=0
    JOB_EXECUTIONS[$engine]=0 JOB_SAMPLED_US[$engine]=${EPOCHREALTIME/[.,]/} JOB_NOTE[$engine]='' JOB_FAILED[$engine]=no
    rm -rf "$work"
    mkdir -p "$work/seeds" "$found"
    head -c 8 /dev/zero >"$work/counter"
    sockdrill dict "$target" >"$work/dict" || die "cannot make the dictionary of $target"
}

# job_ready ENGINE: the seeds are there.
job_ready() {
    local work=${JOB_WORK[$1]}
    # Neither engine starts without an input.
    [[ $(corpus_count "$work/seeds") != 0 ]] || printf '0' >"$work/seeds/0"
    "${1}_prepare" "$work" "${JOB_FOUND[$1]}"
}

# job_start ENGINE SECONDS: starts it in the background.
job_start() {
    local engine=$1 seconds=$2 work=${JOB_WORK[$1]} binary=build/$1/targets/${JOB_TARGET[$1]}
    "${engine}_start" "$work" "$binary" "${JOB_FOUND[$engine]}" "$seconds" \
        >>"$work/log" 2>&1 </dev/null &
    JOB_PID[$engine]=$!
    JOB_STARTED_US[$engine]=${EPOCHREALTIME/[.,]/}
    JOB_UNTIL[$engine]=$((EPOCHSECONDS + seconds))
}

# job_running ENGINE: whether its engine runs.
job_running() {
    [[ ${JOB_PID[$1]-} ]] && kill -0 "${JOB_PID[$1]}" 2>/dev/null
}

# job_reap ENGINE: takes note that the engine has ended, and how: sets JOB_STATUS.
job_reap() {
    JOB_STATUS=0
    wait "${JOB_PID[$1]}" || JOB_STATUS=$?
    JOB_PID[$1]=''
    JOB_RAN_US[$1]=$((JOB_RAN_US[$1] + ${EPOCHREALTIME/[.,]/} - JOB_STARTED_US[$1]))
}

# job_mend ENGINE: if the engine ended before its time, starts it again after a crash, or notes
# why it failed.
job_mend() {
    local engine=$1 seconds=$((JOB_UNTIL[$1] - EPOCHSECONDS)) crashes file
    [[ ${JOB_PID[$engine]} ]] && ! job_running "$engine" || return 0
    job_reap "$engine"
    ((JOB_STATUS != 0)) || return 0
    mapfile -t crashes < <("${engine}_crashes" "${JOB_WORK[$engine]}" | cut -f 2)
    if ((${#crashes[@]} <= JOB_CRASHES[$engine])); then
        JOB_FAILED[$engine]=yes
        JOB_NOTE[$engine]=$(job_last_words "$engine")
        return
    fi
    JOB_CRASHES[$engine]=${#crashes[@]}
    for file in "${crashes[@]}"; do
        corpus_forget "$file" "${JOB_WORK[$engine]}/seeds" "${JOB_FOUND[$engine]}"
    done
    if ((JOB_RESTARTS[$engine] == JOB_RESTARTS_MAX)); then
        JOB_NOTE[$engine]="stopped after $JOB_RESTARTS_MAX restarts"
    elif ((seconds > 0)); then
        JOB_RESTARTS[$engine]=$((JOB_RESTARTS[$engine] + 1))
        job_start "$engine" "$seconds"
    fi
}

# job_last_words ENGINE: the line of the engine's log that says why it ended.
job_last_words() {
    local log=${JOB_WORK[$1]}/log
    {
        tail -n 1 "$log"
        grep -aE 'ABORT|ERROR|rror:|annot|ailed' "$log" | tail -n 1
    } | tail -n 1 | plain
}

# job_stop ENGINE...: tells them to end, and makes them if they do not.
job_stop() {
    local engine tries
    for engine; do
        ! job_running "$engine" || job_signal TERM "$engine"
    done
    for engine; do
        for ((tries = 0; tries < 50; tries++)); do
            job_running "$engine" || break
            sleep 0.1
        done
        ! job_running "$engine" || job_signal KILL "$engine"
        [[ -z ${JOB_PID[$engine]} ]] || job_reap "$engine"
    done
}

# job_signal SIGNAL ENGINE: to all its processes; just started, it may not lead a group yet.
job_signal() {
    kill -"$1" -- "-${JOB_PID[$2]}" 2>/dev/null || kill -"$1" "${JOB_PID[$2]}" 2>/dev/null || true
}

# job_crashes ENGINE: how many crashes it has left so far.
job_crashes() {
    "${1}_crashes" "${JOB_WORK[$1]}" | wc -l
}

# jobs_pending ENGINE...: whether one of them has not been reaped and is not overdue. An engine ends
# by itself when its time is over, or once it has seen that the input at hand does not end.
jobs_pending() {
    local engine
    for engine; do
        [[ -z ${JOB_PID[$engine]} ]] ||
            ((EPOCHSECONDS > JOB_UNTIL[$engine] + 2 * INPUT_SECONDS_MAX)) || return 0
    done
    return 1
}

# jobs_wait SECONDS ENGINE...: waits, but not past the end of an engine or a wish to stop.
jobs_wait() {
    local seconds=$1 sleeper engine pids=()
    shift
    for engine; do
        [[ ${JOB_PID[$engine]} ]] || continue
        job_running "$engine" || return 0
        pids+=("${JOB_PID[$engine]}")
    done
    sleep "$seconds" &
    sleeper=$!
    wait -n "$sleeper" "${pids[@]}" || true
    kill "$sleeper" 2>/dev/null || true
    wait "$sleeper" 2>/dev/null || true
}

# job_sample ENGINE: sets SAMPLE_EDGES and SAMPLE_INPUTS, a number or - each, and JOB_EXECUTIONS.
job_sample() {
    local work=${JOB_WORK[$1]}
    JOB_EXECUTIONS[$1]=$(od -An -tu8 -N8 "$work/counter" | tr -d ' ')
    read -r SAMPLE_EDGES SAMPLE_INPUTS < <("${1}_sample" "$work") ||
        SAMPLE_EDGES=- SAMPLE_INPUTS=-
}

# job_progress ENGINE: prints how far it is, with the rate since this was last asked.
job_progress() {
    local engine=$1 before=${JOB_EXECUTIONS[$1]} since=${JOB_SAMPLED_US[$1]}
    local now=${EPOCHREALTIME/[.,]/}
    job_sample "$engine"
    JOB_SAMPLED_US[$engine]=$now
    printf '%4d s  %-20s  %-9s  %10d executions  %6d/s  %5s edges  %5s inputs  %d crashes\n' \
        "$SECONDS" "${JOB_TARGET[$engine]}" "$engine" "${JOB_EXECUTIONS[$engine]}" \
        $(((JOB_EXECUTIONS[$engine] - before) * 1000000 / (now - since + 1))) \
        "$SAMPLE_EDGES" "$SAMPLE_INPUTS" "$(job_crashes "$engine")"
}

# job_report ENGINE: prints what it did as JSON, and says so if it failed.
job_report() {
    local engine=$1 target=${JOB_TARGET[$1]}
    job_sample "$engine"
    [[ ${JOB_FAILED[$engine]} == no ]] || say "$engine failed on $target: ${JOB_NOTE[$engine]}"
    jq -cn --arg target "$target" --arg engine "$engine" --arg note "${JOB_NOTE[$engine]}" \
        --arg failed "${JOB_FAILED[$engine]}" --argjson us "${JOB_RAN_US[$engine]}" \
        --argjson executions "${JOB_EXECUTIONS[$engine]}" --arg edges "$SAMPLE_EDGES" \
        --arg corpus "$SAMPLE_INPUTS" --argjson restarts "${JOB_RESTARTS[$engine]}" '
        def number: if . == "-" then null else tonumber end;
        {$target, $engine, seconds: ($us / 100000 | round / 10), $executions,
         executions_per_second: (if $us > 0 then $executions * 1000000 / $us | round else 0 end),
         edges: ($edges | number), corpus: ($corpus | number), $restarts,
         failed: ($failed == "yes"), note: (if $note == "" then null else $note end),
         log: "logs/\($engine)/\($target).log"}'
}
