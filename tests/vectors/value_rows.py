"""Rows for ``values.json``: every family of detectors, written for this project.

In a text, ``⟦…⟧`` stands around what must not survive; a text without it must come back unchanged. A row is ``(key, text)``, or only the
text (its key is then ``output.value``). Numbers with check digits are computed or published samples; nobody's.
"""

from __future__ import annotations

Row = str | tuple[str, str]

EMAIL: tuple[Row, ...] = (
    "⟦ada.byron@example.org⟧", "write to ⟦first+tag@sub.example.co.uk⟧ today", "<⟦o'hara@example.ie⟧>",
    "mailto:⟦x_y-z@example.museum⟧?subject=hi", "From: Ada <⟦ADA@EXAMPLE.ORG⟧>", "a=⟦b@example.com⟧;c=⟦d@example.net⟧,e",
    "(⟦q@example.io⟧)", "⟦jürgen@müller.example⟧ schrieb", "⟦user@xn--bcher-kva.example⟧", "got ⟦ada%40example.org⟧ back",
    "⟦bob [at] example.org⟧", "⟦bob (at) example (dot) com⟧", "⟦bob at example dot com⟧ please", "⟦ada\u200b@example.org⟧",
    '{"mail": "⟦ada\\u0040example.org⟧"}', "⟦ada＠example.org⟧", "⟦ada&#64;example.org⟧", "⟦1234567@example.com⟧",
    "notify ⟦ops@example.com⟧.", "not found: ⟦a.b.c@d-e.f-g.example⟧!", "user ⟦x@163.com⟧", "git@github.com:org/repo.git",
    "package@2.5.1", "logo@2x.png", "@decorator", "a @ b", "name@host", "pip install pkg@latest", "image@sha256:0123456789abcdef",
    "look at foo.py now", "scale@3x.webp", "meet at example street", "user@", "@example.org",
)  # fmt: skip
PHONE: tuple[Row, ...] = (
    "⟦+44 20 7946 0958⟧", "call ⟦+1 (212) 555-0143⟧ now", "⟦+49-30-901820⟧", "⟦+33 1 70 18 00 11⟧", "⟦+4930901820⟧",
    "tel:⟦+81-3-1234-5678⟧", "WhatsApp ⟦+5511987654321⟧", "⟦+91 98765 43210⟧", "phone: ⟦020 7946 0958⟧",
    "Telefon: ⟦030/901820⟧", "mobile ⟦07700 900123⟧", "Tel. ⟦01 70 18 00 11⟧", "fax: ⟦212-555-0199⟧", "⟦212-555-0142⟧",
    "⟦(212) 555-0142⟧ x12", "⟦212.555.0142⟧", "call me on ⟦0612345678⟧", "text me at ⟦0612 345 678⟧",
    "my number is ⟦090-8765-4321⟧", "電話: ⟦03-1234-5678⟧", "тел. ⟦8 495 123-45-67⟧", "1-⟦212-555-0142⟧", "SMS to ⟦555-0142⟧",
    ("user.phone", "⟦whatever⟧"), ("contact.mobile", "⟦0791⟧"), '{"phone": "⟦0212 555 0142⟧"}', "2024-09-27 10:12:50",
    "order 62304667 shipped", "call took 1234567 ms", "ISBN 978-3-16-148410-0", "+1", "a+12345", "diff +20250101", "phone book",
    "call_2k7ryu9k", "Mobile/24U295", "100-200-300", "range 10-20-3000", "GMT+0200", "phone rang 3 times", "cell A12", "port 8080",
    "order number is 1234567",
)  # fmt: skip
CARD: tuple[Row, ...] = (
    "⟦4111111111111111⟧", "card ⟦4111 1111 1111 1111⟧ ok", "⟦4111-1111-1111-1111⟧", "⟦5555555555554444⟧",
    "⟦2223003122003222⟧", "⟦378282246310005⟧", "⟦3782 822463 10005⟧", "⟦6011111111111117⟧", "⟦3530111333300000⟧",
    "⟦30569309025904⟧", "pan=⟦4000056655665556⟧&x=1", "⟦6200000000000005⟧", "⟦6304000000000000⟧", "⟦4222222222222⟧",
    "imei ⟦490154203237518⟧", "unit ⟦352099001761481⟧ seen", ("credit_card", "⟦4643⟧"), ("visa_card", "⟦1⟧"),
    "4111111111111112", "1234567890123456", "0000000000000000", "4444444444444444", "1743421800701928245", "0.4111111111111111",
    "id-4111111111111111f", "17433421800701", "550e8400-e29b-41d4-a716-446655440000", "size=771370124 bytes",
)  # fmt: skip
BANK: tuple[Row, ...] = (
    "⟦DE89370400440532013000⟧", "⟦DE89 3704 0044 0532 0130 00⟧", "IBAN ⟦GB82WEST12345698765432⟧ given",
    "⟦FR14 2004 1010 0505 0001 3M02 606⟧", "⟦NL91ABNA0417164300⟧", "to ⟦ES91 2100 0418 4502 0005 1332⟧.",
    "⟦IT60X0542811101000000123456⟧", "⟦CH9300762011623852957⟧", "⟦AT611904300234573201⟧", "⟦BE68 5390 0754 7034⟧",
    "⟦PL61109010140000071219812874⟧", "⟦SE4550000000058398257466⟧", "⟦NO9386011117947⟧", "⟦DK5000400440116243⟧",
    "⟦FI2112345600000785⟧", "⟦PT50000201231234567890154⟧", "⟦IE29AIBK93115212345678⟧", "⟦TR330006100519786457841326⟧",
    "⟦SA0380000000608010167519⟧", "⟦AE070331234567890123456⟧", "⟦BR1800360305000010009795493C1⟧",
    "⟦GR1601101250000000012300695⟧", "⟦HU42117730161111101800000000⟧", "⟦CZ6508000000192000145399⟧",
    "⟦RO49AAAA1B31007593840000⟧", "⟦UA213223130000026007233566001⟧", "⟦KZ86125KZT5004100100⟧", "⟦IL620108000000099999999⟧",
    "⟦MT84MALT011000012345MTLCAST001S⟧", "account number: ⟦12345678⟧", "routing number ⟦021000021⟧",
    "de⟦89 3704 0044 0532 0130 00⟧", "DE89370400440532013001", "GB00WEST12345698765432", "AB12 CDEF",
    "SHA 9E393D93138888D288266C2D915214D1D1CCEB2A",
)  # fmt: skip
NATIONAL: tuple[Row, ...] = (
    "SSN ⟦219-09-9999⟧", "⟦219-09-9999⟧ ⟦219-09-9998⟧-p", "⟦219-09-9998⟧",
    "ssn: ⟦219099999⟧", "social security number is ⟦219 09 9999⟧", "ITIN ⟦912-70-1234⟧",
    "nino: ⟦PR 12 34 55 C⟧", "National Insurance ⟦JG103759A⟧", "NHS number ⟦943 476 5919⟧", "SIN: ⟦046 454 286⟧",
    "Aadhaar ⟦2341 2341 2346⟧", "PAN number ⟦ABCPM1234F⟧", "NRIC ⟦S1234567D⟧", "⟦S1234567D⟧", "TFN ⟦123 456 782⟧",
    "ABN ⟦51 824 753 556⟧", "Steuer-ID: ⟦86095742719⟧", "⟦12345678Z⟧", "DNI ⟦12345678-Z⟧", "NIE ⟦X1234567L⟧",
    "⟦RSSMRA85T10A562S⟧", "codice fiscale ⟦RSSMRA85T10A562S⟧", "BSN ⟦111222333⟧", "PESEL ⟦44051401359⟧",
    "Personnummer ⟦811218-9876⟧", "⟦811218-9876⟧", "fødselsnummer ⟦13097248022⟧", "CPR ⟦070761-4285⟧", "hetu ⟦131052-308T⟧",
    "⟦131052-308T⟧", "CNP ⟦1800101221144⟧", "EGN ⟦7523169263⟧", "OIB ⟦94577403194⟧", "TC Kimlik ⟦10000000146⟧",
    "TC KİMLİK NO: ⟦10000000146⟧", "ИНН ⟦500100732259⟧", "СНИЛС ⟦112-233-445 95⟧", "CPF ⟦529.982.247-25⟧", "⟦529.982.247-25⟧",
    "CNPJ ⟦11.222.333/0001-81⟧",
    "CUIT ⟦20-12345678-6⟧", "RUT ⟦12.345.678-5⟧", "CURP ⟦HEGG560427MVZRRL04⟧", "주민등록번호 ⟦900101-1234568⟧",
    "⟦900101-1234568⟧", "マイナンバー ⟦1234 5678 9018⟧", "身份证 ⟦11010519491231002X⟧", "⟦11010519491231002X⟧",
    "HKID ⟦A123456(3)⟧", "บัตรประชาชน ⟦1 2345 67890 12 1⟧", "MyKad ⟦900101-14-5678⟧", "passport ⟦C01X00T47⟧",
    "Reisepass ⟦C01234565⟧", "mi pasaporte es ⟦AAB123456⟧", "driver's license: ⟦D1234567⟧", "my license is ⟦13-22-123456-12⟧",
    "medicare ⟦2123 45670 1⟧", "⟦1EG4-TE5-MK73⟧", "SA ID ⟦8001015009087⟧", "Emirates ID ⟦784-1980-1234567-1⟧",
    "CNIC ⟦35202-1234567-1⟧", "VAT ⟦DE123456789⟧", ("customer.national_id", "⟦anything⟧"), ("tax_id", "⟦1⟧"),
    ("user.ssn", "⟦x⟧"), "000-12-3456", "219-00-9999", "12345678A", "S1234567A", "build 811218-9870", "since 1234",
    "the inn has 12345678 rooms", "123.456.789-00", "nino: ⟦QQ123456C⟧", "131052-308A", "National insurance number: AB123456C",
)  # fmt: skip
NETWORK: tuple[Row, ...] = (
    "from ⟦203.0.113.7⟧ port 22", "⟦203.0.113.7⟧:8080", "http://⟦198.51.100.23⟧/x", "peer=⟦10.1.2.3⟧",
    "host.example/⟦192.0.2.1⟧:443", "ssh root@⟦198.51.100.23⟧", "[⟦2001:db8:85a3::8a2e:370:7334⟧]:443",
    "⟦2001:db8:1:2:3:4:5:6⟧", "⟦fe80::1ff:fe23:4567:890a%eth2⟧", "⟦::ffff:192.0.2.128⟧", "⟦::ffff:127.0.0.1⟧",
    "ip ⟦2400:cb00:2048:1::c629:d7a2⟧ ok", ("client.address", "⟦203.0.113.7⟧"),
    ("x_forwarded_for", "⟦203.0.113.7⟧, ⟦10.0.0.1⟧"), ("remote_addr", "⟦192.0.2.9⟧"),
    ("net.peer.ip", "⟦2001:db8::9⟧"), ("remote_addr", "127.0.0.1"), ("net.peer.ip", "::1"), ("x-real-ip", "⟦1.2.3.4⟧"),
    "MAC ⟦3c:22:fb:0a:1b:2c⟧", "⟦3C-22-FB-0A-1B-2C⟧", "⟦3c22.fb0a.1b2c⟧", "ether ⟦00:1b:44:11:3a:b7⟧ up", "127.0.0.1:8000",
    "0.0.0.0", "255.255.255.0", "Chrome/120.0.0.0", "version 1.2.3.4", "v10.20.30.40", "lib-1.2.3.4.jar",
    ("service.version", "10.20.30.40"), ("user_agent.original", "Mozilla/5.0 Chrome/99.0.4844.51"), "1.3.6.1.4.1.311", "300.1.2.3",
    "1.2.3", "01.02.03.04", "::1", "std::vector", "a::b", "12:34:56", "10:15:30:999", "00:00:00:00:00:00", "ff:ff:ff:ff:ff:ff",
    "1:2:3:4", "key::value", "2024-01-01T10:20:30Z",
    "ec2-⟦203-0-113-7⟧.compute-1.amazonaws.com", "host ip-⟦10-21-3-44⟧.ec2.internal", "ip-⟦10-1-2-3⟧ is up", "v=⟦93.247.231.146⟧",
    "src_⟦93.247.231.146⟧", "node-⟦93.247.31.46⟧", "on version ⟦93.247.231.146⟧ of", "driver ⟦93.247.231.146⟧ unreachable",
    ("service.version", "⟦93.247.231.146⟧"), ("user_agent.original", "Bot (+http://⟦203.0.113.7⟧/bot)"),
    ("user_agent.original", "⟦93.247.231.146⟧"),
    "dev ⟦1.2.3.4⟧", "server ⟦1.2.3.4⟧ started", "ssh ada@⟦1.2.3.4⟧", "root@⟦1.2.3.4⟧", "ada@⟦1.2.3.4⟧:22", "http://u:[secret]@⟦1.2.3.4⟧/",
    '"version": "1.2.3.4"', "'version': '1.2.3.4'", '{\\"version\\": \\"1.2.3.4\\"}', "foo@1.2.3.4",
    "ssh -i /home/⟦bob⟧/k -p 22 ada@⟦1.2.3.4⟧", "spack install @scope/pkg@1.2.3.4", "nginx 1.25.3.1 started",
    "numpy 1.26.4.1 installed", "app 1.2.3.4 is available", "zip-1-2-3-4.tar.gz", "ip-999-1-2-3", "node-1.2.3.4.tgz", "app_version=1.2.3.4",
)  # fmt: skip
PATHS: tuple[Row, ...] = (
    "/home/⟦ada⟧/src/x.py", "/Users/⟦ada.byron⟧/Library", "C:\\Users\\⟦ada⟧\\AppData", "C:/Users/⟦ada⟧/x",
    "file:///home/⟦ada⟧/notes.md", "PATH=/home/⟦ada⟧/bin:/usr/bin", '"/Users/⟦ada⟧/x"', '{"cwd": "C:\\\\Users\\\\⟦ada⟧\\\\x"}',
    "\\\\srv\\home\\⟦ada⟧\\x", "/var/home/⟦ada⟧", "/export/home/⟦ada⟧/x", "/mnt/c/Users/⟦ada⟧/x", "/vol12/home/⟦ada⟧/x",
    'File "/home/⟦ada⟧/app/m.py", line 3, in f', "at Object.<anonymous> (/Users/⟦ada⟧/app/i.js:1:1)", "%2Fhome%2F⟦ada⟧%2Fx",
    "cd /home/⟦ada⟧ && ls", "C:\\Users\\⟦Ada Byron⟧\\Desktop", "C:\\Documents and Settings\\⟦ada⟧\\x",
    '{"p": "\\/home\\/⟦ada⟧\\/x"}', "/usr/home/⟦ada⟧/y", "~/x and /home/⟦ada⟧/y", "/usr/lib/python3.12/os.py", "/home", "/home/",
    "/Users/Shared/x", "C:\\Program Files\\App", "C:\\Users\\Public\\x", "https://example.com/home/news", "GET /home/news HTTP/1.1",
    "/api/users/42", ("url.path", "/home/news"), "./home/x", "/home/~/src", "/home/runner/work", "/opt/app/home.txt",
    "/home/users/⟦ada⟧/x", "/home/⟦ad.example.com/ada⟧/x", "/home/staff/⟦ada⟧", "/home/a/⟦ada⟧/x", "/home/⟦corp⟧",
    "/home/⟦ada.byron⟧/x.com/y",
    "/usr/local/home/⟦ada⟧/x", "/nfs/homes/⟦ada⟧/x", "/opt/homes/⟦ada⟧", "/gpfs/tier2/users/⟦ada⟧/job.sh", "/cluster/home/⟦ada⟧/x",
    "/storage/fs1/home/⟦ada⟧/x", "/var/lib/jupyter/users/⟦ada⟧/x", "/tmp/pytest-of-⟦ada⟧/pytest-0/x",
    'File "C:\\Users\\⟦ada⟧\\AppData\\Local\\Temp\\pytest-of-⟦ada⟧\\pytest-3"', "/var/spool/mail/⟦ada⟧", "/var/spool/cron/crontabs/⟦ada⟧:3",
    "/nix/var/nix/profiles/per-user/⟦ada⟧/profile", "/System/Volumes/Data/Users/⟦ada⟧/x", "/Library/Users/⟦ada⟧", "webpack:///Users/⟦ada⟧/x.js",
    "s3://bucket/home/⟦ada⟧/x", "hdfs://nn:8020/home/⟦ada⟧", "\\\\srv\\home$\\⟦ada⟧\\x", "/proc/self/cwd/home/⟦ada⟧/x",
    "curl -d @/home/⟦ada⟧/x.json h",
    'curl -d "@/home/⟦ada⟧/x.json" h', 'import { a } from "@/home/page"', "require('@/home/page')", "Can't resolve '@/home/page'",
    "/home/index.html", "/scim/v2/Users2/1", "/v1/users/list", "/var/log/home/x", "/srv/app/home/views.py", "/var/www/home/x",
    "/home/users/public",
    "/tmp/pytest-of-root/x", "/data/app/users/models", "/users/42/home",
)  # fmt: skip
ACCOUNTS: tuple[Row, ...] = (
    "HOME=/home/⟦ada⟧ USER=⟦ada⟧ LOGNAME=⟦ada⟧", "USERNAME=⟦ada⟧", '{"USER": "⟦ada⟧", "LOGNAME": "⟦ada⟧"}',
    "{'USER': '⟦ada⟧', 'TERM': 'xterm'}", "SUDO_COMMAND=ls USER='⟦李雷⟧'", "uid=1000(⟦ada⟧) gid=1000(⟦ada⟧) groups=27(sudo)",
    "uid=501(⟦ada⟧) gid=20(staff)", "sshd[1]: Failed password for ⟦ada⟧ from ⟦203.0.113.7⟧ port 22",
    "Failed password for invalid user ⟦ada⟧ from ⟦203.0.113.7⟧", "Accepted publickey for ⟦ada⟧ from ⟦203.0.113.7⟧",
    "Invalid user ⟦ada⟧ from ⟦203.0.113.7⟧", "pam_unix(sshd:session): session opened for user ⟦ada⟧ by x",
    'FATAL: password authentication failed for user "⟦ada⟧"',
    "(1045, \"Access denied for user '⟦ada⟧'@'localhost' (using password: YES)\")", "Login failed for user '⟦ada⟧'.",
    'role "⟦ada⟧" does not exist', "User '⟦ada⟧' is locked", 'no pg_hba.conf entry for host "db", user "⟦ada⟧", database "x"',
    '{"e": "failed for user \\"⟦ada⟧\\""}', "⟦ada⟧@laptop:~$ ls", "⟦ada@laptop⟧:~/src/x$ git push", "[⟦ada⟧@laptop src]$ ls",
    "⟦müller⟧@h1:/srv# id", "USER=root", "USER=${USER}", "USER=$(whoami)", "DB_USER=app", "PGUSER=ada", "uid=0(root) gid=0(root)",
    "uid=33(www-data)", "Failed password for root from here", "root@web-1:~# ls", "USER=os.getenv('X')", 'role "app" does not exist',
    "password authentication failed for user", "for user stories", "the user is not here", 'role "assistant" is set',
    "Invalid user name from form", "git@host:/srv/x", "scp x@host:/tmp/a .", 'user "x" said', "USER=1000", "USER nginx",
)  # fmt: skip
BLOBS: tuple[Row, ...] = (
    "-----BEGIN RSA PRIVATE KEY-----\n⟦MIIEpAIBAAKCAQEA7bq98Sx0Yk⟧\n-----END RSA PRIVATE KEY-----",
    "-----BEGIN PRIVATE KEY-----\\n⟦MIIEvQIBADANBgkq⟧\\n-----END PRIVATE KEY-----",
    "-----BEGIN OPENSSH PRIVATE KEY-----\n⟦b3BlbnNzaC1rZXktdjEAAAAA⟧",
    "-----BEGIN PGP PRIVATE KEY BLOCK-----\n\n⟦lQOYBGB⟧\n-----END PGP PRIVATE KEY BLOCK-----",
    "⟦eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiI0MiJ9.c2lnbmF0dXJl⟧", "jwt=⟦eyJhbGciOiJub25lIn0.eyJhIjofQ.⟧",
    "⟦eyJ0eXAiOiJKV1QiLCJhbGciOiJSUzI1NiJ9.eyJpc3MiOiJhIn0⟧ cut",
    "PuTTY-User-Key-File-3: x\nPrivate-Lines: 2\n⟦AAAAgQCexample\nBBBB⟧\n",
    "-----BEGIN CERTIFICATE-----\nMIIB\n-----END CERTIFICATE-----", "-----BEGIN PUBLIC KEY-----\nMIIB\n-----END PUBLIC KEY-----",
    "eyJAAAA.eyJBBB", "eyJ is how base64 of JSON starts", "data:image/png;base64,iVBORw0KGgoAAAANSUhEUgAAAAUA",
)  # fmt: skip
URLS: tuple[Row, ...] = (
    "postgresql://app:⟦s3cr3t⟧@db.example:5432/x", "redis://:⟦hunter2!⟧@cache:6379/0", "https://u:⟦p@ss⟧@git.example/r.git",
    "postgres://app:⟦f1rstpw⟧@a/x,postgres://app:[secret]@b/y",
    "mongodb+srv://u:⟦x9y8z7⟧@c.example.net/x", "pg://app:⟦s3cr3tpw⟧@db:'⟦ada@example.net⟧'", "amqp://guest:⟦gu3st⟧@mq/",
    "https://⟦0123456789abcdef0123456789abcdef⟧@o1.ingest.example/2", "mysql+pymysql://r:⟦pw1⟧@db/app",
    "jdbc:postgresql://db/x?user=u&password=⟦s3cr3t⟧", "https://x.example/a?token=⟦abc12345xyz⟧&b=1",
    "https://x.example/a?b=1&sig=⟦9f86d081⟧", "https://s3.example/k?X-Amz-Signature=⟦0a1b2c⟧&X-Amz-Credential=⟦AKIAX/2024⟧",
    "?access_token=⟦ya29abc123⟧", "https://x.example/cb?code=⟦4/0AY0e-g7abc123⟧&state=ok",
    "https://x.example/?email=⟦ada%40example.org⟧&x=1", "https://acct.blob.core.example/c?sv=2022&sig=⟦Zm9v%3D⟧&se=2024",
    "wss://h/?api_key=⟦k3yk3yk3y⟧", "&amp;client_secret=⟦abc123def⟧", "https://x.example/reset?password=⟦n3wpass⟧",
    "https://maps.example/v1?q=Oslo&appid=⟦0a1b2c3d4e5f60718293a4b5c6d7e8f9⟧", "?speech_key=⟦q7Kd93hFs0aLm2Xz⟧&x=1",
    "?appid=com.example.app2",
    "?cache_key=q7Kd93hFs0aLm2Xz",
    "https://example.com/a/b?page=2&lang=en", "http://localhost:8080/users/@ada", "https://example.com:443/@x", "http://user@",
    "https://example.com/?code=ok", "https://example.com/?key=name", "ftp://host/path:with@sign", "https://user:${PASSWORD}@host/",
    "s3://bucket/key", "https://u:[secret]@h/",
)  # fmt: skip
HEADERS: tuple[Row, ...] = (
    "Authorization: Bearer ⟦abc123def456⟧", "authorization=bearer ⟦zz9zz9zz9⟧", '{"Authorization": "Bearer ⟦t0k3nt0k3n⟧"}',
    "Authorization: Basic ⟦YWRhOnB3⟧", "'Authorization': 'token ⟦0123456789abcdef⟧'", "Proxy-Authorization: Basic ⟦dTpwYXNz⟧",
    "-H 'Authorization: ApiKey ⟦abcd1234efgh⟧'",
    'Authorization: Digest ⟦username="ada", response="6629fae49393a05397450978507c4ef1"⟧',
    "Authorization: AWS4-HMAC-SHA256 ⟦Credential=AKIDEXAMPLE/20240101, Signature=5d672d79⟧", "headers: bearer ⟦A1b2C3d4E5⟧",
    "x-api-key: ⟦k-123456-abc⟧", "X-Auth-Token: ⟦a1b2c3d4e5⟧", '["x-api-key", "⟦a1b2c3d4e5f6⟧"]',
    "Basic ⟦dXNlcjpwYXNzd29yZA==⟧", "Cookie: sid=⟦abc123⟧; theme=dark", "Set-Cookie: session=⟦38afes7a8⟧; HttpOnly; Path=/",
    "cookie=a=⟦1q2w3e4r⟧", '"cookie": "csrftoken=⟦x9y8z7w6⟧; lang=en"',
    "{'Set-Cookie': 'id=⟦a3fWa1b2⟧; Expires=Wed, 21 Oct 2026 07:28:00 GMT; Secure'}", "HTTP_COOKIE=uid=⟦9a8b7c6d⟧",
    "set_cookie: k=⟦v1v2v3v4⟧", "cookies={'sessionid': '⟦0a9b8c7d⟧'}", "Cookie2: z=⟦12ab34cd⟧", '("Cookie", "a=⟦77aa88bb⟧")',
    "PHPSESSID=⟦r2t5uvjq435r4q7ib3vtdjq120⟧", "_gitlab_session=⟦0123456789abcdef0123456789abcdef⟧",
    'curl -b "sid=⟦0a9b8c7d6e⟧" https://x.example', "curl --cookie id=⟦1f2e3d4c⟧ https://x.example", "Authorization: allow",
    "authorization policy evaluated: allow", "bearer of news", "Bearer token authentication", "cookie banner dismissed",
    "Set-Cookie: theme=dark; Path=/", "basic auth is on", "Authorization: Bearer ${TOKEN}", "Authorization: Bearer <token>",
    "cookie: accepted", "Basic usage: run it",
)  # fmt: skip
COMMANDS: tuple[Row, ...] = (
    "mysql -u root -p⟦Secr3tpw⟧ app", "mysqldump -p'⟦Secr3t pw⟧' app", "docker login -u bot -p ⟦d0ck3rpw⟧ reg.example",
    "sshpass -p ⟦pa55⟧ ssh x", "curl -u ⟦ada:pw12⟧ https://x.example", "curl --user '⟦ada:pw 12⟧' https://x.example",
    'curl -u "⟦t0k3nt0k3n:⟧" https://x.example', "wget --http-password=⟦hunt3r⟧ https://x.example",
    "az login --service-principal -u app --password ⟦Zx9yQ1⟧", "helm upgrade a ./c --set db.password=⟦s3tval⟧",
    "tool --api-key ⟦abcd1234⟧ run", "tool --token=⟦abcd1234⟧", 'spawn ["--password", "⟦hunt3r⟧"]', "redis-cli -a ⟦r3dis⟧ ping",
    "openssl rsa -passin pass:⟦s3cr3t⟧ -in k", "aws configure set aws_secret_access_key ⟦wJalrXUtnFEMI/K7MDENG/bPxRfiCY0123⟧",
    "PGPASSWORD=⟦s3cr3t⟧ psql -h db", "ldapsearch -w ⟦ldap5ecret⟧ -x", "unzip -P ⟦z1ppw⟧ a.zip", "mongosh -p ⟦m0ngo⟧ db",
    "tool --ssh-creds ⟦x7Kq2m⟧", "tool --openai-key ⟦q7Kd93hFs0aLm2Xz⟧ run",
    "tool --sort-key q7Kd93hFs0aLm2Xz", "tool --x-signature ⟦9c1185a5c5⟧",
    "curl -s -u⟦elastic:x7Kq2mZ9⟧ http://es:9200", "http -a ⟦bob:secretword⟧ GET example.com",
    "curl -k \\\n  -u dev:⟦yqDVtkqPE⟧ \\\n  https://x.example", "xtool -u ⟦svc:Tr0ub4dor&3⟧",
    "['curl', '-s', '-u', '⟦ada:words⟧']", "docker exec -u app:app web ls", "date -u +%H:%M", "cp -a a:b c", "docker run --user app:app x",
    "sort -u -t: a", "git push -u origin main:main", "gcc -u_start:x a.c",
    "mkdir -p build/out", "ssh -p 22 host", "docker run -u 1000:1000 img", "curl -u <user:password> https://x.example",
    "tool --password-stdin", "tool --max-tokens 4096", "tool --token-limit 5", "python -p x", "curl -u $USER:$PASS https://x.example",
    "tool --password $PASSWORD", "tool --auth basic",
)  # fmt: skip
ASSIGNED: tuple[Row, ...] = (
    "password: ⟦hunter2⟧", "password = '⟦correct horse battery⟧'", 'api_key = "⟦k3y-k3y-k3y⟧"', "DB_PASSWORD=⟦EPLHcow0Et⟧",
    "SECRET_KEY=⟦kestrel⟧", 'export TOKEN="⟦abc123abc123⟧"', '{"password": "⟦pwx⟧"}', '{"a": {"client_secret": "⟦zyx987⟧"}}',
    '{"body": "{\\"password\\": \\"⟦D6q4ird⟧\\", \\"n\\": 1}"}', '{"b": "{\\\\\\"token\\\\\\": \\\\\\"⟦tok123tok⟧\\\\\\"}"}',
    "pwd=⟦Pa55word⟧;Server=db", "Server=db;User Id=app;Password=⟦S3cret!⟧;", "AccountKey=⟦Zm9vYmFyYmF6cXV4MTIz==⟧;",
    "<password>⟦foo123⟧</password>", 'passwd := "⟦go1ang⟧"', "'secret' => '⟦php5ecret⟧'", "password is ⟦hunter2⟧",
    "(using password: ⟦H3FLI2w⟧)", "Invalid API key provided: ⟦KTIQ6Cqq1a⟧.", 'if (password == "⟦s3same⟧") {',
    'if ("⟦s3same⟧" === password) {', "access_key: ⟦1234567890abcdefABCD⟧", "_authToken=⟦0a1b2c3d-0000-4000-8000-0123456789ab⟧",
    "otp: ⟦858052⟧", "pin=⟦4711⟧", "cvv: ⟦123⟧", '{"credentials": ⟦{"user": "u", "pw": "x1"}⟧}',
    '{"passwords": ⟦["a1", "b2"]⟧}', '{"name": "API_TOKEN", "value": "⟦abc123def⟧"}', "- name: DB_PASS\n  value: ⟦s3cr3tpw⟧",
    "Passwort: ⟦geheim123⟧", "contraseña: ⟦perro123⟧", "пароль: ⟦Qwe123rty⟧", "密码：⟦Abc12345⟧",
    "my login is x / password: ⟦Zz11yy⟧", "genericToken = '⟦Zf3D0LXCM3EIMbg⟧'", "secret: ⟦m{{h}o)p${e]nob⟧",
    '{"first_name": "⟦Ada⟧", "plan": "pro"}', '{"user_name": "⟦ada99⟧"}', '{"billing_address": "⟦1 Main St, 12345 Town⟧"}',
    '{"ssn": "⟦123⟧"}', '{"dob": "⟦1990-01-01⟧"}', "session_key=⟦0a9b8c7d6e5f⟧", "auth: ⟦a1b2c3d4e5f6⟧",
    "password: ${DB_PASSWORD}", "password=<your password>", "token: {{ token }}", "api_key=os.environ['KEY']",
    "password = getpass.getpass()", "password: str", "token = tokens[0]", "secret=None", "password=***", "password: [secret]",
    "max_tokens=4096", "input_tokens: 123", "author: Ada Lovelace", "monkey: see", "primary_key: id", "token_type: bearer",
    "Invalid Password", "password: required", "the password field is required", "def login(password, token):", "keyboard = 'qwerty'",
    '{"type": "object", "properties": {"password": {"type": "string"}}}', "secret santa list", "passport control", "token: invalid",
    "compass: north",
    # One key list for keys and texts.
    "db_pw=⟦x7Kq2mZ9⟧", '{"ssh_key": "⟦AAAAB3Nza1⟧"}', "sess=⟦a1b2c3d4e5f6⟧", "backup_code: ⟦9f3k-77ab⟧", '{"id_card": "⟦L01X00T47⟧"}',
    '{"bank_account": "⟦00123456⟧"}', "x_signature=⟦9c1185a5c5e9fc54⟧", '{"\\u5bc6\\u7801": "⟦Abc12345⟧"}',
    '{"\\u043f\\u0430\\u0440\\u043e\\u043b\\u044c": "⟦Qwe123rty⟧"}', '{"a": "{\\"contrase\\\\u00f1a\\": \\"⟦perro123⟧\\"}"}',
    '{"serviceAccountName": "web-runner"}', "card_no: ⟦12345678⟧",
    # Names that end in a word which says little: the value decides.
    "OPENAI_KEY=⟦Zf3D0LXCM3EIMbg0sVtQ⟧", "STRIPE_KEY: ⟦q7Kd93hFs0aLm2Xz⟧",
    '{"supabaseServiceRoleKey": "⟦b64a0c9e7d1f42f6a83b5c7d9e0f1a2b⟧"}',
    "GH_PAT=⟦abcd3efgh4ijkl5mnop6qrst7uvwx⟧", "Ocp-Apim-Subscription-Key: ⟦0a1b2c3d4e5f60718293a4b5c6d7e8f9⟧",
    "salt=⟦d0be2dc421be4fcd0172e5afceea3970⟧",
    "WRITEKEY=⟦m2Qz8Vx0Pw4Tn6Lk⟧", "MQTT_PASS=⟦m0squitto!⟧", "psk=⟦qwe12345⟧", "pass: ⟦S3cr3t!pass7⟧", "user: bob\npass = ⟦aB3dE6gH9⟧",
    "cache_key=0a1b2c3d4e5f60718293a4b5c6d7e8f9", '{"key": "Zf3D0LXCM3EIMbg0sVtQ"}', "OPENAI_KEY=sk-...", "routing_key: orders.created.v2",
    "tenant_key=550e8400-e29b-41d4-a716-446655440000", "write_key=events/2024/report-17", "hotkey: ctrl-shift-k9", "config_pat: none",
    "pass: 12 fail: 3", "boarding_pass: Zz11yy88aa!", "pass: 98.5%", "pass=phase2", "salt: 2 tbsp", "monkey=q7Kd93hFs0aLm2Xz",
    # How a secret is written is not what it is.
    "The token is base64-encoded", "API key is sha256-hashed", "password is x509", "password is Base64URL", "token is RS256-signed.",
    "password: !vault |", "secret: !Ref DbSecret", "Culture=neutral, PublicKeyToken=b77a5c561934e089", "password is ⟦base64x9Kq2⟧",
    # Passwords that are words.
    "database:\n  host: db\n  user: app\n  password: ⟦opensesame⟧\n  port: 5432", "Password: ⟦correct-horse-battery⟧",
    "[db]\nuser = app\npassword = ⟦correcthorse⟧\nhost = db", "Login(user=bob, password=⟦swordfish⟧)",
    "{Host:db Port:5432 Password:⟦sunflower⟧ User:app}", "Conn[host=db.example, passwd=⟦dragonfly⟧, port=5432]",
    '{"yaml": "user: app\\npassword: ⟦opensesame⟧\\nport: 1"}', "- password: ⟦opensesame⟧", "пароль: ⟦opensesame⟧",
    "password: encrypted", "Password: required for login", "user = row\npassword = candidate\nsave(user)", "password = candidate",
    "Login(user=user, password=candidate)", "create(user=ada, password=candidate)", "interface A {\n  password: string\n}",
    "the password: whatever you like", "password: hasher,", "Login(user=f(x), password=candidate)", "token: opensesame",
    "password = new_value\nx = 1",
    ("openai_key", "⟦q7Kd93hFs0aLm2Xz⟧"), ("openai_key", "not set"), ("cache_key", "q7Kd93hFs0aLm2Xz"),
)  # fmt: skip
STATEMENTS: tuple[Row, ...] = (
    ("db.query.text", "SELECT id FROM t WHERE name = ⟦'Ada'⟧ AND n = ⟦42⟧"),
    ("db.statement", "INSERT INTO t (a, b) VALUES (⟦'x y'⟧, ⟦17⟧)"),
    ("db.query.text", "UPDATE t SET p = ⟦'it''s'⟧ WHERE id = ⟦9001⟧"), "SELECT * FROM t WHERE a IN (⟦'p1'⟧, ⟦'p2'⟧)",
    "DELETE FROM t WHERE mail = ⟦'m'⟧", ("db.statement", "select * from t where a = ⟦'x'⟧ limit 10"),
    ("db.query.text", 'SELECT a FROM t WHERE b = ⟦"text"⟧'), '{"sql": "SELECT a FROM t WHERE b = ⟦\'v\'⟧"}',
    "[SQL: SELECT a FROM t WHERE b = ⟦'v1'⟧]", ("db.query.text", "SELECT ⟦$$x$$⟧ FROM t"),
    ("db.query.text", "CREATE USER u IDENTIFIED BY ⟦'pw'⟧"), ("db.query.text", "SELECT * FROM t WHERE a = ?"),
    ("db.query.text", "SELECT a1, t2.b FROM t2 LIMIT 10"), "please select from Bob's list and Jane's list",
    ("db.query.summary", "SELECT wuser_table"), ("db.statement", "GET mykey"), "update on the set", "select one from these",
)  # fmt: skip
SPELLED_OUT: tuple[Row, ...] = (
    "machine api.example.com login bob password ⟦P@ssw0rd!⟧", "machine api.example.com\n  login bob\n  password ⟦opensesame⟧",
    "echo 'root:⟦S3cr3tpw⟧' | chpasswd", "echo ⟦hunter2hunter⟧ | docker login --username foo --password-stdin",
    'gh auth login --with-token <<< "⟦x7Kq2mZ9⟧"', "printf '⟦words⟧' | helm registry login x --password-stdin",
    "ConvertTo-SecureString '⟦Sommer2024!⟧' -AsPlainText -Force", "> USER bob\n> PASS ⟦words⟧",
    "USER bob\r\n331 need it\r\nPASS ⟦words⟧\r\n",
    "sqlplus scott/⟦tiger⟧@ORCL", "sqlplus -S scott/⟦tiger⟧@ORCL", "jdbc:oracle:thin:scott/⟦tiger⟧@//dbhost:1521/ORCL",
    "unknown command, args: AUTH ⟦qwErty_99⟧", ("db.statement", "AUTH default ⟦S3cr3t!pass⟧"),
    "send: 'AUTH PLAIN ⟦AGJvYgB4eDEyMzQ1Njc4⟧'", "db.example.com:5432:prod:app:⟦Tr0ub4dor&3⟧", "openssl enc -aes-256-cbc -k ⟦words⟧ -in a",
    "PASS src/auth/login.test.ts", "AUTH FAILED", "AUTH required for this", "AUTH LOGIN", "openssl enc -kfile key.bin -in a",
    "echo $PASSWORD | docker login --password-stdin", "echo done | tee log", "app.py:1204:80:E501:line", "login with a password you know",
    "machine learning login page password field", "sqlplus / as sysdba", "jdbc:oracle:thin:@//dbhost:1521/ORCL",
    "AWS4-HMAC-SHA256 ⟦Credential=AKIDEXAMPLE/20240101, Signature=5d672d79⟧", "Authorization: SSWS ⟦00Kq2mZ9x7Hd83kLpQwErTy⟧",
    "⟦AKIAQ7Q7Q7Q7Q7Q7Q7Q7⟧:⟦wJalrXUtnFEMI/K7MDENG/bPxRfiCY0123456789⟧",
    "ASIAQ7Q7Q7 at 0123456789abcdef0123456789abcdef01234567", "Authorization: allow always-and-everywhere",
    "[(b'host', b'api.example'), (b'x-api-key', b'⟦a1b2c3d4e5f6⟧')]", "[(b'authorization', b'Bearer ⟦abc123def456⟧')]",
    "[SQL: INSERT INTO u (name, pw) VALUES (?, ?)]\n[parameters: (⟦'bob'⟧, ⟦'qwErty_99'⟧)]",
    "[parameters: {'name': ⟦'bob'⟧, 'age': ⟦41⟧, 'note': ⟦\"it's\"⟧}]", "[parameters: [(⟦'a'⟧, ⟦17⟧), (⟦'b'⟧, ⟦18⟧)]] (see 2 more)",
    "password\n  String should have at least 20 characters [type=string_too_short, input_value=⟦'xK9#mQ2vL7'⟧, input_type=str]",
    "  Field required [type=missing, input_value=⟦{'user': 'ada'}⟧, input_type=dict]", "[type=int_type, input_value=5, input_type=int]",
    "[type=none, input_value=None, input_type=NoneType]", "the input_value= of a field", "[parameters: none]",
)  # fmt: skip
WALLETS: tuple[Row, ...] = (
    "⟦1BoatSLRHtKNngkdXEeobR76b53LETtpyT⟧", "⟦3J98t1WpEZ73CNmQviecrnyiWrnqRhWNLy⟧",
    "⟦bc1qw508d6qejxtdg4y5r3zarvary0c5xw7kv8f3t4⟧", "⟦0x52908400098527886E0F7030069857D2E4169EE7⟧",
    "1BoatSLRHtKNngkdXEeobR76b53LETtpyX", "0x0000000000000000000000000000000000000000", "0xdc1b0a15",
)  # fmt: skip
DENIED_KEYS = (
    "password", "apiToken", "client_secret", "DB_PASSWORD", "http.request.header.authorization", "http.request.header.cookie",
    "x-api-key", "connect.sid", "csrf_token", "otp", "session_cookie", "aiohttp_session", "refreshToken", "secretKey", "user.name",
    "enduser.name", "first_name", "dob", "user.address", "mysql_pwd", "the_secret", "signing_secret", "proxy_authorization", "auth",
    "credentials", "PHPSESSID",
)  # fmt: skip
PLAIN_KEYS = (
    "input_tokens", "author", "session.duration", "monkey", "session.id", "gen_ai.usage.output_tokens", "max_tokens", "tokenizer",
    "primary_key", "sort_key", "cookie.consent", "credential.type", "jwt.alg", "email.count", "agent.name", "process.saved_user.name",
    "token_type", "password.strength", "server.address", "secret.name", "compass.heading", "feature_flag.key", "mcp.session.id",
    "next_page_token", "user_agent.name", "tool.name",
)  # fmt: skip
KEYS: tuple[Row, ...] = (*((key, "⟦v⟧") for key in DENIED_KEYS), *((key, "v") for key in PLAIN_KEYS))
BENIGN: tuple[Row, ...] = (
    "the quick brown fox", "claude-sonnet-4-5-20250929", "gpt-4.1-2025-04-14", "call_FjpIANozIfaXzuQQnmhK0yD3",
    "toolu_01Rn7Cbar6a4S7we7h6iUwpM", "chatcmpl-ASYMW6w3m9qqpHUVhYTbQbw61zMqA", "550e8400-e29b-41d4-a716-446655440000",
    "4b50fd351b234ebf9e4d252b23363c93", "commit 7d3d9c7dd934701b1de73ca28fd599e515133212",
    "00-9d14c8a40cb11f054f483ee0cb5fb835-f7344027eab25d53-01", "2026-07-14T00:26:54.586169Z",
    "sha256:e4ca62c0d62f3e886e684806dfe9d4e0cda60d54986898173c1083856cfda0f4", "total €613,00",
    "arn:aws:ecs:us-west-1:123456789123:task/x", "Mozilla/5.0 (X11; Linux x86_64)", "0/5 * * * ? *", "for i in range(10): print(i)",
    "[0.29567192, -0.33870355]", "", " ", "é", "日本語のテキスト",
    "a" * 300,
    "{}", "[]", "null", "fp_44709d6fcb", "Qwen/Qwen3.5-35B-A3B-FP8", "msg_bdrk_0177fGp1jEHWhhQXD31c6BEm",
)  # fmt: skip

FAMILIES: dict[str, tuple[Row, ...]] = {
    "email": EMAIL, "phone": PHONE, "card": CARD, "bank": BANK, "national": NATIONAL, "network": NETWORK, "paths": PATHS,
    "accounts": ACCOUNTS, "blobs": BLOBS, "urls": URLS, "headers": HEADERS, "commands": COMMANDS, "assigned": ASSIGNED,
    "statements": STATEMENTS,
    "spelled-out": SPELLED_OUT, "wallets": WALLETS, "keys": KEYS, "benign": BENIGN,
}  # fmt: skip


def parse(row: Row) -> tuple[str, str, tuple[str, ...]]:
    """Key, value, and what must not survive."""
    key, text = row if isinstance(row, tuple) else ("output.value", row)
    secrets = tuple(piece.split("⟧")[0] for piece in text.split("⟦")[1:])
    return key, text.replace("⟦", "").replace("⟧", ""), secrets
