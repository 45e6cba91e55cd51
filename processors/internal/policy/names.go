package policy

import (
	"slices"
	"strings"

	"go.opentelemetry.io/collector/pdata/pcommon"

	"github.com/otel-smart-agents/otel-smart-agents/processors/internal/registry"
)

const (
	maxName  = 128
	maxWords = 4 // a span's or event's name is a class of things (OpenTelemetry: low cardinality); a sentence is not
	maxRoute = 16_384
)

var methods = setOf(registry.Methods) // the names of HTTP spans begin with the method; an unknown method is written HTTP

// spanName returns the span's name: "operation name" with the name under its own consent, else what a foreign name may keep.
func (g *gate) spanName(name, kind string, t *Tally) string {
	memory := g.nameRules[kind]
	if kept, known := g.filter.texts.get(memory, name); known {
		return kept
	}
	kept := g.newSpanName(name, kind, t)
	if kept == name {
		g.filter.texts.put(memory, name, kept)
	}
	return kept
}

func (g *gate) newSpanName(name, kind string, t *Tally) string {
	declared := kinds[kind]
	operation, rest, named := strings.Cut(name, " ")
	if !operations[operation] && (declared.Operation == "" || operation != declared.Operation) {
		return g.foreignIn(declared.Operation, name, kind, t)
	}
	if !named {
		return name
	}
	kept, keep := g.inner(registry.NameKeys[operation], rest, kind, t)
	switch {
	case !keep:
		return operation
	case kept == rest:
		return name
	}
	return operation + " " + kept
}

// inner returns what may be kept of a name inside a span's name: the rule of its attribute counts.
func (g *gate) inner(key, name, kind string, t *Tally) (string, bool) {
	info := g.filter.known[key]
	if info == nil {
		return "", false
	}
	r := g.rule(info, placeOf(kind))
	if r.verdict == dropIt {
		return "", false
	}
	return g.filter.applyString(r, name, t)
}

func (g *gate) foreignIn(operation, name, kind string, t *Tally) string {
	if operation != "" {
		r := g.rule(g.filter.known[registry.NameKeys[operation]], placeOf(kind))
		if g.filter.options.Upstream || r.verdict == dropIt {
			if name != operation {
				t.Redactions++
			}
			return operation
		}
	}
	if first, _, _ := strings.Cut(name, " "); methods[first] {
		return g.filter.httpName(name, t)
	}
	return g.filter.eventName(name, t)
}

// httpName returns method and route (and, as ASGI's inner spans say it, what is done). Ids become {id}, queries go. A target that is no
// route leaves the bare method.
func (f *Filter) httpName(name string, t *Tally) string {
	whole, step := cutStep(name)
	method, target, named := strings.Cut(whole, " ")
	route, _, _ := strings.Cut(target, "?")
	if named && len(route) > maxRoute {
		route = ""
	}
	route = withoutIDs(route)
	if named && (!isRoute(route) || strings.Contains(route, "//") || !f.isClean(route)) {
		route = ""
	}
	kept := method + step
	if route != "" {
		kept = method + " " + route + step
	}
	if kept != name {
		t.Redactions++
	}
	return kept
}

var stepWords = [2][]string{{"http", "websocket"}, {"send", "receive", "connect", "disconnect", "accept", "close"}}

// cutStep takes what is done, such as " http send", from the end of a name.
func cutStep(name string) (whole, step string) {
	second := strings.LastIndexByte(name, ' ')
	if second < 0 || !slices.Contains(stepWords[1], name[second+1:]) {
		return name, ""
	}
	first := strings.LastIndexByte(name[:second], ' ')
	if first < 0 || !slices.Contains(stepWords[0], name[first+1:second]) {
		return name, ""
	}
	return name[:first], name[first:]
}

// withoutIDs replaces the segments of a route that are ids.
func withoutIDs(route string) string {
	segments := strings.Split(route, "/")
	for i, segment := range segments {
		if i > 0 && isIDSegment(segment) {
			segments[i] = "{id}"
		}
	}
	return strings.Join(segments, "/")
}

// isIDSegment tells whether a segment is a number, long hex, or hex and hyphens with eight characters from a digit on.
func isIDSegment(segment string) bool {
	digit, plain, decimal := -1, true, true
	for i := range len(segment) {
		b := segment[i]
		switch {
		case b-'0' < 10:
			if digit < 0 {
				digit = i
			}
			continue
		case b == '-':
			plain = false
		case (b|0x20)-'a' >= 6:
			return false
		}
		decimal = false
	}
	return segment != "" && (decimal || digit >= 0 && len(segment)-digit >= 8 || plain && len(segment) >= 16)
}

// eventName returns the name of an event, or of another instrumentation's span.
func (f *Filter) eventName(name string, t *Tally) string {
	if events[name] || name == "exception" || name == errorValue {
		return name
	}
	return f.keptName(name, isForeign(name) && strings.Count(name, " ") < maxWords && f.isDeclared(name), t)
}

// scopeName returns the name of an instrumentation scope.
func (f *Filter) scopeName(name string, t *Tally) string {
	if name == "" || name == registry.ScopeName || name == errorValue {
		return name
	}
	return f.keptName(name, isScope(name), t)
}

// metricName returns the name of a metric.
func (f *Filter) metricName(name string, t *Tally) string {
	if _, known := metrics[name]; known || name == errorValue {
		return name
	}
	return f.keptName(name, isMetricName(name), t)
}

func (f *Filter) keptName(name string, fits bool, t *Tally) string {
	if f.hashes.isOther(name) || fits && within(name, maxName) && f.isClean(name) {
		return name
	}
	t.Redactions++
	return f.hashes.otherName(name)
}

// form returns a text that has a form and nothing private in it, else nothing.
func (f *Filter) form(text string, fits matcher) string {
	if text == "" || fits(text) && f.isClean(text) {
		return text
	}
	return ""
}

// traceState returns OpenTelemetry's own sampling state of a trace state, for own only; vendors' states go.
func (f *Filter) traceState(state pcommon.TraceState) {
	raw := state.AsRaw()
	if raw == "" {
		return
	}
	kept := ""
	for member := range strings.SplitSeq(raw, ",") {
		key, value, _ := strings.Cut(strings.Trim(member, " \t"), "=")
		if key == "ot" && !f.options.Upstream && isSampling(value) {
			kept = "ot=" + value
		}
	}
	if kept != raw {
		state.FromRaw(kept)
	}
}

// errorName returns the class name that a status description begins with, else nothing: the rest of it is a message.
func (f *Filter) errorName(description, known string) string {
	begin, _, _ := strings.Cut(first(description, 2*maxName), ":")
	begin = strings.TrimFunc(begin, isSpace)
	name := begin[strings.LastIndexByte(begin, '.')+1:]
	if !isErrorName(name) || !f.isClean(name) {
		return ""
	}
	if name == known || isUpper(name[0]) && endsLikeError(name) {
		return name
	}
	return ""
}

func endsLikeError(name string) bool {
	return slices.ContainsFunc(registry.ErrorEndings, func(end string) bool { return strings.HasSuffix(name, end) })
}
