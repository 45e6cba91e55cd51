package policy

import (
	"encoding/binary"
	"math"
	"slices"
	"strings"

	"go.opentelemetry.io/collector/pdata/pcommon"
	"go.opentelemetry.io/collector/pdata/pmetric"
)

// merge leaves one point per set of attributes, in order of first appearance: redaction dropped what points differed in, and two points of
// one series would be read as one. Sums and histograms are added up, of gauges the latest counts. What cannot be added (histograms with
// other boundaries) stays apart; quantiles of summaries cannot be joined and go.
func merge(metric pmetric.Metric) {
	switch metric.Type() {
	case pmetric.MetricTypeGauge:
		numbers(metric.Gauge().DataPoints(), latest)
	case pmetric.MetricTypeSum:
		numbers(metric.Sum().DataPoints(), addNumber)
	case pmetric.MetricTypeHistogram:
		seen := map[string]pmetric.HistogramDataPoint{}
		metric.Histogram().DataPoints().RemoveIf(func(p pmetric.HistogramDataPoint) bool {
			return again(seen, seriesOf(p.Attributes(), p.ExplicitBounds().AsRaw(), float64(p.BucketCounts().Len())), p, addHistogram)
		})
	case pmetric.MetricTypeExponentialHistogram:
		seen := map[string]pmetric.ExponentialHistogramDataPoint{}
		metric.ExponentialHistogram().DataPoints().RemoveIf(func(p pmetric.ExponentialHistogramDataPoint) bool {
			return again(seen, seriesOf(p.Attributes(), nil, p.ZeroThreshold()), p, addExponential)
		})
	case pmetric.MetricTypeSummary:
		seen := map[string]pmetric.SummaryDataPoint{}
		metric.Summary().DataPoints().RemoveIf(func(p pmetric.SummaryDataPoint) bool {
			return again(seen, seriesOf(p.Attributes(), nil), p, addSummary)
		})
	}
}

func numbers(points pmetric.NumberDataPointSlice, add func(one, two pmetric.NumberDataPoint)) {
	seen := map[string]pmetric.NumberDataPoint{}
	kept := pmetric.NewNumberDataPointSlice()
	kept.EnsureCapacity(points.Len())
	for _, p := range points.All() {
		key := seriesOf(p.Attributes(), nil)
		if one, known := seen[key]; known {
			add(one, p)
			continue
		}
		seen[key] = kept.AppendEmpty()
		p.MoveTo(seen[key])
	}
	kept.MoveAndAppendTo(emptied(points))
}

func emptied(points pmetric.NumberDataPointSlice) pmetric.NumberDataPointSlice {
	points.RemoveIf(func(pmetric.NumberDataPoint) bool { return true })
	return points
}

// again adds a point to the first of its series; false if it is the first.
func again[P any](seen map[string]P, key string, p P, add func(one, two P)) bool {
	one, known := seen[key]
	if !known {
		seen[key] = p
		return false
	}
	add(one, p)
	return true
}

// seriesOf returns a text that is the same for the same attributes and numbers, in any order of the attributes.
func seriesOf(attributes pcommon.Map, numbers []float64, more ...float64) string {
	parts := make([]string, 0, attributes.Len())
	for key, value := range attributes.All() {
		text := value.AsString()
		part := binary.AppendUvarint(nil, uint64(len(key)))
		part = append(append(part, key...), byte(value.Type()))
		part = append(binary.AppendUvarint(part, uint64(len(text))), text...)
		parts = append(parts, string(part))
	}
	slices.Sort(parts)
	key := []byte(strings.Join(parts, ""))
	for _, number := range append(slices.Clone(numbers), more...) {
		key = binary.BigEndian.AppendUint64(key, math.Float64bits(number))
	}
	return string(key)
}

type timed interface {
	StartTimestamp() pcommon.Timestamp
	SetStartTimestamp(pcommon.Timestamp)
	Timestamp() pcommon.Timestamp
	SetTimestamp(pcommon.Timestamp)
}

func joinTimes(one, two timed) {
	one.SetStartTimestamp(min(one.StartTimestamp(), two.StartTimestamp()))
	one.SetTimestamp(max(one.Timestamp(), two.Timestamp()))
}

func latest(one, two pmetric.NumberDataPoint) {
	if two.Timestamp() >= one.Timestamp() {
		two.MoveTo(one)
	}
}

func addNumber(one, two pmetric.NumberDataPoint) {
	joinTimes(one, two)
	two.Exemplars().MoveAndAppendTo(one.Exemplars())
	if one.ValueType() == pmetric.NumberDataPointValueTypeInt && two.ValueType() == pmetric.NumberDataPointValueTypeInt {
		one.SetIntValue(one.IntValue() + two.IntValue())
		return
	}
	one.SetDoubleValue(numberOf(one) + numberOf(two))
}

func numberOf(p pmetric.NumberDataPoint) float64 {
	if p.ValueType() == pmetric.NumberDataPointValueTypeInt {
		return float64(p.IntValue())
	}
	return p.DoubleValue()
}

func addSummary(one, two pmetric.SummaryDataPoint) {
	joinTimes(one, two)
	one.SetCount(one.Count() + two.Count())
	one.SetSum(one.Sum() + two.Sum())
	one.QuantileValues().RemoveIf(func(pmetric.SummaryDataPointValueAtQuantile) bool { return true })
}
