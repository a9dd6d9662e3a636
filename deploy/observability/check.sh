#!/usr/bin/env bash
# Asks promtool about everything that Prometheus will read: rules, their tests, the configuration, and
# every expression of the dashboards. promtool comes with Prometheus (Debian: the package prometheus).
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")"
python=${PYTHON:-../../.venv/bin/python}
command -v promtool >/dev/null || { echo "promtool is not on this machine: it comes with Prometheus" >&2; exit 2; }

place=$(mktemp -d)
trap 'rm -rf "$place"' EXIT
# What a picture asks for is read as a rule would be.
PYTHONPATH=../.. "$python" -m deploy.observability.dashboards rules >"$place/dashboards.yml"

promtool check config prometheus.yml
promtool check rules "$place/dashboards.yml"
promtool test rules tests/*.yml
