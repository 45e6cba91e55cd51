package personal

import (
	"encoding/base64"
	"encoding/json"
	"strings"
	"unicode/utf8"

	"github.com/otel-smart-agents/otel-smart-agents/processors/internal/detectors/model"
)

var (
	pemName = lazy(`-----BEGIN ([A-Z0-9 ]{0,40}PRIVATE KEY(?: BLOCK)?)-----`)
	pemEnd  = lazy(`-----END [A-Z0-9 ]{0,40}PRIVATE KEY(?: BLOCK)?-----`)
	putty   = lazy(`Private-Lines: ?[0-9]{1,4}[ \t-\r]`)
)

func inPEM(b byte) bool { return model.IsAlnum(b) || strings.IndexByte("+/=\n\r \t\\:,.-_", b) >= 0 }

func inPuTTY(b byte) bool { return model.IsAlnum(b) || strings.IndexByte("+/=\r\n", b) >= 0 }

func inTokenHead(b byte) bool { return isWord(b) || b == '-' }

// inTokenPart: the further parts of a token can have padding and escapes as well.
func inTokenPart(b byte) bool { return isWord(b) || strings.IndexByte("-/+=\\", b) >= 0 }

func blobs() []model.Trigger {
	return []model.Trigger{
		{Name: "pem", Pattern: `-----BEGIN [A-Z0-9 ]*PRIVATE KEY`, Find: pemKeys, Alone: true},
		{Name: "pem-tail", Pattern: `-----END [A-Z0-9 ]*PRIVATE KEY`, Find: pemTails, Alone: true},
		{Name: "putty", Pattern: `Private-Lines:`, Find: puttyKeys, Alone: true},
		{Name: "jwt", Pattern: `eyJ[A-Za-z0-9_-]+\.`, Find: webTokens, Alone: true},
	}
}

func pemKeys(scan *model.Scan, _ string) {
	text := scan.Text
	// An end line that does not come after one place does not come after a later one either: no text is searched again and again.
	missing := map[string]bool{}
	for place := 0; ; {
		found := pemName().FindStringSubmatchIndex(text[place:])
		if found == nil {
			return
		}
		body := place + found[1]
		endLine := "-----END " + text[place+found[2]:place+found[3]] + "-----"
		bodyEnd := -1
		if !missing[endLine] {
			bodyEnd = indexFrom(text, endLine, body)
		}
		if bodyEnd >= 0 {
			place = bodyEnd + len(endLine)
		} else {
			// Cut off before its end line: everything that can be a body goes.
			missing[endLine] = true
			bodyEnd = endOfRun(text, body, len(text), inPEM)
			place = bodyEnd
		}
		if kept := strings.Trim(text[body:bodyEnd], " \r\n\\nr"); kept != "" && kept != "[private-key]" {
			scan.Add(body, bodyEnd, "[private-key]")
		}
	}
}

const (
	pemLines     = model.Alnum + "+/=\n\r\\"
	tailLimit    = 8192
	shortestTail = 24
)

// pemTails marks the end of a key whose first line was cut off.
func pemTails(scan *model.Scan, _ string) {
	text, last := scan.Text, 0
	for _, found := range pemEnd().FindAllStringIndex(text, -1) {
		if !strings.Contains(text[last:found[0]], "-----BEGIN ") {
			start := max(last, model.StartOfRun(text, found[0], pemLines, tailLimit))
			if found[0]-start > shortestTail {
				scan.Add(start, found[0], "[private-key]")
			}
		}
		last = found[1]
	}
}

func puttyKeys(scan *model.Scan, _ string) {
	for _, found := range putty().FindAllStringIndex(scan.Text, -1) {
		if end := endOfRun(scan.Text, found[1], len(scan.Text), inPuTTY); end > found[1] {
			scan.Add(found[1], end, "[private-key]")
		}
	}
}

func webTokens(scan *model.Scan, _ string) {
	text := scan.Text
	for place := strings.Index(text, "eyJ"); place >= 0; {
		head := endOfRun(text, place, 4096, inTokenHead)
		end, parts := head, 0
		for parts < 4 && byteAt(text, end) == '.' {
			next := endOfRun(text, end+1, len(text), inTokenPart)
			if next == end+1 {
				break
			}
			end, parts = next, parts+1
		}
		end = place + len(strings.TrimRight(text[place:end], `\`))
		alone := place == 0 || !inTokenHead(text[place-1])
		if alone && parts > 0 && (isTokenHeader(text[place:head]) || parts >= 2 && head-place > 15 && end-head > 20) {
			scan.Add(place, end, "[jwt]")
		}
		place = indexFrom(text, "eyJ", max(end, place+3))
	}
}

// isTokenHeader checks RFC 7519 section 5: the first part is a JSON object that names an algorithm or a type.
func isTokenHeader(part string) bool {
	raw, err := base64.RawURLEncoding.DecodeString(part)
	if err != nil || !utf8.Valid(raw) {
		return false
	}
	var header map[string]json.RawMessage
	if json.Unmarshal(raw, &header) != nil {
		return false
	}
	for _, name := range []string{"alg", "typ", "kid", "enc"} {
		if _, told := header[name]; told {
			return true
		}
	}
	return false
}
