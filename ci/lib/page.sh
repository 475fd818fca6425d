# The report page: reports/page/index.html with its data put in. To be sourced after base.sh.
# shellcheck shell=bash

# page_write: writes reports/out/index.html from the summaries that are there.
page_write() {
    local fuzz=reports/out/summary.json coverage=reports/out/coverage/summary.json
    [[ -e $fuzz ]] || fuzz=/dev/null
    [[ -e $coverage ]] || coverage=/dev/null
    # Without '<' no content can end the script element that holds the data.
    jq -nrj --rawfile page reports/page/index.html --slurpfile fuzz "$fuzz" \
        --slurpfile coverage "$coverage" '
        ({fuzz: $fuzz[0], coverage: $coverage[0]} | tojson | split("<") | join("\\u003c")) as $data |
        $page | split("@DATA@") | .[0] + $data + .[1]' | put reports/out/index.html
}
