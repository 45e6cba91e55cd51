package detectors

import (
	"regexp"
	"strings"
	"sync"

	"github.com/otel-smart-agents/otel-smart-agents/processors/internal/detectors/literals"
	"github.com/otel-smart-agents/otel-smart-agents/processors/internal/detectors/model"
)

// pass tells which triggers occur in a text.
type pass struct {
	triggers []model.Trigger
	compiled []func() *regexp.Regexp
}

func newPass(triggers []model.Trigger) *pass {
	p := &pass{triggers: triggers, compiled: make([]func() *regexp.Regexp, len(triggers))}
	for index, trigger := range triggers {
		p.compiled[index] = sync.OnceValue(func() *regexp.Regexp { return regexp.MustCompile(trigger.Pattern) })
	}
	return p
}

func (p *pass) fired(text string) literals.Set {
	set := literals.SetFor(len(p.triggers))
	for index := range p.triggers {
		if p.compiled[index]().MatchString(text) {
			set.Add(index)
		}
	}
	return set
}

var _ = strings.Index
