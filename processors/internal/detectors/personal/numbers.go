package personal

import (
	"strconv"
	"strings"

	"github.com/otel-smart-agents/otel-smart-agents/processors/internal/detectors/model"
)

// ISO/IEC 7812 issuer ranges: numbers whose first digits lie in from…to are as long as shortest…longest; the first row that fits counts.
var issuers = []struct{ from, to, shortest, longest int }{
	{51, 55, 16, 16},
	{2221, 2720, 16, 16},
	{34, 34, 15, 15},
	{37, 37, 15, 15},
	{300, 305, 14, 19},
	{3095, 3095, 14, 19},
	{36, 36, 14, 19},
	{38, 39, 14, 19},
	{6011, 6011, 16, 19},
	{644, 659, 16, 19},
	{62, 62, 16, 19},
	{81, 81, 16, 19},
	{3528, 3589, 16, 19},
	{1800, 1800, 15, 15},
	{2131, 2131, 15, 15},
	{1, 1, 15, 15},       // UATP
	{2200, 2204, 16, 19}, // Mir
	{9792, 9792, 16, 16}, // Troy
	{50, 50, 13, 19},     // Maestro, Dankort, Elo
	{56, 69, 13, 19},     // Maestro, RuPay, Interpayment
}

const (
	cardPattern = `[1-9][0-9]{12,18}|[1-9][0-9]{3}(?:-[0-9]{4}){2}-[0-9]{1,4}(?:-[0-9]{1,3})?` +
		`|[1-9][0-9]{3}(?: [0-9]{4}){2} [0-9]{1,4}(?: [0-9]{1,3})?|[1-9][0-9]{3}[ -][0-9]{6}[ -][0-9]{4,5}|[1-9][0-9]{3}(?:\.[0-9]{4}){3}`
	cardTrigger = `(?:^|[^0-9A-Za-z])[1-9][0-9]{3}(?:[0-9]{7}|[- .][0-9]{4}[- .][0-9]{4}|[ -][0-9]{6}[ -])`
	ssnPattern  = `[0-9]{3}-[0-9]{2}-[0-9]{4}|[0-9]{3} [0-9]{2} [0-9]{4}|9[0-9]{2}(?:-[5-9][0-9]|[5-9][0-9]-)[0-9]{4}`
	ssnTrigger  = `[0-9]{3}(?:-[0-9]{2}-|-[0-9]{2}| [0-9]{2} |[0-9]{2}-)[0-9]{4}`
)

var (
	card = newForm(cardPattern, 24, anyShape("0000000000000", "0000-0000-0000-0", "0000 0000 0000 0", "0000.0000.0000.0000",
		"0000 000000 0000", "0000 000000-0000", "0000-000000 0000", "0000-000000-0000"))
	socialSecurity = newForm(ssnPattern, 11, anyShape("000-00-0000", "000 00 0000", "000-000000", "00000-0000"))
)

func numbers() []model.Trigger {
	return []model.Trigger{
		{Name: "card", Pattern: cardTrigger, Find: cards, Alone: true},
		{Name: "iban", Pattern: ibanTrigger, Find: ibans, Alone: true},
		{Name: "ssn", Pattern: ssnTrigger, Find: socialSecurityNumbers, Alone: true},
	}
}

// noSeparators drops blanks, hyphens and dots.
func noSeparators(piece string) string { return without(piece, " -.") }

func issued(digits string) bool {
	size := len(digits)
	if digits[0] == '4' && (size == 13 || size == 16 || size == 18 || size == 19) {
		return true
	}
	for length := 1; length <= 4 && length <= size; length++ {
		number, err := strconv.Atoi(digits[:length])
		if err != nil {
			return false
		}
		for _, row := range issuers {
			if number >= row.from && number <= row.to {
				if size >= row.shortest && size <= row.longest {
					return true
				}
				break
			}
		}
	}
	return false
}

// isApart tells whether a number is not a piece of a longer number, identifier, decimal fraction or UUID.
func isApart(scan *model.Scan, start, end int) bool {
	text := scan.Text
	if !scan.Bounded(start, end) {
		return false
	}
	before, first := byteAt(text, start-1), byteAt(text, start-2)
	if (before == '.' || before == ',') && model.IsDigit(first) {
		return false
	}
	if after := byteAt(text, end); (after == '.' || after == '-') && isHex(byteAt(text, end+1)) {
		return false
	}
	return (before != '-' && before != '_') || !isHex(first)
}

func cards(scan *model.Scan, _ string) {
	card.each(scan.Text, func(found []int) {
		start, end := found[0], found[1]
		digits := noSeparators(scan.Text[start:end])
		if len(digits) < 13 || len(digits) > 19 || kinds(digits, 2) < 2 || !luhn(digits) || !isApart(scan, start, end) {
			return
		}
		if issued(digits) {
			scan.Add(start, end, "[card]")
		} else if len(digits) == 15 {
			scan.Add(start, end, "[imei]")
		}
	})
}

func socialSecurityNumbers(scan *model.Scan, _ string) {
	text := scan.Text
	socialSecurity.each(text, func(found []int) {
		start, end := found[0], found[1]
		before := byteAt(text, start-1)
		if byteAt(text, end) == '-' || before == '-' || before == '/' || !scan.Bounded(start, end) {
			return
		}
		digits := noSeparators(text[start:end])
		area, group, serial := digits[:3], digits[3:5], digits[5:]
		if area[0] == '9' {
			if taxpayerGroup(group) {
				scan.Add(start, end, "[ssn]")
			}
		} else if area != "000" && area != "666" && group != "00" && serial != "0000" && formatted(text, start, end) {
			scan.Add(start, end, "[ssn]")
		}
	})
}

// taxpayerGroup tells whether the middle of a number that begins with 9 is one of an ITIN.
func taxpayerGroup(group string) bool {
	number, err := strconv.Atoi(group)
	return err == nil && number >= 50 && number != 66 && number != 67 && number != 68 && number != 69 && number != 89 && number != 93
}

// formatted: hyphens tell enough; blanks only where no other number stands beside.
func formatted(text string, start, end int) bool {
	if !strings.Contains(text[start:end], " ") {
		return true
	}
	return digitsIn(text[model.Back(text, start, 3):start]) == 0 && digitsIn(text[end:model.Forward(text, end, 3)]) == 0
}
