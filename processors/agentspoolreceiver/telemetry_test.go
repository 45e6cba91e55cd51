package agentspoolreceiver

import (
	"go.opentelemetry.io/otel/sdk/metric/metricdata"
)

// sumOf is the value of a counter for one outcome, of all if it is "".
func sumOf(found metricdata.Metrics, outcome string) int64 {
	sum, counts := found.Data.(metricdata.Sum[int64])
	if !counts {
		return 0
	}
	var total int64
	for _, point := range sum.DataPoints {
		if value, _ := point.Attributes.Value("outcome"); outcome == "" || value.AsString() == outcome {
			total += point.Value
		}
	}
	return total
}
