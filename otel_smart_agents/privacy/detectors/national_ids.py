"""National identity, tax, health and travel document numbers: beside a keyword, or alone where letters and check digit prove them."""

from __future__ import annotations

import re
from collections.abc import Callable

from otel_smart_agents.privacy.detectors import national_checks as check
from otel_smart_agents.privacy.detectors.model import ALNUM_SET, Scan, Trigger
from otel_smart_agents.privacy.detectors.triggers import WordSet

Check = Callable[[str], bool]

# (keywords, form, check of the letters and digits without separators; None = the form alone).
KEYED: tuple[tuple[tuple[str, ...], str, Check | None], ...] = (
    (("ssn", "social security", "social-security", "soc sec"), r"[0-9]{3}[- .]?[0-9]{2}[- .]?[0-9]{4}", check.us_ssn),
    (("itin", "tin ", "tin:", "tax id", "tax identification", "taxpayer", "ein"), r"[0-9]{3}-?[0-9]{2}-?[0-9]{4}|[0-9]{2}-[0-9]{7}|[0-9]{3}-[0-9]{3}-[0-9]{3}(?:-[0-9]{3,5})?|[0-9]{2,3}[ /][0-9]{3}[ /][0-9]{3,5}|[0-9]{11}", None),
    (("nino", "national insurance", "ni number", "insurance number"), r"[A-CEGHJ-PR-TW-Za-ceghj-pr-tw-z][A-CEGHJ-NPR-TW-Za-ceghj-npr-tw-z] ?[0-9]{2} ?[0-9]{2} ?[0-9]{2} ?[A-Da-d]", check.uk_nino),
    (("nhs",), r"[0-9]{3}[ -]?[0-9]{3}[ -]?[0-9]{4}", check.uk_nhs),
    (("sin", "social insurance", "nas", "assurance sociale"), r"[0-9]{3}[ -]?[0-9]{3}[ -]?[0-9]{3}", check.luhn_id),
    (("aadhaar", "aadhar", "uidai", "आधार"), r"[2-9][0-9]{3}[ -]?[0-9]{4}[ -]?[0-9]{4}", None),
    (("pan number", "pan card", "pan:", "permanent account", " pan "), r"[A-Za-z]{5}[0-9]{4}[A-Za-z]", None),
    (("nric", "fin number", "singpass"), r"[STFGMstfgm][0-9]{7}[A-Za-z]", None),
    (("tfn", "tax file"), r"[0-9]{3}[ -]?[0-9]{3}[ -]?[0-9]{2,3}", check.au_tfn),
    (("abn", "australian business"), r"[0-9]{2} ?[0-9]{3} ?[0-9]{3} ?[0-9]{3}", check.au_abn),
    (("acn", "australian company"), r"[0-9]{3} ?[0-9]{3} ?[0-9]{3}", check.au_acn),
    (("medicare",), r"[2-6][0-9]{3}[ -]?[0-9]{5}[ -]?[0-9](?:[ -/]?[0-9])?|[1-9][A-Za-z][0-9A-Za-z][0-9]-?[A-Za-z][0-9A-Za-z][0-9]-?[A-Za-z]{2}[0-9]{2}", None),
    (("steuer-id", "steuerid", "steueridentifikationsnummer", "idnr", "steuer-identifikationsnummer", "identifikationsnummer", "tin.de"), r"[0-9]{2} ?[0-9]{3} ?[0-9]{3} ?[0-9]{3}", check.de_tax),
    (("steuernummer",), r"[0-9]{2,3}[ /][0-9]{3}[ /][0-9]{4,5}", None),
    (("personalausweis", "ausweisnummer", "ausweis-nr"), r"[CFGHJKLMNPRTVWXYZ0-9]{9,10}D?", None),
    (("sozialversicherung", "rentenversicherung", "svnr", "versicherungsnummer"), r"[0-9]{2} ?[0-9]{6} ?[A-Z] ?[0-9]{3}|[0-9]{4} ?[0-9]{6}", None),
    (("nir", "sécurité sociale", "securite sociale", "insee", "numéro de sécu"), r"[12] ?[0-9]{2} ?[0-9]{2} ?[0-9AB]{2} ?[0-9]{3} ?[0-9]{3} ?[0-9]{2}", None),
    (("dni", "nif", "nie", "documento nacional"), r"[XYZxyz]?-?[0-9]{7,8}-?[A-Za-z]", None),
    (("codice fiscale", "cod. fisc", "cf:"), r"[A-Za-z]{6}[0-9LMNPQRSTUVlmnpqrstuv]{2}[A-Za-z][0-9LMNPQRSTUVlmnpqrstuv]{2}[A-Za-z][0-9LMNPQRSTUVlmnpqrstuv]{3}[A-Za-z]", None),
    (("partita iva", "p.iva", "p. iva"), r"[0-9]{11}", check.luhn_id),
    (("bsn", "burgerservicenummer", "sofinummer"), r"[0-9]{3}[. ]?[0-9]{3}[. ]?[0-9]{3}|[0-9]{4}\.[0-9]{2}\.[0-9]{3}", check.nl_bsn),
    (("rijksregister", "registre national", "nationaal nummer", "national register"), r"[0-9]{2}\.?[0-9]{2}\.?[0-9]{2}[-. ]?[0-9]{3}[-. ]?[0-9]{2}", None),
    (("pesel",), r"[0-9]{11}", check.pl_pesel),
    (("nip", "regon"), r"[0-9]{3}-?[0-9]{3}-?[0-9]{2}-?[0-9]{2}|[0-9]{9}(?:[0-9]{5})?", None),
    (("personnummer", "samordningsnummer"), r"(?:19|20)?[0-9]{6}[-+ ]?[0-9]{4}", check.se_personal),
    (("fødselsnummer", "fodselsnummer", "fnr", "fødselsnr"), r"[0-9]{6} ?[0-9]{5}", check.no_birth),
    (("cpr", "cpr-nummer"), r"[0-3][0-9][01][0-9]{3}-?[0-9]{4}", None),
    (("hetu", "henkilötunnus"), r"[0-3][0-9][01][0-9]{3}[-+A-FU-Y][0-9]{3}[0-9A-Y]", None),
    (("kennitala",), r"[0-9]{6}-?[0-9]{4}", None),
    (("rodné číslo", "rodne cislo", "rodné čislo"), r"[0-9]{6}/?[0-9]{3,4}", None),
    (("cnp", "cod numeric personal"), r"[1-9][0-9]{12}", check.ro_cnp),
    (("egn", "егн"), r"[0-9]{10}", check.bg_egn),
    (("oib",), r"[0-9]{11}", check.mod11_10_id),
    (("jmbg", "emšo", "emso"), r"[0-9]{13}", None),
    (("tckn", "tc kimlik", "t.c. kimlik", "kimlik no", "kimlik numara"), r"[1-9][0-9]{10}", check.tr_identity),
    (("amka", "αμκα", "αφμ", "afm"), r"[0-9]{9}|[0-9]{11}", None),
    (("инн", "inn"), r"[0-9]{12}|[0-9]{10}", check.ru_inn),
    (("снилс", "snils"), r"[0-9]{3}-?[0-9]{3}-?[0-9]{3}[ -]?[0-9]{2}", None),
    (("паспорт",), r"[0-9]{2} ?[0-9]{2} ?[0-9]{6}|[A-ZА-Я]{2} ?[0-9]{6,7}", None),
    (("cpf",), r"[0-9]{3}\.?[0-9]{3}\.?[0-9]{3}-?[0-9]{2}", check.br_cpf),
    (("cnpj",), r"[0-9]{2}\.?[0-9]{3}\.?[0-9]{3}/?[0-9]{4}-?[0-9]{2}", check.br_cnpj),
    (("curp",), r"[A-Za-z]{4}[0-9]{6}[HMXhmx][A-Za-z]{5}[0-9A-Za-z][0-9]", None),
    (("rfc:", "rfc "), r"[A-ZÑ&]{3,4}[0-9]{6}[0-9A-Z]{3}", None),
    (("cuit", "cuil"), r"[0-9]{2}-?[0-9]{8}-?[0-9]", check.ar_cuit),
    (("rut", "rol único"), r"[0-9]{1,2}\.?[0-9]{3}\.?[0-9]{3}-?[0-9Kk]", check.cl_rut),
    (("cédula", "cedula"), r"[0-9]{1,3}(?:[.-]?[0-9]{3}){2,3}(?:-?[0-9])?", None),
    (("rrn", "주민등록", "주민번호", "resident registration", "resident number"), r"[0-9]{6}-?[1-8][0-9]{6}", None),
    (("my number", "マイナンバー", "個人番号"), r"[0-9]{4}[ -]?[0-9]{4}[ -]?[0-9]{4}", None),
    (("身份证", "身份證", "resident identity", "citizen id", "id card number"), r"[1-9][0-9]{16}[0-9Xx]", check.cn_resident),
    (("hkid",), r"[A-Za-z]{1,2}[0-9]{6}\(?[0-9Aa]\)?", None),
    (("บัตรประชาชน", "ประชาชน", "thai id", "thai national"), r"[1-8][ -]?[0-9]{4}[ -]?[0-9]{5}[ -]?[0-9]{2}[ -]?[0-9]", None),
    (("mykad", "nyric", "kad pengenalan"), r"[0-9]{6}-?[0-9]{2}-?[0-9]{4}", None),
    (("nik", "ktp"), r"[1-9][0-9]{15}", None),
    (("cccd", "cmnd", "căn cước"), r"[0-9]{12}|[0-9]{9}", None),
    (("rsa id", "sa id", "south african id", "id number", "identity number", "permanent resident", "refugee"), r"[0-9]{6} ?[0-9]{4} ?[0-9]{3}|[0-9A-Z]{2,4}[0-9]{6,10}", check.za_or_other),
    (("teudat zehut", "תעודת זהות", "ת.ז", "israeli id"), r"[0-9]{9}", check.luhn_id),
    (("emirates id",), r"784-?[0-9]{4}-?[0-9]{7}-?[0-9]", None),
    (("iqama", "saudi id"), r"[12][0-9]{9}", None),
    (("cnic", "nadra"), r"[0-9]{5}-?[0-9]{7}-?[0-9]", None),
    (("philsys", "umid", "sss number"), r"[0-9]{4}-?[0-9]{4}-?[0-9]{4}-?[0-9]?|[0-9]{2}-?[0-9]{7}-?[0-9]", None),
    (("passport", "reisepass", "passeport", "pasaporte", "passaporto", "passaporte", "paspoort", "travel document", "paszport", "旅券", "护照", "여권"), r"[A-Za-z]{1,3}[0-9]{5,9}[A-Za-z]?|[0-9]{2}[A-Za-z]{2}[0-9]{5}|[CFGHJKLMNPRTVWXYZ0-9]{8}[0-9]|[0-9]{9}", check.has_digits),
    (("driver's license", "drivers license", "driver license", "driving licence", "driving license", "licence number", "license number", "my license", "führerschein", "permis de conduire", "dl number", "dl#"), r"[A-Za-z]{0,5}[0-9]{1,9}(?:[- ]?[0-9A-Za-z]{2,6}){0,4}", check.many_digits),
    (("vat", "ust-id", "ustid", "umsatzsteuer", "tva ", "btw"), r"[A-Z]{2} ?[0-9A-Z]{8,12}", check.has_digits),
    (("imei",), r"[0-9]{2}-?[0-9]{6}-?[0-9]{6}-?[0-9]", check.luhn_id),
    (("routing number", "aba number", "aba routing"), r"[0-9]{9}", check.us_routing),
    (("account number", "acct number", "acct no", "bank account", "kontonummer", "account no"), r"[0-9]{6,17}", None),
)  # fmt: skip

