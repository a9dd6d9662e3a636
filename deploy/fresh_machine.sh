#!/usr/bin/env bash
# Proves that a machine with nothing of ours on it can run the suite.
#
#   deploy/fresh_machine.sh                 make demo
#   deploy/fresh_machine.sh check test      make check, then make test
#   deploy/fresh_machine.sh --user NAME …   as this existing user (only when started by root)
#   deploy/fresh_machine.sh --keep …        leave the clone for a look
#
# HEAD is cloned into a new folder and run with an empty HOME and a clean environment: by root as
# a second, unprivileged user, by anybody else as themselves. Only what says how this machine
# reaches its package index is handed on.
set -euo pipefail

source=$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd)
user=nobody
keep=no
targets=()
while (($#)); do
    case $1 in
        --user) user=$2; shift ;;
        --keep) keep=yes ;;
        -h | --help) sed -n '2,11s/^# \{0,1\}//p' "${BASH_SOURCE[0]}"; exit 0 ;;
        *) targets+=("$1") ;;
    esac
    shift
done
((${#targets[@]})) || targets=(demo)

place=$(mktemp -d "${TMPDIR:-/tmp}/fresh-machine.XXXXXX")
finish() {
    if [[ $keep == yes ]]; then
        echo "Kept: $place"
    else
        rm -rf "$place"
    fi
}
trap finish EXIT

mkdir "$place/home" "$place/tmp"
git clone --quiet --no-hardlinks "$source" "$place/huishe"
git -C "$place/huishe" log -1 --format='Clone of %h %s'

as_them=()
if ((EUID == 0)); then
    id "$user" >/dev/null 2>&1 || { echo "There is no user $user: name one with --user." >&2; exit 2; }
    chown -R "$user:$(id -g "$user")" "$place"
    as_them=(setpriv --reuid "$user" --regid "$(id -g "$user")" --clear-groups)
else
    user=$(id -un)
fi

handed_on=()
while IFS='=' read -r name value; do
    case $name in
        PIP_* | SSL_CERT_* | REQUESTS_CA_BUNDLE | http_proxy | https_proxy | no_proxy | HTTP_PROXY | HTTPS_PROXY | NO_PROXY)
            handed_on+=("$name=$value") ;;
    esac
done < <(env)

run() {
    cd "$place/huishe"
    env -i "${handed_on[@]}" \
        HOME="$place/home" TMPDIR="$place/tmp" LANG=C.UTF-8 \
        PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin \
        "${as_them[@]}" "$@"
}

# The folder's name is new, so whatever mentions it was started by us.
still_running() {
    local process
    for process in /proc/[0-9]*; do
        if tr '\0' ' ' <"$process/cmdline" 2>/dev/null | grep -qF "$place/huishe"; then
            echo "${process#/proc/}"
        fi
    done
}

failed=()
report=()
timed() {
    local from=$EPOCHREALTIME outcome=passed
    echo "── make $2 ($1), as $user ──"
    if ! (run make "$2" </dev/null); then
        outcome=FAILED
        failed+=("make $2 ($1)")
    fi
    report+=("$(awk -v a="$from" -v b="$EPOCHREALTIME" -v n="make $2 ($1)" -v o="$outcome" \
        'BEGIN { printf "%-34s %7.1f s  %s", n, b - a, o }')")
}

clean="from a clean clone"
for target in "${targets[@]}"; do
    timed "$clean" "$target"
    clean="set up"
done
if [[ " ${targets[*]} " == *" demo "* ]]; then
    timed "again" demo
fi

left=$(still_running)
if [[ -n $left ]]; then
    failed+=("left running: $left")
fi

echo
printf '%s\n' "${report[@]}"
if ((${#failed[@]})); then
    printf 'Not as it should be: %s\n' "${failed[@]}" >&2
    exit 1
fi
