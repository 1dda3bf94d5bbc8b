# shellcheck shell=bash
# How ./test runs a test executable: a line a test as it ends, a limit that is each test's own, and counts that are right
# however the executable ends. Sourced, never run.

# Seconds that one test may take, or that the runner may stand still between tests. Nothing limits how long all take.
limit="${PTNET_TEST_LIMIT:-900}"
passed=0
failed=0
skipped=0
work=
runner=
# What failed and why, a line each: said once more at the end, where one looks first and where a shortened log still has it.
failures=()

# finish: prints what failed and the sum, and ends.
finish() {
    if ((${#failures[@]} > 0)); then
        echo "== what failed"
        printf '%s\n' "${failures[@]}"
    fi
    printf '%d passed, %d failed, %d skipped\n' "$passed" "$failed" "$skipped"
    ((failed == 0)) && exit 0 || exit 1
}

# own_temporary_directory: what tests leave in it goes with it. Its name is short, for paths of sockets are; others may pass
# through it, for tests that are somebody else for a while.
own_temporary_directory() {
    work="$(mktemp -d "${TMPDIR:-/tmp}/pt-XXXXXX")" || exit 2
    chmod 711 "$work"
    export TMPDIR="$work"
    trap clean_up EXIT
    trap 'exit 130' INT
    trap 'exit 143' TERM HUP
}

clean_up() {
    [[ -z "$runner" ]] || kill -KILL -- "-$runner" 2>/dev/null
    rm -rf -- "$work"
}

# stop_runner: ends the executable and what it started.
stop_runner() {
    local i
    kill -TERM -- "-$runner" 2>/dev/null
    for ((i = 0; i < 50; i++)); do
        kill -0 "$runner" 2>/dev/null || break
        sleep 0.1
    done
    kill -KILL -- "-$runner" 2>/dev/null
}

# show LINE: for who watches, and for later.
show() {
    printf '%s\n' "$1"
    printf '%s\n' "$1" >&6
}

# complain LINE: for who watches, for later, and once more at the end.
complain() {
    show "$1"
    failures+=("$1")
}

# look_for_late: ends the executable when a test has taken longer than it may, or nothing has moved for as long.
look_for_late() {
    local name since
    for name in "${!started[@]}"; do
        since="${started["$name"]}"
        if [[ -n "$since" ]] && ((SECONDS - since > limit)); then
            complain "    $name [FAIL]"
            complain "      It did not end within $limit s (PTNET_TEST_LIMIT); the tests that had not ended are not counted."
            late=$((late + 1))
        fi
    done
    if ((late == 0 && running == 0 && SECONDS - moved > limit)); then
        complain "    The runner stood still for $limit s (PTNET_TEST_LIMIT) while no test ran."
        late=1
    fi
    ((late == 0)) || stop_runner
}

# take_end NAME TIME LINE: a test has ended.
take_end() {
    local name="$1" other
    if [[ -z "${started["$name"]:-}" ]]; then
        # What a test writes without a line's end stands before the runner's line.
        for other in "${!started[@]}"; do
            [[ -n "${started["$other"]}" && "$name" == *"    $other" ]] && name="$other"
        done
    fi
    [[ -n "${started["$name"]:-}" ]] && running=$((running - 1))
    started["$name"]=
    ended=$((ended + 1))
    [[ -n "${told["$name"]:-}" ]] || show "    $2 $name"
}

# take_line LINE: keeps count of one line of the runner's, and shows it: of a test that passed, when it ends.
take_line() {
    local name="${1#    }"
    moved=$SECONDS
    if [[ "$1" == *' [FAIL]' ]]; then
        reasons=20
    elif [[ "$1" != '      '* ]]; then
        reasons=0
    fi
    if ((reasons > 0)); then
        failures+=("$1")
        reasons=$((reasons - 1))
    fi
    case "$1" in
        '    '*' [STARTING]')
            started["${name% \[STARTING\]}"]=$SECONDS
            running=$((running + 1))
            return
            ;;
        *' [FINISHED] Time: '*)
            take_end "${name% \[FINISHED\] Time: *}" "${1##* Time: }"
            return
            ;;
        '    '*' [FAIL]')
            told["${name% \[FAIL\]}"]=1
            bad=$((bad + 1))
            ;;
        '    '*' [SKIP]')
            told["${name% \[SKIP\]}"]=1
            left_out=$((left_out + 1))
            ;;
        '   '*' Total: '*)
            summary="$1"
            ;;
    esac
    show "$1"
}

# watch: takes the runner's lines from descriptor 5 until it has ended.
watch() {
    local line code looked=0
    while :; do
        IFS= read -r -t 1 line <&5
        code=$?
        if ((code == 0)); then
            take_line "$line"
        elif ((code <= 128)) || ! kill -0 "$runner" 2>/dev/null; then
            # The end; or what a test has left behind holds the pipe open.
            return
        fi
        if ((SECONDS != looked)); then
            looked=$SECONDS
            look_for_late
            ((late == 0)) || return
        fi
    done
}

# add_counts NAME CODE: adds what the executable says of itself, or else what it was seen to do.
add_counts() {
    if [[ "$summary" =~ Total:\ ([0-9]+),\ Errors:\ ([0-9]+),\ Failed:\ ([0-9]+),\ Skipped:\ ([0-9]+),\ Not\ Run:\ ([0-9]+) ]]; then
        bad=$((BASH_REMATCH[2] + BASH_REMATCH[3]))
        left_out="${BASH_REMATCH[4]}"
        passed=$((passed + BASH_REMATCH[1] - BASH_REMATCH[3] - BASH_REMATCH[4] - BASH_REMATCH[5]))
        if (($2 != 0 && bad == 0)); then
            complain "$1 ended with code $2 though no test failed"
            bad=1
        fi
    else
        passed=$((passed + ended - bad - left_out))
        if ((late == 0)); then
            complain "$1 ended with code $2 and without a summary, while $running tests ran"
            late=1
        fi
    fi
    failed=$((failed + bad + late))
    skipped=$((skipped + left_out))
}

# run_tests NAME EXECUTABLE LOG [ARGUMENT...]: runs one test executable and adds its counts to passed, failed and skipped; one
# that dies counts as a failure, and what had passed before is counted.
run_tests() {
    local name="$1" executable="$2" bad=0 left_out=0 ended=0 late=0 running=0 reasons=0 moved=$SECONDS summary=''
    local -A started=() told=()
    exec 6>"$3"
    shift 3
    echo "== $name"
    rm -f -- "$work/lines"
    mkfifo "$work/lines"
    # A process group of its own, so that what it starts can be ended with it.
    set -m
    "$executable" -noColor -noLogo -reporter verbose "$@" </dev/null >"$work/lines" 2>&1 6>&- &
    runner=$!
    set +m
    exec 5<"$work/lines"
    watch
    exec 5<&-
    wait "$runner" 2>/dev/null
    local code=$?
    runner=
    add_counts "$name" "$code"
    exec 6>&-
}
