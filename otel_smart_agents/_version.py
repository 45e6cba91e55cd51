"""The package's version, read by the build back end and sent as ``telemetry.distro.version``."""

__version__ = "0.1.0"
