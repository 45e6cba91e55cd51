"""Decorators, context managers and handles that emit spans for agents, skills, tools, workflows and steps; OpenTelemetry API only."""
