# What a run of ci/fuzz did: the rows of its table, reports/out/summary.json, the table on stdout.
# reports/README.md describes the file. To be sourced after job.sh.
# shellcheck shell=bash

# summary_begin: empties the notes of a run.
summary_begin() {
    : >"$SCRATCH/rows"
    : >"$SCRATCH/bugs"
}

# summary_bug TARGET ENGINE FOLDER: notes that this run found the crash kept there.
summary_bug() {
    printf '%s\t%s\t%s\n' "$@" >>"$SCRATCH/bugs"
}

# summary_crashes: every crash kept so far, with its text and output, cut to what a page can show.
summary_crashes() {
    local file home text
    find reports/out/crashes -mindepth 2 -name crash.json ! -path '*/.new.*' | sort |
        while read -r file; do
            home=${file%/*}
            text=$home/$(jq -r .text "$file")
            jq -c --arg home "${home#reports/out/}" --rawfile input "$text" \
                --rawfile output "$home/output.txt" --rawfile command "$home/command.txt" '
                . + {text: $input[:4000], output: $output[:12000], folder: $home,
                     command: ($command | rtrimstr("\n"))}' "$file"
        done
}

# summary_write STARTED INTERRUPTED CHECKED LET: writes reports/out/summary.json. CHECKED holds the
# self-check as JSON, LET is true if deviations leave the status as it is.
summary_write() {
    local commit
    commit=$(git rev-parse --short HEAD 2>/dev/null) || commit=''
    summary_crashes >"$SCRATCH/crashes"
    jq -n --arg version "$(version)" --arg commit "$commit" --arg started "$1" \
        --argjson interrupted "$2" --arg ended "$(date -u +%FT%TZ)" --slurpfile rows "$SCRATCH/rows" \
        --slurpfile crashes "$SCRATCH/crashes" --rawfile bugs "$SCRATCH/bugs" --argjson checked "$3" \
        --argjson let "$4" \
        -f ci/lib/summary.jq | put reports/out/summary.json
}

# summary_table: the runs as a table.
summary_table() {
    jq -r '
        ["target", "engine", "executions", "exec/s", "edges", "corpus", "crashes"],
        (.runs[] | [.target, .engine, .executions, .executions_per_second, .edges // "-",
                    .corpus // "-", .crashes]) | @tsv' reports/out/summary.json | table
}