# Alone: letters in fixed places and a check digit.
ALONE: tuple[tuple[str, Check], ...] = (
    (r"[0-9]{8}-?[A-Za-z]|[XYZxyz]-?[0-9]{7}-?[A-Za-z]", check.es_dni),
    (r"[STFGM][0-9]{7}[A-Z]", check.sg_nric),
    (r"[A-Z]{6}[0-9LMNPQRSTUV]{2}[ABCDEHLMPRST][0-9LMNPQRSTUV]{2}[A-Z][0-9LMNPQRSTUV]{3}[A-Z]", check.it_fiscal),
    (r"[0-3][0-9][01][0-9]{3}[-+A][0-9]{3}[0-9A-FHJ-NPR-Y]", check.fi_hetu),
    (r"[0-9]{2}[01][0-9][0-3][0-9]-[1-8][0-9]{6}", check.kr_rrn),
    (r"[A-Z]{4}[0-9]{6}[HMX][A-Z]{5}[0-9A-Z][0-9]", check.mx_curp),
    (r"[1-9][0-9]{5}(?:19|20)[0-9]{2}[01][0-9][0-3][0-9][0-9]{3}[0-9X]", check.cn_resident),
    (r"[0-9]{3}\.[0-9]{3}\.[0-9]{3}-[0-9]{2}", check.br_cpf),
    (
        r"[1-9][AC-HJKMNP-RT-Yac-hjkmnp-rt-y][0-9AC-HJKMNP-RT-Yac-hjkmnp-rt-y][0-9]-[AC-HJKMNP-RT-Yac-hjkmnp-rt-y]"
        r"[0-9AC-HJKMNP-RT-Yac-hjkmnp-rt-y][0-9]-[AC-HJKMNP-RT-Yac-hjkmnp-rt-y]{2}[0-9]{2}",
        check.has_digits,
    ),
    (r"[A-CEGHJ-PR-TW-Z][A-CEGHJ-NPR-TW-Z] [0-9]{2} [0-9]{2} [0-9]{2} [A-D]", check.has_digits),
    (r"[A-Z]{1,2}[0-9]{6}\([0-9A]\)", check.has_digits),
    (r"[A-Z]{3}P[A-Z][0-9]{4}[A-Z]", check.has_digits),
    (r"(?:19|20)?[0-9]{6}[-+][0-9]{4}", check.se_personal),
)
# The beginnings of all of them.
_ANY_FORM = (
    r"(?:^|[^0-9A-Za-z])(?:[0-9]{6}(?:[-+A][0-9]{3}|[0-9][0-9]?-?[A-Za-z](?:[^0-9A-Za-z]|$)|[0-9]{2}[-+][0-9]|[0-9]{11})|[STFGMXYZxyz]-?[0-9]{7}"
    r"|[A-Z]{4}(?:[0-9]{6}[HMX]|[A-Z]{2}[0-9LMNPQRSTUV]{2}[ABCDEHLMPRST][0-9])|[A-Z]{3}P[A-Z][0-9]{4}[A-Z]|[A-Z][A-Z]?[0-9]{6}\("
    r"|[0-9]{3}\.[0-9]{3}\.[0-9]{3}-|[1-9][A-Za-z][0-9A-Za-z][0-9]-[A-Za-z]|[A-Z]{2} [0-9]{2} [0-9]{2} )"
)

