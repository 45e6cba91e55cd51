"""Credentials in a place of their own: ``.netrc`` and ``.pgpass`` lines, shell pipes, FTP, Redis and SMTP commands, Oracle log-ins."""

from __future__ import annotations

import re

from otel_smart_agents.privacy.detectors.model import Scan, Trigger
from otel_smart_agents.privacy.detectors.secret_values import is_placeholder, looks_chosen, looks_random

# (pattern whose first group is the secret, whether the place alone proves it). The last one has a trigger of its own: it needs
# digits rather than a word.
_FORMS = (
    (r"machine\s{1,4}[^\s]{1,253}\s{1,8}login\s{1,4}[^\s]{1,128}\s{1,8}password\s{1,4}([^\s]{2,256})", True),
    (
        r"echo[ \t]{1,4}(?:-n[ \t]{1,4})?[\"']?[^\s\"'|:]{1,64}:([^\s\"'|]{2,256})[\"']?[ \t]{0,4}\|[ \t]{0,4}(?:sudo[ \t]{1,4})?chpasswd",
        True,
    ),
    (
        r"(?:echo|printf)[ \t]{1,4}(?:-n[ \t]{1,4})?[\"']?([^\s\"'|]{2,512})[\"']?[ \t]{0,4}\|[^|\n]{1,256}--(?:password-stdin|with-token)",
        True,
    ),
    (r"--(?:password-stdin|with-token)[ \t]{0,4}<<<[ \t]{0,4}[\"']?([^\s\"']{2,512})", True),
    (r"ConvertTo-SecureString[ \t]{1,4}(?:-String[ \t]{1,4})?[\"']([^\"'\n]{2,256})[\"']", True),
    (r"USER [^\s]{1,64}\r?\n(?:[^\n]{0,128}\n)?[^\nA-Za-z]{0,8}PASS ([^\s]{2,128})", True),
    (r"(?:sqlplus|sqlldr|expdp|impdp)[ \t]{1,4}(?:-[A-Za-z]{1,4}[ \t]{1,4}){0,3}[\"']?[A-Za-z][\w$#]{0,64}/([^\s@/\"']{2,128})@", True),
    (r"jdbc:oracle:[a-z0-9]{2,8}:[A-Za-z][\w$#]{0,64}/([^\s@/\"']{2,128})@", True),
    (r"\bAUTH (?:(?:PLAIN|LOGIN|XOAUTH2|[a-z][a-z0-9_.-]{1,31}) )?[\"']?([^\s\"']{6,512})", False),
    (r"\b[A-Za-z0-9_.*-]{1,253}:(?:[0-9]{4,5}|\*):[^:\s]{1,63}:[^:\s]{1,63}:([^:\s]{6,128})", False),
)
_PATTERNS = tuple((re.compile(pattern, re.ASCII), proved) for pattern, proved in _FORMS)


def _spelled_out(scan: Scan, argument: str) -> None:
    for pattern, proved in _PATTERNS[-1:] if argument else _PATTERNS[:-1]:
        for found in pattern.finditer(scan.text):
            value = found.group(1)
            if not is_placeholder(value) and (proved or looks_chosen(value) or (value.isascii() and looks_random(value))):
                scan.add(found.start(1), found.end(1), "[secret]")


TRIGGERS = (
    Trigger(
        "spelled-out",
        (
            r"machine\s+[^\s]+\s+login\s|\|\s*(?:sudo\s+)?chpasswd|--password-stdin|--with-token|ConvertTo-SecureString\s"
            r"|[^A-Za-z]PASS [^\s]|(?:sqlplus|sqlldr|expdp|impdp)\s|jdbc:oracle:|\bAUTH [^\s]"
        ),
        _spelled_out,
        alone=True,
    ),
    Trigger("pgpass", r":(?:[0-9]{4,5}|\*):[^:\s]+:[^:\s]+:[^:\s]", _spelled_out, "pgpass", alone=True),
)
