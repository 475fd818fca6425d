# Prints the title of a crash from what the sanitizers and the C library said of it: what happened,
# and the innermost function of the project on the stack. Equal titles are taken for equal bugs,
# so addresses and numbers are left out. Variables: root, the repository; late, 1 after a time-out.
function plain(text) {
    gsub(root "/", "", text)
    gsub(/0x[0-9a-f]+/, "ADDRESS", text)
    gsub(/[0-9]+/, "N", text)
    return substr(text, 1, 120)
}

# The call and the socket stand as they are; of what came of it, numbers but 0 are left out.
function deviated(text,    at, came) {
    at = index(text, ": got ")
    came = substr(text, at)
    gsub(/[1-9][0-9]*/, "N", came)
    return substr(text, 1, at - 1) came
}

/^deviation: / && !deviation { deviation = $0 }

/: Assertion `.*' failed/ && !assertion {
    assertion = $0
    sub(/^.*: Assertion `/, "assertion ", assertion)
    sub(/' failed.*/, "", assertion)
}

/: runtime error: / && !undefined {
    undefined = $0
    sub(/^.*: runtime error: /, "", undefined)
}

/^SUMMARY: / && !summary {
    summary = $0
    sub(/^SUMMARY: [A-Za-z]+: /, "", summary)
    if (summary ~ /byte\(s\) leaked/)
        summary = "memory leak"
    else if ($2 != "libFuzzer:") {
        where = summary
        if (!sub(/^.* in /, "", where)) where = ""
        sub(/ .*/, "", summary)
    }
}

/^ *#[0-9]+ 0x[0-9a-f]+ in / && !frame {
    if (index($0, " " root "/targets/") ||
        (index($0, " " root "/harness/") && $0 !~ /\/harness\/(engines|tool)\//)) {
        frame = $0
        sub(/^ *#[0-9]+ 0x[0-9a-f]+ in /, "", frame)
        frame = substr(frame, 1, index(frame, " " root "/") - 1)
    }
}

NF { last = $0 }

END {
    if (deviation && !late) {
        print deviated(deviation)
        exit
    }
    if (late) what = "time-out"
    else if (assertion) what = assertion
    else if (undefined) what = undefined
    else if (summary) what = summary
    else what = last
    if (!frame) frame = where
    print plain(what) (frame ? " in " frame : "")
}
