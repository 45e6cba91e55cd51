module github.com/otel-smart-agents/otel-smart-agents/processors

go 1.26
