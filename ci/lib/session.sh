# Ctrl-C reaches every process of the terminal's foreground, and would break off a copy or a report
# half-way. So a script does its work in a session of its own, where the shell alone is told to
# stop. To be sourced after base.sh.
# shellcheck shell=bash

# session_inside: whether this is the script that does the work.
session_inside() {
    [[ ${SOCKDRILL_SESSION-} ]]
}

# session ARGUMENT...: returns in the script that is to do the work; the script that was started
# begins that one, passes the signals on, and ends as it ends.
session() {
    local worker status=0
    ! session_inside || return 0
    # If this script dies, the worker is told to stop as by Ctrl-C.
    SOCKDRILL_SESSION=1 setsid setpriv --pdeathsig TERM "ci/${0##*/}" "$@" &
    worker=$!
    trap 'kill -TERM "$worker" 2>/dev/null' INT TERM HUP
    # A signal ends the waiting, but not yet the worker.
    while kill -0 "$worker" 2>/dev/null; do
        wait "$worker" 2>/dev/null || true
    done
    wait "$worker" 2>/dev/null || status=$?
    ((status <= 2)) || die "was ended by force; run it again to gather what had been found"
    exit "$status"
}

# unignore ARGUMENT...: a shell started in the background has SIGINT ignored and cannot change
# that: starts the script once more with the signal as usual.
unignore() {
    [[ $(trap -p INT) != "trap -- '' SIGINT" ]] ||
        exec env --default-signal=INT "ci/${0##*/}" "$@"
}

# lock: dies if another script is already working on the corpus and the crashes here. Waits a
# little, since engines whose script was killed take a moment to end.
lock() {
    exec {LOCK}>reports/out/.lock
    flock -w 15 "$LOCK" || die "another ci/fuzz or ci/cmin is at work here; wait for it, or end it"
}
