"""Forms of national identity, tax, health and travel document numbers: plain data for national_ids.py."""

from __future__ import annotations

from collections.abc import Callable

from otel_smart_agents.privacy.detectors import national_checks as check

Check = Callable[[str], bool]

# (keywords, form, check of the letters and digits without separators; None = the form alone).
KEYED: tuple[tuple[tuple[str, ...], str, Check | None], ...] = (
    (("ssn", "social security", "social-security", "soc sec"), r"[0-9]{3}[- .]?[0-9]{2}[- .]?[0-9]{4}", check.us_ssn),
    (
        ("itin", "tin ", "tin:", "tax id", "tax identification", "taxpayer", "ein"),
        (
            r"[0-9]{3}-?[0-9]{2}-?[0-9]{4}|[0-9]{2}-[0-9]{7}|[0-9]{3}-[0-9]{3}-[0-9]{3}(?:-[0-9]{3,5})?"
            r"|[0-9]{2,3}[ /][0-9]{3}[ /][0-9]{3,5}|[0-9]{11}"
        ),
        None,
    ),
    (
        ("nino", "national insurance", "ni number", "insurance number"),
        r"[A-CEGHJ-PR-TW-Za-ceghj-pr-tw-z][A-CEGHJ-NPR-TW-Za-ceghj-npr-tw-z] ?[0-9]{2} ?[0-9]{2} ?[0-9]{2} ?[A-Da-d]",
        check.uk_nino,
    ),
    (("nhs",), r"[0-9]{3}[ -]?[0-9]{3}[ -]?[0-9]{4}", check.uk_nhs),
    (("sin", "social insurance", "nas", "assurance sociale"), r"[0-9]{3}[ -]?[0-9]{3}[ -]?[0-9]{3}", check.luhn_id),
    (("aadhaar", "aadhar", "uidai", "आधार"), r"[2-9][0-9]{3}[ -]?[0-9]{4}[ -]?[0-9]{4}", None),
    (("pan number", "pan card", "pan:", "permanent account", " pan "), r"[A-Za-z]{5}[0-9]{4}[A-Za-z]", None),
    (("nric", "fin number", "singpass"), r"[STFGMstfgm][0-9]{7}[A-Za-z]", None),
    (("tfn", "tax file"), r"[0-9]{3}[ -]?[0-9]{3}[ -]?[0-9]{2,3}", check.au_tfn),
    (("abn", "australian business"), r"[0-9]{2} ?[0-9]{3} ?[0-9]{3} ?[0-9]{3}", check.au_abn),
    (("acn", "australian company"), r"[0-9]{3} ?[0-9]{3} ?[0-9]{3}", check.au_acn),
    (
        ("medicare",),
        (
            r"[2-6][0-9]{3}[ -]?[0-9]{5}[ -]?[0-9](?:[ -/]?[0-9])?|[1-9][A-Za-"
            r"z][0-9A-Za-z][0-9]-?[A-Za-z][0-9A-Za-z][0-9]-?[A-Za-z]{2}[0-9]{2}"
        ),
        None,
    ),
    (
        ("steuer-id", "steuerid", "steueridentifikationsnummer", "idnr", "steuer-identifikationsnummer", "identifikationsnummer", "tin.de"),
        r"[0-9]{2} ?[0-9]{3} ?[0-9]{3} ?[0-9]{3}",
        check.de_tax,
    ),
    (("steuernummer",), r"[0-9]{2,3}[ /][0-9]{3}[ /][0-9]{4,5}", None),
    (("personalausweis", "ausweisnummer", "ausweis-nr"), r"[CFGHJKLMNPRTVWXYZ0-9]{9,10}D?", None),
    (
        ("sozialversicherung", "rentenversicherung", "svnr", "versicherungsnummer"),
        r"[0-9]{2} ?[0-9]{6} ?[A-Z] ?[0-9]{3}|[0-9]{4} ?[0-9]{6}",
        None,
    ),
    (
        ("nir", "sécurité sociale", "securite sociale", "insee", "numéro de sécu"),
        r"[12] ?[0-9]{2} ?[0-9]{2} ?[0-9AB]{2} ?[0-9]{3} ?[0-9]{3} ?[0-9]{2}",
        None,
    ),
    (("dni", "nif", "nie", "documento nacional"), r"[XYZxyz]?-?[0-9]{7,8}-?[A-Za-z]", None),
    (
        ("codice fiscale", "cod. fisc", "cf:"),
        r"[A-Za-z]{6}[0-9LMNPQRSTUVlmnpqrstuv]{2}[A-Za-z][0-9LMNPQRSTUVlmnpqrstuv]{2}[A-Za-z][0-9LMNPQRSTUVlmnpqrstuv]{3}[A-Za-z]",
        None,
    ),
    (("partita iva", "p.iva", "p. iva"), r"[0-9]{11}", check.luhn_id),
    (("bsn", "burgerservicenummer", "sofinummer"), r"[0-9]{3}[. ]?[0-9]{3}[. ]?[0-9]{3}|[0-9]{4}\.[0-9]{2}\.[0-9]{3}", check.nl_bsn),
    (
        ("rijksregister", "registre national", "nationaal nummer", "national register"),
        r"[0-9]{2}\.?[0-9]{2}\.?[0-9]{2}[-. ]?[0-9]{3}[-. ]?[0-9]{2}",
        None,
    ),
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
    (("паспорт",), r"[0-9]{2} ?[0-9]{2} ?[0-9]{6}|[A-Z\u0410-\u042f]{2} ?[0-9]{6,7}", None),
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
    (
        ("rsa id", "sa id", "south african id", "id number", "identity number", "permanent resident", "refugee"),
        r"[0-9]{6} ?[0-9]{4} ?[0-9]{3}|[0-9A-Z]{2,4}[0-9]{6,10}",
        check.za_or_other,
    ),
    (("teudat zehut", "תעודת זהות", "ת.ז", "israeli id"), r"[0-9]{9}", check.luhn_id),
    (("emirates id",), r"784-?[0-9]{4}-?[0-9]{7}-?[0-9]", None),
    (("iqama", "saudi id"), r"[12][0-9]{9}", None),
    (("cnic", "nadra"), r"[0-9]{5}-?[0-9]{7}-?[0-9]", None),
    (("philsys", "umid", "sss number"), r"[0-9]{4}-?[0-9]{4}-?[0-9]{4}-?[0-9]?|[0-9]{2}-?[0-9]{7}-?[0-9]", None),
    (
        (
            "passport",
            "reisepass",
            "passeport",
            "pasaporte",
            "passaporto",
            "passaporte",
            "paspoort",
            "travel document",
            "paszport",
            "旅券",
            "护照",
            "여권",
        ),
        r"[A-Za-z]{1,3}[0-9]{5,9}[A-Za-z]?|[0-9]{2}[A-Za-z]{2}[0-9]{5}|[CFGHJKLMNPRTVWXYZ0-9]{8}[0-9]|[0-9]{9}",
        check.has_digits,
    ),
    (
        (
            "driver's license",
            "drivers license",
            "driver license",
            "driving licence",
            "driving license",
            "licence number",
            "license number",
            "my license",
            "führerschein",
            "permis de conduire",
            "dl number",
            "dl#",
        ),
        r"[A-Za-z]{0,5}[0-9]{1,9}(?:[- ]?[0-9A-Za-z]{2,6}){0,4}",
        check.many_digits,
    ),
    (("vat", "ust-id", "ustid", "umsatzsteuer", "tva ", "btw"), r"[A-Z]{2} ?[0-9A-Z]{8,12}", check.has_digits),
    (("imei",), r"[0-9]{2}-?[0-9]{6}-?[0-9]{6}-?[0-9]", check.luhn_id),
    (("routing number", "aba number", "aba routing"), r"[0-9]{9}", check.us_routing),
    (("account number", "acct number", "acct no", "bank account", "kontonummer", "account no"), r"[0-9]{6,17}", None),
)

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
        (
            r"[1-9][AC-HJKMNP-RT-Ya-y][0-9AC-HJKMNP-RT-Ya-y][0-9]-"
            r"[AC-HJKMNP-RT-Ya-y][0-9AC-HJKMNP-RT-Ya-y][0-9]-[AC-HJKMNP-RT-Ya-y]{2}[0-9]{2}"
        ),
        check.has_digits,
    ),
    (r"[A-CEGHJ-PR-TW-Z][A-CEGHJ-NPR-TW-Z] [0-9]{2} [0-9]{2} [0-9]{2} [A-D]", check.has_digits),
    (r"[A-Z]{1,2}[0-9]{6}\([0-9A]\)", check.has_digits),
    (r"[A-Z]{3}P[A-Z][0-9]{4}[A-Z]", check.has_digits),
    (r"(?:19|20)?[0-9]{6}[-+][0-9]{4}", check.se_personal),
)
# The beginnings of all of them.
ANY_FORM = (
    r"(?:^|[^0-9A-Za-z])(?:[0-9]{6}(?:[-+A][0-9]{3}|[0-9][0-9]?-?[A-Za-z](?"
    r":[^0-9A-Za-z]|$)|[0-9]{2}[-+][0-9]|[0-9]{11})|[STFGMXYZxyz]-?[0-9]{7}"
    r"|[A-Z]{4}(?:[0-9]{6}[HMX]|[A-Z]{2}[0-9LMNPQRSTUV]{2}[ABCDEHLMPRST][0-9])|[A-Z]{3}P[A-Z][0-9]{4}[A-Z]|[A-Z][A-Z]?[0-9]{6}\("
    r"|[0-9]{3}\.[0-9]{3}\.[0-9]{3}-|[1-9][A-Za-z][0-9A-Za-z][0-9]-[A-Za-z][0-9A-Za-z][0-9]-|[A-Z]{2} [0-9]{2} [0-9]{2} )"
)
