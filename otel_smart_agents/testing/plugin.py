"""The pytest plugin of otel-smart-agents."""
