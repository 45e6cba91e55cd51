-- Purpose: answers with a name: SELECT * FROM smart_agents.usage_by_day WHERE day >= today() - 30. Grafana's panels read these.
-- Minimum version: ClickHouse 24.8. Run after 3-analytics.sql; run again after a change.
CREATE OR REPLACE VIEW smart_agents.usage_by_day AS
SELECT
    day, service, version, kind, name,
    sum(daily.calls) AS calls,
    sum(daily.succeeded) AS succeeded,
    sum(daily.failed) AS failed,
    if(calls = 0, NULL, succeeded / calls) AS success_rate,
    sum(daily.duration_ms) / calls AS mean_ms,
    quantilesTDigestMerge(0.5, 0.95, 0.99)(durations) AS quantiles,
    quantiles[1] AS p50_ms,
    quantiles[2] AS p95_ms,
    quantiles[3] AS p99_ms,
    uniqCombined64Merge(daily.installations) AS installations,
    sum(daily.input_tokens) AS input_tokens,
    sum(daily.output_tokens) AS output_tokens,
    sum(daily.cost) AS cost
FROM smart_agents.daily
GROUP BY day, service, version, kind, name;

CREATE OR REPLACE VIEW smart_agents.errors AS
SELECT
    service, version, kind, name, error_type, error_category, error_component, stack_hash,
    count() AS times,
    uniq(installation_id) AS installations,
    min(time) AS first_seen,
    max(time) AS last_seen,
    argMax(trace_id, time) AS last_trace
FROM smart_agents.spans
WHERE outcome IN ('failure', 'timeout')
GROUP BY service, version, kind, name, error_type, error_category, error_component, stack_hash;

CREATE OR REPLACE VIEW smart_agents.workflow_patterns AS
SELECT
    service, workflow, pattern_hash,
    any(spans.steps) AS steps,
    count() AS runs,
    countIf(outcome = 'success') AS succeeded,
    avg(duration_ms) AS mean_ms,
    uniq(installation_id) AS installations
FROM smart_agents.spans
WHERE kind = 'workflow'
GROUP BY service, workflow, pattern_hash;

CREATE OR REPLACE VIEW smart_agents.features AS
SELECT service, name, action, toDate(time) AS day, count() AS times, uniq(installation_id) AS installations
FROM smart_agents.events
WHERE event = 'smart_agents.feature.usage'
GROUP BY service, name, action, day;

CREATE OR REPLACE VIEW smart_agents.ratings AS
SELECT service, skill, count() AS ratings, avg(score) AS mean, countIf(score <= 2) AS low
FROM smart_agents.events
WHERE event = 'gen_ai.evaluation.result' AND score IS NOT NULL
GROUP BY service, skill;
