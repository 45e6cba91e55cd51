package policy

import (
	"math"
	"slices"
	"strings"
	"sync/atomic"

	"go.opentelemetry.io/collector/pdata/pcommon"

	"github.com/otel-smart-agents/otel-smart-agents/processors/internal/registry"
)

// errorValue stands for a value whose filter failed.
const errorValue = "[redaction_error]"

// check returns what may be kept of a text, false to drop it.
type check func(text string, t *Tally) (string, bool)

// rule is what happens to the values of one key.
type rule struct {
	number   uint64 // tells rules apart in the memory of texts
	verdict  verdict
	typ      registry.Type
	maxItems int
	text     check    // for texts and elements of lists
	cheap    bool     // checking a text costs no more than remembering it
	scan     *scanner // for values of any shape
	fallback string
}

var (
	ruleNumber atomic.Uint64
	dropRule   = &rule{verdict: dropIt}
)

// addresses are the beginnings of keys whose values are addresses of requests, which look like paths.
var addresses = []string{"http.", "url.", "rpc.", "db.", "messaging.", "mcp."}

const labels = "smart_agents.label."

func (g *gate) newRule(ask question) *rule {
	f := g.filter
	found := f.decide(ask)
	attribute := found.attribute
	r := &rule{number: ruleNumber.Add(1), verdict: found.verdict, typ: registry.Any}
	if attribute != nil {
		r.typ, r.maxItems, r.fallback = attribute.Type, attribute.MaxItems, attribute.Fallback
	}
	switch found.verdict {
	case dropIt, onlyFallback:
	case scanIt, contentIt:
		r.scan = f.newScanner(ask.key, attribute)
		r.text = r.scan.text
		if found.verdict == contentIt {
			r.typ = registry.Any
		}
	case keepIt, hashIt:
		r.text = g.checkOf(attribute)
		r.cheap = found.verdict == keepIt && (attribute.Catalogue != nil || slices.Contains(fixedForms, attribute.Pattern))
	}
	return r
}

// checkOf returns the check of a registered attribute's texts.
func (g *gate) checkOf(attribute *registry.Attribute) check {
	f := g.filter
	switch attribute.Key {
	case registry.KeyErrorType, registry.KeyExceptionType:
		inner := f.textCheck(attribute)
		if f.options.Upstream {
			inner = f.declaredClass(inner)
		}
		// A module's path says where the program lives: only the last name is kept.
		return func(text string, t *Tally) (string, bool) { return inner(afterLast(text), t) }
	case registry.KeySmartAgentsWorkflowSteps:
		return g.stepCheck()
	}
	return f.textCheck(attribute)
}

// keep drops and redacts the attributes of a map in place. The view is what was seen of them before; nil if nobody looked yet.
func (g *gate) keep(attributes pcommon.Map, v *view, where place, t *Tally) {
	f, before, at := g.filter, attributes.Len(), -1
	attributes.RemoveIf(func(key string, value pcommon.Value) bool {
		at++
		if v == nil {
			return !f.apply(g.rule(f.info(key), where), value, t)
		}
		info := v.infos[at]
		r := g.rule(info, where)
		if info.index == 0 || value.Type() != pcommon.ValueTypeStr {
			return !f.apply(r, value, t)
		}
		text, last := value.Str(), &v.last[info.index]
		if last.rule == r && last.text == text {
			return false
		}
		if !f.apply(r, value, t) {
			return true
		}
		if len(text) <= rememberedLength && value.Type() == pcommon.ValueTypeStr && value.Str() == text {
			*last = seen{r, text}
		}
		return false
	})
	if attributes.Len() > f.options.MaxAttributes {
		keepFirst(attributes, f.options.MaxAttributes)
	}
	t.Attributes += before - attributes.Len()
}

// keepFirst keeps the first attributes, and what the filter itself adds whatever the limit: filtering again must not drop that.
func keepFirst(attributes pcommon.Map, limit int) {
	kept := 0
	attributes.RemoveIf(func(key string, _ pcommon.Value) bool {
		switch key {
		case registry.KeySmartAgentsRedactionCount, registry.KeyErrorType, registry.KeySmartAgentsErrorStackHash:
			return false
		}
		kept++
		return kept > limit
	})
}

// apply redacts one value in place; false to drop it.
func (f *Filter) apply(r *rule, value pcommon.Value, t *Tally) bool {
	switch r.verdict {
	case dropIt:
		return false
	case onlyFallback:
		if value.Type() != pcommon.ValueTypeStr || value.Str() != r.fallback {
			value.SetStr(r.fallback)
		}
		return true
	}
	switch r.typ {
	case registry.String:
		return f.applyText(r, value, t)
	case registry.Int:
		return value.Type() == pcommon.ValueTypeInt || wrongType(t)
	case registry.Double:
		return applyDouble(value, t)
	case registry.Boolean:
		return value.Type() == pcommon.ValueTypeBool || wrongType(t)
	case registry.Strings:
		return applyList(r, value, t)
	}
	if value.Type() == pcommon.ValueTypeStr {
		return f.applyText(r, value, t)
	}
	return r.scan.value(value, t)
}

func wrongType(t *Tally) bool {
	t.WrongTypes++
	return false
}

func (f *Filter) applyText(r *rule, value pcommon.Value, t *Tally) bool {
	if value.Type() != pcommon.ValueTypeStr {
		return wrongType(t)
	}
	text := value.Str()
	kept, keep := f.applyString(r, text, t)
	if keep && kept != text {
		value.SetStr(kept)
	}
	return keep
}

// applyString returns what the rule keeps of a text; false to drop it.
func (f *Filter) applyString(r *rule, text string, t *Tally) (string, bool) {
	if r.cheap {
		return r.text(text, t)
	}
	if kept, known := f.texts.get(r, text); known {
		return kept, true
	}
	kept, keep := r.text(text, t)
	if keep && (kept == text || r.verdict == hashIt) {
		f.texts.put(r, text, kept)
	}
	return kept, keep
}

func applyDouble(value pcommon.Value, t *Tally) bool {
	switch value.Type() {
	case pcommon.ValueTypeInt:
		value.SetDouble(float64(value.Int()))
		return true
	case pcommon.ValueTypeDouble:
		return isFinite(value.Double()) || wrongType(t)
	}
	return wrongType(t)
}

func isFinite(number float64) bool { return !math.IsNaN(number) && !math.IsInf(number, 0) }

func applyList(r *rule, value pcommon.Value, t *Tally) bool {
	if value.Type() != pcommon.ValueTypeSlice {
		return wrongType(t)
	}
	seen := 0
	value.Slice().RemoveIf(func(element pcommon.Value) bool {
		seen++
		if r.maxItems > 0 && seen > r.maxItems {
			return true
		}
		if element.Type() != pcommon.ValueTypeStr {
			return !wrongType(t)
		}
		text := element.Str()
		kept, keep := r.text(text, t)
		if keep && kept != text {
			element.SetStr(kept)
		}
		return !keep
	})
	return true
}

// isAddress tells whether the values of a key can be addresses of requests.
func isAddress(key string) bool {
	for _, prefix := range addresses {
		if strings.HasPrefix(key, prefix) {
			return true
		}
	}
	return false
}
