#!/bin/sh
# Purpose: the nightly erase job of the ClickHouse store: takes the list that the agentrights extension writes (list::path), erases, and
#   says in a file (list::done_path) how far it is, so that GetErasureStatus can answer "completed".
# Minimum version: ClickHouse 24.8, with clickhouse-client on PATH. CLICKHOUSE_HOST, CLICKHOUSE_USER and CLICKHOUSE_PASSWORD, or its own
#   configuration file, say where and who.
# Run: erase.sh /var/lib/otelcol-smart-agents/erasures.jsonl /var/lib/otelcol-smart-agents/erased
set -eu
list=$1
done_file=$2
here=$(dirname "$0")

client() {
    clickhouse-client ${CLICKHOUSE_HOST:+--host "$CLICKHOUSE_HOST"} "$@"
}

client --date_time_input_format=best_effort --query "INSERT INTO smart_agents.erasures FORMAT JSONEachRow" <"$list"
reached=$(client --query "SELECT max(sequence) FROM smart_agents.erasures")
client --multiquery <"$here/erase.sql"
# Only now: a number in this file is a promise to the people who asked.
printf '%s\n' "$reached" >"$done_file.new"
mv "$done_file.new" "$done_file"
