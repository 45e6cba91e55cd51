package policy

import (
	"strconv"
	"strings"
	"unicode/utf8"

	"go.opentelemetry.io/collector/pdata/pcommon"

	"github.com/otel-smart-agents/otel-smart-agents/processors/internal/detectors/keys"
	"github.com/otel-smart-agents/otel-smart-agents/processors/internal/detectors/model"
	"github.com/otel-smart-agents/otel-smart-agents/processors/internal/registry"
)

const (
	bytesValue = "[bytes]"    // stands for bytes: no detector can look into them
	tooDeep    = "[too deep]" // stands for what is nested deeper than the policy allows
	maxKey     = 128          // characters of a nested key
	longNumber = 100_000_000  // from nine digits on, a number can be a phone, card or account number
)

// scanner redacts one value of any shape: texts by the detectors, numbers by their digits, maps by key, lists element-wise.
type scanner struct {
	filter *Filter
	hint   model.Hint
	limit  int  // characters kept of one text
	paths  bool // a text that is one path is kept whole (addresses look like paths) instead of its last part
	// words keeps texts that are one word, like an identifier; any other text becomes a keyed hash, by which equal ones are still grouped.
	// It is for labels: whoever sets one means a word, and no detector finds a name or a prompt in free text.
	words bool
}

func (f *Filter) newScanner(key string, attribute *registry.Attribute) *scanner {
	s := &scanner{filter: f, hint: hintOf(key), limit: f.options.MaxValueLength}
	if attribute == nil {
		return s
	}
	if attribute.MaxLength > 0 {
		s.limit = attribute.MaxLength
	}
	s.words = attribute.Key == labels && !f.options.ScanUnknown
	s.paths = !s.words && isAddress(key)
	return s
}

// hintOf returns what a key says about its value, apart from two things. Whether the key is denied was judged before. That a path belongs
// to an address does not count here: a file's path can stand there too, and a home folder's name is somebody's.
func hintOf(key string) model.Hint { return keys.HintOf(key) &^ (model.Denied | model.URLPath) }

// text returns the redacted text.
func (s *scanner) text(text string, t *Tally) (string, bool) { return s.redact(text, s.hint, t), true }

func (s *scanner) redact(text string, hint model.Hint, t *Tally) string {
	if !s.words {
		return s.scanned(text, hint, t)
	}
	hashes := &s.filter.hashes
	if hashes.isOther(text) {
		return text
	}
	kept := s.scanned(text, hint, t)
	if isPlainWord(kept) || isPlaceholder(kept) {
		return kept
	}
	if kept == text {
		t.Redactions++
	}
	return hashes.otherName(text)
}

func (s *scanner) scanned(text string, hint model.Hint, t *Tally) string {
	name, isPath := "", false
	if !s.paths && within(text, s.limit) {
		name, isPath = barePath(text)
	}
	if isPath {
		text = name
	}
	kept, count := bounded(text, s.limit, s.filter.options.Redact, hint)
	if isPath {
		count = max(count, 1)
	}
	if kept == errorValue && text != errorValue {
		t.Failed++
	}
	t.Redactions += count
	return kept
}

// value redacts a value in place; false to drop it.
func (s *scanner) value(value pcommon.Value, t *Tally) bool {
	if value.Type() == pcommon.ValueTypeEmpty {
		return false
	}
	walk := walk{s, s.filter.options.MaxAttributes, t}
	return walk.any(value, s.hint, s.filter.options.MaxDepth)
}

// walk is one way through a nested value.
type walk struct {
	*scanner
	room  int // elements that are still kept, in all of the value
	tally *Tally
}

// any redacts a value in place; false for one that cannot be kept: of a map or list an empty value stays for it.
func (w *walk) any(value pcommon.Value, hint model.Hint, depth int) bool {
	switch value.Type() {
	case pcommon.ValueTypeStr:
		if kept := w.redact(value.Str(), hint, w.tally); kept != value.Str() {
			value.SetStr(kept)
		}
	case pcommon.ValueTypeInt:
		w.number(value)
	case pcommon.ValueTypeDouble:
		return isFinite(value.Double()) || wrongType(w.tally)
	case pcommon.ValueTypeBytes:
		w.tally.Redactions++
		value.SetStr(bytesValue)
	case pcommon.ValueTypeMap, pcommon.ValueTypeSlice:
		w.nested(value, hint, depth)
	}
	return true
}

func (w *walk) number(value pcommon.Value) {
	number := value.Int()
	if -longNumber < number && number < longNumber {
		return
	}
	text, count := w.filter.options.Redact(strconv.FormatInt(number, 10), model.Plain)
	if count > 0 {
		w.tally.Redactions += count
		value.SetStr(text)
	}
}

func (w *walk) nested(value pcommon.Value, hint model.Hint, depth int) {
	if depth <= 0 {
		w.tally.Redactions++
		value.SetStr(tooDeep)
		return
	}
	full := false // the first element without room counts as dropped, and none of this value's follows
	hasRoom := func() bool {
		if !full {
			w.room--
			if full = w.room < 0; full {
				w.tally.Attributes++
			}
		}
		return !full
	}
	if value.Type() == pcommon.ValueTypeSlice {
		value.Slice().RemoveIf(func(element pcommon.Value) bool {
			if !hasRoom() {
				return true
			}
			w.element(element, hint, depth)
			return false
		})
		return
	}
	value.Map().RemoveIf(func(key string, element pcommon.Value) bool {
		if !hasRoom() {
			return true
		}
		if !w.filter.isPlainKey(key) {
			w.tally.Redactions++
			return true
		}
		w.element(element, hintOf(key), depth)
		return false
	})
}

func (w *walk) element(element pcommon.Value, hint model.Hint, depth int) {
	if !w.any(element, hint, depth-1) {
		pcommon.NewValueEmpty().CopyTo(element)
	}
}

// isPlainKey tells whether a nested key is a name: no deny word, and nothing that a detector would touch.
func (f *Filter) isPlainKey(key string) bool {
	return within(key, maxKey) && utf8.ValidString(key) && !neverWord(key) && !keys.Denied(key) && f.isClean(key)
}

// barePath tells whether a text is nothing but a path of at least one folder, and returns its last part.
func barePath(text string) (string, bool) {
	rest := text
	switch {
	case strings.HasPrefix(rest, "~"):
		rest = rest[1:]
	case len(rest) > 1 && rest[1] == ':' && (isUpper(rest[0]) || isLower(rest[0])):
		rest = rest[2:]
	}
	if rest == "" || !isSeparator(rest[0]) || strings.IndexFunc(rest, isSpace) >= 0 {
		return "", false
	}
	rest = rest[1:]
	for folders := 0; ; folders++ {
		end := strings.IndexAny(rest, `/\`)
		if end < 0 {
			return rest, folders > 0
		}
		if end == 0 {
			return "", false
		}
		rest = rest[end+1:]
	}
}

func isSeparator(b byte) bool { return b == '/' || b == '\\' }
