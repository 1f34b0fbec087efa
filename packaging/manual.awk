# Corrects a manual page from the argument parser's generator. The first input is README.md, for the exit codes.
#
# The generator omits the values of options, keeps blank and indented lines where mdoc has macros, allows commands to be
# hyphenated as roll-call, gives every program the exit codes "0 or more", and puts dots into page names, so that
# `man rollcall plan` would not find them.

# The values and the default of each option, from the help text, where each long option has its own line.
BEGIN {
    option = ""
    count = split(ENVIRON["HELP"], lines, "\n")
    for (i = 1; i <= count; i++) {
        if (match(lines[i], /--[a-z-]+/)) option = substr(lines[i], RSTART, RLENGTH)
        else if (match(lines[i], /^  <[a-z]+>/)) option = substr(lines[i], 4, RLENGTH - 4)
        else if (lines[i] !~ /^          /) option = ""
        if (option != "" && match(lines[i], /\((values|default): [^()]*\)$/)) values[option] = substr(lines[i], RSTART + 1, RLENGTH - 2)
    }
}

# Returns a line of text with one sentence per line and code in bold. Code and names with "rollcall" never break at the
# end of a line.
function text(line,    typed, result) {
    while (match(line, /`[^`]*`/)) {
        typed = substr(line, RSTART + 1, RLENGTH - 2)
        gsub(/-/, "\\-", typed)
        gsub(/[^ ]+/, "\\%&", typed)
        result = result prose(substr(line, 1, RSTART - 1)) "\\fB" typed "\\fR"
        line = substr(line, RSTART + RLENGTH)
    }
    return result prose(line)
}

function prose(line) {
    gsub(/[^ ]*(rollcall|ROLLCALL)/, "\\%&", line)
    gsub(/[.] +/, ".\n", line)
    return line
}

function printValues(name) {
    if (!(name in values)) return
    line = values[name]
    gsub(/; default/, ".\nDefault", line)
    sub(/^values/, "Values", line)
    sub(/^default/, "Default", line)
    print line "."
    delete values[name]
}

function endLiteral() {
    if (isLiteral) print ".Ed"
    isLiteral = 0
}

# The table of exit codes.
FNR == NR {
    if (/^\| exit code/) isTable = 1
    else if (!/^\|/) isTable = 0
    else if (isTable && !/^\| ---/) {
        split($0, cells, / *\| */)
        codes[++codeCount] = cells[2]
        meanings[codeCount] = cells[3]
    }
    next
}

/^\.Dt / || /^\.Xr / { gsub(/\./, "-"); sub(/^-/, ".") }
/^\.Os/ { print ".Os " version; next }
/^\.Nd / { sub(/\."$/, "\""); print; next }

/^\.It / {
    printValues(option)
    option = ""
    if (match($0, /Fl (. , )?-[a-z-]+/)) { option = substr($0, RSTART, RLENGTH); sub(/^.* -/, "--", option) }
    else if (match($0, /Ar [a-z]+/)) option = substr($0, RSTART + 3, RLENGTH - 3)
    hasBreak = 0
    print
    next
}
/^\.El/ { printValues(option); hasBreak = 0; print; next }
# A paragraph break.
/^\.Pp/ { hasBreak = 1; next }
/^\.Ex/ {
    if (name != "rollcall") {
        print
        print ".Xr rollcall 1"
        print "explains the exit codes."
    } else {
        print ".Bl -tag -width 6n"
        for (i = 1; i <= codeCount; i++) print ".It " codes[i] "\n" text(meanings[i])
        print ".El"
    }
    next
}
/^\.Sh "?SEE ALSO/ { hasReferences = 1 }
/^\./ { endLiteral(); print; next }

# A blank line. Indented blocks have one before and after too.
/^$/ { hasBreak = 1; next }
/^(\\&)? / {
    sub(/^\\&/, "")
    sub(/^ +/, "")
    if (!isLiteral) print ".Bd -literal -offset indent"
    isLiteral = 1
    hasBreak = 0
    gsub(/-/, "\\-")
    print ($0 ~ /^[.']/ ? "\\&" : "") $0
    next
}
{
    wasLiteral = isLiteral
    endLiteral()
    if (hasBreak) print ".Pp"
    hasBreak = 0
    print text($0)
}

END {
    endLiteral()
    if (!hasReferences) {
        print ".Sh SEE ALSO"
        print ".Xr rollcall 1"
    }
}