_keyed: dict[str, list[tuple[re.Pattern[str], Check | None]]] = {}
_alone: list[tuple[re.Pattern[str], Check]] = []
_SEPARATORS = str.maketrans("", "", " -./()+")
_WINDOW = 56
_WORD_EDGE = ALNUM_SET | {"_"}


def _nothing(scan: Scan, _: str) -> None:
    """Only asked for by other triggers."""


def _rows_of(keyword: str) -> list[tuple[re.Pattern[str], Check | None]]:
    if keyword not in _keyed:
        _keyed[keyword] = [(re.compile(form, re.ASCII), test) for keywords, form, test in KEYED if keyword in keywords]
    return _keyed[keyword]


def _keywords(scan: Scan, _: str) -> None:
    for index in _KEYWORD_SET(scan.text):
        _beside_keyword(scan, _KEYWORDS[index])


def foreign_keywords(scan: Scan) -> None:
    """Numbers beside words in other scripts and with accents."""
    for keyword in _FOREIGN_KEYWORDS:
        if keyword in scan.low:
            _beside_keyword(scan, keyword)


def _beside_keyword(scan: Scan, keyword: str) -> None:
    low = scan.low
    place = low.find(keyword)
    while place >= 0:
        end = place + len(keyword)
        whole = not (place and low[place - 1] in ALNUM_SET and keyword.isascii())
        if whole and not (keyword[-1] in ALNUM_SET and low[end : end + 1] in ALNUM_SET and low[end : end + 1] not in "s"):
            for form, test in _rows_of(keyword):
                _in_window(scan, form, test, window=(end, min(len(low), end + _WINDOW)))
                _in_window(scan, form, test, window=(max(0, place - 24), place))
        place = low.find(keyword, end)


