package policy

import (
	"slices"
	"strings"

	"github.com/otel-smart-agents/otel-smart-agents/processors/internal/detectors/keys"
	"github.com/otel-smart-agents/otel-smart-agents/processors/internal/detectors/model"
	"github.com/otel-smart-agents/otel-smart-agents/processors/internal/registry"
)

// maxBlanks are the blanks of a name: what has more words is a sentence, whatever its letters are.
const maxBlanks = 4

var (
	// fixedForms are digits and hex of a fixed length, or three capitals: no text fits in, and a detector could take one in a thousand
	// for a number.
	fixedForms = []string{
		registry.PatternUUID, registry.PatternSHA256, registry.PatternStackHash, registry.PatternPseudonym, registry.PatternCurrency,
	}
	freeForms = []string{registry.PatternName, registry.PatternCommand, registry.PatternFileType}

	knownClasses = setOf(registry.KnownClasses)
)

// isDeclared tells whether the product declares a name; without a catalogue every name counts as declared, since the sender's exporter,
// which can read the product's code, has looked already.
func (f *Filter) isDeclared(name string) bool { return f.declared == nil || f.declared[name] }

// textCheck returns the check of an attribute's texts or elements. The category is not looked at here.
func (f *Filter) textCheck(attribute *registry.Attribute) check {
	switch {
	case attribute.Hashed:
		return f.hashed
	case attribute.Catalogue != nil:
		return f.listed(attribute)
	case attribute.Pattern == "": // the registry has no text without a form; one would be treated like a name
		return f.patterned(attribute, registry.PatternName)
	}
	return f.patterned(attribute, attribute.Pattern)
}

func (f *Filter) hashed(text string, _ *Tally) (string, bool) {
	if len(f.hashes.key) == 0 || text == errorValue {
		return "", false
	}
	if f.hashes.is(text) {
		return text, true
	}
	return f.hashes.of(text), true
}

// replacement returns what stands in place of a text that may not be kept.
func (f *Filter) replacement(attribute *registry.Attribute, text string) (string, bool) {
	switch {
	case attribute.Class == registry.Pseudonymous:
		if len(f.hashes.key) == 0 {
			return "", false
		}
		return f.hashes.of(text), true
	case attribute.Fallback != "":
		return attribute.Fallback, true
	}
	return f.hashes.otherName(text), true
}

func (f *Filter) listed(attribute *registry.Attribute) check {
	catalogue := setOf(attribute.Catalogue)
	return func(text string, t *Tally) (string, bool) {
		if catalogue[text] || f.stands(attribute, text) {
			return text, true
		}
		t.Redactions++
		return f.replacement(attribute, text)
	}
}

// stands tells whether the text already stands for one that was not kept.
func (f *Filter) stands(attribute *registry.Attribute, text string) bool {
	return attribute.Fallback != "" && text == attribute.Fallback || text == errorValue || f.hashes.isOther(text)
}

func (f *Filter) patterned(attribute *registry.Attribute, pattern string) check {
	limit := attribute.MaxLength
	if limit == 0 {
		limit = f.options.MaxValueLength
	}
	blanks := limit
	if pattern == registry.PatternName {
		blanks = maxBlanks
	}
	matches, scans := matcherOf(pattern), !slices.Contains(fixedForms, pattern)
	hint := keys.HintOf(attribute.Key) &^ model.Denied
	mustBeDeclared := attribute.Class == registry.Consent && slices.Contains(freeForms, pattern)
	fits := func(text string) bool {
		return within(text, limit) && matches(text) && strings.Count(text, " ") <= blanks && (!mustBeDeclared || f.isDeclared(text))
	}
	return func(text string, t *Tally) (string, bool) {
		if !scans && fits(text) || f.stands(attribute, text) || f.hashes.is(text) {
			return text, true
		}
		if scans && fits(text) {
			if kept, _ := f.options.Redact(text, hint); kept == text {
				return text, true
			}
		}
		t.Redactions++
		return f.replacement(attribute, text)
	}
}

// declaredClass lets through, for the makers of a product, a class of Python's, of a known library or of the product itself; anybody
// else's may tell a name.
func (f *Filter) declaredClass(inner check) check {
	return func(text string, t *Tally) (string, bool) {
		if text == registry.ErrorTypeOther || knownClasses[text] || f.isDeclared(text) {
			return inner(text, t)
		}
		t.Redactions++
		return registry.ErrorTypeOther, true
	}
}

// stepCheck returns the check of one step such as "agent:code-reviewer"; without the consent of its kind the bare kind stays.
func (g *gate) stepCheck() check {
	names := map[string]check{}
	for _, kind := range []string{"agent", kindSkill, "tool", "workflow", "step"} {
		names[kind] = nil
		if declared := kinds[kind]; g.categories.Has(declared.Category) {
			names[kind] = g.filter.textCheck(attributeOf(declared.NameKey))
		}
	}
	return func(text string, t *Tally) (string, bool) {
		kind, name, named := strings.Cut(text, ":")
		inner, isKind := names[kind]
		switch {
		case !isKind && text == errorValue:
			return text, true
		case !isKind:
			if text != other {
				t.Redactions++
			}
			return other, true
		case !named || inner == nil:
			return kind, true
		}
		kept, _ := inner(name, t)
		if kept == name {
			return text, true
		}
		return kind + ":" + kept, true
	}
}

func attributeOf(key string) *registry.Attribute {
	for i := range registry.Attributes {
		if registry.Attributes[i].Key == key {
			return &registry.Attributes[i]
		}
	}
	return nil
}
