# LLVM's coverage tools, in the version of the clang that builds. To be sourced after base.sh.
# shellcheck shell=bash

# llvm_tool NAME: prints the path of the tool; dies if there is none.
llvm_tool() {
    local name=$1 major path
    major=$(clang -dumpversion)
    major=${major%%.*}
    # clang names what stands beside it with its path, and anything else by its name alone.
    path=$(clang -print-prog-name="$name")
    [[ $path == */* ]] || path=$name-$major
    command -v "$path" ||
        die "$name-$major is missing, which clang $major needs: install the package llvm-$major"
}
