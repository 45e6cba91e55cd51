package secrets

import (
	"strings"
	"unicode/utf8"

	"github.com/otel-smart-agents/otel-smart-agents/processors/internal/detectors/model"
	"github.com/otel-smart-agents/otel-smart-agents/processors/internal/detectors/pattern"
	"github.com/otel-smart-agents/otel-smart-agents/processors/internal/detectors/secretvalues"
)

var (
	cookieLink = pattern.New("s?2?(?:_?(?:header|string|value))?(?:[\\\\\"'`\\])]{0,6}[ \\t]{0,4}(?:"+
		"=>|:=|[:=])|[\\\\\"'`]{1,6},)[ \\t]{0,4}(?:b|dict\\()?[\\\\\"'`\\[{(]{0,6}", 0)
	cookiePair = pattern.New("[ \\t]{0,4}[\\\\\"'`]{0,4}([^\\s=;,\"'\\\\:<>{}()\\[\\]]{1,128})[\\\\\"'`]{0,"+
		"4} ?[=:] ?[\\\\\"'`]{0,4}([^;,\\s\"'\\\\`{}<>]{1,8192})[\\\\\"'`]{0,4}[;,]?", pattern.Unicode)
	cookieFlag    = pattern.New(`[ \t]{0,4}(?:HttpOnly|Secure|Partitioned|httponly|secure|partitioned);?`, 0)
	cookieExpires = pattern.New(`[ \t]{0,4}expires=[A-Za-z]{3,9},? ?[0-9]{1,2}[- ][A-Za-z]{3}[- ][0-9]{2,4} [0-9:]{8} ?[A-Z]{0,4};?`,
		pattern.Fold)
	cookieAttributes = model.Words("path domain expires max-age samesite priority version comment secure httponly")
	flagLink         = pattern.New(`(?:^|\s)(?:-b|--cookie)(?:[ \t]{1,4}|=)["']?`, 0)
)

func cookies(scan *model.Scan, _ string) {
	low, text := scan.Low, scan.Text
	for place := strings.Index(low, "cookie"); place >= 0; {
		end := place + 6
		if link, ok := cookieLink.Match(text, place+6, len(text)); ok {
			end = max(end, cookiePairs(scan, link[1]))
		}
		place = indexFrom(low, "cookie", end)
	}
}

func cookieFlags(scan *model.Scan, _ string) {
	for link := range flagLink.All(scan.Text, 0, len(scan.Text)) {
		cookiePairs(scan, link[1])
	}
}

// cookiePairs marks the value of every pair of one header; the names, and attributes such as Path, stay.
func cookiePairs(scan *model.Scan, start int) int {
	text, place, first := scan.Text, start, true
	for place < len(text) {
		if end := afterPlain(text, place); end > 0 {
			place = end
			continue
		}
		pair, ok := cookiePair.Match(text, place, len(text))
		if !ok || (!first && !isOneOf(text[place], " \t\"'\\") && !isOneOf(text[place-1], ";,")) {
			break
		}
		name, value := text[pair[2]:pair[3]], text[pair[4]:pair[5]]
		if !cookieAttributes[model.Lower(name)] && cookieLike(text[pair[0]:pair[1]], name, value) {
			scan.Add(pair[4], pair[5], "[cookie]")
		}
		place, first = pair[1], false
		if !isOneOf(text[place-1], ";,") {
			break
		}
	}
	if first {
		found, ok := opaque.Match(text, start, len(text))
		if ok && secretvalues.LooksRandom(text[start:found[1]], 12) {
			scan.Add(start, found[1], "[cookie]")
		}
	}
	return place
}

// afterPlain returns the end of a date or flag of a cookie that starts at place, 0 when there is none.
func afterPlain(text string, place int) int {
	if found, ok := cookieExpires.Match(text, place, len(text)); ok {
		return found[1]
	}
	if found, ok := cookieFlag.Match(text, place, len(text)); ok {
		return found[1]
	}
	return 0
}

// cookieLike takes {cookie: {name: value}} and name=value alike, but not "cookie: see RFC: 6265"; theme=dark is a setting.
func cookieLike(pair, name, value string) bool {
	if secretvalues.IsPlaceholder(value) || !strings.ContainsAny(pair, `="'`) && !secretvalues.LooksRandom(value, 8) {
		return false
	}
	size := utf8.RuneCountInString(value)
	setting := model.AllLetters(strings.ReplaceAll(value, "=", "")) && size < 13 || model.AllDigits(value) && size < 4
	return !setting || denied(name)
}
