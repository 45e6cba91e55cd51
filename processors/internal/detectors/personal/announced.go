package personal

import (
	"strings"

	"github.com/otel-smart-agents/otel-smart-agents/processors/internal/detectors/model"
)

const (
	birthMonth = `[a-zà-ÿ]{3,9}\.?`
	birthDate  = `((?:19|20)[0-9]{2}[./-][0-9]{1,2}[./-][0-9]{1,2}|[0-9]{1,2}[./-][0-9]{1,2}[./-](?:19|20)?[0-9]{2}` +
		`|[0-9]{1,2}(?:st|nd|rd|th|\.)? (?:of )?` + birthMonth + `,? (?:19|20)[0-9]{2}|` + birthMonth +
		` [0-9]{1,2}(?:st|nd|rd|th)?,? (?:19|20)[0-9]{2})`
)

// What a word before it tells: dates of birth, machines named after people, the words of a wallet, numbers in links and with 00 in front.
var (
	birth = newForm(`(?:date of birth|birth[ _-]?date|born on|dob|geburtsdatum|geburtstag|geboren am|date de naissance`+
		`|fecha de nacimiento|nacid[oa] el|data di nascita|data de nascimento|geboortedatum)\\?["']?[ :=]{1,3}\\?["']?(?:is |was |the )?`+birthDate,
		150, startsWith("date", "birth", "born", "dob", "geb", "nacid", "fecha", "data", "geboort"))
	personalMachine = newForm(`([a-z][a-z0-9]{1,30})-(?:macbook(?:-?(?:pro|air))?|imac(?:-?pro)?|mac-?mini|mbp|iphone|ipad|laptop)(?:-[0-9]{1,3})?`+
		`\.(?:local|lan|home|localdomain|fritz\.box|internal|corp|attlocal\.net)`, 80,
		func(text string, at int) bool { return isLetter(text[at]) })
	windowsMachine = newForm(`(?:DESKTOP|LAPTOP)-[A-Z0-9]{7}`, 15, startsWith("DESKTOP-", "LAPTOP-"))
	walletWords    = newForm(`(?:mnemonic|seed|recovery)(?:[ _-]?(?:phrase|words))?\\?["']?(?: ?[:=] ?| is )\\?["']?((?:[a-z]{3,8} ){11,23}[a-z]{3,8})`,
		300, startsWith("mnemonic", "seed", "recovery"))
	chatLink = newForm(`wa\.me/\+?([0-9]{7,15})`, 22, startsWith("wa.me/"))
	abroad   = newForm(`00(?:[17]|[2-9][0-9]{1,2})[ /(-]{1,2}[0-9]`, 8, startsWith("00"))
)

// announced is the finder of all of them.
func announced(scan *model.Scan, _ string) {
	births(scan)
	machines(scan)
	walletPhrases(scan)
	numbersAbroad(scan)
}

func births(scan *model.Scan) {
	birth.each(scan.Low, func(found []int) {
		if scan.Bounded(found[0], found[1]) {
			scan.Add(found[2], found[3], "[personal]")
		}
	})
}

func machines(scan *model.Scan) {
	personalMachine.each(scan.Low, func(found []int) {
		if scan.Bounded(found[0], found[1]) && namesPerson(scan.Low[found[2]:found[3]]) {
			scan.Add(found[2], found[3], "[user]")
		}
	})
	windowsMachine.each(scan.Text, func(found []int) {
		if scan.Bounded(found[0], found[1]) && digitsIn(scan.Text[found[0]:found[1]]) > 0 {
			scan.Add(found[0], found[1], "[host]")
		}
	})
}

func walletPhrases(scan *model.Scan) {
	walletWords.each(scan.Low, func(found []int) {
		if !model.IsAlnum(byteAt(scan.Text, found[1])) {
			scan.Add(found[2], found[3], "[secret]")
		}
	})
}

func numbersAbroad(scan *model.Scan) {
	text := scan.Text
	chatLink.each(text, func(found []int) { scan.Add(found[2], found[1], "[phone]") })
	abroad.each(text, func(found []int) {
		start := found[0]
		run := phoneRun(text, start+2)
		end := start + 2 + len(run)
		if start > 0 && (isWord(text[start-1]) || strings.IndexByte(".,+-/:", text[start-1]) >= 0) || isWord(byteAt(text, end)) {
			return
		}
		if isNumberAbroad(run) {
			scan.Add(start, end, "[phone]")
		}
	})
}

// isNumberAbroad: columns of a table and dumps of memory have groups of four; after the code of a country no number begins with a zero.
func isNumberAbroad(run string) bool {
	groups := strings.FieldsFunc(run, func(r rune) bool { return r < '0' || r > '9' })
	if len(groups) < 2 || groups[1][0] == '0' && len(groups[1]) > 1 {
		return false
	}
	fours := true
	for _, group := range groups[1:] {
		fours = fours && len(group) == 4
	}
	digits := digitsOf(run)
	return !fours && len(digits) > 8 && countryLengthFits(digits)
}
