#!/usr/bin/env bash
# One database for each part, owned by its migrator; its runtime role may enter and nobody else.
# Run once by the official image, on an empty data folder. Passwords come from the environment.
set -euo pipefail

for part in gateway registry procurement evaluation incubator; do
    migrator=${part^^}_MIGRATOR_PASSWORD
    runtime=${part^^}_RUNTIME_PASSWORD
    psql --set ON_ERROR_STOP=1 --username "$POSTGRES_USER" --dbname postgres \
        --set part="$part" --set database="huishe_$part" \
        --set migrator="${part}_migrator" --set runtime="${part}_runtime" \
        --set migrator_password="${!migrator}" --set runtime_password="${!runtime}" <<'SQL'
CREATE ROLE :"migrator" LOGIN PASSWORD :'migrator_password';
CREATE ROLE :"runtime" LOGIN PASSWORD :'runtime_password';
CREATE DATABASE :"database" OWNER :"migrator";
REVOKE ALL ON DATABASE :"database" FROM PUBLIC;
GRANT CONNECT ON DATABASE :"database" TO :"runtime";
SQL
done
psql --set ON_ERROR_STOP=1 --username "$POSTGRES_USER" --dbname postgres <<'SQL'
REVOKE ALL ON DATABASE postgres FROM PUBLIC;
REVOKE ALL ON DATABASE template1 FROM PUBLIC;
SQL

# Only a sandbox's business time can be moved, and only by the gateway.
if [[ ${HUISHE_SANDBOX:-false} == true ]]; then
    psql --set ON_ERROR_STOP=1 --username "$POSTGRES_USER" --dbname huishe_gateway <<'SQL'
GRANT ALTER SYSTEM, SET ON PARAMETER "huishe.clock_offset" TO gateway_runtime;
GRANT EXECUTE ON FUNCTION pg_reload_conf() TO gateway_runtime;
SQL
fi
