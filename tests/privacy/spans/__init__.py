"""Redaction of whole spans, log records and metrics."""
