-- Purpose: who asked for erasure. Filled by erase.sh from the list that the agentrights extension writes, one JSON line per request.
-- Minimum version: ClickHouse 24.8. Run once, after 1-tables.sql and before 3-analytics.sql, whose views look here at every insert.
-- Kept longer than any row of an installation, so that rows which come late or are loaded again are not brought back.
CREATE TABLE IF NOT EXISTS smart_agents.erasures (
    sequence UInt64,
    installation_id String,
    requested DateTime64(3),
    received DateTime64(3),
    source LowCardinality(String)
) ENGINE = ReplacingMergeTree
ORDER BY (installation_id, sequence)
TTL toDateTime(received) + INTERVAL 1 YEAR DELETE;
