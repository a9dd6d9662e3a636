#!/usr/bin/env bash
# Makes the five databases and their roles on a PostgreSQL server of yours, and writes the suite's
# settings for them:
#   PGHOST=db.internal PGPORT=5432 PGUSER=postgres PGPASSWORD=… HUISHE_SANDBOX=true \
#       deploy/postgres/set_up.sh FOLDER
# FOLDER/runtime.env is for whoever runs the suite, FOLDER/migrator.env only for who migrates it.
# Needs psql, and a superuser once. HUISHE_SANDBOX=false makes databases whose time nobody can move.
set -euo pipefail
folder=${1:?the folder to write runtime.env and migrator.env to}
: "${PGHOST:?}" "${PGPORT:=5432}" "${PGUSER:=postgres}" "${HUISHE_SANDBOX:?true or false}"
[[ ! -e $folder ]] || { echo "$folder is there already: passwords are not drawn twice" >&2; exit 1; }

umask 077
draw() { head -c 32 /dev/urandom | od -An -tx1 | tr -d ' \n'; }
export PGPORT HUISHE_SANDBOX POSTGRES_USER=$PGUSER
runtime='' migrator=''
for part in gateway registry procurement evaluation incubator; do
    name=${part^^}
    at=@$PGHOST:$PGPORT/huishe_$part
    export "${name}_RUNTIME_PASSWORD=$(draw)" "${name}_MIGRATOR_PASSWORD=$(draw)"
    drawn=${name}_RUNTIME_PASSWORD
    runtime+="${name}_DATABASE_URL=postgresql+asyncpg://${part}_runtime:${!drawn}$at"$'\n'
    drawn=${name}_MIGRATOR_PASSWORD
    migrator+="${name}_MIGRATOR_DATABASE_URL=postgresql+asyncpg://${part}_migrator:${!drawn}$at"$'\n'
done
"$(dirname "${BASH_SOURCE[0]}")/10-databases.sh" >/dev/null
mkdir -p "$folder"
printf %s "$runtime" >"$folder/runtime.env"
printf %s "$migrator" >"$folder/migrator.env"
echo "Made five databases on $PGHOST:$PGPORT; their settings are in $folder"
