# shellcheck shell=bash
# Debian packages without root and without touching the system's apt; sourced by fetch-qemu and fetch-kernel.
# Exit code 77 means: cannot be had here (no apt, no Debian mirror, no network). Tests skip then, with the reason.

readonly unavailable=77

# give_up TEXT: says why it cannot be had.
give_up() {
    printf '%s\n' "$*" >&2
    exit "$unavailable"
}

# cache_folder: where fetched things live, outside the tree.
cache_folder() { printf '%s/ptnet' "${XDG_CACHE_HOME:-${HOME:-/tmp}/.cache}"; }

# fetch_once NAME FILE COMMAND: where NAME/FILE is not in the cache yet, has COMMAND WORK fill the folder WORK/prefix, and puts that in
# NAME's place, whole or not at all. One at a time; prints nothing.
fetch_once() {
    local cache work
    cache="$(cache_folder)"
    mkdir -p "$cache"
    exec 9>"$cache/.$1.lock"
    flock 9
    [[ -e "$cache/$1/$2" ]] && return
    work="$(mktemp -d "$cache/$1.XXXXXX")"
    # shellcheck disable=SC2064 # the folder of now
    trap "rm -rf '$work'" EXIT
    "$3" "$work"
    rm -rf "${cache:?}/$1"
    mv "$work/prefix" "$cache/$1"
}

# mirror: the Debian archive that the system's own apt uses, also before its first update; nothing where there is none.
# PTNET_DEBIAN_MIRROR names another one.
mirror() {
    if [[ -n "${PTNET_DEBIAN_MIRROR:-}" ]]; then
        printf '%s' "$PTNET_DEBIAN_MIRROR"
        return
    fi
    local addresses
    addresses="$(apt-get update --print-uris 2>/dev/null || true)"
    sed -n "/\/debian\/dists\//{s|^'\(.*/debian\)/dists/.*|\1|p;q}" <<<"$addresses"
}

# private_apt FOLDER SUITE...: writes an apt configuration of our own into FOLDER and downloads the suites' lists.
private_apt() {
    local folder="$1" site key=/usr/share/keyrings/debian-archive-keyring.gpg suite log
    shift
    if ! command -v apt-get >/dev/null || ! command -v dpkg >/dev/null; then
        give_up "no apt-get and dpkg here"
    fi
    [[ "$(dpkg --print-architecture)" == amd64 ]] || give_up "only amd64 packages are fetched"
    [[ -e "$key" ]] || give_up "no Debian keys ($key): install debian-archive-keyring"
    site="$(mirror)"
    [[ -n "$site" ]] || give_up "apt's sources name no Debian mirror; set PTNET_DEBIAN_MIRROR"
    mkdir -p "$folder"/{lists/partial,archives/partial,etc}
    : >"$folder/status"
    for suite in "$@"; do
        printf 'deb [signed-by=%s] %s %s main\n' "$key" "$site" "$suite"
    done >"$folder/etc/sources.list"
    cat >"$folder/apt.conf" <<END
Dir::Etc::sourcelist "$folder/etc/sources.list";
Dir::Etc::sourceparts "-";
Dir::Etc::preferences "-";
Dir::Etc::preferencesparts "-";
Dir::State::lists "$folder/lists";
Dir::State::status "$folder/status";
Dir::Cache "$folder";
Dir::Cache::archives "$folder/archives";
Debug::NoLocking "1";
APT::Sandbox::User "";
APT::Install-Recommends "0";
Acquire::Languages "none";
Acquire::Retries "2";
Acquire::http::Timeout "20";
Acquire::https::Timeout "20";
END
    log="$folder/update.log"
    if ! APT_CONFIG="$folder/apt.conf" apt-get update --error-on=any >"$log" 2>&1; then
        give_up "the Debian mirror of apt's sources is away: $(grep -E '^(E|W|Err)' "$log" | head -n 1)"
    fi
}

# download FOLDER ARGUMENT...: downloads packages and all they need into FOLDER/archives.
download() {
    local folder="$1" log="$1/install.log"
    shift
    if ! APT_CONFIG="$folder/apt.conf" apt-get -y --download-only install "$@" >"$log" 2>&1; then
        give_up "apt-get could not download $*: $(grep -E '^(E|Err)' "$log" | head -n 1)"
    fi
}

# unpack FOLDER PREFIX: unpacks every downloaded package into PREFIX.
unpack() {
    local package
    mkdir -p "$2"
    for package in "$1"/archives/*.deb; do
        dpkg -x "$package" "$2"
    done
}
