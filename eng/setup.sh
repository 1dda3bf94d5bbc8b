# shellcheck shell=bash
# What ./test, ./ptnet and .ci/run have in common; sourced, never run.

export DOTNET_NOLOGO=1 DOTNET_CLI_TELEMETRY_OPTOUT=1 DOTNET_SKIP_FIRST_TIME_EXPERIENCE=1
# Nothing of a build outlives it: a lingering node would hold our locks and pipes open.
export MSBUILDDISABLENODEREUSE=1 DOTNET_CLI_USE_MSBUILD_SERVER=0
export HOME="${HOME:-/tmp}"

# say TEXT: a line for the person at the terminal, apart from the output of programs.
say() { printf '%s\n' "$*" >&2; }

# need_dotnet: is the SDK that global.json asks for there? Says what to do when not.
need_dotnet() {
    if ! command -v dotnet >/dev/null; then
        say "the .NET 10 SDK is missing: no 'dotnet' in PATH (Debian, Ubuntu: install the package dotnet-sdk-10.0)"
        return 1
    fi
    local version
    if ! version="$(dotnet --version 2>&1)"; then
        # Another SDK than global.json asks for is one reason of several; dotnet knows which it is.
        say "dotnet does not start ($(command -v dotnet)); it says:"
        say "$version"
        if [[ "$version" == *global.json* || "$version" == *"SDK was not found"* ]]; then
            say "global.json asks for the .NET 10 SDK; installed are:"
            dotnet --list-sdks >&2 || true
        fi
        return 1
    fi
    version="${version##*$'\n'}"
    [[ "$version" == 10.* ]] || say "note: .NET SDK $version in place of 10"
}

# missing_native: prints what a native build lacks, and nothing when it lacks nothing.
missing_native() {
    local missing=()
    command -v clang >/dev/null || command -v gcc >/dev/null || missing+=("a C compiler (gcc or clang)")
    [[ -e /usr/include/zlib.h ]] || missing+=("zlib's headers (zlib1g-dev)")
    local IFS=,
    printf '%s' "${missing[*]}"
}

# install_native: gets what a native build lacks, as root on Debian and Ubuntu. False when something is still missing.
install_native() {
    [[ -n "$(missing_native)" ]] || return 0
    if [[ "$(id -u)" != 0 ]] || ! command -v apt-get >/dev/null; then
        return 1
    fi
    say "installing $(missing_native)"
    export DEBIAN_FRONTEND=noninteractive
    apt-get -qq update >&2 </dev/null || true
    apt-get -qq install -y --no-install-recommends gcc libc6-dev zlib1g-dev >&2 </dev/null || true
    [[ -z "$(missing_native)" ]]
}
