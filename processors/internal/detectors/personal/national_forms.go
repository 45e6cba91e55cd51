package personal

import "github.com/otel-smart-agents/otel-smart-agents/processors/internal/detectors/model"

// Forms of national identity, tax, health and travel document numbers: plain data for national_ids.go.
var keyed = []keyedForm{
	{[]string{"ssn", "social security", "social-security", "soc sec"}, lazy(`[0-9]{3}[- .]?[0-9]{2}[- .]?[0-9]{4}`), usSSN},
	{
		[]string{"itin", "tin ", "tin:", "tax id", "tax identification", "taxpayer", "ein"},
		lazy(`[0-9]{3}-?[0-9]{2}-?[0-9]{4}|[0-9]{2}-[0-9]{7}|[0-9]{3}-[0-9]{3}-[0-9]{3}(?:-[0-9]{3,5})?` +
			`|[0-9]{2,3}[ /][0-9]{3}[ /][0-9]{3,5}|[0-9]{11}`), nil,
	},
	{
		[]string{"nino", "national insurance", "ni number", "insurance number"},
		lazy(`[A-CEGHJ-PR-TW-Za-ceghj-pr-tw-z][A-CEGHJ-NPR-TW-Za-ceghj-npr-tw-z] ?[0-9]{2} ?[0-9]{2} ?[0-9]{2} ?[A-Da-d]`), ukNINO,
	},
	{[]string{"nhs"}, lazy(`[0-9]{3}[ -]?[0-9]{3}[ -]?[0-9]{4}`), ukNHS},
	{[]string{"sin", "social insurance", "nas", "assurance sociale"}, lazy(`[0-9]{3}[ -]?[0-9]{3}[ -]?[0-9]{3}`), luhnID},
	{[]string{"aadhaar", "aadhar", "uidai", "आधार"}, lazy(`[2-9][0-9]{3}[ -]?[0-9]{4}[ -]?[0-9]{4}`), nil},
	{[]string{"pan number", "pan card", "pan:", "permanent account", " pan "}, lazy(`[A-Za-z]{5}[0-9]{4}[A-Za-z]`), nil},
	{[]string{"nric", "fin number", "singpass"}, lazy(`[STFGMstfgm][0-9]{7}[A-Za-z]`), nil},
	{[]string{"tfn", "tax file"}, lazy(`[0-9]{3}[ -]?[0-9]{3}[ -]?[0-9]{2,3}`), auTFN},
	{[]string{"abn", "australian business"}, lazy(`[0-9]{2} ?[0-9]{3} ?[0-9]{3} ?[0-9]{3}`), auABN},
	{[]string{"acn", "australian company"}, lazy(`[0-9]{3} ?[0-9]{3} ?[0-9]{3}`), auACN},
	{
		[]string{"medicare"},
		lazy(`[2-6][0-9]{3}[ -]?[0-9]{5}[ -]?[0-9](?:[ -/]?[0-9])?` +
			`|[1-9][A-Za-z][0-9A-Za-z][0-9]-?[A-Za-z][0-9A-Za-z][0-9]-?[A-Za-z]{2}[0-9]{2}`), nil,
	},
	{
		[]string{
			"steuer-id", "steuerid", "steueridentifikationsnummer", "idnr", "steuer-identifikationsnummer", "identifikationsnummer",
			"tin.de",
		},
		lazy(`[0-9]{2} ?[0-9]{3} ?[0-9]{3} ?[0-9]{3}`), mod11x10,
	},
	{[]string{"steuernummer"}, lazy(`[0-9]{2,3}[ /][0-9]{3}[ /][0-9]{4,5}`), nil},
	{[]string{"personalausweis", "ausweisnummer", "ausweis-nr"}, lazy(`[CFGHJKLMNPRTVWXYZ0-9]{9,10}D?`), nil},
	{
		[]string{"sozialversicherung", "rentenversicherung", "svnr", "versicherungsnummer"},
		lazy(`[0-9]{2} ?[0-9]{6} ?[A-Z] ?[0-9]{3}|[0-9]{4} ?[0-9]{6}`), nil,
	},
	{
		[]string{"nir", "sécurité sociale", "securite sociale", "insee", "numéro de sécu"},
		lazy(`[12] ?[0-9]{2} ?[0-9]{2} ?[0-9AB]{2} ?[0-9]{3} ?[0-9]{3} ?[0-9]{2}`), nil,
	},
	{[]string{"dni", "nif", "nie", "documento nacional"}, lazy(`[XYZxyz]?-?[0-9]{7,8}-?[A-Za-z]`), nil},
	{
		[]string{"codice fiscale", "cod. fisc", "cf:"},
		lazy(`[A-Za-z]{6}[0-9LMNPQRSTUVlmnpqrstuv]{2}[A-Za-z][0-9LMNPQRSTUVlmnpqrstuv]{2}[A-Za-z][0-9LMNPQRSTUVlmn` +
			`pqrstuv]{3}[A-Za-z]`), nil,
	},
	{[]string{"partita iva", "p.iva", "p. iva"}, lazy(`[0-9]{11}`), luhnID},
	{
		[]string{"bsn", "burgerservicenummer", "sofinummer"},
		lazy(`[0-9]{3}[. ]?[0-9]{3}[. ]?[0-9]{3}|[0-9]{4}\.[0-9]{2}\.[0-9]{3}`), nlBSN,
	},
	{
		[]string{"rijksregister", "registre national", "nationaal nummer", "national register"},
		lazy(`[0-9]{2}\.?[0-9]{2}\.?[0-9]{2}[-. ]?[0-9]{3}[-. ]?[0-9]{2}`), nil,
	},
	{[]string{"pesel"}, lazy(`[0-9]{11}`), plPESEL},
	{[]string{"nip", "regon"}, lazy(`[0-9]{3}-?[0-9]{3}-?[0-9]{2}-?[0-9]{2}|[0-9]{9}(?:[0-9]{5})?`), nil},
	{[]string{"personnummer", "samordningsnummer"}, lazy(`(?:19|20)?[0-9]{6}[-+ ]?[0-9]{4}`), sePersonal},
	{[]string{"fødselsnummer", "fodselsnummer", "fnr", "fødselsnr"}, lazy(`[0-9]{6} ?[0-9]{5}`), noBirth},
	{[]string{"cpr", "cpr-nummer"}, lazy(`[0-3][0-9][01][0-9]{3}-?[0-9]{4}`), nil},
	{[]string{"hetu", "henkilötunnus"}, lazy(`[0-3][0-9][01][0-9]{3}[-+A-FU-Y][0-9]{3}[0-9A-Y]`), nil},
	{[]string{"kennitala"}, lazy(`[0-9]{6}-?[0-9]{4}`), nil},
	{[]string{"rodné číslo", "rodne cislo", "rodné čislo"}, lazy(`[0-9]{6}/?[0-9]{3,4}`), nil},
	{[]string{"cnp", "cod numeric personal"}, lazy(`[1-9][0-9]{12}`), roCNP},
	{[]string{"egn", "егн"}, lazy(`[0-9]{10}`), bgEGN},
	{[]string{"oib"}, lazy(`[0-9]{11}`), mod11x10},
	{[]string{"jmbg", "emšo", "emso"}, lazy(`[0-9]{13}`), nil},
	{[]string{"tckn", "tc kimlik", "t.c. kimlik", "kimlik no", "kimlik numara"}, lazy(`[1-9][0-9]{10}`), trIdentity},
	{[]string{"amka", "αμκα", "αφμ", "afm"}, lazy(`[0-9]{9}|[0-9]{11}`), nil},
	{[]string{"инн", "inn"}, lazy(`[0-9]{12}|[0-9]{10}`), ruINN},
	{[]string{"снилс", "snils"}, lazy(`[0-9]{3}-?[0-9]{3}-?[0-9]{3}[ -]?[0-9]{2}`), nil},
	{[]string{"паспорт"}, lazy(`[0-9]{2} ?[0-9]{2} ?[0-9]{6}|[A-Z\x{0410}-\x{042f}]{2} ?[0-9]{6,7}`), nil},
	{[]string{"cpf"}, lazy(`[0-9]{3}\.?[0-9]{3}\.?[0-9]{3}-?[0-9]{2}`), brCPF},
	{[]string{"cnpj"}, lazy(`[0-9]{2}\.?[0-9]{3}\.?[0-9]{3}/?[0-9]{4}-?[0-9]{2}`), brCNPJ},
	{[]string{"curp"}, lazy(`[A-Za-z]{4}[0-9]{6}[HMXhmx][A-Za-z]{5}[0-9A-Za-z][0-9]`), nil},
	{[]string{"rfc:", "rfc "}, lazy(`[A-ZÑ&]{3,4}[0-9]{6}[0-9A-Z]{3}`), nil},
	{[]string{"cuit", "cuil"}, lazy(`[0-9]{2}-?[0-9]{8}-?[0-9]`), arCUIT},
	{[]string{"rut", "rol único"}, lazy(`[0-9]{1,2}\.?[0-9]{3}\.?[0-9]{3}-?[0-9Kk]`), clRUT},
	{[]string{"cédula", "cedula"}, lazy(`[0-9]{1,3}(?:[.-]?[0-9]{3}){2,3}(?:-?[0-9])?`), nil},
	{[]string{"rrn", "주민등록", "주민번호", "resident registration", "resident number"}, lazy(`[0-9]{6}-?[1-8][0-9]{6}`), nil},
	{[]string{"my number", "マイナンバー", "個人番号"}, lazy(`[0-9]{4}[ -]?[0-9]{4}[ -]?[0-9]{4}`), nil},
	{[]string{"身份证", "身份證", "resident identity", "citizen id", "id card number"}, lazy(`[1-9][0-9]{16}[0-9Xx]`), cnResident},
	{[]string{"hkid"}, lazy(`[A-Za-z]{1,2}[0-9]{6}\(?[0-9Aa]\)?`), nil},
	{[]string{"บัตรประชาชน", "ประชาชน", "thai id", "thai national"}, lazy(`[1-8][ -]?[0-9]{4}[ -]?[0-9]{5}[ -]?[0-9]{2}[ -]?[0-9]`), nil},
	{[]string{"mykad", "nyric", "kad pengenalan"}, lazy(`[0-9]{6}-?[0-9]{2}-?[0-9]{4}`), nil},
	{[]string{"nik", "ktp"}, lazy(`[1-9][0-9]{15}`), nil},
	{[]string{"cccd", "cmnd", "căn cước"}, lazy(`[0-9]{12}|[0-9]{9}`), nil},
	{
		[]string{"rsa id", "sa id", "south african id", "id number", "identity number", "permanent resident", "refugee"},
		lazy(`[0-9]{6} ?[0-9]{4} ?[0-9]{3}|[0-9A-Z]{2,4}[0-9]{6,10}`), zaOrOther,
	},
	{[]string{"teudat zehut", "תעודת זהות", "ת.ז", "israeli id"}, lazy(`[0-9]{9}`), luhnID},
	{[]string{"emirates id"}, lazy(`784-?[0-9]{4}-?[0-9]{7}-?[0-9]`), nil},
	{[]string{"iqama", "saudi id"}, lazy(`[12][0-9]{9}`), nil},
	{[]string{"cnic", "nadra"}, lazy(`[0-9]{5}-?[0-9]{7}-?[0-9]`), nil},
	{[]string{"philsys", "umid", "sss number"}, lazy(`[0-9]{4}-?[0-9]{4}-?[0-9]{4}-?[0-9]?|[0-9]{2}-?[0-9]{7}-?[0-9]`), nil},
	{
		[]string{
			"passport", "reisepass", "passeport", "pasaporte", "passaporto", "passaporte", "paspoort", "travel document",
			"paszport", "旅券", "护照", "여권",
		},
		lazy(`[A-Za-z]{1,3}[0-9]{5,9}[A-Za-z]?|[0-9]{2}[A-Za-z]{2}[0-9]{5}|[CFGHJKLMNPRTVWXYZ0-9]{8}[0-9]|[0-9]{9}`), hasDigits,
	},
	{
		[]string{
			"driver's license", "drivers license", "driver license", "driving licence", "driving license", "licence number",
			"license number", "my license", "führerschein", "permis de conduire", "dl number", "dl#",
		},
		lazy(`[A-Za-z]{0,5}[0-9]{1,9}(?:[- ]?[0-9A-Za-z]{2,6}){0,4}`), manyDigits,
	},
	{[]string{"vat", "ust-id", "ustid", "umsatzsteuer", "tva ", "btw"}, lazy(`[A-Z]{2} ?[0-9A-Z]{8,12}`), hasDigits},
	{[]string{"imei"}, lazy(`[0-9]{2}-?[0-9]{6}-?[0-9]{6}-?[0-9]`), luhnID},
	{[]string{"routing number", "aba number", "aba routing"}, lazy(`[0-9]{9}`), usRouting},
	{[]string{"account number", "acct number", "acct no", "bank account", "kontonummer", "account no"}, lazy(`[0-9]{6,17}`), nil},
}

