"""Command lines: passwords after flags, ``user:password`` after ``-u``, the short flags of well-known programs."""

from __future__ import annotations

import re
from bisect import bisect_right

from otel_smart_agents.privacy.detectors.model import ALNUM_SET, DENIED, KEYED, Scan, Trigger
from otel_smart_agents.privacy.detectors.name_words import ENDS, PAIRS, SECRETS
from otel_smart_agents.privacy.detectors.secret_values import is_placeholder, looks_chosen, looks_issued
from otel_smart_agents.privacy.keys import key_hint

_WORD_PATTERN = r"((?:\"[^\"\n]{0,256}\"|'[^'\n]{0,256}'|[^\s\"'|&;<>]){1,512})"
_FLAG = re.compile(
    r"--?([A-Za-z][A-Za-z0-9_.\-]{1,48})[ \t]{1,4}" + r"((?:\"[^\"\n]{0,256}\"|'[^'\n]{0,256}'|[^\s\"'|&;<>-][^\s\"'|&;<>]{0,255}))",
    re.ASCII,
)
_LIST_FLAG = re.compile(r"[\"']--?([A-Za-z][A-Za-z0-9_.\-]{1,48})[\"'], ?[\"']([^\"'\n]{1,256})[\"']", re.ASCII)


def _flags(scan: Scan, _: str) -> None:
    for pattern in (_FLAG, _LIST_FLAG):
        for found in pattern.finditer(scan.text):
            hint = key_hint(found.group(1))
            if hint & DENIED or (hint & KEYED and looks_issued(found.group(2).strip("\"'"))):
                _mark(scan, found.start(2), found.group(2), "[secret]")


def _mark(scan: Scan, start: int, word: str, replacement: str) -> bool:
    """Mark a shell word without its quotes; placeholders and flags stay."""
    bare = word
    if len(word) > 1 and word[0] in "\"'" and word[-1] == word[0]:
        start, bare = start + 1, word[1:-1]
    bare = bare.rstrip("\\")
    if len(bare) < 2 or is_placeholder(bare) or bare.startswith(("--", "$(", "[")):
        return False
    scan.add(start, start + len(bare), replacement)
    return True


_USER = re.compile(r"(?:-u|--user|--proxy-user|-U|--auth|-a)(?:[ \t]{1,4}|=|(?:[\"'], ?))(?:\\?)" + _WORD_PATTERN, re.ASCII)
_PAIR = re.compile(r"[\"']?([^:]{0,256}):(.{1,256})", re.DOTALL)


# Programs whose -u, -U and -a take an account with its password. With others (docker exec -u, date -u, cp -a) only what looks like a
# password is one.
_CLIENT = re.compile(
    r"(?:^|[^A-Za-z0-9_.-])(?:curl|https?|xh|wget|httpie|curlie|aria2c|ffmpeg|smbclient|winexe|rpcclient|net|hey|siege|elasticdump|mosquitto_(?:pub|sub)"
    r"|svn|lftp|ncftp(?:get|put)?|snmp[a-z]{2,8}|ldap[a-z]{3,8}|influx|sqlcmd|psql|mysql[a-z]{0,8})(?:\.exe)?[\"' \t,]",
    re.ASCII,
)
_CLIENT_WINDOW = 512
_GLUED = re.compile(r"[ \t]-u([^\s\"'|&;<>:=-][^\s\"'|&;<>:]{0,128}:[^\s\"'|&;<>]{1,256})", re.ASCII)


def _of_client(text: str, clients: list[int], place: int) -> bool:
    """Whether such a program, of those that end at ``clients``, stands before ``place`` in its line, which a backslash continues."""
    last = bisect_right(clients, place) - 1
    return last >= 0 and place - clients[last] < _CLIENT_WINDOW and "\n" not in text[clients[last] : place].replace("\\\n", "")


def _users(scan: Scan, _: str) -> None:
    text = scan.text
    clients = [found.end() for found in _CLIENT.finditer(text)]
    for found in _GLUED.finditer(text):
        if not is_placeholder(found.group(1)) and _of_client(text, clients, found.start() + 1):
            _mark(scan, found.start(1), found.group(1), "[credentials]")
    for found in _USER.finditer(text):
        if found.start() and text[found.start() - 1] in ALNUM_SET:
            continue
        word = found.group(1)
        if word.lstrip("\"'").startswith("-"):
            continue
        pair = _PAIR.fullmatch(word.rstrip("\"'"))
        if pair is None:
            _token_user(scan, found.start(1), word)
        elif not is_placeholder(word.strip("\"'")) and _is_account(pair.group(1), pair.group(2), found, clients):
            _mark(scan, found.start(1), word, "[credentials]")


def _is_account(name: str, password: str, found: re.Match[str], clients: list[int]) -> bool:
    if (name.isdigit() and password.isdigit()) or password.startswith(("//", "$", "<")):
        return False
    if found.group()[:2] == "--" and name != password:
        return True
    return looks_chosen(password) or _of_client(found.string, clients, found.start())


def _token_user(scan: Scan, start: int, word: str) -> None:
    """``curl -u "token:"``: the token stands in the place of the user."""
    bare = word.strip("\"'")
    if bare.endswith(":") and len(bare) > 8 and not is_placeholder(bare.rstrip(":")):
        _mark(scan, start, word, "[credentials]")


