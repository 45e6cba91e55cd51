"""Consent-aware exporters, the pipeline to the spool and the sender to the back end."""
