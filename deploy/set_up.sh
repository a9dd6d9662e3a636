#!/usr/bin/env bash
# Makes the virtual environment from requirements.lock: deploy/set_up.sh [folder]
#
# Only Python's own venv and pip are needed. Every file is checked against the lock's hash, from
# whichever package index this machine is set up to use.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."
folder=${1:-.venv}

fits() { "$1" -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null; }

choose_python() {
    local candidate
    if [[ -n ${PYTHON:-} ]]; then
        if fits "$PYTHON"; then
            echo "$PYTHON"
            return
        fi
        echo "PYTHON=$PYTHON is not a Python of version 3.11 or newer." >&2
        return 1
    fi
    # 3.11 first: the lock was tried with it most.
    for candidate in python3.11 python3.12 python3.13 python3.14 python3 python; do
        if fits "$candidate"; then
            echo "$candidate"
            return
        fi
    done
    echo "Huishe needs Python 3.11 or newer and found none." >&2
    echo "Install one, or name it: make PYTHON=/path/to/python3.11 ..." >&2
    return 1
}

# An environment that stands is kept: only what changed in the lock is installed anew.
if ! fits "$folder/bin/python"; then
    python=$(choose_python)
    echo "Making a virtual environment with $("$python" --version)"
    if ! "$python" -m venv --clear "$folder"; then
        echo "$python cannot make virtual environments; on Debian or Ubuntu install python3-venv." >&2
        exit 1
    fi
fi

echo "Installing what requirements.lock names"
"$folder/bin/python" -m pip install -qq --disable-pip-version-check --no-input \
    --require-hashes -r requirements.lock
"$folder/bin/python" -m pip install -qq --disable-pip-version-check --no-input \
    --no-deps --no-build-isolation --editable .
