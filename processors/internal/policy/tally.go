package policy

// Reason says why a span, log record or data point did not pass.
type Reason uint8

// The reasons.
const (
	Passed         Reason = iota
	NoConsent             // no consent is recorded, or it cannot be read
	Withdrawn             // the consent was taken back
	Erased                // the installation asked for erasure
	NoCategory            // the category that it needs was not agreed to
	NotForAudience        // another instrumentation's data, which does not go to the makers of a product
	RedactionError        // the filter failed on it
	reasons               // their number
)

var reasonNames = [reasons]string{"", "consent", "withdrawn", "erased", "category", "audience", "redaction_error"}

// String returns the reason as component telemetry names it.
func (r Reason) String() string { return reasonNames[r] }

// Reasons are all reasons for which something is dropped.
func Reasons() []Reason {
	return []Reason{NoConsent, Withdrawn, Erased, NoCategory, NotForAudience, RedactionError}
}

// Tally is what the filter did to one batch.
type Tally struct {
	Redactions int // values, or parts of values, that were replaced
	Attributes int // attributes that were dropped
	WrongTypes int // values that were dropped because the registry wants another type
	Failed     int // values, among those replaced, that became [redaction_error] because a detector failed
	dropped    [reasons]int
}

// Dropped returns how many spans, records or points were dropped for a reason.
func (t *Tally) Dropped(reason Reason) int { return t.dropped[reason] }

// AllDropped returns how many spans, records or points were dropped in all.
func (t *Tally) AllDropped() int {
	sum := 0
	for _, count := range t.dropped {
		sum += count
	}
	return sum
}

func (t *Tally) drop(reason Reason, count int) { t.dropped[reason] += count }
