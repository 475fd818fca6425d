# Makes summary.json of what summary.sh gathered; reports/README.md describes it.
($bugs | split("\n") | map(select(. != "") | split("\t") | {target: .[0], engine: .[1], folder: .[2]})
    | map(.folder |= ltrimstr("reports/out/")) | unique) as $bugs |
($rows | map(. as $row | . + {crashes: [$bugs[]
    | select(.target == $row.target and .engine == $row.engine)] | length})) as $runs |
($crashes | map(. as $crash | [$bugs[] | select(.folder == $crash.folder) | .engine] as $engines
    | . + {found_now: ($engines != []), found_by: ([.engine] + $engines | unique)})
    | sort_by(.found_now | not)) as $crashes |
[$crashes[] | select($let and (.title | startswith("deviation: "))) | .folder] as $excused |
{
    schema: "sockdrill-fuzz",
    version: 1,
    sockdrill: $version,
    commit: (if $commit == "" then null else $commit end),
    $started, $ended, $interrupted,
    status: (if [$bugs[].folder] - $excused != [] then 2 elif any($runs[]; .failed) then 1 else 0 end),
    self_check: $checked,
    totals: {
        executions: ([$runs[].executions] | add // 0),
        seconds: ([$runs[].seconds] | (add // 0) * 10 | round / 10),
        crashes: ([$bugs[].folder] | unique | length),
        crashes_kept: ($crashes | length)
    },
    $runs, $crashes
}
