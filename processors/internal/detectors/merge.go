package detectors

import (
	"cmp"
	"slices"
	"strings"
	"unicode/utf8"

	"github.com/otel-smart-agents/otel-smart-agents/processors/internal/detectors/model"
)

// merged keeps the left-most and longest; spans that overlap become one under the first one's name.
func merged(spans []model.Span) []model.Span {
	if len(spans) < 2 {
		return spans
	}
	slices.SortFunc(spans, order)
	kept := spans[:1]
	for _, span := range spans[1:] {
		if last := &kept[len(kept)-1]; span.Start >= last.End {
			kept = append(kept, span)
		} else {
			last.End = max(last.End, span.End)
		}
	}
	return kept
}

// order: between equals the telling name wins, then the alphabet; the order in which triggers are reported does not matter.
func order(a, b model.Span) int {
	return cmp.Or(cmp.Compare(a.Start, b.Start), cmp.Compare(b.End, a.End), cmp.Compare(general(a), general(b)),
		strings.Compare(a.Replacement, b.Replacement))
}

func general(s model.Span) int {
	if s.Replacement == "[secret]" || s.Replacement == "[personal]" {
		return 1
	}
	return 0
}

// replaced returns the text with the placeholders, and their number; a placeholder replaced by itself is no change.
func replaced(text string, spans []model.Span) (string, int) {
	var result strings.Builder
	result.Grow(len(text) + 8*len(spans))
	place := 0
	for _, span := range spans {
		result.WriteString(text[place:span.Start])
		result.WriteString(span.Replacement)
		place = span.End
	}
	result.WriteString(text[place:])
	if result.String() == text {
		return text, 0
	}
	return result.String(), len(spans)
}

func characters(text string) int { return utf8.RuneCountInString(text) }