# program → its short flag with a password, and whether the value is glued to the flag (-pVALUE), apart (-p VALUE), or either.
_PROGRAMS = {
    "mysql": ("-p", "glued"), "mysqldump": ("-p", "glued"), "mysqladmin": ("-p", "glued"), "mysqlimport": ("-p", "glued"),
    "mariadb": ("-p", "glued"), "mariadb-dump": ("-p", "glued"), "sshpass": ("-p", "either"), "docker login": ("-p", "either"),
    "podman login": ("-p", "either"), "helm registry login": ("-p", "either"), "oc login": ("-p", "either"), "az login": ("-p", "either"),
    "az acr login": ("-p", "either"), "cf login": ("-p", "either"), "nerdctl login": ("-p", "either"), "buildah login": ("-p", "either"),
    "skopeo login": ("-p", "either"), "mongo": ("-p", "either"), "mongosh": ("-p", "either"), "mongodump": ("-p", "either"),
    "mongorestore": ("-p", "either"), "redis-cli": ("-a", "either"), "ldapsearch": ("-w", "either"), "ldapadd": ("-w", "either"),
    "ldapmodify": ("-w", "either"), "sqlcmd": ("-P", "either"), "bcp": ("-P", "either"), "cqlsh": ("-p", "either"), "7z": ("-p", "glued"),
    "7za": ("-p", "glued"), "unzip": ("-P", "either"), "zip": ("-P", "either"), "clickhouse-client": ("--password", "either"),
    "rar": ("-p", "glued"), "unrar": ("-p", "glued"), "xfreerdp": ("/p:", "glued"), "net use": ("/user:", "glued"),
    "twine upload": ("-p", "either"), "influx": ("-t", "either"), "impala-shell": ("-w", "either"), "ipmitool": ("-P", "either"),
    "svn": ("--password", "either"), "nats": ("--password", "either"), "winexe": ("-U", "either"), "smbclient": ("-U", "either"),
    "rpcclient": ("-U", "either"), "evil-winrm": ("-p", "either"), "openssl enc": ("-k", "apart"),
}  # fmt: skip
_ARGUMENTS_LIMIT = 1024
_SHELL_WORD = re.compile(r"(?:\"[^\"\n]{0,512}\"|'[^'\n]{0,512}'|[^\s\"'|&;]){1,512}")


def _programs(scan: Scan, _: str) -> None:
    for program in _PROGRAMS:
        if program in scan.text:
            _program(scan, program)


def _program(scan: Scan, program: str) -> None:
    flag, how = _PROGRAMS[program]
    text = scan.text
    place = text.find(program)
    while place >= 0:
        end = place + len(program)
        before = text[place - 1] if place else " "
        if before not in ALNUM_SET and before not in "-_." and text[end : end + 1] in {" ", "\t"}:
            # Its words were all looked at: another mention among them has nothing new to say.
            end = _arguments(scan, end, flag, how)
        place = text.find(program, end)


def _arguments(scan: Scan, start: int, flag: str, how: str) -> int:
    text = scan.text
    limit = min(len(text), start + _ARGUMENTS_LIMIT)
    stop = min((place for place in (text.find(sign, start, limit) for sign in "\n|;") if place >= 0), default=limit)
    words = [(found.start(), found.group()) for found in _SHELL_WORD.finditer(text, start, stop)]
    for index, (place, word) in enumerate(words):
        if word == flag and how != "glued" and index + 1 < len(words):
            _mark_argument(scan, *words[index + 1])
        elif word.startswith(flag) and len(word) > len(flag) and (how == "glued" or (how == "either" and not word.startswith("--"))):
            _mark_argument(scan, place + len(flag), word[len(flag) :])
    return stop


def _mark_argument(scan: Scan, start: int, word: str) -> None:
    if word.isdigit() and len(word) < 4:
        return
    _mark(scan, start, word, "[secret]")


_PASS_SOURCE = re.compile(r"-pass(?:in|out)?[ =]{1,4}[\"']?pass:([^\s\"']{2,256})", re.ASCII)


def _pass_sources(scan: Scan, _: str) -> None:
    for found in _PASS_SOURCE.finditer(scan.text):
        _mark(scan, found.start(1), found.group(1), "[secret]")


_DENIED_FLAG = rf"(?i)(?:^|[\s\"'])--?[a-z0-9_.\-]*(?:{SECRETS}|{PAIRS}|{ENDS})[a-z0-9_.\-]*(?:[ \t]+[^\s\-]|[\"'], ?[\"'])"
_NAMES = "|".join(name.replace(" ", " +") for name in _PROGRAMS)
_FLAGS = "|".join(sorted({flag for flag, _ in _PROGRAMS.values()}))

TRIGGERS = (
    Trigger("flag", _DENIED_FLAG, _flags, alone=True),
    Trigger(
        "user-flag",
        r"(?:-u|--user|--proxy-user|-U|--auth|-a)(?:[ \t]+|=|[\"'], ?)[^\s]*:|[ \t]-u[^\s:=\"'-][^\s:\"']*:[^\s]",
        _users,
        alone=True,
    ),
    Trigger("pass-source", r"-pass(?:in|out)?[ =]+[\"']?pass:", _pass_sources, alone=True),
    Trigger("program", f"(?:^|[^A-Za-z0-9_.-])(?:{_NAMES})[ \t][^\n]*(?:{_FLAGS})", _programs, alone=True),
)
