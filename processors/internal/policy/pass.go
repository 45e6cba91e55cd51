package policy

import (
	"go.opentelemetry.io/collector/pdata/pcommon"
	"go.opentelemetry.io/collector/pdata/ptrace"

	"github.com/otel-smart-agents/otel-smart-agents/processors/internal/registry"
)

// pass is the way of one batch through the filter, from resource to resource.
type pass struct {
	filter   *Filter
	tally    *Tally
	view     *view             // of the span or record that is looked at
	facts    facts             // of the resource
	granted  registry.Category // by the resource's facts alone
	why      Reason            // why nothing passes by them
	together registry.Category // what everything that passed was granted: the resource and scope are all of theirs
	scoped   registry.Category // the same for one scope
	failed   bool              // the filter failed on the resource or a scope
}

// pass returns the way of a new batch; its view goes back to f.views in the end.
func (f *Filter) pass(t *Tally) *pass {
	return &pass{filter: f, tally: t, view: f.views.Get().(*view)}
}

// enter begins with a resource.
func (p *pass) enter(resource pcommon.Resource) {
	p.facts = facts{}
	p.granted, p.why = 0, RedactionError
	p.together, p.scoped, p.failed = registry.AllCategories, registry.AllCategories, false
	p.guarded(0, func() {
		p.facts = p.filter.factsOf(resource.Attributes())
		p.granted, p.why = p.filter.judge(&p.facts)
	})
}

// guarded runs what may fail for a whole resource; then everything of it counts as dropped.
func (p *pass) guarded(items int, run func()) {
	before := p.tally.AllDropped()
	defer func() {
		if recover() != nil {
			p.failed = true
			p.tally.drop(RedactionError, max(items-(p.tally.AllDropped()-before), 0))
		}
	}()
	run()
}

// catch makes a panic on one span, record or metric a dropped one.
func (p *pass) catch(kept *bool) {
	if recover() != nil {
		*kept = false
		p.tally.drop(RedactionError, 1)
	}
}

// gateOf returns the gate of what the view was made of, or why it may not pass.
func (p *pass) gateOf(kind string) (*gate, Reason) {
	granted, why := p.granted, p.why
	if p.view.hasFacts {
		both := joined(p.facts, p.view.facts)
		if granted, why = p.filter.judge(&both); p.filter.isErased(p.facts.installation) {
			why = Erased
		}
	}
	if why != Passed {
		return nil, why
	}
	g := p.filter.gate(granted)
	if !g.grants(kind) {
		return nil, NoCategory
	}
	p.together &= granted
	p.scoped &= granted
	return g, Passed
}

// leave redacts a resource of which something passed.
func (p *pass) leave(resource pcommon.Resource) {
	before := p.tally.Attributes
	p.filter.gate(p.together).keep(resource.Attributes(), nil, onResource, p.tally)
	addDropped(resource.DroppedAttributesCount(), resource.SetDroppedAttributesCount, p.tally.Attributes-before)
	dropEntities(resource)
}

// dropEntities removes the references to entities, which are texts that the registry does not know. pdata has no way to read them, so what
// else a resource holds is moved to a new one.
func dropEntities(resource pcommon.Resource) {
	fresh := pcommon.NewResource()
	resource.Attributes().MoveTo(fresh.Attributes())
	fresh.SetDroppedAttributesCount(resource.DroppedAttributesCount())
	fresh.MoveTo(resource)
}

// scope redacts an instrumentation scope of which something passed.
func (p *pass) scope(scope pcommon.InstrumentationScope) {
	f := p.filter
	if kept := f.scopeName(scope.Name(), p.tally); kept != scope.Name() {
		scope.SetName(kept)
	}
	if kept := f.form(scope.Version(), isVersion); kept != scope.Version() {
		scope.SetVersion(kept)
	}
	dropped := p.keepPlain(scope.Attributes(), f.gate(p.scoped))
	addDropped(scope.DroppedAttributesCount(), scope.SetDroppedAttributesCount, dropped)
	p.scoped = registry.AllCategories
}

// stackOf returns the text of a stack among attributes.
func stackOf(attributes pcommon.Map) string {
	stack, _ := attributes.Get(registry.KeyExceptionStacktrace)
	if stack == (pcommon.Value{}) {
		return ""
	}
	return stack.Str()
}

const maxStack = 262_144 // characters: a longer text is a loop's output, not a stack

// putStackHash adds the fingerprint of a stack, made from the whole text, if there is one and errors may be told.
func (p *pass) putStackHash(attributes pcommon.Map, stack string, g *gate) {
	if stack == "" || !g.tellsErrors || !within(stack, maxStack) {
		return
	}
	attributes.PutStr(registry.KeySmartAgentsErrorStackHash, p.filter.options.HashStack(encodable(stack), p.filter.options.Packages))
}

// status leaves no more than a class name as the description, and sees that an error has its error.type.
func (p *pass) status(span ptrace.Span, g *gate) {
	status, attributes := span.Status(), span.Attributes()
	description := status.Message()
	if status.Code() != ptrace.StatusCodeError {
		if description != "" {
			status.SetMessage("")
		}
		return
	}
	failure := lastFailure(span.Events())
	known := textAt(attributes, registry.KeyErrorType)
	if known == "" {
		known = textAt(failure, registry.KeyExceptionType)
	}
	name := ""
	if g.tellsErrors {
		name = p.filter.errorName(description, known)
	}
	if p.filter.options.Upstream && name != known {
		name = "" // a class that is not declared may tell somebody's name
	}
	putMissing(attributes, registry.KeyErrorType, firstOf(known, name, registry.ErrorTypeOther))
	putMissing(attributes, registry.KeySmartAgentsErrorStackHash, textAt(failure, registry.KeySmartAgentsErrorStackHash))
	if name != description {
		p.tally.Redactions++
		status.SetMessage(name)
	}
}

// lastFailure returns the attributes of the last redacted event that describes an exception.
func lastFailure(events ptrace.SpanEventSlice) pcommon.Map {
	for i := events.Len() - 1; i >= 0; i-- {
		attributes := events.At(i).Attributes()
		if _, found := attributes.Get(registry.KeyExceptionType); found {
			return attributes
		}
		if _, found := attributes.Get(registry.KeySmartAgentsErrorStackHash); found {
			return attributes
		}
	}
	return pcommon.Map{}
}

func textAt(attributes pcommon.Map, key string) string {
	if attributes == (pcommon.Map{}) {
		return ""
	}
	if value, found := attributes.Get(key); found {
		return value.Str()
	}
	return ""
}

func putMissing(attributes pcommon.Map, key, value string) {
	if value == "" {
		return
	}
	if _, found := attributes.Get(key); !found {
		attributes.PutStr(key, value)
	}
}

func firstOf(texts ...string) string {
	for _, text := range texts {
		if text != "" {
			return text
		}
	}
	return ""
}
