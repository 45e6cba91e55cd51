package secrets

import (
	"strings"

	"github.com/otel-smart-agents/otel-smart-agents/processors/internal/detectors/model"
)

// Bytes that a sign has at its begin, or behind one letter (>).
var signBytes = [256]bool{
	'=': true, ':': true, '!': true, '>': true, '"': true, '\'': true, '`': true, ' ': true, '\xef': true,
}

var verbs = []string{" is", " was", " lautet", " ist", " est", " es"}

// nextSign returns the place of the next sign that ties a name to a value: =, :, =>, :=, ==, != and the like, a letter with >, a closing
// quote with a comma and the next opening one, a verb between blanks; -1 when there is none.
func nextSign(text string, from int) (start, end int) {
	for place := from; place < len(text); place++ {
		if !signBytes[text[place]] {
			continue
		}
		if text[place] == '>' {
			if place > from && isLetter(text[place-1]) {
				return place - 1, place + 1
			}
			continue
		}
		if end := signEnd(text, place); end > 0 {
			return place, end
		}
	}
	return -1, 0
}

// signEnd returns the end of the sign that starts at a place, 0 when none does.
func signEnd(text string, place int) int {
	next := at(text, place+1)
	switch text[place] {
	case '=', ':', '!':
		return operatorEnd(text, place, next)
	case '"', '\'', '`':
		after := place + 2
		if at(text, after) == ' ' {
			after++
		}
		if at(text, after) == 'b' {
			after++
		}
		if next == ',' && isOneOf(at(text, after), "\\\"'`") {
			return after + 1
		}
	case ' ':
		return verbEnd(text, place)
	case '\xef':
		if strings.HasPrefix(text[place:], "\uff1a") {
			return place + len("\uff1a")
		}
	}
	return 0
}

func operatorEnd(text string, place int, next byte) int {
	sign := text[place]
	switch {
	case sign == '=' && next == '>', sign == ':' && next == '=':
		return place + 2
	case sign != ':' && next == '=':
		if at(text, place+2) == '=' {
			return place + 3
		}
		return place + 2
	case sign != '!':
		return place + 1
	}
	return 0
}

// verbEnd returns the end of " is ", " was now: " and the like.
func verbEnd(text string, place int) int {
	for _, verb := range verbs {
		if !strings.HasPrefix(text[place:], verb) {
			continue
		}
		end := place + len(verb)
		if strings.HasPrefix(text[end:], " now") {
			if after := blankEnd(text, end+len(" now")); after > 0 {
				return after
			}
		}
		if after := blankEnd(text, end); after > 0 {
			return after
		}
	}
	return 0
}

// blankEnd returns the end of a blank, which a colon may precede.
func blankEnd(text string, place int) int {
	if at(text, place) == ':' {
		place++
	}
	if at(text, place) == ' ' {
		return place + 1
	}
	return 0
}

func isLetter(b byte) bool { return model.IsAlnum(b) && !model.IsDigit(b) }