// Alone: letters in fixed places and a check digit.
var alone = []aloneForm{
	{newForm(`[0-9]{8}-?[A-Za-z]|[XYZxyz]-?[0-9]{7}-?[A-Za-z]`, 11, startsDNI), esDNI},
	{newForm(`[STFGM][0-9]{7}[A-Z]`, 9, capitalsAt(1)), sgNRIC},
	{newForm(`[A-Z]{6}[0-9LMNPQRSTUV]{2}[ABCDEHLMPRST][0-9LMNPQRSTUV]{2}[A-Z][0-9LMNPQRSTUV]{3}[A-Z]`, 16, capitalsAt(6)), itFiscal},
	{newForm(`[0-3][0-9][01][0-9]{3}[-+A][0-9]{3}[0-9A-FHJ-NPR-Y]`, 11, digitsAt(6)), fiHETU},
	{newForm(`[0-9]{2}[01][0-9][0-3][0-9]-[1-8][0-9]{6}`, 14, digitsAt(6)), krRRN},
	{newForm(`[A-Z]{4}[0-9]{6}[HMX][A-Z]{5}[0-9A-Z][0-9]`, 18, capitalsAt(4)), mxCURP},
	{newForm(`[1-9][0-9]{5}(?:19|20)[0-9]{2}[01][0-9][0-3][0-9][0-9]{3}[0-9X]`, 18, digitsAt(17)), cnResident},
	{newForm(`[0-9]{3}\.[0-9]{3}\.[0-9]{3}-[0-9]{2}`, 14, digitsAt(3)), brCPF},
	{newForm(`[1-9][AC-HJKMNP-RT-Ya-y][0-9AC-HJKMNP-RT-Ya-y][0-9]-[AC-HJKMNP-RT-Ya-y][0-9AC-HJKMNP-RT-Ya-y][0-9]-[`+
		`AC-HJKMNP-RT-Ya-y]{2}[0-9]{2}`, 13, startsMedicare), hasDigits},
	{newForm(`[A-CEGHJ-PR-TW-Z][A-CEGHJ-NPR-TW-Z] [0-9]{2} [0-9]{2} [0-9]{2} [A-D]`, 13, capitalsAt(2)), hasDigits},
	{newForm(`[A-Z]{1,2}[0-9]{6}\([0-9A]\)`, 11, capitalsAt(1)), hasDigits},
	{newForm(`[A-Z]{3}P[A-Z][0-9]{4}[A-Z]`, 10, capitalsAt(5)), hasDigits},
	{newForm(`(?:19|20)?[0-9]{6}[-+][0-9]{4}`, 13, digitsAt(6)), sePersonal},
}

