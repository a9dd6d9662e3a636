#!/usr/bin/env bash
# Builds two images by the recipe and runs them, where there is no container engine and no image registry:
#
#   deploy/docker/smoke.sh FOLDER     FOLDER keeps the base system and the layers for the next time
#
# Needs root on a Debian, `make setup`, and: apt-get install --no-install-recommends buildah debootstrap
# The base is Debian's own Python on a system that debootstrap makes, in the place of python:3.11-slim.
# buildah runs build steps and containers in a chroot. So what is tried is the recipe, its users, what an
# image holds and that it starts by docker-compose.yml's own commands and settings; an engine's networks,
# limits, read-only mounts and capabilities are not.
set -euo pipefail
[[ $# == 1 ]] || { sed -n '2,10s/^# \{0,1\}//p' "${BASH_SOURCE[0]}"; exit 2; }
((EUID == 0)) || { echo "buildah and debootstrap need root here" >&2; exit 2; }
mkdir -p "$1"
place=$(cd "$1" && pwd)
cd "$(dirname "${BASH_SOURCE[0]}")/../.."
suite=bookworm # whose Python is 3.11
export STORAGE_DRIVER=${STORAGE_DRIVER:-overlay}
buildah() { command buildah --root "$place/storage" --runroot "$place/run" "$@"; }

if ! buildah inspect --type image docker.io/library/python:debian &>/dev/null; then
    mkdir -p "$place/base"
    debootstrap --variant=minbase --include=python3,python3-venv,ca-certificates "$suite" "$place/system"
    ln -sf python3 "$place/system/usr/bin/python"
    tar -C "$place/system" --exclude='./var/cache/apt/*' -cf "$place/base/system.tar" .
    printf 'FROM scratch\nADD system.tar /\n' >"$place/base/Dockerfile"
    buildah build --isolation chroot --tag docker.io/library/python:debian "$place/base"
    rm -rf "$place/system" "$place/base"
fi

# What says how this machine reaches its package index is lent to the build and is in no layer.
lent=()
for path in /etc/ssl/certs /etc/pip.conf; do [[ -e $path ]] && lent+=(--volume "$path:$path:ro"); done
image() {
    buildah build --isolation chroot --pull-never --layers --format docker --build-arg PYTHON=debian \
        --ignorefile deploy/docker/Dockerfile.dockerignore --file deploy/docker/Dockerfile \
        "${lent[@]}" "$@" .
}
image --target service --build-arg PART=registry --tag huishe/registry
image --target gateway --tag huishe/gateway

# A network and process numbers of their own: the ports are free, and everything ends with this.
unshare --net --pid --fork --kill-child --mount-proc \
    .venv/bin/python -m deploy.docker.smoke "$place"
