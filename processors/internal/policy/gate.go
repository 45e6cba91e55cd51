package policy

import "github.com/otel-smart-agents/otel-smart-agents/processors/internal/registry"

// gate is the filter under one set of categories.
type gate struct {
	filter      *Filter
	categories  registry.Category
	tellsErrors bool             // whether the type of an error may be told
	nameRules   map[string]*rule // by kind of span: what names are remembered under
}

// gate returns the filter under a set of categories.
func (f *Filter) gate(categories registry.Category) *gate {
	slot := &f.gates[categories&registry.AllCategories]
	if found := slot.Load(); found != nil {
		return found
	}
	made := &gate{filter: f, categories: categories & registry.AllCategories, tellsErrors: categories.Has(registry.Error)}
	made.nameRules = map[string]*rule{"": {number: ruleNumber.Add(1)}}
	for kind := range categoryByKind {
		made.nameRules[kind] = &rule{number: ruleNumber.Add(1)}
	}
	if slot.CompareAndSwap(nil, made) {
		return made
	}
	return slot.Load()
}

// grants tells whether a span of this kind may pass. A kind that needs no category goes to own destinations only.
func (g *gate) grants(kind string) bool { return g.categories.Has(categoryByKind[kind]) }
