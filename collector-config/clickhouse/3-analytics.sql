-- Purpose: what questions are asked of: spans and events with a column per fact, and days that outlive them.
-- Minimum version: ClickHouse 24.8. Run once, after 2-erasure.sql. Filled by ClickHouse itself with every insert of the collector.
-- Retention: spans and events 90 days, days 2 years. Days hold counts and sketches, no id of an installation can be read from them.
CREATE TABLE IF NOT EXISTS smart_agents.spans (
    time DateTime64(3) CODEC(Delta, ZSTD(1)),
    trace_id String CODEC(ZSTD(1)),
    span_id String CODEC(ZSTD(1)),
    parent_span_id String CODEC(ZSTD(1)),
    service LowCardinality(String),
    version LowCardinality(String),
    kind LowCardinality(String),
    name LowCardinality(String),
    agent LowCardinality(String),
    agent_version LowCardinality(String),
    skill LowCardinality(String),
    skill_version LowCardinality(String),
    tool LowCardinality(String),
    workflow LowCardinality(String),
    steps Array(LowCardinality(String)),
    pattern_hash LowCardinality(String),
    outcome LowCardinality(String),
    error_type LowCardinality(String),
    error_category LowCardinality(String),
    error_component LowCardinality(String),
    stack_hash LowCardinality(String),
    duration_ms Float64 CODEC(ZSTD(1)),
    provider LowCardinality(String),
    model LowCardinality(String),
    input_tokens UInt64,
    output_tokens UInt64,
    cost Float64,
    cost_currency LowCardinality(String),
    source LowCardinality(String),
    task_type LowCardinality(String),
    installation_id String CODEC(ZSTD(1)),
    session_id String CODEC(ZSTD(1)),
    os LowCardinality(String),
    runtime LowCardinality(String)
) ENGINE = MergeTree
PARTITION BY toMonday(time)
ORDER BY (service, kind, name, time)
TTL toDateTime(time) + INTERVAL 90 DAY DELETE;

CREATE MATERIALIZED VIEW IF NOT EXISTS smart_agents.spans_of_traces TO smart_agents.spans AS
WITH
    SpanAttributes['gen_ai.operation.name'] AS operation,
    SpanAttributes['gen_ai.skill.name'] AS skill_name,
    multiIf(
        SpanAttributes['smart_agents.kind'] != '', SpanAttributes['smart_agents.kind'],
        operation = 'invoke_agent', 'agent',
        operation = 'invoke_workflow', 'workflow',
        operation = 'execute_tool', if(skill_name != '', 'skill', 'tool'),
        '') AS kind_of
SELECT
    toDateTime64(Timestamp, 3) AS time,
    TraceId AS trace_id,
    SpanId AS span_id,
    ParentSpanId AS parent_span_id,
    ServiceName AS service,
    ResourceAttributes['service.version'] AS version,
    kind_of AS kind,
    multiIf(
        kind_of = 'agent', SpanAttributes['gen_ai.agent.name'],
        kind_of = 'skill', skill_name,
        kind_of = 'tool', SpanAttributes['gen_ai.tool.name'],
        kind_of = 'workflow', SpanAttributes['gen_ai.workflow.name'],
        kind_of = 'step', SpanAttributes['smart_agents.step.name'],
        kind_of = 'feature', SpanAttributes['smart_agents.feature.name'],
        '') AS name,
    SpanAttributes['gen_ai.agent.name'] AS agent,
    SpanAttributes['gen_ai.agent.version'] AS agent_version,
    skill_name AS skill,
    SpanAttributes['smart_agents.skill.version'] AS skill_version,
    SpanAttributes['gen_ai.tool.name'] AS tool,
    SpanAttributes['gen_ai.workflow.name'] AS workflow,
    JSONExtract(SpanAttributes['smart_agents.workflow.steps'], 'Array(String)') AS steps,
    SpanAttributes['smart_agents.workflow.pattern_hash'] AS pattern_hash,
    multiIf(
        SpanAttributes['smart_agents.outcome'] != '', SpanAttributes['smart_agents.outcome'],
        StatusCode = 'Error', 'failure',
        'success') AS outcome,
    SpanAttributes['error.type'] AS error_type,
    SpanAttributes['smart_agents.error.category'] AS error_category,
    SpanAttributes['smart_agents.error.component'] AS error_component,
    SpanAttributes['smart_agents.error.stack_hash'] AS stack_hash,
    Duration / 1e6 AS duration_ms,
    SpanAttributes['gen_ai.provider.name'] AS provider,
    SpanAttributes['gen_ai.request.model'] AS model,
    toUInt64OrZero(SpanAttributes['gen_ai.usage.input_tokens']) AS input_tokens,
    toUInt64OrZero(SpanAttributes['gen_ai.usage.output_tokens']) AS output_tokens,
    toFloat64OrZero(SpanAttributes['smart_agents.cost.amount']) AS cost,
    SpanAttributes['smart_agents.cost.currency'] AS cost_currency,
    SpanAttributes['smart_agents.source'] AS source,
    SpanAttributes['smart_agents.task.type'] AS task_type,
    ResourceAttributes['app.installation.id'] AS installation_id,
    SpanAttributes['session.id'] AS session_id,
    ResourceAttributes['os.type'] AS os,
    ResourceAttributes['process.runtime.name'] AS runtime
