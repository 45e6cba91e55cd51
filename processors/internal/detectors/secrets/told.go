package secrets

import (
	"slices"
	"strings"
	"sync"
	"unicode/utf8"

	"github.com/otel-smart-agents/otel-smart-agents/processors/internal/detectors/keys"
	"github.com/otel-smart-agents/otel-smart-agents/processors/internal/detectors/model"
	"github.com/otel-smart-agents/otel-smart-agents/processors/internal/detectors/pattern"
	"github.com/otel-smart-agents/otel-smart-agents/processors/internal/detectors/secretvalues"
)

// The patterns are for text in small letters.
const (
	toldWord    = `[a-zà-ÿа-яё'-]{1,14}`
	toldLink    = `(?: is| was| ist| lautet| est| es| è| é| (?:re)?(?:set|changed|updated|rotated)(?: from| to)|[*_` + "`" + `]{0,3}:| ?->| ?→)`
	toldValue   = `([!#-&(-;=?-\[\]-_a-z|~]{6,128})`
	toldOpening = `[*_` + "`" + `"']{0,3}`
	codeNames   = `(?:verification|security|access|confirmation|one[- ]time|login|sign-in|authentication|2fa|mfa|otp)[ -]` +
		`(?:code|pin|passcode|password)`
)

var (
	toldForm = pattern.New(toldOpening+`((?: `+toldWord+`){0,4})`+toldLink+"(?: now)?[*_`]{0,3} "+toldOpening+
		toldValue+`(?: to `+toldOpening+toldValue+`)?`, 0)
	toldNames = sync.OnceValue(func() []string { return keys.Names().Passwords })
	gluedForm = pattern.New(`(?:密码|密碼|パスワード|비밀번호|암호)(?:是|为|為|は|는|은|:|：) ?`+toldValue, 0)
	codeForm  = pattern.New(codeNames+`(?: [a-z]{1,12}){0,3}(?: is|:) `+toldOpening+`([0-9]{3}[ -]?[0-9]{3}|[0-9]{4,8})`, 0)
)

// Passwords told in a sentence: words stand between the name and the value (the password for the vpn is …).
// Nothing in the triggers waits over a long stretch: in one automaton with the others that would multiply its states.
func sentences() []model.Trigger {
	return []model.Trigger{
		{
			Name: "told",
			Pattern: `(?i)(?:` + strings.Join(keys.Names().Passwords, "|") + `)[*_` + "`" +
				`"']*(?: [a-z]|:[*_` + "`" + `]| ?->| ?→| [èéа-я])`,
			Find: told, Alone: true,
		},
		{Name: "code", Pattern: `(?i)` + codeNames + `(?: |:)`, Find: codes, Alone: true},
	}
}

func told(scan *model.Scan, _ string) {
	low := scan.Low
	for _, name := range toldNames() {
		for place := strings.Index(low, name); place >= 0; place = indexFrom(low, name, place+len(name)) {
			found, ok := toldForm.Match(low, place+len(name), len(low))
			if !ok || slices.ContainsFunc(strings.Split(low[found[2]:found[3]], " "), keys.IsBenignTail) {
				continue
			}
			markTold(scan, found[4], found[5])
			if found[6] >= 0 {
				markTold(scan, found[6], found[7])
			}
		}
	}
}

func codes(scan *model.Scan, _ string) {
	for found := range codeForm.All(scan.Low, 0, len(scan.Low)) {
		if scan.Bounded(found[2], found[3]) {
			scan.Add(found[2], found[3], "[secret]")
		}
	}
}

// foreignSentences marks passwords told in other scripts.
func foreignSentences(scan *model.Scan) {
	told(scan, "")
	for found := range gluedForm.All(scan.Low, 0, len(scan.Low)) {
		markTold(scan, found[2], found[3])
	}
}

// markTold marks what has digits and a sign or both cases: more than a word of the sentence.
func markTold(scan *model.Scan, start, end int) {
	value := strings.TrimRight(scan.Text[start:end], ".,;:)*_`'\"")
	if utf8.RuneCountInString(value) < 6 || secretvalues.DigitsIn(value) == 0 || strings.ContainsAny(value, "/(=[") ||
		secretvalues.IsPlaceholder(value) || secretvalues.IsAlgorithm(value) {
		return
	}
	mixed := model.Lower(value) != value && strings.ToUpper(value) != value
	if strings.ContainsAny(value, "!#$%&*^?@+~") || mixed {
		scan.Add(start, start+len(value), "[secret]")
	}
}
