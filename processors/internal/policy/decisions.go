package policy

import (
	"strings"

	"github.com/otel-smart-agents/otel-smart-agents/processors/internal/detectors/keys"
	"github.com/otel-smart-agents/otel-smart-agents/processors/internal/detectors/model"
	"github.com/otel-smart-agents/otel-smart-agents/processors/internal/registry"
)

// verdict is what happens to an attribute because of its key: no value is looked at.
type verdict uint8

const (
	dropIt        verdict = iota
	keepIt                // if its value fits the registry
	hashIt                // with the key of the pseudonyms
	scanIt                // with the detectors
	contentIt             // content that passes through the detectors because the operator said so
	onlyFallback          // what the registry has in place of a value
	maxNeverWords = 256
)

// stepCategories are the categories of everything that can be a step of a workflow.
const stepCategories = registry.Agent | registry.Skill | registry.Workflow

var resourceKeys = setOf(registry.ResourceKeys)

func setOf(values []string) map[string]bool {
	set := make(map[string]bool, len(values))
	for _, value := range values {
		set[value] = true
	}
	return set
}

// decision is what happens to one key under some categories.
type decision struct {
	verdict   verdict
	attribute *registry.Attribute // also for a key under a registered prefix; nil for an unknown key
}

// question is a key in its place.
type question struct {
	key        string
	attribute  *registry.Attribute // its own row of the registry, nil if it has none
	categories registry.Category   // what was agreed to
	kind       string              // of the span that it stands on, "" anywhere else
	resource   bool                // it stands on a resource
}

// decide returns what happens to an attribute. The allow-list comes first: an unknown key is dropped.
func (f *Filter) decide(q question) decision {
	if q.attribute != nil {
		if f.options.Upstream && !q.resource && resourceKeys[q.key] {
			return decision{dropIt, q.attribute} // it describes the product: for its makers it counts on the resource only
		}
		return decision{f.registered(q), q.attribute}
	}
	if registry.NeverKey(q.key) {
		return decision{}
	}
	prefix := registry.PrefixOf(q.key)
	return decision{f.unregistered(q.key, prefix), prefix}
}

func (f *Filter) registered(q question) verdict {
	switch attribute := q.attribute; {
	case attribute.Class == registry.Never:
		if attribute.Content && !f.options.Upstream && f.content[attribute.Key] {
			return contentIt
		}
		return dropIt
	case attribute.Class == registry.Scan || attribute.OwnOnly:
		if f.options.Upstream {
			return dropIt
		}
		return scanIt
	case attribute.Class == registry.Consent:
		return consented(q)
	case !attribute.Hashed:
		return keepIt
	case len(f.options.PseudonymKey) == 0:
		return dropIt
	}
	return hashIt
}

func consented(q question) verdict {
	needed := q.attribute.Category
	if there, differs := q.attribute.CategoryIn[q.kind]; differs {
		needed = there
	}
	switch {
	case q.key == registry.KeySmartAgentsWorkflowPatternHash && !q.categories.Has(stepCategories):
		return dropIt // a fingerprint over names could be tried out for those that need a missing consent
	case q.categories.Has(needed):
		return keepIt
	case q.key == registry.KeyErrorType:
		return onlyFallback // only that there was an error
	}
	return dropIt
}

func (f *Filter) unregistered(key string, prefix *registry.Attribute) verdict {
	name := key
	if prefix != nil {
		name = key[len(prefix.Key):]
	}
	switch {
	case f.options.Upstream, prefix == nil && !f.options.ScanUnknown:
		return dropIt
	case neverWord(name), keys.Denied(name):
		return dropIt
	case !isKeyForm(name) || !f.isClean(name):
		return dropIt
	}
	return scanIt
}

// isClean tells whether the detectors leave the text as it is.
func (f *Filter) isClean(text string) bool {
	kept, _ := f.options.Redact(text, model.Plain)
	return kept == text
}

// neverWord tells whether the key's words (split at signs and at a change of case) contain one of the never-list's next to each other.
func neverWord(key string) bool {
	words := "_" + strings.Join(wordsOf(first(key, maxNeverWords)), "_") + "_"
	for _, never := range registry.NeverWords {
		if strings.Contains(words, "_"+never+"_") {
			return true
		}
	}
	return false
}

// wordsOf returns the runs of capitals, of letters after at most one capital, and of digits, in lower case.
func wordsOf(key string) []string {
	var words []string
	for start := 0; start < len(key); {
		end := start + wordAt(key[start:])
		if end > start {
			words = append(words, strings.ToLower(key[start:end]))
		}
		start = max(end, start+1)
	}
	return words
}

// wordAt returns the length of the word at the beginning of a text, 0 if there is none. The last of several capitals before a small letter
// begins the next word.
func wordAt(text string) int {
	capitals := countWhile(text, isUpper)
	small := countWhile(text[capitals:], isLower)
	switch {
	case capitals > 0 && small == 0:
		return capitals
	case capitals > 1:
		return capitals - 1
	case small > 0:
		return capitals + small
	}
	return countWhile(text, model.IsDigit)
}

func countWhile(text string, is func(byte) bool) int {
	count := 0
	for count < len(text) && is(text[count]) {
		count++
	}
	return count
}
