# Builds presets quietly and knows the targets. To be sourced after base.sh; needs SCRATCH.
# shellcheck shell=bash

# The tool that lists, converts and replays; every script needs it.
sockdrill() {
    build/default/sockdrill "$@"
}

# build PRESET...: configures and builds; shows the compiler's words only if that fails.
build() {
    local preset log=$SCRATCH/build.log
    for preset; do
        say "building $preset"
        if ! configure "$preset" >"$log" 2>&1 </dev/null ||
            ! AFL_QUIET=1 cmake --build --preset "$preset" >"$log" 2>&1 </dev/null; then
            build_errors <"$log" >&2
            die "the preset $preset does not build; see above"
        fi
    done
}

# configure PRESET: begins afresh if what is in build/ was made for another folder or compiler; for
# a new compiler cmake would forget the variables of the preset.
configure() {
    local said
    if ! said=$(AFL_QUIET=1 cmake --preset "$1" 2>&1) ||
        [[ $said == *'You have changed variables'* ]]; then
        rm -rf "build/$1/CMakeCache.txt" "build/$1/CMakeFiles"
        AFL_QUIET=1 cmake --preset "$1"
    fi
}

# build_errors: the part of a build's output that matters, from the first failure on.
build_errors() {
    awk '/FAILED|CMake Error|ninja: error/ { on = 1 } { all = all $0 "\n" } on
         END { if (!on) printf "%s", all }'
}

# targets: every target that is fuzzed, one per line; the canaries only serve the self-checks, and what
# is broken is there to be found.
targets() {
    sockdrill list | cut -f 1 | grep -vxE 'canary(_oracle)?|examples/.*_broken/.*'
}

# target_input TARGET: how its inputs are written down: as text, bytes or a kind of drill.
target_input() {
    sockdrill list | awk -F '\t' -v target="$1" '$1 == target { print $2 }'
}

# targets_named [TARGET...]: these, or all if none is named; dies on a name that is no target.
targets_named() {
    local known name
    known=$(targets)
    for name; do
        grep -qxF -- "$name" <<<"$known" ||
            die "unknown target '$name'; the targets are: ${known//$'\n'/ }"
    done
    if (($#)); then printf '%s\n' "$@"; else printf '%s\n' "$known"; fi
}
