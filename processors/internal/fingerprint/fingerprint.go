// Package fingerprint makes the stack fingerprint v1: one short hash for one bug, from its printed text.
//
// No message, source line, line number, absolute path, user or host name is part of what is hashed. The specification is
// docs/explanation/stack-fingerprint.md; otel_smart_agents/privacy/fingerprint is the same in Python, and
// tests/vectors/tracebacks.json binds both byte for byte. Every function reads its text in time that grows with the length alone.
package fingerprint

import (
	"crypto/hmac"
	"crypto/sha256"
	"encoding/hex"
	"strings"
)

const (
	version   = "v1:"
	hexDigits = 16      // 8 would collide with 1 % odds at 9 300 stacks, 16 at 6×10⁸
	textLimit = 1 << 26 // characters: about 600 000 frames
)

// HashText returns "v1:" and 16 hexadecimal digits for a printed Python, JavaScript, Go or Java stack; a text that is none gets the
// hash of an unknown type.
//
// The import names (Go: import paths, Java: package prefixes) in packages count as application code wherever they are installed. A key
// that is not empty makes it an HMAC for one organisation. Bytes that are no UTF-8 count as U+FFFD. It never panics.
func HashText(text string, packages []string, key []byte) string {
	return digest(Canonical(text, packages), key)
}

// Canonical returns what is hashed for a printed stack. It never panics: what cannot be read has the form of an unknown type.
func Canonical(text string, packages []string) (form string) {
	defer func() {
		if recover() != nil { // a stack that nobody foresaw must not end the collector, nor go further as text
			form = render(nil, pythonStyle)
		}
	}()
	return canonical(text, packages)
}

func canonical(text string, packages []string) string {
	chain, kind := parse(plain(firstChars(decoded(text), textLimit)), packages)
	return render(chain, kind)
}

func digest(form string, key []byte) string {
	var sum []byte
	if len(key) > 0 {
		mac := hmac.New(sha256.New, key)
		mac.Write([]byte(form))
		sum = mac.Sum(nil)
	} else {
		plain := sha256.Sum256([]byte(form))
		sum = plain[:]
	}
	return version + hex.EncodeToString(sum)[:hexDigits]
}

// plain returns a text without colours, carriage returns and, if it is on one line, the escapes of JSON or of Python's repr.
func plain(text string) string {
	text = withoutColours(text)
	text = strings.ReplaceAll(text, "\r\n", "\n")
	if !strings.Contains(text, "\n") && strings.Contains(text, `\n`) {
		if inner := escapedStack(text); inner != "" {
			return inner
		}
		return unescaped(text)
	}
	return text
}

// withoutColours cuts every ESC [ digits and semicolons m.
func withoutColours(text string) string {
	at := strings.Index(text, "\x1b[")
	if at < 0 {
		return text
	}
	var out strings.Builder
	for at >= 0 {
		end := at + 2
		for end < len(text) && (text[end] == ';' || text[end] >= '0' && text[end] <= '9') {
			end++
		}
		if end < len(text) && text[end] == 'm' {
			out.WriteString(text[:at])
			end++
		} else {
			out.WriteString(text[:end])
		}
		text = text[end:]
		at = strings.Index(text, "\x1b[")
	}
	out.WriteString(text)
	return out.String()
}

// unescaped turns \n and \t into what they mean and drops \r; any other escaped character stands for itself.
func unescaped(text string) string {
	var out strings.Builder
	out.Grow(len(text))
	for {
		before, after, found := strings.Cut(text, `\`)
		out.WriteString(before)
		if !found {
			return out.String()
		}
		if after == "" {
			out.WriteByte('\\')
			return out.String()
		}
		switch after[0] {
		case 'n':
			out.WriteByte('\n')
		case 't':
			out.WriteByte('\t')
		case 'r':
		default:
			first := firstChars(after, 1)
			out.WriteString(first)
			text = after[len(first):]
			continue
		}
		text = after[1:]
	}
}
