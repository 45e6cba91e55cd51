package policy

import (
	"go.opentelemetry.io/collector/pdata/pcommon"
	"go.opentelemetry.io/collector/pdata/pmetric"

	"github.com/otel-smart-agents/otel-smart-agents/processors/internal/detectors/model"
	"github.com/otel-smart-agents/otel-smart-agents/processors/internal/registry"
)

const maxDescription = 256

// Metrics removes what may not pass and redacts the rest in place: names, descriptions, units, attributes of points, exemplars and
// metrics, resource and scope.
//
// Metrics need the category performance; the Python package's own health needs none and goes to own destinations only. Upstream gets
// registered metrics without exemplars, because an exemplar names a trace of the user's own. Points that differ in nothing but what was
// dropped are added up.
func (f *Filter) Metrics(metrics pmetric.Metrics, t *Tally) {
	p := f.pass(t)
	defer f.views.Put(p.view)
	metrics.ResourceMetrics().RemoveIf(func(group pmetric.ResourceMetrics) bool {
		p.enter(group.Resource())
		p.guarded(pointsOf(group), func() {
			group.ScopeMetrics().RemoveIf(func(scope pmetric.ScopeMetrics) bool { return !p.metrics(scope) })
			if group.ScopeMetrics().Len() > 0 {
				p.leave(group.Resource())
				group.SetSchemaUrl(f.form(group.SchemaUrl(), isSchema))
			}
		})
		return p.failed || group.ScopeMetrics().Len() == 0
	})
}

func pointsOf(group pmetric.ResourceMetrics) int {
	count := 0
	for _, scope := range group.ScopeMetrics().All() {
		for _, metric := range scope.Metrics().All() {
			count += pointCount(metric)
		}
	}
	return count
}

func pointCount(metric pmetric.Metric) int {
	switch metric.Type() {
	case pmetric.MetricTypeGauge:
		return metric.Gauge().DataPoints().Len()
	case pmetric.MetricTypeSum:
		return metric.Sum().DataPoints().Len()
	case pmetric.MetricTypeHistogram:
		return metric.Histogram().DataPoints().Len()
	case pmetric.MetricTypeExponentialHistogram:
		return metric.ExponentialHistogram().DataPoints().Len()
	case pmetric.MetricTypeSummary:
		return metric.Summary().DataPoints().Len()
	}
	return 0
}

func (p *pass) metrics(group pmetric.ScopeMetrics) bool {
	ours := group.Scope().Name() == registry.ScopeName
	group.Metrics().RemoveIf(func(metric pmetric.Metric) bool { return !p.metric(metric, ours) })
	if group.Metrics().Len() == 0 {
		return false
	}
	p.scope(group.Scope())
	group.SetSchemaUrl(p.filter.form(group.SchemaUrl(), isSchema))
	return true
}

// metric redacts a metric in place; false if it may not pass.
func (p *pass) metric(metric pmetric.Metric, ours bool) (kept bool) {
	points := pointCount(metric)
	defer func() {
		if recover() != nil {
			kept = false
			p.tally.drop(RedactionError, points)
		}
	}()
	if why := p.grantsMetric(metric.Name(), ours); why != Passed {
		p.tally.drop(why, points)
		return false
	}
	p.redactMetric(metric)
	return true
}

func (p *pass) grantsMetric(name string, ours bool) Reason {
	known, registered := metrics[name]
	needed := known.Category
	if !ours || !registered {
		needed = registry.Performance
	}
	switch {
	case p.why != Passed:
		return p.why
	case p.filter.options.Upstream && (!ours || !registered || needed == 0):
		return NotForAudience
	case !p.granted.Has(needed):
		return NoCategory
	}
	p.together &= p.granted
	p.scoped &= p.granted
	return Passed
}

func (p *pass) redactMetric(metric pmetric.Metric) {
	f, name, before := p.filter, metric.Name(), *p.tally
	p.keepPlain(metric.Metadata(), f.gate(p.granted))
	p.points(metric)
	if p.tally.Attributes != before.Attributes || p.tally.Redactions != before.Redactions {
		merge(metric)
	}
	if kept := f.metricName(name, p.tally); kept != name {
		metric.SetName(kept)
	}
	metric.SetDescription(p.description(name, metric.Description()))
	metric.SetUnit(f.form(metric.Unit(), isUnit))
}

// description returns what the registry says of a metric, else what its instrument's code says: a product's makers know it already.
func (p *pass) description(name, text string) string {
	if known, registered := metrics[name]; registered {
		return known.Brief
	}
	if text == "" || p.filter.options.Upstream {
		return ""
	}
	kept, count := bounded(text, maxDescription, p.filter.options.Redact, model.Plain)
	p.tally.Redactions += count
	return kept
}

// point is what the points of all kinds of metrics have.
type point interface{ Attributes() pcommon.Map }

func (p *pass) points(metric pmetric.Metric) {
	switch metric.Type() {
	case pmetric.MetricTypeGauge:
		eachNumber(p, metric.Gauge().DataPoints())
	case pmetric.MetricTypeSum:
		eachNumber(p, metric.Sum().DataPoints())
	case pmetric.MetricTypeHistogram:
		for _, item := range metric.Histogram().DataPoints().All() {
			p.point(item, item.Exemplars())
		}
	case pmetric.MetricTypeExponentialHistogram:
		for _, item := range metric.ExponentialHistogram().DataPoints().All() {
			p.point(item, item.Exemplars())
		}
	case pmetric.MetricTypeSummary:
		for _, item := range metric.Summary().DataPoints().All() {
			p.keepPlain(item.Attributes(), p.filter.gate(p.granted))
		}
	}
}

func eachNumber(p *pass, points pmetric.NumberDataPointSlice) {
	for _, item := range points.All() {
		p.point(item, item.Exemplars())
	}
}

func (p *pass) point(item point, exemplars pmetric.ExemplarSlice) {
	g := p.filter.gate(p.granted)
	p.keepPlain(item.Attributes(), g)
	exemplars.RemoveIf(func(exemplar pmetric.Exemplar) bool {
		if p.filter.options.Upstream {
			return true
		}
		p.keepPlain(exemplar.FilteredAttributes(), g)
		return false
	})
}
