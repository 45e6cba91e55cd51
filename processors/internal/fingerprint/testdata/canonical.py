"""Prints canonical form and hash for every JSON line ``[text, packages]`` of standard input, as JSON lines."""

from __future__ import annotations

import json
import sys

from otel_smart_agents.privacy.fingerprint import canonical_of_text, stack_hash_of_text

for line in sys.stdin:
    text, packages = json.loads(line)
    form = canonical_of_text(text, packages=tuple(packages))
    print(json.dumps([form, stack_hash_of_text(text, packages=tuple(packages))]))
