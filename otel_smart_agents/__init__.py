"""Private, consented, durable OpenTelemetry traces for AI agents, skills and tools.

PYTEST_DONT_REWRITE: pytest rewrites the assertions of the packages that bring its plugins, and warns where one is imported already.
"""
