"""Settings: filled in by the setup part."""
