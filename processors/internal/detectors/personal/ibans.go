package personal

import (
	"strings"

	"github.com/otel-smart-agents/otel-smart-agents/processors/internal/detectors/model"
)

const ibanTrigger = `(?:^|[^A-Za-z0-9])(?:[A-Z]{2}[0-9]{2}(?:[0-9A-Z]{7}|[ -][0-9A-Z]{4}[ -])` +
	`|[a-z]{2}[0-9]{2}(?:[a-z]{0,4}[0-9]{7}|[ -][0-9a-z]{4}[ -]))`

var (
	// Anchored: it is asked only where an account starts.
	account = lazy(`\A[A-Z]{2}[0-9]{2}(?:[0-9A-Z]{11,30}|(?: [0-9A-Z]{4}){2,7}(?: [0-9A-Z]{1,4})?)`)
	// ISO 13616 registry (SWIFT, release 99) and the further countries that use the form: country and length.
	accountLengths = map[string]int{
		"AD": 24, "AE": 23, "AL": 28, "AO": 25, "AT": 20, "AZ": 28, "BA": 20, "BE": 16, "BF": 28, "BG": 22, "BH": 22, "BI": 27,
		"BJ": 28, "BR": 29, "BY": 28, "CF": 27, "CG": 27, "CH": 21, "CI": 28, "CM": 27, "CR": 22, "CV": 25, "CY": 28, "CZ": 24,
		"DE": 22, "DJ": 27, "DK": 18, "DO": 28, "DZ": 26, "EE": 20, "EG": 29, "ES": 24, "FI": 18, "FK": 18, "FO": 18, "FR": 27,
		"GA": 27, "GB": 22, "GE": 22, "GI": 23, "GL": 18, "GQ": 27, "GR": 27, "GT": 28, "GW": 25, "HN": 28, "HR": 21, "HU": 28,
		"IE": 22, "IL": 23, "IQ": 23, "IR": 26, "IS": 26, "IT": 27, "JO": 30, "KM": 27, "KW": 30, "KZ": 20, "LB": 28, "LC": 32,
		"LI": 21, "LT": 20, "LU": 20, "LV": 21, "LY": 25, "MA": 28, "MC": 27, "MD": 24, "ME": 22, "MG": 27, "MK": 19, "ML": 28,
		"MN": 20, "MR": 27, "MT": 31, "MU": 30, "MZ": 25, "NE": 28, "NI": 28, "NL": 18, "NO": 15, "OM": 23, "PK": 24, "PL": 28,
		"PS": 29, "PT": 25, "QA": 29, "RO": 24, "RS": 22, "RU": 33, "SA": 24, "SC": 31, "SD": 18, "SE": 24, "SI": 19, "SK": 24,
		"SM": 27, "SN": 28, "SO": 23, "ST": 25, "SV": 28, "TD": 27, "TG": 28, "TL": 23, "TN": 24, "TR": 26, "UA": 29, "VA": 22,
		"VG": 24, "XK": 20, "YE": 30,
	}
)

func ibans(scan *model.Scan, _ string) {
	text := scan.Text
	for at := 0; at+4 <= len(text); {
		if !isLetter(text[at]) || !isLetter(text[at+1]) || !digitsAt(2)(text, at+2) {
			at++
			continue
		}
		if size := accountLengths[strings.ToUpper(text[at:at+2])]; size > 0 && !model.IsAlnum(byteAt(text, at-1)) {
			iban(scan, at, size)
		}
		at += 4
	}
}

func iban(scan *model.Scan, start, size int) {
	end := ibanEnd(scan.Text, start, size)
	if end == 0 {
		end = accountEnd(scan.Text, start)
	}
	if end > 0 && mod97(noSeparators(scan.Text[start:end])) {
		scan.Add(start, end, "[iban]")
	}
}

// accountEnd returns the end of an account of another length than its country's (test data, old forms): one whole run, or whole groups of
// four, of 15 to 34 signs; 0 when there is none.
func accountEnd(text string, start int) int {
	found := account().FindStringIndex(text[start:min(len(text), start+50)])
	if found == nil || model.IsAlnum(byteAt(text, start+found[1])) {
		return 0
	}
	end := start + found[1]
	piece := noSeparators(text[start:end])
	if len(piece) < 15 || len(piece) > 34 || digitsIn(piece) <= 9 {
		return 0
	}
	return end
}

// ibanEnd returns where size letters and digits have been read, single blanks and hyphens between them allowed; 0 when they are not there.
func ibanEnd(text string, start, size int) int {
	count := 0
	for place := start; place < min(len(text), start+2*size); place++ {
		switch b := text[place]; {
		case model.IsAlnum(b):
			if count++; count < size {
				continue
			}
			if model.IsAlnum(byteAt(text, place+1)) {
				return 0
			}
			return place + 1
		case b != ' ' && b != '-':
			return 0
		default:
			if before := byteAt(text, place-1); before == ' ' || before == '-' {
				return 0
			}
		}
	}
	return 0
}
