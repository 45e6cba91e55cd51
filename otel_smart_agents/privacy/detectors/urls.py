"""Addresses of the web and of servers: user information and query parameters."""

from __future__ import annotations

import re

from otel_smart_agents.privacy.detectors.model import DENIED, KEYED, Scan, Trigger
from otel_smart_agents.privacy.detectors.secret_values import is_placeholder, looks_issued, looks_random
from otel_smart_agents.privacy.keys import key_hint

_USERINFO = re.compile(r"://(?:([^/\s:\"'<>@?#]{0,128}):([^\s\"'<>]{1,256})@|([^/\s:\"'<>@?#]{16,256})@)")


def _user_information(scan: Scan, _: str) -> None:
    text = scan.text
    place = text.find("://")
    while place >= 0:
        found = _USERINFO.match(text, place)
        if found is not None:
            password = found.group(2)
            if password is None and looks_random(found.group(3)):
                scan.add(place + 3, found.end() - 1, "[secret]")
            elif password is not None:
                _mark_password(scan, found.start(2), password)
        place = text.find("://", place + 3)


def _mark_password(scan: Scan, start: int, password: str) -> None:
    """The account stays: it tells which log-in failed."""
    if "@" in password and is_placeholder(password):
        # Of a list of addresses a later one was redacted before: "://a:b@c,://d:[secret]@e".
        password = password[: password.index("@")]
    end = start + len(password)
    if _is_password(password, scan.text[end + 1 : end + 2]):
        scan.add(start, end, "[secret]")


def _is_password(password: str, after: str) -> bool:
    # A slash or a question mark belongs to a path: http://host:80/users/@ada.
    port, slash, _ = password.partition("/")
    if (slash and port.isdigit()) or after in {"", " ", "/"}:
        return False
    return "?" not in password and not is_placeholder(password)


# Names that are secret or personal only in a URL's query (the deny words of keys.py count as well).
QUERY_NAMES = frozenset(
    """
    code key sig signature x-amz-signature x-amz-security-token x-amz-credential x-goog-signature x-goog-credential awsaccesskeyid
    policy key-pair-id token access_token id_token refresh_token auth apikey api-key api_key appkey app_key sid session sessionid
    session_id jwt otp ticket assertion samlresponse samlrequest oauth_token oauth_verifier oauth_signature oauth_nonce
    oauth_consumer_key nonce state hmac email e-mail mail phone mobile msisdn user username user_name login name firstname lastname
    pass pwd ssn dob se_sig skoid sktid hash sign verification verify invite invitation magic reset confirmation_token unsubscribe
    credential authuser client_assertion device_code user_code subscription-key ocp-apim-subscription-key x-api-key x-oss-signature
    x-cos-security-token q-signature upload_id cf_token shared_access_signature accesskey secretkey private_token job_token
    feed_token rss_token access-token auth_token
    """.split()  # noqa: SIM905 - words read best as one text
)
_ALWAYS = frozenset(
    """
    sig signature x-amz-signature x-amz-security-token x-amz-credential x-goog-signature x-goog-credential awsaccesskeyid
    key-pair-id samlresponse samlrequest oauth_signature oauth_token oauth_verifier email e-mail mail phone mobile msisdn ssn dob
    username user_name firstname lastname x-oss-signature x-cos-security-token q-signature pass pwd private_token
    """.split()  # noqa: SIM905 - words read best as one text
)
# Weather and map services write their key so.
_KEYED = frozenset(("appid", "app_id"))
_PARAMETER = re.compile(r"(?:[?&;#]|&amp;|\\u0026)([A-Za-z0-9_.\-\[\]]{1,48})=([^&\s\"'<>#;\\`)}]{1,2048})", re.ASCII)


def _query(scan: Scan, _: str) -> None:
    for found in _PARAMETER.finditer(scan.text):
        name, value = found.group(1).lower(), found.group(2)
        if is_placeholder(value):
            continue
        if (
            name in _ALWAYS
            or (name in QUERY_NAMES and looks_random(value, shortest=8))
            or (len(value) > 3 and key_hint(found.group(1)) & DENIED)
            or ((name in _KEYED or key_hint(found.group(1)) & KEYED) and looks_issued(value))
        ):
            scan.add(found.start(2), found.end(2), "[secret]" if name not in {"email", "mail", "e-mail"} else "[email]")


TRIGGERS = (
    Trigger("userinfo", r"://[^/\s\"'<>@]*:[^\s\"'<>]+@|://[^/\s:\"'<>@?#]{16,}@", _user_information, literal="://", alone=True),
    Trigger("query", r"[?&;#][A-Za-z0-9_.\-\[\]]+=[^&\s\"'<>#;]", _query, literal="=", alone=True),
)
