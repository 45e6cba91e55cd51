package policy

import (
	"strings"
	"unicode/utf8"

	"github.com/otel-smart-agents/otel-smart-agents/processors/internal/detectors/model"
)

// Budget of one text, in characters.
const (
	mark        = "…"    // stands where text was cut away
	overlap     = 256    // scanned beyond the limit, so that a secret across the limit is still seen whole
	head        = 65_536 // kept of the beginning of a text whose limit is raised beyond head + tail
	tail        = 8_192  // kept of the end of such a text
	tailOverlap = 4_096  // the tail begins in the middle of something: long enough for a private key in PEM form
	stableAfter = 4
)

const borders = `,;"'|&<>(){}[]`

func isBorder(r rune) bool {
	return isSpace(r) || r < utf8.RuneSelf && strings.IndexByte(borders, byte(r)) >= 0
}

// bounded returns the redacted text of at most limit characters (and never more than head + tail) and the redactions.
//
// A text is scanned overlap characters beyond the limit; the cut falls on a border between tokens, never inside one, and a token without
// an end in sight goes whole: half a secret matches no pattern.
func bounded(value string, limit int, redact Redact, hint model.Hint) (string, int) {
	text := encodable(value)
	if within(text, min(limit, head+tail)) {
		redacted, count := redact(text, hint)
		if within(redacted, limit) {
			return redacted, count
		}
		return settle(redacted, count, limit, redact, hint)
	}
	if limit <= head+tail {
		return redactHead(text, limit, redact, hint)
	}
	start, inStart := redactHead(text, head, redact, hint)
	end, inEnd := redactTail(text, redact, hint)
	return start + end, inStart + inEnd
}

func redactHead(text string, limit int, redact Redact, hint model.Hint) (string, int) {
	window := first(text, limit+overlap)
	redacted, count := redact(window, hint)
	// What follows the last redaction is raw text up to the window's end, where a secret may be cut: the overlap's share of it goes.
	raw := commonEnd(window[model.Forward(window, 0, limit):], redacted)
	return settle(redacted[:len(redacted)-raw], count, limit, redact, hint)
}

func redactTail(text string, redact Redact, hint model.Hint) (string, int) {
	window := last(text, tail+tailOverlap)
	redacted, count := redact(window, hint)
	raw := commonStart(first(window, tailOverlap), redacted)
	kept := last(redacted[raw:], tail)
	if at := strings.IndexFunc(kept, isBorder); at >= 0 {
		return kept[at:], count
	}
	return "", count
}

// settle cuts, and looks again: shortening a run of digits can make it look like a number that has to go.
func settle(text string, count, limit int, redact Redact, hint model.Hint) (string, int) {
	kept := cut(text, limit)
	for range stableAfter {
		again, found := redact(kept, hint)
		if again == kept {
			break
		}
		count += found
		kept = again
		if !within(again, limit) {
			kept = cut(again, limit)
		}
	}
	return kept, count
}

// cut returns at most limit characters: up to the last border between tokens, and the mark.
func cut(text string, limit int) string {
	kept := first(text, max(limit-1, 0))
	if strings.HasSuffix(kept, mark) {
		return kept
	}
	end := strings.LastIndexFunc(kept, isBorder)
	if end < 0 {
		return mark
	}
	_, size := utf8.DecodeRuneInString(kept[end:])
	return strings.TrimRightFunc(kept[:end+size], isSpace) + mark
}

// commonEnd returns how many bytes of whole characters both texts end with, commonStart what they begin with.
func commonEnd(one, two string) int {
	common := 0
	for {
		a, size := utf8.DecodeLastRuneInString(one[:len(one)-common])
		b, other := utf8.DecodeLastRuneInString(two[:len(two)-common])
		if size == 0 || size != other || a != b {
			return common
		}
		common += size
	}
}

func commonStart(one, two string) int {
	common := 0
	for {
		a, size := utf8.DecodeRuneInString(one[common:])
		b, other := utf8.DecodeRuneInString(two[common:])
		if size == 0 || size != other || a != b {
			return common
		}
		common += size
	}
}
