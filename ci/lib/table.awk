# Sets tab-separated lines in columns: the first line is the heads, numbers stand to the right.
BEGIN { FS = "\t" }
{
    for (i = 1; i <= NF; i++) {
        cell[NR, i] = $i
        if (length($i) > width[i]) width[i] = length($i)
        if (NR > 1 && $i !~ /^[-+0-9.%]+$/) words[i] = 1
    }
    if (NF > columns) columns = NF
}
END {
    for (row = 1; row <= NR; row++) {
        line = ""
        for (i = 1; i <= columns; i++)
            line = line sprintf(words[i] ? "%-" width[i] "s  " : "%" width[i] "s  ", cell[row, i])
        sub(/ +$/, "", line)
        print line
    }
}
