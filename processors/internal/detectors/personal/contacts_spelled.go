package personal

import (
	"strings"

	"github.com/otel-smart-agents/otel-smart-agents/processors/internal/detectors/model"
)

const (
	spelledAt      = `(?:[\[({<] ?(?:at|AT|At|@) ?[\])}>]| (?:at|AT) )`
	spelledTrigger = `[A-Za-z0-9] ?(?:[\[({<] ?(?:at|AT|At|@) ?[\])}>] ?[A-Za-z0-9]| (?:at|AT) [A-Za-z0-9-]+ ?(?:[\[({<]|dot |DOT ))`
	// No match has more bytes: 64 before the sign, 9 for it, 64 for the first label, four times 73 after it.
	spelledLongest = 512
)

var (
	spelled = lazy(`\A[A-Za-z0-9._%+-]{1,64} ?` + spelledAt + ` ?` +
		`[A-Za-z0-9-]{1,63}(?:(?:\.| ?[\[({<] ?(?:dot|DOT|Dot|\.) ?[\])}>] ?| (?:dot|DOT) )[A-Za-z0-9-]{2,63}){1,4}`)
)

func spelledEmails(scan *model.Scan, _ string) {
	text, from := scan.Text, 0
	for sign := nextSpelledAt(text, 0); sign >= 0; sign = nextSpelledAt(text, sign+1) {
		end := sign
		if byteAt(text, end-1) == ' ' {
			end--
		}
		start := max(from, startOfSpelled(text, end))
		if start >= end {
			continue
		}
		found := spelled().FindStringIndex(text[start:min(len(text), start+spelledLongest)])
		if found == nil {
			continue
		}
		from = start + found[1]
		// "bob at example.com" without any bracket or "dot" is everyday English ("look at foo.py").
		if piece := text[start:from]; strings.ContainsAny(piece, "[({<") || strings.Contains(strings.ToLower(piece), " dot ") {
			scan.Add(start, from, "[email]")
		}
		sign = max(sign, from-1)
	}
}

// startOfSpelled returns where the local part that ends before end starts, at most 64 bytes back.
func startOfSpelled(text string, end int) int {
	start := end
	for start > 0 && end-start < 64 && (model.IsAlnum(text[start-1]) || strings.IndexByte("._%+-", text[start-1]) >= 0) {
		start--
	}
	return start
}

// nextSpelledAt returns the place of the next "(at)" in brackets of any kind or " at " from a place on, -1 when there is none.
func nextSpelledAt(text string, from int) int {
	for at := from; at < len(text); at++ {
		switch text[at] {
		case ' ':
			if strings.HasPrefix(text[at:], " at ") || strings.HasPrefix(text[at:], " AT ") {
				return at
			}
		case '[', '(', '{', '<':
			if bracketedAt(text[at+1:]) {
				return at
			}
		}
	}
	return -1
}

func bracketedAt(text string) bool {
	text = strings.TrimPrefix(text, " ")
	for _, sign := range []string{"at", "AT", "At", "@"} {
		if rest, ok := strings.CutPrefix(text, sign); ok {
			rest = strings.TrimPrefix(rest, " ")
			return rest != "" && strings.IndexByte("])}>", rest[0]) >= 0
		}
	}
	return false
}
