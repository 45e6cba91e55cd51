package personal

import (
	"strings"

	"github.com/otel-smart-agents/otel-smart-agents/processors/internal/detectors/model"
)

// A bot's token: its account in base 64, a time, a proof. No match has more than 77 bytes.
var discord = lazy(`\A[A-Za-z0-9]{23,28}\.[A-Za-z0-9_-]{6,7}\.[A-Za-z0-9_-]{27,40}`)

func discordTokens(scan *model.Scan, _ string) {
	text, from := scan.Text, 0
	for dot := strings.IndexByte(text, '.'); dot >= 0; dot = indexFrom(text, ".", dot+1) {
		start := dot
		for start > from && dot-start < 28 && model.IsAlnum(text[start-1]) {
			start--
		}
		if dot-start < 23 {
			continue
		}
		found := discord().FindStringIndex(text[start:min(len(text), start+77)])
		if found == nil {
			continue
		}
		from = start + found[1]
		account := text[start : start+24]
		if apart(text, start, from, isWord) && digitsIn(account) > 0 && strings.ContainsFunc(account, isCapital) {
			scan.Add(start, from, "[token]")
		}
		dot = from - 1
	}
}

func isCapital(r rune) bool { return r >= 'A' && r <= 'Z' }
