"""Names that ``opentelemetry-instrument`` turns into options: ``OTEL_PYTHON_SMART_AGENTS_DURABILITY`` is ``--smart_agents_durability``.

Registered under the entry point ``opentelemetry_environment_variables``. Every name of the module that begins with ``OTEL_`` becomes an
option, and one that another package has too makes the command fail: so this module holds our own names and nothing else.
"""

OTEL_PYTHON_SMART_AGENTS_DURABILITY = "OTEL_PYTHON_SMART_AGENTS_DURABILITY"
"""``write_behind`` or ``write_through``."""
OTEL_PYTHON_SMART_AGENTS_SPOOL = "OTEL_PYTHON_SMART_AGENTS_SPOOL"
"""``disk`` or ``memory``."""
OTEL_PYTHON_SMART_AGENTS_UNKNOWN = "OTEL_PYTHON_SMART_AGENTS_UNKNOWN"
"""``drop`` or ``scan``: what happens to attributes that the registry does not know."""
OTEL_PYTHON_SMART_AGENTS_MODE = "OTEL_PYTHON_SMART_AGENTS_MODE"
"""``off`` or ``local``: narrows what this run does."""
OTEL_PYTHON_SMART_AGENTS_CATEGORIES = "OTEL_PYTHON_SMART_AGENTS_CATEGORIES"
"""The categories of telemetry that this run records, separated by commas."""
OTEL_PYTHON_SMART_AGENTS_MAX_SPOOL_BYTES = "OTEL_PYTHON_SMART_AGENTS_MAX_SPOOL_BYTES"
"""Cap of the spool on disk."""
OTEL_PYTHON_SMART_AGENTS_MAX_SPOOL_AGE_DAYS = "OTEL_PYTHON_SMART_AGENTS_MAX_SPOOL_AGE_DAYS"
"""Age at which unsent data is dropped."""
OTEL_PYTHON_SMART_AGENTS_EXIT_TIMEOUT_S = "OTEL_PYTHON_SMART_AGENTS_EXIT_TIMEOUT_S"
"""Longest time that the end of the program may wait for the back end."""
