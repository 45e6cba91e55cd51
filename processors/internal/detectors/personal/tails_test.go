package personal

import (
	"math/rand/v2"
	"regexp"
	"strings"
	"testing"
)

// Walking runs by hand gives, for every published form, what its pattern gives.
func TestTailsEndWhereTheirPatternsDo(t *testing.T) {
	chooser := rand.New(rand.NewPCG(7, 7))
	pieces := []string{
		strings.Repeat("a1", 40), strings.Repeat("Zq9", 12), strings.Repeat("0", 10),
		"abc", "123456", "0", "F", "-", "_", ".", "=", "==", "/", "+", "!",
		"dev-", "api03-", "CNTRL", "v0_", "services/", "é", " ",
	}
	compared, unbounded := 0, 0
	for _, forms := range allAnchors().forms {
		for i := range forms {
			if forms[i].tail.high < 0 {
				unbounded++
			}
		}
	}
	for _, table := range [][]vendorRow{codeHosts, models, clouds, services} {
		for _, row := range table {
			made, pattern := newTail(row.tail), regexp.MustCompile(`\A(?:`+row.tail+`)`)
			for range 300 {
				text := "x"
				for range 1 + chooser.IntN(8) {
					text += pieces[chooser.IntN(len(pieces))]
				}
				want := -1
				if found := pattern.FindStringIndex(text[1:]); found != nil {
					want = 1 + found[1]
					compared++
				}
				if got := made.end(text, 1, walked{}); got != want {
					t.Fatalf("%s %s: %q ends at %d, want %d", row.anchor, row.tail, text, got, want)
				}
			}
		}
	}
	if compared < 10_000 || unbounded < 100 {
		t.Fatalf("%d matches compared, %d runs without a bound", compared, unbounded)
	}
}
