"""Names of accounts where systems are known to print them: the environment, ``id``, prompts of shells, refused logins."""

from __future__ import annotations

import re

from otel_smart_agents.privacy.detectors import announced
from otel_smart_agents.privacy.detectors.model import WORD, Scan, Trigger
from otel_smart_agents.privacy.detectors.paths import names_a_person

_NAME = r"([^/\\\s\"'<>|:*?;,()\[\]{}`$&=#~%@]{1,64})"
_QUOTED = rf"\\?[\"'`]{_NAME}\\?[\"'`]"
# (what must be in the text, the form); the group is the name.
_FORMS = (
    # USER=ada, "LOGNAME": "ada"
    ("USER", re.compile(rf"(?:USER|USERNAME)(?:=[\"']?|\\?[\"'] ?: ?\\?[\"']){_NAME}")),
    ("LOGNAME", re.compile(rf"LOGNAME(?:=[\"']?|\\?[\"'] ?: ?\\?[\"']){_NAME}")),
    # uid=1000(ada); smaller numbers are the system's own
    ("id=", re.compile(rf"[a-z]{{0,2}}id=(?:50[1-9]|[0-9]{{4,10}})\({_NAME}\)")),
    # Failed password for invalid user ada from 203.0.113.7
    (" for ", re.compile(rf"(?:Failed|Accepted) [a-z/-]{{1,24}} for (?:invalid user |illegal user )?{_NAME} from(?:[^A-Za-z]|\Z)")),
    (" user ", re.compile(rf"(?:[Ii]nvalid|[Ii]llegal) user {_NAME} from(?:[^A-Za-z]|\Z)")),
    (" for user ", re.compile(rf"session (?:opened|closed) for user {_NAME}")),
    # password authentication failed for user "ada", Access denied for user 'ada'@'host'
    ("for user ", re.compile(rf"for user {_QUOTED}")),
    ("for user: ", re.compile(rf"for user: {_QUOTED}")),
    # role "ada" does not exist
    (
        " ",
        re.compile(rf"(?:[Rr]ole|[Uu]ser|[Ll]ogin) {_QUOTED} (?:does not exist|already exists|is not|is locked|has no)"),
    ),
    # no pg_hba.conf entry for host "…", user "ada", database "…"
    (", user ", re.compile(rf", user {_QUOTED}, ")),
)
# Prompts: "ada@laptop:~/src$ ls", "[ada@laptop src]$ ls".
_PROMPT = re.compile(rf"{_NAME}@[A-Za-z0-9.-]{{1,63}}(?::[~/][^\s$#]{{0,100}}[$#](?: |\n|\Z)| [^\]\n@]{{1,100}}\][$#] )")
_BEFORE_PROMPT = frozenset(" \t\r\n[(\"'`>")
# Nobody's: accounts of systems and services.
_ACCOUNTS = frozenset((
    "root", "admin", "administrator", "system", "sys", "sa", "daemon", "nobody", "guest", "anonymous", "test", "tester", "service", "sudo",
    "postgres", "postgresql", "mysql", "mariadb", "mongo", "mongodb", "redis", "oracle", "rabbitmq", "elastic", "kibana", "airflow",
    "www", "www-data", "nginx", "apache", "http", "git", "docker", "debian", "centos", "fedora", "ec2-user", "opc", "azureuser", "pi",
    "vagrant", "ansible", "deploy", "backup", "mail", "ftp", "sshd", "celery", "worker", "agent", "bot", "api", "web", "db", "readonly",
    "true", "false", "none", "null", "undefined", "unknown",
))  # fmt: skip


def _accounts(scan: Scan, _: str) -> None:
    text = scan.text
    for literal, form in _FORMS:
        if literal not in text:
            continue
        for found in form.finditer(text):
            start = found.start()
            if not (start and text[start - 1] in WORD) and text[found.end() : found.end() + 1] not in {"(", "["} and _is_somebody(found[1]):
                scan.add(found.start(1), found.end(1), "[user]")
    for found in _PROMPT.finditer(text) if "$" in text or "#" in text else ():
        start = found.start()
        if (not start or text[start - 1] in _BEFORE_PROMPT) and _is_somebody(found[1]):
            scan.add(start, found.end(1), "[user]")


def _is_somebody(name: str) -> bool:
    return names_a_person(name) and name.lower() not in _ACCOUNTS and not name.isdigit()


TRIGGERS = (
    Trigger(
        "account",
        r"(?:USER|LOGNAME|USERNAME)(?:=|\\?[\"'] ?:)|id=[0-9]{3,10}\(|(?:for|nvalid|llegal|,) user|(?:Failed|Accepted) [a-z/-]+ for "
        r"|(?:[Rr]ole|[Uu]ser|[Ll]ogin) \\?[\"'`]|@[A-Za-z0-9.-]+:[~/]|\][$#] ",
        _accounts,
    ),
    *announced.TRIGGERS,
)