def _in_window(scan: Scan, form: re.Pattern[str], test: Check | None, *, window: tuple[int, int]) -> None:
    start, end = window
    line = scan.text.find("\n", start, end)
    if line >= 0:
        end = line
    limit = min(len(scan.text), end + 24)
    place = start
    while (found := form.search(scan.text, place, limit)) is not None and found.start() < end:
        piece = found.group().translate(_SEPARATORS)
        if scan.bounded(found.start(), found.end(), inside=_WORD_EDGE) and (test is None or test(piece.upper())):
            scan.add(found.start(), found.end(), "[id]")
        place = found.end()


def _forms(scan: Scan, _: str) -> None:
    if not _alone:
        _alone.extend((re.compile(form, re.ASCII), test) for form, test in ALONE)
    for form, test in _alone:
        for found in form.finditer(scan.text):
            start, end = found.span()
            piece = found.group().translate(_SEPARATORS)
            if scan.bounded(start, end, inside=_WORD_EDGE) and not _in_chain(scan.text, start, end) and test(piece.upper()):
                scan.add(start, end, "[id]")


def _in_chain(text: str, start: int, end: int) -> bool:
    """Part of a longer run joined with hyphens (UUIDs, part numbers)."""
    return (start > 1 and text[start - 1] == "-" and text[start - 2] in ALNUM_SET) or (
        text[end : end + 1] == "-" and text[end + 1 : end + 2] in ALNUM_SET and end + 1 < len(text)
    )


def _keyword_pattern(keyword: str) -> str:
    before = r"\b" if keyword[0] in ALNUM_SET else ""
    after = r"s?\b" if keyword[-1] in ALNUM_SET else ""
    return f"(?i){before}{re.escape(keyword)}{after}"


_ALL_KEYWORDS = tuple(dict.fromkeys(keyword for keywords, _, _ in KEYED for keyword in keywords))
_KEYWORDS = tuple(keyword for keyword in _ALL_KEYWORDS if keyword.isascii())
_FOREIGN_KEYWORDS = tuple(keyword for keyword in _ALL_KEYWORDS if not keyword.isascii())
_KEYWORD_SET = WordSet([(keyword, _keyword_pattern(keyword)) for keyword in _KEYWORDS])
_ANY_KEYWORD = "|".join(re.escape(keyword.strip(" :#")) for keyword in sorted(_KEYWORDS))

TRIGGERS = (
    Trigger("id-digits", r"[0-9][0-9 ./-]{2}[0-9 A-Za-z./-]", _nothing, alone=True),
    Trigger("id", f"(?i)\\b(?:{_ANY_KEYWORD})s?\\b", _keywords, needs="id-digits"),
    Trigger("id-form", _ANY_FORM, _forms, alone=True),
)
