"""Names in a frame of their own before the value: forms of several parts, XML elements and property lists."""

from __future__ import annotations

import re

from otel_smart_agents.privacy.detectors.model import DENIED, Scan, Trigger
from otel_smart_agents.privacy.detectors.name_words import PAIRS, SECRETS
from otel_smart_agents.privacy.detectors.secret_values import quoted_secret
from otel_smart_agents.privacy.keys import key_hint

_BREAK = r"(?:\r?\n|\\r\\n|\\n)"
# (a form whose groups are the name and the value).
_FORMS = tuple(
    re.compile(form, re.ASCII)
    for form in (
        rf'name=\\?"([\w.\-]{{2,64}})\\?"{_BREAK}(?:[Cc]ontent-[^\n]{{1,128}}\n)?{_BREAK}([^\r\n\\]{{1,512}})',
        r"<[\w:.\-]{1,64}[ \t]{1,4}(?:name|key|id)=[\"']([\w.:\-]{2,128})[\"'][^<>]{0,128}>([^<>]{1,512})</",
        r"<([\w:.\-]{2,64})[ \t\r\n]{1,4}[^<>]{1,256}[^<>/]>([^<>]{1,512})</",
        r"<key>([\w.\- ]{2,64})</key>\s{0,64}<string>([^<>]{1,512})</string>",
    )
)


def _framed(scan: Scan, _: str) -> None:
    for form in _FORMS:
        for found in form.finditer(scan.text):
            name = found.group(1)
            if key_hint(name[name.rfind(":") + 1 :]) & DENIED and quoted_secret(found.group(2), strong=True):
                scan.add(*found.span(2), "[secret]")


_NAME = rf"(?:{SECRETS}|{PAIRS})"

TRIGGERS = (
    # Nothing here waits over a long stretch: in one automaton with the others that would multiply its states.
    Trigger(
        "framed",
        rf"(?i){_NAME}[\w.\-]*(?:\\?\"(?:>|\r|\n|\\r|\\n)|'>|</key>)|<(?:\w+:)?\w*{_NAME}\w*[ \t\r\n]",
        _framed,
        alone=True,
    ),
)
