package personal

import (
	"strings"
	"unicode/utf8"

	"github.com/otel-smart-agents/otel-smart-agents/processors/internal/detectors/model"
)

// Words after the last dot that are file types or units of a service manager, not top-level domains (picture@2x.png).
var notTopLevel = model.Words(`png jpg jpeg gif svg service slice socket scope target timer mount webp ico css js mjs map json yaml yml
    html woff tgz`)

// Accounts of code hosts (git@host:path).
var remotes = model.Words("git hg svn gitea")

func contacts() []model.Trigger {
	return []model.Trigger{
		{
			Name: "at", Find: emails, Argument: "@", Alone: true,
			Pattern: `[^\x00-\x20(),:;<>@\[\]]@[^\x00-\x2f:-@\[-` + "`" + `{-\x7f]`,
		},
		{Name: "percent-at", Pattern: "[0-9A-Za-z_-]%40[0-9A-Za-z]", Find: emails, Argument: "%40", Alone: true},
		{Name: "spelled-at", Pattern: spelledTrigger, Find: spelledEmails},
	}
}

func emails(scan *model.Scan, sign string) {
	text := scan.Text
	for place := strings.Index(text, sign); place >= 0; {
		after := place + len(sign)
		email(scan, place, after)
		next := strings.Index(text[after:], sign)
		if next < 0 {
			return
		}
		place = after + next
	}
}

func email(scan *model.Scan, place, after int) {
	text := scan.Text
	start := startOfLocal(text, place, 64)
	raw := text[start:place]
	trimmed := strings.TrimLeft(raw, "'.%-")
	local := strings.TrimRight(trimmed, "'.%")
	if local == "" {
		return
	}
	end := hostEnd(text, after)
	remote := remotes[local] && (byteAt(text, end) == ':' || byteAt(text, end) == '/')
	if end > after && !remote && !inUserInformation(text, start) {
		scan.Add(start+len(raw)-len(trimmed), end, "[email]")
	}
}

// startOfLocal returns where the run of characters of a local part that ends before end starts, at most limit characters back.
func startOfLocal(text string, end, limit int) int {
	for ; limit > 0 && end > 0; limit-- {
		r, size := utf8.DecodeLastRuneInString(text[:end])
		if r < utf8.RuneSelf && !model.IsAlnum(byte(r)) && !strings.ContainsRune("._%+-'", r) || r >= utf8.RuneSelf && !isHostLetter(r) {
			return end
		}
		end -= size
	}
	return end
}

// isHostLetter tells whether a rune is a Latin, Greek or Cyrillic character beyond ASCII.
func isHostLetter(r rune) bool { return r >= 0xc0 && r < 0x250 || r >= 0x370 && r < 0x530 }

// hostEnd returns where the host name with a top-level domain that starts at start ends, start when there is none.
func hostEnd(text string, start int) int {
	window := text[:model.Forward(text, start, 255)]
	var labels []int
	at := start
	for len(labels) < 8 {
		end := endOfLabel(window, at, 63, true)
		if end == at || byteAt(window, end) != '.' {
			break
		}
		labels = append(labels, at)
		at = end + 1
	}
	for count := len(labels); count > 0; count-- {
		if end := topLevelEnd(window, at); end > at {
			return hostWithoutFile(window, labels[:count], at, end)
		}
		at = labels[count-1]
	}
	return start
}

// hostWithoutFile returns end unless the name is a file's or has more than one label of digits, as versions have.
func hostWithoutFile(window string, labels []int, top, end int) int {
	numbers := 0
	for i, at := range labels {
		next := top
		if i+1 < len(labels) {
			next = labels[i+1]
		}
		if digitsOnly(window[at : next-1]) {
			numbers++
		}
	}
	if numbers > 1 || notTopLevel[model.Lower(window[top:end])] {
		return labels[0]
	}
	return end
}

func topLevelEnd(window string, at int) int {
	if strings.HasPrefix(window[at:], "xn--") {
		end := at + 4
		for end < len(window) && end < at+4+59 && (model.IsAlnum(window[end]) || window[end] == '-') {
			end++
		}
		if end >= at+4+2 {
			return end
		}
	}
	if end := endOfLabel(window, at, 24, false); utf8.RuneCountInString(window[at:end]) > 1 {
		return end
	}
	return at
}

// endOfLabel returns where the run of letters, with digits and hyphens if wanted, ends: at most limit characters.
func endOfLabel(text string, at, limit int, digits bool) int {
	for ; limit > 0 && at < len(text); limit-- {
		r, size := utf8.DecodeRuneInString(text[at:])
		switch {
		case r < utf8.RuneSelf && isLetter(byte(r)), r >= utf8.RuneSelf && isHostLetter(r):
		case digits && (r == '-' || r >= '0' && r <= '9'):
		default:
			return at
		}
		at += size
	}
	return at
}

// inUserInformation tells of scheme://user:password@host: what stands before the sign is a password, which the URL detector takes.
func inUserInformation(text string, start int) bool {
	if byteAt(text, start-1) != ':' {
		return false
	}
	before := text[model.Back(text, start, 200):start]
	scheme := strings.LastIndex(before, "://")
	return scheme >= 0 && !strings.ContainsAny(before[scheme+3:], "/@ \n\"'")
}
