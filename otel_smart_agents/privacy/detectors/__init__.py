"""The detectors: what personal data and secrets look like inside a text, family by family."""
