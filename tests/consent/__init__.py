"""Consent: promises of the store, its files, its layers and its one question."""
