package wordset

import (
	"slices"
	"sync"
	"testing"
)

func TestPatternsOfTheWordsThatOccurDecide(t *testing.T) {
	set := New([]Row{{"ssn", `(?i)\bssn\b`}, {"tax id", `(?i)\btax id`}, {"akia", `AKIA[A-Z0-9]{4}`}, {"№", `№`}})
	cases := map[string][]int{
		"":                      nil,
		"Ssn lessn":             {0},
		"lessns":                nil,
		"akia1234 TAX ID":       {1},
		"AKIA1234, № 5, my ssn": {0, 2, 3},
	}
	for text, want := range cases {
		if got := set.Match(text); !slices.Equal(got, want) {
			t.Errorf("%q: %v, want %v", text, got, want)
		}
	}
}

func TestManyGoroutinesMayAskFirst(t *testing.T) {
	set := New([]Row{{"ssn", `(?i)\bssn\b`}})
	var group sync.WaitGroup
	for range 8 {
		group.Go(func() {
			if len(set.Match("ssn")) != 1 {
				t.Error("not seen")
			}
		})
	}
	group.Wait()
}
