"""The words behind ``key_denied``: plain data, one set for each place in a key where they count."""

from __future__ import annotations

# Numbers and dates of people.
PERSONAL_WORDS = frozenset(
    """
    ssn nino aadhaar aadhar nric passport iban ccn ccnum creditcard debitcard cardnumber socialsecurity nationalid taxid dob birthdate
    birthday curp cpf
    """.split()  # noqa: SIM905 - words read best as one text
)
# Names of what people choose themselves: a word can be one.
PASSWORD_WORDS = frozenset(
    """
    password passwords passwd passwds pwd pwds passphrase passcode pw passwort kennwort senha contrasena contraseña motdepasse
    wachtwoord parola haslo hasło şifre lösenord salasana κωδικός סיסמה пароль 密码 密碼 パスワード 비밀번호 dbpwd userpwd
    """.split()  # noqa: SIM905 - words read best as one text
)
# Anywhere in a key, unless the last word says that the value is about the secret, not the secret (BENIGN_TAILS).
STRONG_WORDS = (
    PERSONAL_WORDS
    | PASSWORD_WORDS
    | frozenset(
        """
    secret secrets apikey apikeys
    privatekey secretkey accesskey authkey accountkey sharedaccesskey credential credentials creds authtoken accesstoken
    authorization bearer csrftoken xsrftoken sessionid sessid phpsessid jsessionid aspsessionid sessionkey cookie cookies cookie2
    setcookie csrf xsrf symfony cvv cvv2 cvc cvc2 connectsid jwt otp totp keytab keystore pfx htpasswd webhooksecret psk
    sharedaccesssignature
    """.split()  # noqa: SIM905 - words read best as one text
    )
)
# Words written together, lower-case, are recognised by their end: dbpassword, clientsecret, refreshtoken (but not tokens).
ENDINGS = (
    "password",
    "passwd",
    "secret",
    "apikey",
    "passphrase",
    "sessionid",
    "sessid",
    "csrftoken",
    "accesstoken",
    "authtoken",
    "refreshtoken",
    "idtoken",
    "密码",
    "密碼",
    "パスワード",
    "비밀번호",
    "пароль",
)
# Two words in a row, singular.
PERSONAL_PHRASES = frozenset(
    tuple(pair.split("-"))
    for pair in """
    social-security national-id national-insurance tax-id tax-number tax-identifier passport-number passport-no driver-license
    driver-licence driving-licence driving-license license-number licence-number nh-number nhs-number medicare-number
    identity-number identity-card id-card credit-card debit-card visa-card payment-card bank-card amex-card master-card card-number
    card-no card-pan bank-account account-number routing-number birth-date birth-day of-birth birth-year health-card insurance-number
    """.split()  # noqa: SIM905 - words read best as one text
)
PHRASES = PERSONAL_PHRASES | frozenset(
    tuple(pair.split("-"))
    for pair in """
    api-key access-key private-key secret-key signing-key encryption-key decryption-key master-key auth-key service-key account-key
    ssh-key deploy-key license-key storage-key shared-key client-key app-key application-key webhook-key rsa-key pgp-key gpg-key
    bot-key admin-key root-key consumer-key publish-key server-key host-key session-key recovery-key wallet-key hmac-key jwt-key
    cipher-key aes-key de-passe pass-phrase pass-code pass-word set-cookie connect-sid auth-code authorization-code
    verification-code mfa-code otp-code recovery-code backup-code security-code pin-code access-code seed-phrase recovery-phrase
    card-cvv card-cvc x-signature hub-signature access-signature subscription-key unseal-key activation-code
    """.split()  # noqa: SIM905 - words read best as one text
)
# Only as the last word (after CARRIERS are taken off).
LAST_WORDS = frozenset("auth oauth session sess cookie jwt bearer otp csrf xsrf authorization authenticator xauth hmac".split())  # noqa: SIM905 - words read best as one text
CARRIERS = frozenset(
    """
    value header string text raw plain plaintext hash digest encrypted enc b64 base64 old new current prev previous confirm
    confirmation again repeat env var data
    """.split()  # noqa: SIM905 - words read best as one text
)
BENIGN_TAILS = frozenset(
    """
    count counts length len size policy policies strength type types kind name names url uri urls uris endpoint endpoints path paths
    file files filename dir required enabled disabled valid invalid expired expires expiry expiration ttl age min max reset changed
    updated created at on in date time timestamp duration status state result results method methods mode error errors format
    algorithm alg version provider source field fields prompt index limit limits budget usage used consent banner present exists
    rotation manager store id ids ref arn scope scopes level class action event attempts attempt retries meter generator checker
    rule rules label hint placeholder schema category group kid stdin total ratio rate percent cost price description title domain
    samesite audience issuer role roles permissions kinds summarizer planner writer santa jar parser middleware handler module
    library
    """.split()  # noqa: SIM905 - words read best as one text
)
FLAG_STARTS = frozenset(
    "has is use uses require requires needs no allow allows enable enables show hide skip supports num max min total".split()  # noqa: SIM905 - words read best as one text
)
COUNTED_TOKENS = frozenset(
    """
    max min input output total prompt completion cached reasoning next page continuation eos bos pad unk sep cls mask stop special
    first last per thinking audio image text cancellation previous
    """.split()  # noqa: SIM905 - words read best as one text
)
PASS_OWNERS = frozenset(
    """
    db user root admin my smtp mail email ftp ssh mysql pg postgres redis login connect session php express http card atm security
    account proxy ldap imap sudo basic auth database rabbitmq mongo wifi router app service svc sql mqtt kafka amqp elastic oracle
    vpn broker cert truststore
    """.split()  # noqa: SIM905 - words read best as one text
)
# Last words that need a look at the word before them (PASS_OWNERS, COUNTED_TOKENS).
OWNED_WORDS = frozenset("token tok pass sid pin".split())  # noqa: SIM905 - words read best as one text
# What passes or is passed, not what opens.
PLAIN_PASSES = frozenset(
    """
    boarding first second third last next by low high all test tests one two single multi render forward backward optimizer compiler
    validation check checks did does must will can should lint review final initial season day night mountain
    """.split()  # noqa: SIM905 - words read best as one text
)
# Last words under which only a value that was generated is a secret: OPENAI_KEY, GH_PAT. A bare "key" says nothing.
KEYED_WORDS = frozenset("key pat salt pepper".split())  # noqa: SIM905 - words read best as one text
# What a key belongs to that is no secret: a row, a cache, a message, a button.
PLAIN_KEYS = frozenset(
    """
    public primary foreign cache partition sort routing idempotency object message dedup dedupe deduplication s3 redis map dict json
    lock row hash group index unique composite natural surrogate range shard event trace span metric lookup flag feature blob kv
    registry hot press shortcut arrow enter document doc entity record item cursor page state context config setting translation i18n
    locale sub parent child node edge graph tree list array set query memo resource artifact build job task run step issue ticket
    project space team file bucket topic stream sequence request response thread conversation chat order product property
    attribute attr field label tag name id key image asset media cell region zone version commit checksum digest etag data
    react vue component route menu theme style column header prop i mon tur hot don hoc joc whis
    """.split()  # noqa: SIM905 - words read best as one text
)
PHONE_WORDS = frozenset("phone mobile telephone tel cellphone fax msisdn whatsapp phones".split())  # noqa: SIM905 - words read best as one text
NAME_WORDS = frozenset("username firstname lastname fullname surname forename".split())  # noqa: SIM905 - words read best as one text
PERSON_PARTS = frozenset("name email mail address fullname nickname".split())  # noqa: SIM905 - words read best as one text
_PEOPLE = frozenset(
    """
    user enduser customer patient employee contact recipient sender member student guest passenger holder cardholder beneficiary
    person author owner candidate applicant tenant subscriber payer payee driver doctor lawyer manager spouse child parent buyer
    seller
    """.split()  # noqa: SIM905 - words read best as one text
)
PERSONS = {
    "": _PEOPLE | {"client", "from", "to", "billing", "personal", "private"},
    "name": (_PEOPLE - {"owner", "manager", "tenant"})
    | {"first", "last", "full", "given", "family", "middle", "maiden", "sur", "legal", "real", "birth", "login", "account"},
    "address": _PEOPLE
    | {"billing", "shipping", "home", "street", "postal", "mailing", "delivery", "residential", "residence", "work", "permanent"},
}
# Whose accounts are nobody's: serviceAccountName.
MACHINES = frozenset("service storage machine bot".split())  # noqa: SIM905 - words read best as one text
ADDRESS_PARTS = frozenset("ip client peer remote source destination server socket local network host sock net bind listen".split())  # noqa: SIM905 - words read best as one text
