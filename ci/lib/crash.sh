# Keeps crashes: reports/out/crashes/TARGET/HASH/ with input, its text form, the output of a replay,
# the command that reproduces it and crash.json. To be sourced after base.sh, build.sh and job.sh.
# shellcheck shell=bash

CRASH_REPLAYS=3
CRASH_LATE='ended by ci/fuzz: it took longer than'

# crash_hurry: from now on one replay of each must do, since somebody waits for the end.
crash_hurry() {
    CRASH_REPLAYS=1
}

# crash_keep TARGET ENGINE KIND FILE WORDS: keeps FILE unless an equal input or a crash with the
# same title has been kept; prints 'new' or 'known' and the folder that stands for it.
crash_keep() {
    local target=$1 engine=$2 kind=$3 file=$4 words=$5 sha home new twin
    sha=$(sha256sum <"$file")
    sha=${sha%% *}
    home=reports/out/crashes/$target/${sha:0:16}
    if [[ -e $home ]]; then
        printf 'known %s\n' "$home"
        return
    fi
    # Made beside its place and then renamed, so that a kill leaves nothing half done.
    new=$(mktemp -d "reports/out/crashes/.new.XXXXXX")
    cp -- "$file" "$new/input"
    crash_replay "$target" "$new" "${words:-$kind that a replay does not show}"
    twin=$(crash_titled "$target" "$new")
    if [[ $twin ]]; then
        rm -rf -- "$new"
        printf 'known %s\n' "$twin"
        return
    fi
    crash_describe "$target" "$engine" "$kind" "$sha" "$new" "$home"
    mkdir -p "${home%/*}"
    chmod 755 "$new"
    mv -T -- "$new" "$home"
    printf 'new %s\n' "$home"
}

# crash_replay TARGET NEW WORDS: leaves NEW/output.txt and NEW/title, from WORDS if no replay of
# the input crashes.
crash_replay() {
    local target=$1 new=$2 words=$3 run late=0
    for ((run = 1; run <= CRASH_REPLAYS; run++)); do
        ! crash_happens "$target" "$new/input" "$new/output.txt" || break
        printf '%s\n' "$words" >"$new/output.txt"
    done
    ! grep -q "^$CRASH_LATE" "$new/output.txt" || late=1
    awk -v root="$PWD" -v late="$late" -f ci/lib/title.awk "$new/output.txt" >"$new/title"
    printf '%d\n' $((CRASH_REPLAYS - run)) >"$new/left"
}

# crash_count TARGET NEW: prints how many of the replays crash, with those that crash_replay did.
crash_count() {
    local left times
    left=$(<"$2/left")
    times=$((left >= 0))
    for (( ; left > 0; left--)); do
        ! crash_happens "$1" "$2/input" "$2/again" || times=$((times + 1))
    done
    rm -f "$2/again" "$2/left"
    printf '%d\n' "$times"
}

# crash_happens TARGET FILE OUTPUT: replays it and succeeds if it crashes or does not end. Without
# sockdrill replay in between, so that a time-out reaches the target alone.
crash_happens() {
    local status=0 seconds=$((INPUT_SECONDS_MAX + 2))
    # A run that does not end is told to abort, so that the sanitizer shows where it is. Status 77
    # keeps its findings apart from 1, could not run.
    {
        ASAN_OPTIONS=exitcode=77:handle_abort=1:handle_sigill=1 \
            UBSAN_OPTIONS=exitcode=77:print_stacktrace=1 \
            timeout -s ABRT -k 3 "$seconds" "build/default/targets/$1" "$2"
    } >"$3" 2>&1 </dev/null || status=$?
    ((status != 124 && status != 137)) || printf '%s %d s\n' "$CRASH_LATE" "$seconds" >>"$3"
    ((status > 1))
}

# crash_titled TARGET NEW: the folder of the crash that is kept under the title of NEW, if there is
# one. One that no replay shows does not stand for one that a replay does show.
crash_titled() {
    local kept
    for kept in "reports/out/crashes/$1"/*/crash.json; do
        if [[ -e $kept ]] && jq -e --rawfile title "$2/title" --slurpfile left "$2/left" '
            .title == ($title | rtrimstr("\n")) and (.reproduces.times > 0 or $left[0] < 0)' \
            "$kept" >/dev/null; then
            printf '%s\n' "${kept%/*}"
            return
        fi
    done
}

# crash_line HOME: the crash in one line.
crash_line() {
    jq -r --rawfile command "$1/command.txt" '
        "\(.target): \(.title) (\(.reproduces.times) of \(.reproduces.of) replays crash); " +
        "reproduce: \($command | rtrimstr("\n"))"' "$1/crash.json"
}

# crash_describe TARGET ENGINE KIND SHA NEW HOME: completes the folder NEW, which is to become HOME.
crash_describe() {
    local target=$1 engine=$2 kind=$3 sha=$4 new=$5 home=$6 text=input.drill
    sed -i "s|$new/|$home/|g" "$new/output.txt"
    [[ ! $(target_input "$target") =~ ^(text|bytes)$ ]] || text=input.txt
    sockdrill fmt --target "$target" "$new/input" >"$new/$text" 2>&1 || true
    printf 'build/default/sockdrill replay %s %s\n' "$target" "$home/input" >"$new/command.txt"
    jq -n --arg target "$target" --arg engine "$engine" --arg kind "$kind" --arg sha "$sha" \
        --rawfile title "$new/title" --arg hash "${home##*/}" --arg text "$text" \
        --arg when "$(date -u +%FT%TZ)" --argjson of "$CRASH_REPLAYS" \
        --argjson times "$(crash_count "$target" "$new")" '
        {$target, $engine, $kind, title: ($title | rtrimstr("\n")), $hash, sha256: $sha, $when,
         reproduces: {$times, $of}, $text}' >"$new/crash.json"
    rm "$new/title"
}
