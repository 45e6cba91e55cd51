"""Every error that this package raises on purpose.

``configure()``, the command line and the testing tools raise them; an instrumented call never does. A message says what is wrong, which key
or file it is about, and what to do.
"""

from __future__ import annotations


class SmartAgentsError(Exception):
    """Base of every error raised on purpose by this package."""


class ConfigError(SmartAgentsError, ValueError):
    """A setting, argument or notice is missing, unknown or has a value that cannot be used."""


class MissingDependencyError(SmartAgentsError, ImportError):
    """An optional feature was asked for and its packages are not installed; the message has the install command."""


class ConsentError(SmartAgentsError):
    """Something was asked for that only a person at a terminal may allow, or that the current consent does not cover."""


class PolicyError(SmartAgentsError):
    """The administrator's policy file cannot be read or does not allow what was asked for."""


class SpoolError(SmartAgentsError, OSError):
    """The disk spool cannot be used: its folder is missing, foreign, a symbolic link or not writable."""


class SpoolFullError(SpoolError):
    """The disk or the spool's own cap is full."""


class SpoolCorruptError(SpoolError):
    """A spool file holds lines whose checksum does not match."""


class ExportError(SmartAgentsError):
    """A request to the back end failed.

    Attributes:
        retryable: whether the same bytes may succeed later (OTLP's list of retryable answers).
        retry_after_s: seconds the back end asked to wait, ``None`` if it said nothing.
    """

    def __init__(self, message: str, *, retryable: bool, retry_after_s: float | None = None) -> None:
        super().__init__(message)
        self.retryable = retryable
        self.retry_after_s = retry_after_s
