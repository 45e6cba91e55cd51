package detectors

import (
	"math/bits"
	"slices"
	"strings"

	"github.com/otel-smart-agents/otel-smart-agents/processors/internal/detectors/model"
	"github.com/otel-smart-agents/otel-smart-agents/processors/internal/detectors/personal"
	"github.com/otel-smart-agents/otel-smart-agents/processors/internal/detectors/secrets"
	"github.com/otel-smart-agents/otel-smart-agents/processors/internal/detectors/secretvalues"
)

// A replacement can bring a keyword nearer to what it announces; every round leaves fewer candidates.
const rounds = 4

// engine is the trigger pass and the finders behind it. It does not change once made.
type engine struct {
	pass     *pass
	triggers []model.Trigger
	needs    []int  // index of the trigger that must have fired as well, -1 = none
	helpers  uint64 // triggers that only matter together with a keyword
	apart    uint64 // triggers whose finder looks at what stands around a match
	escaped  int
}

func newEngine() *engine {
	triggers := slices.Concat(personal.Triggers(), secrets.Triggers(), evasions())
	places := map[string]int{}
	for index, trigger := range triggers {
		places[trigger.Name] = index
	}
	e := &engine{pass: newPass(triggers), triggers: triggers, needs: make([]int, len(triggers)), escaped: places[escapedName]}
	e.helpers = 1<<places["digits"] | 1<<places["id-digits"]
	for index, trigger := range triggers {
		e.needs[index] = -1
		if trigger.Needs != "" {
			e.needs[index] = places[trigger.Needs]
		}
		if !trigger.Alone {
			e.apart |= 1 << index
		}
	}
	return e
}

// redact replaces what the detectors find; the same text comes back when that is nothing. It also returns how many places were replaced.
func (e *engine) redact(text string, hint model.Hint) (string, int) {
	if hint&model.Keyed != 0 && secretvalues.LooksIssued(text) {
		return "[secret]", 1
	}
	count := 0
	for range rounds {
		fired := e.pass.fired(text)
		foreign := !model.IsASCII(text)
		if !foreign && fired&^e.helpers == 0 {
			return text, count
		}
		result, found, settled := e.round(text, hint, fired, foreign)
		text, count = result, count+found
		if settled || found == 0 {
			break
		}
	}
	return text, count
}

// round scans once; it tells whether another scan would find nothing.
func (e *engine) round(text string, hint model.Hint, fired uint64, foreign bool) (result string, found int, settled bool) {
	spans := e.spans(text, hint, fired, foreign)
	if fired>>e.escaped&1 != 0 || (foreign && hidesLetters(text)) {
		if plain := normalised(text); plain != text {
			again := merged(e.spans(plain, hint, e.pass.fired(plain), !model.IsASCII(plain)))
			spans = merged(spans)
			if showsMore(text, spans, plain, again) {
				result, found = replaced(plain, again)
				return result, found, false
			}
		}
	}
	if len(spans) == 0 {
		return text, 0, true
	}
	spans = merged(spans)
	// Detectors that judge by the match alone, nothing glued to what went, no new keyword: another round would find the same nothing.
	settled = !foreign && e.apart&fired == 0 && !slices.ContainsFunc(spans, func(s model.Span) bool { return opens(text, s) })
	result, found = replaced(text, spans)
	return result, found, settled
}

// spans asks the finders of the triggers that fired.
func (e *engine) spans(text string, hint model.Hint, fired uint64, foreign bool) []model.Span {
	scan := model.NewScan(text, hint)
	for left := fired; left != 0; left &= left - 1 {
		index := bits.TrailingZeros64(left)
		if needs := e.needs[index]; needs < 0 || fired>>needs&1 != 0 {
			e.triggers[index].Find(scan, e.triggers[index].Argument)
		}
	}
	if foreign {
		secrets.ForeignNames(scan)
		personal.ForeignKeywords(scan)
		personal.ForeignPhoneWords(scan)
	}
	return scan.Spans
}

// showsMore tells whether the plain spelling shows more: other places, or more of the same ones (da<zero-width>na@… is seen from na on).
func showsMore(text string, spans []model.Span, plain string, again []model.Span) bool {
	if len(again) != len(spans) || len(again) == 0 {
		return len(again) > len(spans)
	}
	covered := 0
	for _, span := range again {
		covered += characters(plain[span.Start:span.End])
	}
	for _, span := range spans {
		covered -= characters(normalised(text[span.Start:span.End]))
	}
	return covered > 0
}

const edge = "_-.@:+%"

// opens tells whether something may be seen after the replacement that was not seen before: what is glued to it, or what its own name
// announces.
func opens(text string, s model.Span) bool {
	switch s.Replacement {
	case "[phone]", "[ssn]", "[imei]":
		return true
	}
	return (s.Start > 0 && isEdge(text[s.Start-1])) || (s.End < len(text) && isEdge(text[s.End]))
}

func isEdge(b byte) bool { return model.IsAlnum(b) || strings.IndexByte(edge, b) >= 0 }
