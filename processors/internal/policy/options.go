// Package policy decides what of spans, log records and metrics may pass, and redacts what does: pure functions over pdata, in place.
//
// It is the Python package's filter (otel_smart_agents/privacy) in Go; tests/vectors/spans.json binds both. It fails closed: what cannot
// be filtered does not pass.
package policy

import (
	"github.com/otel-smart-agents/otel-smart-agents/processors/internal/detectors/model"
	"github.com/otel-smart-agents/otel-smart-agents/processors/internal/erasure"
	"github.com/otel-smart-agents/otel-smart-agents/processors/internal/registry"
)

// LogBody is the name under which Options.Content lets the bodies of log records through the detectors.
const LogBody = "log.body"

// Limits of an Options that sets none of its own: those of the Python package.
const (
	DefaultValueLength = 1_000
	DefaultAttributes  = 128
	DefaultEvents      = 128
	DefaultDepth       = 6
)

// Redact returns a text with every secret and personal datum replaced, and how many places that were.
type Redact func(text string, hint model.Hint) (string, int)

// HashStack returns the fingerprint of the text of a stack; frames of the packages count as the application's.
type HashStack func(text string, packages []string) string

// Options is what one pipeline lets through.
type Options struct {
	ConsentRequired bool              // only data with a recorded consent passes
	Upstream        bool              // the data is for the makers of a product, not for the operator of the program
	Categories      registry.Category // the most that passes, whatever was agreed to
	ScanUnknown     bool              // keys that the registry does not know are scanned by the detectors instead of dropped; own only
	Content         []string          // keys of class Never that pass through the detectors all the same, and LogBody; own only
	Catalogue       []string          // the names that the product declares; nil = every name that has the form of one
	PseudonymKey    []byte            // key of the keyed hashes; empty drops values that are kept as hashes only
	PseudonymKeyID  string            // public id of that key, 1 to 16 letters, digits or _
	Packages        []string          // the product's packages, for the fingerprint of stacks
	MaxValueLength  int               // characters kept of one text, unless the registry sets its own limit
	MaxAttributes   int               // attributes kept of one span, event, link, record or point
	MaxEvents       int               // events (and, separately, links) kept of one span
	MaxDepth        int               // levels of nesting kept of one value
	Withdrawn       []Withdrawal      // consents that were taken back
	Erased          erasure.Set       // installations that asked for erasure; nil = none
	Redact          Redact            // the detectors
	HashStack       HashStack         // the fingerprint
}

// withDefaults returns the options with the limits that are not set.
func (o Options) withDefaults() Options {
	for _, limit := range []struct {
		value    *int
		standard int
	}{
		{&o.MaxValueLength, DefaultValueLength}, {&o.MaxAttributes, DefaultAttributes},
		{&o.MaxEvents, DefaultEvents}, {&o.MaxDepth, DefaultDepth},
	} {
		if *limit.value <= 0 {
			*limit.value = limit.standard
		}
	}
	return o
}
