#!/usr/bin/env bash
# Roles that may do no more than they need, with the passwords that are mounted as secrets.
# Sourced or run by the image's entry point, against a server that listens on a socket only.
set -e

psql --username "$POSTGRES_USER" --dbname "$POSTGRES_DB" --set ON_ERROR_STOP=1 --quiet \
    --set freshet="$(cat /run/secrets/freshet-password)" \
    --set registry="$(sed -n 's/^apicurio.datasource.password=//p' /run/secrets/registry.properties)" <<'SQL'
CREATE ROLE freshet LOGIN REPLICATION PASSWORD :'freshet';
GRANT SELECT (id, xmin) ON users TO freshet;
GRANT SELECT (id, user_id, total, created_at) ON orders TO freshet;
GRANT EXECUTE ON FUNCTION pg_log_standby_snapshot() TO freshet;
CREATE SCHEMA features AUTHORIZATION freshet;

CREATE ROLE registry LOGIN PASSWORD :'registry';
CREATE DATABASE registry OWNER registry;
SQL
