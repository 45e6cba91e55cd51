package policy

import "go.opentelemetry.io/collector/pdata/pmetric"

const maxBuckets = 160

// totals are what both kinds of histograms have besides buckets.
type totals interface {
	timed
	Count() uint64
	SetCount(uint64)
	HasSum() bool
	Sum() float64
	SetSum(float64)
	RemoveSum()
	HasMin() bool
	Min() float64
	SetMin(float64)
	RemoveMin()
	HasMax() bool
	Max() float64
	SetMax(float64)
	RemoveMax()
	Exemplars() pmetric.ExemplarSlice
}

func addTotals(one, two totals) {
	joinTimes(one, two)
	two.Exemplars().MoveAndAppendTo(one.Exemplars())
	one.SetCount(one.Count() + two.Count())
	if one.HasSum() && two.HasSum() {
		one.SetSum(one.Sum() + two.Sum())
	} else {
		one.RemoveSum()
	}
	if one.HasMin() && two.HasMin() {
		one.SetMin(min(one.Min(), two.Min()))
	} else {
		one.RemoveMin()
	}
	if one.HasMax() && two.HasMax() {
		one.SetMax(max(one.Max(), two.Max()))
	} else {
		one.RemoveMax()
	}
}

func addHistogram(one, two pmetric.HistogramDataPoint) {
	addTotals(one, two)
	for i, count := range two.BucketCounts().All() {
		one.BucketCounts().SetAt(i, one.BucketCounts().At(i)+count)
	}
}

// addExponential adds two base-2 exponential histograms at the coarser scale of both, coarser still if the buckets are too many. One step
// of scale joins two neighbouring buckets: index i becomes i >> 1 (OpenTelemetry metrics data model, exponential histogram).
func addExponential(one, two pmetric.ExponentialHistogramDataPoint) {
	addTotals(one, two)
	one.SetZeroCount(one.ZeroCount() + two.ZeroCount())
	for scale := int64(min(one.Scale(), two.Scale())); ; scale-- {
		positive := sumsAt(one.Positive(), two.Positive(), int64(one.Scale())-scale, int64(two.Scale())-scale)
		negative := sumsAt(one.Negative(), two.Negative(), int64(one.Scale())-scale, int64(two.Scale())-scale)
		if max(width(positive), width(negative)) <= maxBuckets {
			setBuckets(one.Positive(), positive)
			setBuckets(one.Negative(), negative)
			one.SetScale(int32(scale))
			return
		}
	}
}

// sumsAt returns the counts of both by index, each as many steps of scale coarser as is said.
func sumsAt(one, two pmetric.ExponentialHistogramDataPointBuckets, stepsOne, stepsTwo int64) map[int64]uint64 {
	counts := map[int64]uint64{}
	for _, part := range []struct {
		buckets pmetric.ExponentialHistogramDataPointBuckets
		steps   int64
	}{{one, stepsOne}, {two, stepsTwo}} {
		for i, count := range part.buckets.BucketCounts().All() {
			if count > 0 {
				counts[(int64(part.buckets.Offset())+int64(i))>>part.steps] += count
			}
		}
	}
	return counts
}

// width returns how many buckets the counts need, ends the lowest and the highest index.
func width(counts map[int64]uint64) int64 {
	if len(counts) == 0 {
		return 0
	}
	low, high := ends(counts)
	return high - low + 1
}

func ends(counts map[int64]uint64) (low, high int64) {
	first := true
	for index := range counts {
		if first {
			low, high, first = index, index, false
		}
		low, high = min(low, index), max(high, index)
	}
	return low, high
}

func setBuckets(buckets pmetric.ExponentialHistogramDataPointBuckets, counts map[int64]uint64) {
	low, _ := ends(counts)
	dense := make([]uint64, width(counts))
	for index, count := range counts {
		dense[index-low] = count
	}
	buckets.SetOffset(int32(low))
	buckets.BucketCounts().FromRaw(dense)
}
