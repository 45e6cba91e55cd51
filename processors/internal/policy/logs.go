package policy

import (
	"strings"

	"go.opentelemetry.io/collector/pdata/pcommon"
	"go.opentelemetry.io/collector/pdata/plog"

	"github.com/otel-smart-agents/otel-smart-agents/processors/internal/detectors/model"
	"github.com/otel-smart-agents/otel-smart-agents/processors/internal/registry"
)

// Logs removes what may not pass and redacts the rest in place: body, attributes, event name, severity text, resource and scope.
//
// The body of a log record is free text, and no detector finds a name in free text: it is removed unless Options.Content names LogBody or
// Options.ScanUnknown is set, for an own destination only. A request for erasure needs no consent.
func (f *Filter) Logs(logs plog.Logs, t *Tally) {
	p := f.pass(t)
	defer f.views.Put(p.view)
	logs.ResourceLogs().RemoveIf(func(group plog.ResourceLogs) bool {
		p.enter(group.Resource())
		p.guarded(recordsOf(group), func() {
			group.ScopeLogs().RemoveIf(func(scope plog.ScopeLogs) bool { return !p.records(scope) })
			if group.ScopeLogs().Len() > 0 {
				p.leave(group.Resource())
				group.SetSchemaUrl(f.form(group.SchemaUrl(), isSchema))
			}
		})
		return p.failed || group.ScopeLogs().Len() == 0
	})
}

func recordsOf(group plog.ResourceLogs) int {
	count := 0
	for _, scope := range group.ScopeLogs().All() {
		count += scope.LogRecords().Len()
	}
	return count
}

func (p *pass) records(group plog.ScopeLogs) bool {
	scope := group.Scope().Name()
	group.LogRecords().RemoveIf(func(record plog.LogRecord) bool { return !p.record(record, scope) })
	if group.LogRecords().Len() == 0 {
		return false
	}
	p.scope(group.Scope())
	group.SetSchemaUrl(p.filter.form(group.SchemaUrl(), isSchema))
	return true
}

// record redacts a log record in place; false if it may not pass.
func (p *pass) record(record plog.LogRecord, scope string) (kept bool) {
	defer p.catch(&kept)
	p.filter.look(record.Attributes(), p.view)
	g, why := p.gateOfRecord(record.EventName(), scope)
	if why != Passed {
		p.tally.drop(why, 1)
		return false
	}
	p.redactRecord(record, g)
	return true
}

func (p *pass) gateOfRecord(event, scope string) (*gate, Reason) {
	ours := scope == registry.ScopeName && events[event]
	g, why := p.gateOf(p.recordKind(event, scope))
	if why != Passed && ours && event == registry.EventDeletion {
		p.together, p.scoped = 0, 0
		return p.filter.gate(0), Passed
	}
	if why == Passed && p.filter.options.Upstream && !ours {
		why = NotForAudience
	}
	return g, why
}

// recordKind returns what a record is about: what the event's name says, else the kind of span that its attributes would tell.
func (p *pass) recordKind(event, scope string) string {
	if events[event] {
		return eventKinds[event]
	}
	kind := p.view.kind(event, scope)
	if kind == "" && strings.HasPrefix(event, "gen_ai.") {
		return inference
	}
	return kind
}

// knownRecordFlags are the bits of a record's flags that have a meaning: the trace flags.
const knownRecordFlags = 0xff

func (p *pass) redactRecord(record plog.LogRecord, g *gate) {
	f, before := p.filter, *p.tally
	g.keep(record.Attributes(), p.view, anywhere, p.tally)
	addDropped(record.DroppedAttributesCount(), record.SetDroppedAttributesCount, p.tally.Attributes-before.Attributes)
	p.putStackHash(record.Attributes(), p.view.stack, g)
	record.SetFlags(record.Flags() & knownRecordFlags)
	if text := record.SeverityText(); text != "" && !isSeverity(text) {
		record.SetSeverityText("")
	}
	p.body(record.Body())
	if event := record.EventName(); event != "" {
		if kept := f.eventName(event, p.tally); kept != event {
			record.SetEventName(kept)
		}
	}
	addRedactions(record.Attributes(), p.tally.Redactions-before.Redactions)
}

func (p *pass) body(body pcommon.Value) {
	f := p.filter
	if body.Type() == pcommon.ValueTypeEmpty {
		return
	}
	s := scanner{filter: f, hint: model.Plain, limit: f.options.MaxValueLength}
	if f.options.Upstream || !f.content[LogBody] && !f.options.ScanUnknown || !s.value(body, p.tally) {
		pcommon.NewValueEmpty().CopyTo(body)
	}
}
