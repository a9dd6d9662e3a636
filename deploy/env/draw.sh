#!/usr/bin/env bash
# Draws every secret that docker-compose.yml asks for and writes them to .env, once:
#   deploy/env/draw.sh && docker compose up --build --wait
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/../.."
file=${1:-.env}
[[ ! -e $file ]] || { echo "$file is there already: secrets are not drawn twice" >&2; exit 1; }

umask 077
draw() { head -c 32 /dev/urandom | od -An -tx1 | tr -d ' \n'; }
{
    echo "HUISHE_SANDBOX=true"
    for name in POSTGRES GRAFANA_ADMIN; do echo "${name}_PASSWORD=$(draw)"; done
    echo "ADMINISTRATOR_SECRET=$(draw)"
    for part in GATEWAY REGISTRY PROCUREMENT EVALUATION INCUBATOR; do
        for kind in MIGRATOR_PASSWORD RUNTIME_PASSWORD SECRET_KEY; do
            echo "${part}_$kind=$(draw)"
        done
        [[ $part == GATEWAY ]] || echo "${part}_CLIENT_SECRET=$(draw)"
    done
} >"$file"
echo "Wrote $file. The administrator's secret is in it as ADMINISTRATOR_SECRET."
