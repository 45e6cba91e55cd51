-- Purpose: erases every row of the installations in smart_agents.erasures. Run by erase.sh, every night; running it again does no harm.
-- Minimum version: ClickHouse 24.8. Rows are hidden at once and removed from the disk with the next merges.
DELETE FROM smart_agents.otel_traces WHERE InstallationId IN (SELECT installation_id FROM smart_agents.erasures);
DELETE FROM smart_agents.otel_logs WHERE InstallationId IN (SELECT installation_id FROM smart_agents.erasures);
DELETE FROM smart_agents.otel_metrics_gauge WHERE InstallationId IN (SELECT installation_id FROM smart_agents.erasures);
DELETE FROM smart_agents.otel_metrics_sum WHERE InstallationId IN (SELECT installation_id FROM smart_agents.erasures);
DELETE FROM smart_agents.otel_metrics_summary WHERE InstallationId IN (SELECT installation_id FROM smart_agents.erasures);
DELETE FROM smart_agents.otel_metrics_histogram WHERE InstallationId IN (SELECT installation_id FROM smart_agents.erasures);
DELETE FROM smart_agents.otel_metrics_exponential_histogram WHERE InstallationId IN (SELECT installation_id FROM smart_agents.erasures);
DELETE FROM smart_agents.spans WHERE installation_id IN (SELECT installation_id FROM smart_agents.erasures);
DELETE FROM smart_agents.events WHERE installation_id IN (SELECT installation_id FROM smart_agents.erasures);
