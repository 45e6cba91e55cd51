"""Private, consented, durable OpenTelemetry traces for AI agents, skills and tools."""
