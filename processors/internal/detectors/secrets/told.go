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
	toldForm = sync.OnceValue(func() *pattern.Pattern {
		return pattern.New(`(?:`+keys.Names().Passwords+`)`+toldOpening+`((?: `+toldWord+`){0,4})`+toldLink+"(?: now)?[*_`]{0,3} "+toldOpening+
			toldValue+`(?: to `+toldOpening+toldValue+`)?`, 0)
	})
	gluedForm = pattern.New(`(?:密码|密碼|パスワード|비밀번호|암호)(?:是|为|為|は|는|은|:|：) ?`+toldValue, 0)
	codeForm  = pattern.New(codeNames+`(?: [a-z]{1,12}){0,3}(?: is|:) `+toldOpening+`([0-9]{3}[ -]?[0-9]{3}|[0-9]{4,8})`, 0)
)

// Passwords told in a sentence: words stand between the name and the value (the password for the vpn is …).
func sentences() []model.Trigger {
	return []model.Trigger{
		{
			Name: "told",
			Pattern: `(?i)(?:` + keys.Names().Passwords +
				`)[^\n]*(?: is | was | ist | lautet | est | es | è | é | from | to |:|->|→)`,
			Find: told, Alone: true,
		},
		{Name: "code", Pattern: `(?i)` + codeNames + `[^\n]*[0-9]{3}`, Find: codes, Alone: true},
	}
}

func told(scan *model.Scan, _ string) {
	for found := range toldForm().All(scan.Low, 0, len(scan.Low)) {
		words := strings.Split(scan.Low[found[2]:found[3]], " ")
		if slices.ContainsFunc(words, keys.IsBenignTail) {
			continue
		}
		markTold(scan, found[4], found[5])
		if found[6] >= 0 {
			markTold(scan, found[6], found[7])
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