FROM smart_agents.otel_traces
WHERE kind_of != '' AND ResourceAttributes['app.installation.id'] NOT IN (SELECT installation_id FROM smart_agents.erasures);

CREATE TABLE IF NOT EXISTS smart_agents.events (
    time DateTime64(3) CODEC(Delta, ZSTD(1)),
    event LowCardinality(String),
    service LowCardinality(String),
    version LowCardinality(String),
    name LowCardinality(String),
    action LowCardinality(String),
    agent LowCardinality(String),
    skill LowCardinality(String),
    score Nullable(Float64),
    trace_id String CODEC(ZSTD(1)),
    span_id String CODEC(ZSTD(1)),
    installation_id String CODEC(ZSTD(1)),
    session_id String CODEC(ZSTD(1))
) ENGINE = MergeTree
PARTITION BY toMonday(time)
ORDER BY (service, event, name, time)
TTL toDateTime(time) + INTERVAL 90 DAY DELETE;

CREATE MATERIALIZED VIEW IF NOT EXISTS smart_agents.events_of_logs TO smart_agents.events AS
SELECT
    toDateTime64(Timestamp, 3) AS time,
    EventName AS event,
    ServiceName AS service,
    ResourceAttributes['service.version'] AS version,
    if(EventName = 'gen_ai.evaluation.result', LogAttributes['gen_ai.evaluation.name'], LogAttributes['smart_agents.feature.name']) AS name,
    LogAttributes['smart_agents.feature.action'] AS action,
    LogAttributes['gen_ai.agent.name'] AS agent,
    LogAttributes['gen_ai.skill.name'] AS skill,
    toFloat64OrNull(LogAttributes['gen_ai.evaluation.score.value']) AS score,
    TraceId AS trace_id,
    SpanId AS span_id,
    ResourceAttributes['app.installation.id'] AS installation_id,
    LogAttributes['session.id'] AS session_id
FROM smart_agents.otel_logs
WHERE EventName IN ('smart_agents.feature.usage', 'gen_ai.evaluation.result')
    AND ResourceAttributes['app.installation.id'] NOT IN (SELECT installation_id FROM smart_agents.erasures);

CREATE TABLE IF NOT EXISTS smart_agents.daily (
    day Date,
    service LowCardinality(String),
    version LowCardinality(String),
    kind LowCardinality(String),
    name LowCardinality(String),
    calls SimpleAggregateFunction(sum, UInt64),
    succeeded SimpleAggregateFunction(sum, UInt64),
    failed SimpleAggregateFunction(sum, UInt64),
    duration_ms SimpleAggregateFunction(sum, Float64),
    durations AggregateFunction(quantilesTDigest(0.5, 0.95, 0.99), Float64),
    installations AggregateFunction(uniqCombined64, String),
    input_tokens SimpleAggregateFunction(sum, UInt64),
    output_tokens SimpleAggregateFunction(sum, UInt64),
    cost SimpleAggregateFunction(sum, Float64)
) ENGINE = AggregatingMergeTree
PARTITION BY toYYYYMM(day)
ORDER BY (service, kind, name, version, day)
TTL day + INTERVAL 2 YEAR DELETE;

CREATE MATERIALIZED VIEW IF NOT EXISTS smart_agents.daily_of_spans TO smart_agents.daily AS
SELECT
    toDate(time) AS day,
    service,
    version,
    kind,
    name,
    count() AS calls,
    countIf(outcome = 'success') AS succeeded,
    countIf(outcome IN ('failure', 'timeout')) AS failed,
    sum(spans.duration_ms) AS duration_ms,
    quantilesTDigestState(0.5, 0.95, 0.99)(spans.duration_ms) AS durations,
    uniqCombined64State(installation_id) AS installations,
    sum(spans.input_tokens) AS input_tokens,
    sum(spans.output_tokens) AS output_tokens,
    sum(spans.cost) AS cost
FROM smart_agents.spans
GROUP BY day, service, version, kind, name;