// The beginnings of all of them.
const anyForm = `(?:^|[^0-9A-Za-z])(?:[0-9]{6}(?:[-+A][0-9]{3}|[0-9][0-9]?-?[A-Za-z](?:[^0-9A-Za-z]|$)|[0-9]{2}[-+][0-9]|[0-9]{` +
	`11})|[STFGMXYZxyz]-?[0-9]{7}|[A-Z]{4}(?:[0-9]{6}[HMX]|[A-Z]{2}[0-9LMNPQRSTUV]{2}[ABCDEHLMPRST][0-9])|[A-Z]{3}P` +
	`[A-Z][0-9]{4}[A-Z]|[A-Z][A-Z]?[0-9]{6}\(|[0-9]{3}\.[0-9]{3}\.[0-9]{3}-|[1-9][A-Za-z][0-9A-Za-z][0-9]-[A-Za-z][` +
	`0-9A-Za-z][0-9]-|[A-Z]{2} [0-9]{2} [0-9]{2} )`

func startsDNI(text string, at int) bool {
	b := text[at] | 0x20
	return digitsAt(8)(text, at) || b >= 'x' && b <= 'z'
}

func startsMedicare(text string, at int) bool {
	return model.IsDigit(text[at]) && isLetter(byteAt(text, at+1)) && byteAt(text, at+4) == '-'
}

// capitalsAt makes a condition: at least count capital letters stand there.
func capitalsAt(count int) func(text string, at int) bool {
	return func(text string, at int) bool {
		if at+count > len(text) {
			return false
		}
		for i := range count {
			if text[at+i]-'A' >= 26 {
				return false
			}
		}
		return true
	}
}
