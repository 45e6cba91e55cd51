package personal

import (
	"strings"
	"unicode/utf8"

	"github.com/otel-smart-agents/otel-smart-agents/processors/internal/detectors/model"
)

var phoneKeywords = []string{
	"phone", "telephone", "tel", "mobile", "mobil", "cell", "handy", "telefon", "celular", "fax", "whatsapp", "hotline", "call me",
	"call us", "call at", "call on", "call back", "text me", "me on", "me at", "us on", "us at", "sms", "dial", "contact number",
	"number is", "number:", "numero", "nummer", "msisdn",
}

var foreignPhoneKeywords = []string{
	"teléfono", "téléphone", "móvil", "número", "numéro", "телефон", "тел", "電話", "携帯", "电话", "手机", "전화", "휴대폰", "โทร",
	"τηλέφωνο", "טלפון", "هاتف",
}

// Words that say little by themselves: the number must look like one (leading 0, brackets, 3-3-4 groups) and no counting word stands
// before.
var weakPhoneKeywords = map[string]bool{
	"call at": true, "call on": true, "me on": true, "me at": true, "us on": true, "us at": true, "dial": true, "number is": true,
	"number:": true, "numero": true, "número": true, "nummer": true, "numéro": true, "cell": true, "mobile": true, "tel": true, "sms": true,
}

var anyPhoneWord = strings.Join(phoneKeywords, "|")

var (
	counted = lazy(`(?:order|invoice|ticket|case|serial|part|version|issue|account|card|id|line|port|page|model|build|room|flight|tracking` +
		`|random|phone call|reference|ref|member|policy|customer|security|routing|vat|tax|passport|license|licence|registration|batch|lot` +
		`|sequence|a|the|any) ?\n?\z`)
	phoneCandidate = lazy(`\(?[0-9][0-9 ()./\-\x{a0}]{5,24}[0-9]`)
	phoneDate      = lazy(`\A(?:(?:19|20)[0-9]{2}[-/.][0-9]{1,2}[-/.][0-9]{1,2}` +
		`|[0-9]{1,2}[/.][0-9]{1,2}[/.](?:19|20)?[0-9]{2}(?:[^0-9/.]|\z))`)
	phoneGrouped = lazy(`\A(?:0[0-9]|\(|[0-9]{5} [0-9]{5}\z` +
		`|[0-9]{3}[ .-][0-9]{3}[ .-][0-9]{4}|[0-9]{3}-[0-9]{2}-?[0-9]{2}\z|[0-9]{3}-[0-9]{4}\z)`)
)

func phoneWords(scan *model.Scan, _ string) {
	for _, keyword := range phoneKeywords {
		nearPhoneWord(scan, keyword)
	}
}

// ForeignPhoneWords marks numbers beside words in other scripts and with accents: for texts with letters beyond ASCII.
func ForeignPhoneWords(scan *model.Scan) {
	for _, keyword := range foreignPhoneKeywords {
		nearPhoneWord(scan, keyword)
	}
}

func nearPhoneWord(scan *model.Scan, keyword string) {
	low := scan.Low
	weak, ascii := weakPhoneKeywords[keyword], model.IsASCII(keyword)
	counts := weak && (strings.HasPrefix(keyword, "num") || strings.HasPrefix(keyword, "núm"))
	for place := strings.Index(low, keyword); place >= 0; {
		end := place + len(keyword)
		if !ascii || !model.IsAlnum(byteAt(low, place-1)) {
			if !counts || !counted().MatchString(low[model.Back(low, place, 24):place]) {
				numbersAfter(scan, end, weak)
			}
		}
		place = indexFrom(low, keyword, end)
	}
}

func numbersAfter(scan *model.Scan, start int, weak bool) {
	text := scan.Text
	if next := byteAt(text, start); model.IsAlnum(next) && strings.IndexByte("snN", next) < 0 {
		return
	}
	window := text[:model.Forward(text, start, 48)]
	if line := strings.IndexByte(window[start:], '\n'); line >= 0 {
		window = window[:start+line]
	}
	for from := start; ; {
		found := phoneCandidate().FindStringIndex(window[from:])
		if found == nil {
			return
		}
		numberAfter(scan, from+found[0], weak)
		from += found[1]
	}
}

func numberAfter(scan *model.Scan, begin int, weak bool) {
	text := scan.Text
	run := phoneRun(text, begin)
	if !plausiblePhone(run, weak) {
		return
	}
	end := begin + len(run)
	before := byteAt(text, begin-1)
	glued := model.IsAlnum(before) || strings.ContainsRune("_#$€£", runeBefore(text, begin)) || model.IsAlnum(byteAt(text, end))
	if glued && (model.IsAlnum(before) || extensionEnd(text, end) == end) {
		return
	}
	if before == '+' {
		begin--
	}
	addPhone(scan, begin, end)
}

func plausiblePhone(piece string, weak bool) bool {
	digits := digitsOf(piece)
	if len(digits) < 7 || len(digits) > 15 || phoneDate().MatchString(piece) || kinds(digits, 2) == 1 {
		return false
	}
	groups := strings.Split(piece, ".")
	for _, group := range groups[1:] {
		if utf8.RuneCountInString(group) < 2 {
			return false
		}
	}
	return !weak || phoneGrouped().MatchString(piece) || (len(digits) >= 10 && len(digits) <= 12 && piece == digits)
}
