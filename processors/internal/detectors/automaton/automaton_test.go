package automaton

import (
	"math/rand/v2"
	"regexp"
	"strings"
	"sync"
	"testing"
)

var shared = []string{
	`\bab`, `ab\b`, `a\Bb`, `^a`, `\Aab?`, `b$`, `(?i)k`, `(?i)as`, `[^a]b{2}`, `a.b`, `(?s)b.b`, `(?:^|[^ab])x{2}`, `é+\b`, `[à-ü]a`,
	`a*x`, `\s\S`, `(?i)\b(?:ab|xk)s?\b`, `$^`, `a[^;]*x`,
}

func check(t *testing.T, set *Set, patterns []*regexp.Regexp, text string) {
	t.Helper()
	got := set.Occurring(text)
	for index, pattern := range patterns {
		if want := pattern.MatchString(text); got>>index&1 != 0 != want {
			t.Fatalf("%q in %q: %v", pattern, text, !want)
		}
	}
	other := New(`b`)
	if first, second := NewPair(other, set).Occurring(text); second != got || first != other.Occurring(text) {
		t.Fatalf("%q: two walks say %b, %b", text, first, second)
	}
}

func compiled() []*regexp.Regexp {
	patterns := make([]*regexp.Regexp, len(shared))
	for index, source := range shared {
		patterns[index] = regexp.MustCompile(source)
	}
	return patterns
}

func FuzzAnswersAreThoseOfRegexp(f *testing.F) {
	for _, text := range []string{"", "ab", " ab ", "aab\nb", "xxkſK éab", "b\n", "a;x", "_ab", "xks xk."} {
		f.Add(text)
	}
	set, patterns := New(shared...), compiled()
	f.Fuzz(func(t *testing.T, text string) { check(t, set, patterns, strings.ToValidUTF8(text, "?")) })
}

func TestRandomTextsOverTheLettersOfThePatterns(t *testing.T) {
	set, patterns := New(shared...), compiled()
	chooser := rand.New(rand.NewPCG(1, 2))
	letters := []string{"a", "b", "x", "k", "K", "s", "ſ", "\u212a", "é", " ", "\n", "_", ";", ".", "0"}
	for range 20_000 {
		var text strings.Builder
		for range chooser.IntN(12) {
			text.WriteString(letters[chooser.IntN(len(letters))])
		}
		check(t, set, patterns, text.String())
	}
}

func TestManyGoroutinesShareTheStates(t *testing.T) {
	set, patterns := New(shared...), compiled()
	var group sync.WaitGroup
	for seed := range uint64(8) {
		group.Go(func() {
			chooser := rand.New(rand.NewPCG(seed, 2))
			for range 500 {
				text := strings.Repeat("a", chooser.IntN(4)) + strings.Repeat("x", chooser.IntN(4)) + strings.Repeat(" ab", chooser.IntN(3))
				check(t, set, patterns, text)
			}
		})
	}
	group.Wait()
}

func TestStatesAreBoundedAndTheAnswerStaysRight(t *testing.T) {
	// This pattern has 2 to the power of 15 states.
	source := `a[ab]{15}c`
	set, pattern := New(source), regexp.MustCompile(source)
	chooser := rand.New(rand.NewPCG(3, 4))
	text := make([]byte, 40_000)
	for range 1 {
		for at := range text {
			text[at] = "ab"[chooser.IntN(2)]
		}
		check(t, set, []*regexp.Regexp{pattern}, string(text))
		check(t, set, []*regexp.Regexp{pattern}, string(text)+"c")
		if set.States() > maxStates+1 {
			t.Fatalf("%d states", set.States())
		}
	}
}
