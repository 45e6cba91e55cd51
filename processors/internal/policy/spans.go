package policy

import (
	"math"

	"go.opentelemetry.io/collector/pdata/pcommon"
	"go.opentelemetry.io/collector/pdata/ptrace"

	"github.com/otel-smart-agents/otel-smart-agents/processors/internal/registry"
)

// Traces removes what may not pass and redacts the rest in place: name, attributes, events, links, trace state, status description,
// resource, and name, version and attributes of the scope. A span on which the filter itself fails is removed.
func (f *Filter) Traces(traces ptrace.Traces, t *Tally) {
	p := f.pass(t)
	defer f.views.Put(p.view)
	traces.ResourceSpans().RemoveIf(func(group ptrace.ResourceSpans) bool {
		p.enter(group.Resource())
		spans := func() (count int) {
			for _, scope := range group.ScopeSpans().All() {
				count += scope.Spans().Len()
			}
			return count
		}
		p.guarded(spans(), func() {
			group.ScopeSpans().RemoveIf(func(scope ptrace.ScopeSpans) bool { return !p.spans(scope) })
			if group.ScopeSpans().Len() > 0 {
				p.leave(group.Resource())
				group.SetSchemaUrl(f.form(group.SchemaUrl(), isSchema))
			}
		})
		return p.failed || group.ScopeSpans().Len() == 0
	})
}

func (p *pass) spans(group ptrace.ScopeSpans) bool {
	scope := group.Scope().Name()
	group.Spans().RemoveIf(func(span ptrace.Span) bool { return !p.span(span, scope) })
	if group.Spans().Len() == 0 {
		return false
	}
	p.scope(group.Scope())
	group.SetSchemaUrl(p.filter.form(group.SchemaUrl(), isSchema))
	return true
}

// span redacts a span in place; false if it may not pass.
func (p *pass) span(span ptrace.Span, scope string) (kept bool) {
	defer p.catch(&kept)
	f := p.filter
	f.look(span.Attributes(), p.view)
	kind := p.view.kind(span.Name(), scope)
	g, why := p.gateOf(kind)
	if why == Passed && f.options.Upstream && (kind == "" || scope != registry.ScopeName) {
		why = NotForAudience
	}
	if why != Passed {
		p.tally.drop(why, 1)
		return false
	}
	p.redactSpan(span, g, kind)
	return true
}

func (p *pass) redactSpan(span ptrace.Span, g *gate, kind string) {
	f, t, before := p.filter, p.tally, *p.tally
	p.keepSpan(span.Attributes(), g, placeOf(kind))
	addDropped(span.DroppedAttributesCount(), span.SetDroppedAttributesCount, t.Attributes-before.Attributes)
	if span.Events().Len() > 0 {
		p.events(span, g)
	}
	if span.Links().Len() > 0 {
		p.links(span, g)
	}
	f.traceState(span.TraceState())
	span.SetFlags(span.Flags() & knownFlags)
	p.status(span, g)
	if kept := g.spanName(span.Name(), kind, t); kept != span.Name() {
		span.SetName(kept)
	}
	addRedactions(span.Attributes(), t.Redactions-before.Redactions)
}

// knownFlags are the bits of a span's flags that have a meaning: trace flags, and whether the parent is remote.
const knownFlags = 0x3ff

func (p *pass) keepSpan(attributes pcommon.Map, g *gate, where place) {
	steps := p.steps(attributes)
	g.keep(attributes, p.view, where, p.tally)
	p.putStackHash(attributes, p.view.stack, g)
	if steps == nil {
		return
	}
	kept, found := attributes.Get(registry.KeySmartAgentsWorkflowSteps)
	// A fingerprint over names that may not leave could be tried out.
	if found && !sameTexts(steps, kept) && attributes.Remove(registry.KeySmartAgentsWorkflowPatternHash) {
		p.tally.Attributes++
	}
}

// steps returns the steps of a workflow before they are redacted, nil if there are none.
func (p *pass) steps(attributes pcommon.Map) []string {
	if !p.view.hasSteps {
		return nil
	}
	steps, _ := attributes.Get(registry.KeySmartAgentsWorkflowSteps)
	if steps.Type() != pcommon.ValueTypeSlice {
		return nil
	}
	texts := make([]string, 0, steps.Slice().Len())
	for _, step := range steps.Slice().All() {
		texts = append(texts, step.AsString())
	}
	return texts
}

func sameTexts(texts []string, list pcommon.Value) bool {
	if list.Type() != pcommon.ValueTypeSlice || list.Slice().Len() != len(texts) {
		return false
	}
	for i, element := range list.Slice().All() {
		if element.Str() != texts[i] {
			return false
		}
	}
	return true
}

// events redacts a span's events; of too many, the latest are kept: exceptions come last.
func (p *pass) events(span ptrace.Span, g *gate) {
	surplus := span.Events().Len() - p.filter.options.MaxEvents
	addDropped(span.DroppedEventsCount(), span.SetDroppedEventsCount, surplus)
	span.Events().RemoveIf(func(event ptrace.SpanEvent) bool {
		surplus--
		if surplus >= 0 {
			return true
		}
		stack := stackOf(event.Attributes())
		addDropped(event.DroppedAttributesCount(), event.SetDroppedAttributesCount, p.keepPlain(event.Attributes(), g))
		p.putStackHash(event.Attributes(), stack, g)
		if kept := p.filter.eventName(event.Name(), p.tally); kept != event.Name() {
			event.SetName(kept)
		}
		return false
	})
}

// links redacts a span's links; of too many, the latest are kept.
func (p *pass) links(span ptrace.Span, g *gate) {
	surplus := span.Links().Len() - p.filter.options.MaxEvents
	addDropped(span.DroppedLinksCount(), span.SetDroppedLinksCount, surplus)
	span.Links().RemoveIf(func(link ptrace.SpanLink) bool {
		surplus--
		if surplus >= 0 {
			return true
		}
		p.filter.traceState(link.TraceState())
		link.SetFlags(link.Flags() & knownFlags)
		addDropped(link.DroppedAttributesCount(), link.SetDroppedAttributesCount, p.keepPlain(link.Attributes(), g))
		return false
	})
}

// keepPlain redacts attributes whose rules do not depend on the kind of span, and returns how many were dropped.
func (p *pass) keepPlain(attributes pcommon.Map, g *gate) int {
	before := p.tally.Attributes
	g.keep(attributes, nil, anywhere, p.tally)
	return p.tally.Attributes - before
}

// addDropped adds to a count of what was dropped.
func addDropped(before uint32, set func(uint32), more int) {
	if more > 0 {
		set(uint32(min(uint64(before)+uint64(more), math.MaxUint32)))
	}
}

// addRedactions adds to the count of redactions that stands on a span or record.
func addRedactions(attributes pcommon.Map, more int) {
	if more == 0 {
		return
	}
	count := int64(more)
	if before, found := attributes.Get(registry.KeySmartAgentsRedactionCount); found {
		count += before.Int()
	}
	attributes.PutInt(registry.KeySmartAgentsRedactionCount, count)
}
