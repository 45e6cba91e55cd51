"""Makes ``keys.json``, what ``key_hint`` says about keys of every kind: ``python tests/vectors/make_keys.py``.

The keys are written here; the bits are what the Python rules give. The Go rules must give the same.
"""

from __future__ import annotations

import json
from pathlib import Path

from otel_smart_agents.privacy.keys import key_hint, tokens_of

TARGET = Path(__file__).with_name("keys.json")
FORMAT = {
    "key": "attribute key",
    "hint": "sum of 1 denied, 2 address, 4 statement, 8 version, 16 URL path",
    "tokens": "the lower-case words the key is split into",
    "rules": "order of rows has no meaning; the file is plain ASCII JSON",
}
KEYS = """
apiToken client_secret DB_PASSWORD dbpassword refreshtoken refreshtokens input_tokens output_tokens author authority session.duration
monkey monkeyPassword keyboard primary_key sort_key api_key apiKey api-key apikeys APIKey APIKEYS X-API-Key x_api_key accessKeyId
aws_secret_access_key AWS_ACCESS_KEY_ID private_key privateKeyPem publicKey public_key ssh_host_key encryptionKey license_key
password passwords password1 password_hash password.strength password_policy passwordResetUrl passwordsMatch passwd user_pwd pwds
pass db_pass smtpPass compass.heading first_pass passes passed boarding_pass pass_count rootPass passphrase pass_phrase pass-code
token tok access_token token_type token_count tokens max_tokens next_page_token eos_token page_token tokenizer total_token
gen_ai.usage.input_tokens gen_ai.usage.output_tokens gen_ai.token.type llm.token_count.total prompt_token cached_token id_token idToken
secret secrets secret_name secret_id secretary secretKeyRef the_secret signing_secret webhookSecret webhook_secret_url secretsManager
auth oauth author_id auth_mode auth.method oauth_state auth_code authorization authorization_url proxy_authorization Authorization
http.request.header.authorization http.request.header.cookie http.response.header.set_cookie cookie cookies cookie_consent cookieJar
cookie2 Set-Cookie connect.sid sid account_sid sidebar PHPSESSID JSESSIONID session session.id session_id sessionId session_cookie
aiohttp_session sess user_session sessions session_count sessionkey csrf csrf_token xsrfToken csrftoken jwt jwt.alg jwt_payload bearer
bearer_token otp totp otp_code mfaCode verification_code pin pin_code user_pin pinned pin_count hmac hmac_key x_signature x-hub-signature
x-signature-256 seed_phrase recovery_code backup_codes backupCodes access_code error_code status_code zip_code country_code
credential credentials credential.type creds aws_credentials google_application_credentials keystore keystore_path keytab pfx
ssn user.ssn ssn_last4 nino iban iban_count passport passport_no passportNumber national_id nationalId customer.national_id tax_id
taxId tax_rate tax-number driver_license drivingLicence licence_number license_type cpf curp aadhaar aadhar nric dob date_of_birth
dateOfBirth birthdate birth_date birth-year birthday of_birth cvv cvc2 cvv2 card card_number cardNumber creditCard credit_card_number
credit_card_type visa_card debit_card payment_card_brand bank_account bankAccountNumber routing_number account_number accountNo
account account_id health_card insurance_number medicare_number nhs_number
user.name user.id user.email user.full_name userName username user_username firstName first_name last_name lastname full-name surname
enduser.name enduser.id customer_name customerEmail customer.address contact.mobile contactMail owner_name owner.email manager_name
tenant_name tenant.email client_name client.address client_email billing_address billingAddress shipping.address home_address
street_address email email.count email_subject mail from_email to_email fromAddress personal_email private_address name display_name
nickname user.nickname user_nickname login_name account_name legalName maiden_name middle_name file_name host.name service.name
agent.name tool.name process.owner process.saved_user.name process.user.name os.name os.user.name os.phone
phone phones phone_number phoneNumber user.phone mobile is_mobile isMobile mobile_number device_mobile tel telephone tel_no fax fax_nr
cellphone msisdn whatsapp has_phone user_agent.mobile phone_value phone_text app.phone phone_2
net.peer.ip net.host.ip ip ips IPv4 ipv6_address ip_address client_ip clientIp peer.address server.address source.address
destination.address network.peer.address network.local.address socket_addr addr memory_address address addresses x_forwarded_for
x-forwarded-for forwarded Forwarded http.client_ip ipaddr remote_addr bind_address mac_address listen_address x-real-ip hostIPs
db.statement db.query.text db.query.summary db.query.parameter.0 sql sql_text raw_sql SQLQuery sqlite_version graphql.document
query search_query url.query statement prepared_statement db.text query.text db_query_text
service.version version versions telemetry.sdk.version user_agent.original user_agent.name userAgent user-agent useragent agent_user
http.route http.target url.path url.template http.path request.path request_endpoint endpoint url.endpoint path file.path http.url
has_password use_token require_auth requires_password show_password num_secrets min_pin allow_cookie enable_otp no_password isAuth
password_1 password2024 token_value token_header authHeader secret_b64 secret_base64_old current_password newPassword confirm_password
password_field password_placeholder secret_ref secretArn token_expires_at token_expiry tokenExpired credential_provider key key_id kid
key-pair-id keyid keys feature_flag.key cache_key object_key s3_key foreign_key partition_key app_key appKeys admin_key bot.key
MOT_DE_PASSE motDePasse Kennwort senha_usuario contrase\u00f1a CONTRASE\u00d1A has\u0142o \u015fifre l\u00f6senord
\u03ba\u03c9\u03b4\u03b9\u03ba\u03cc\u03c2 \u039a\u03a9\u0394\u0399\u039a\u038c\u03a3 \u043f\u0430\u0440\u043e\u043b\u044c
\u041f\u0410\u0420\u041e\u041b\u042c \u5bc6\u7801 \u7528\u6237\u5bc6\u7801 \u30d1\u30b9\u30ef\u30fc\u30c9 \ube44\ubc00\ubc88\ud638
\u0130D_TOKEN \u0130pKey x\u00b2token token\u00b2
A AB ABc ABCd aBc aB HTTPServer HTTPSPath APIs APIsToken userIDs IDs XMLHttpRequest iOSVersion a1B2 B2B b2bToken v2Token S3Bucket 42 1.2.3
OPENAI_KEY openaiKey anthropic.key hf_key stripeKey SUPABASE_ANON_KEY FERNET_KEY writekey instrumentationKey write_key_old gh_pat PAT
pat patient.id path salt password_salt salt_rounds pepper hotkey turkey row_key cacheKey cachekey publickey idempotency_key dedupe_key
message_key tenant_key Ocp-Apim-Subscription-Key unseal_key shared_access_signature access_signature activation_code psk wifi_psk dbpwd
mqtt_pass kafkaPass boardingPass service_account_name serviceAccountName storage_account_name key_1 key_value data_key keys_total
_ . -- a..b __init__ [0].password items[3].secret {"password"} $token @pass :pin user@pass mysql_pwd mysql.pwd.count
""".split()  # noqa: SIM905 - words read best as one text
LONG = (
    "x" * 300 + ".password",
    "password." + "x" * 300,
    "password" + "." * 256,
    "",
    " ",
    "db password",
    "api key id",
    "tax id number",
    "first name\t",
)


def document() -> str:
    """The text of ``keys.json``."""
    rows = [{"key": key, "hint": key_hint(key), "tokens": tokens_of(key)} for key in (*dict.fromkeys(KEYS), *LONG)]
    lines = ",\n".join("  " + json.dumps(row, ensure_ascii=True) for row in rows)
    return '{\n "format": ' + json.dumps(FORMAT, ensure_ascii=True) + ',\n "rows": [\n' + lines + "\n ]\n}\n"


if __name__ == "__main__":
    TARGET.write_text(document(), encoding="ascii")
