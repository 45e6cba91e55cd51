// Package wordset tells which of many patterns with a literal core occur in a text.
package wordset

import (
	"regexp"
	"strings"
	"sync"

	"github.com/otel-smart-agents/otel-smart-agents/processors/internal/detectors/literals"
)

// Row is one pattern.
type Row struct {
	Literal string // lower-case text that must occur wherever the pattern matches
	Pattern string // RE2 syntax
}

// WordSet is compiled at the first question, each pattern when its literal is first met. It can be used from many goroutines.
type WordSet struct {
	rows     []Row
	once     sync.Once
	words    *literals.Automaton
	compiled []func() *regexp.Regexp
}

// New makes a set; its patterns must be valid.
func New(rows []Row) *WordSet { return &WordSet{rows: rows} }

// Match returns the indices of the rows that occur, in ascending order; nil when none does.
func (w *WordSet) Match(text string) []int {
	w.once.Do(w.compile)
	seen := w.words.Seen(text)
	var fired []int
	for index := range seen.All() {
		if w.compiled[index]().MatchString(text) {
			fired = append(fired, index)
		}
	}
	return fired
}

func (w *WordSet) compile() {
	words := make([]string, len(w.rows))
	w.compiled = make([]func() *regexp.Regexp, len(w.rows))
	for index, row := range w.rows {
		words[index] = strings.ToLower(row.Literal)
		w.compiled[index] = sync.OnceValue(func() *regexp.Regexp { return regexp.MustCompile(row.Pattern) })
	}
	w.words = literals.New(words)
}
