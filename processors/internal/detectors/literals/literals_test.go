package literals

import (
	"math/rand/v2"
	"slices"
	"strings"
	"testing"
)

func TestWordsInsideAndOverEachOtherAreAllSeen(t *testing.T) {
	words := []string{"he", "she", "hers", "his", "ers", "пароль", "a.b", "h", "zz"}
	seen := slices.Collect(New(words).Seen("usHERS and ПАРОЛЬ пароль A.B").All())
	if want := []int{0, 1, 2, 4, 5, 6, 7}; !slices.Equal(seen, want) {
		t.Fatalf("seen %v, want %v", seen, want)
	}
}

func TestSeenIsWhatContainsSays(t *testing.T) {
	chooser := rand.New(rand.NewPCG(1, 2))
	random := func(longest int) string {
		text := make([]byte, 1+chooser.IntN(longest))
		for i := range text {
			text[i] = "aAbBc-\xc3\xa9"[chooser.IntN(8)]
		}
		return string(text)
	}
	for range 300 {
		words := make([]string, 20)
		for i := range words {
			words[i] = asciiLower(random(4))
		}
		automaton := New(words)
		for range 20 {
			text := random(40)
			seen := automaton.Seen(text)
			for index, word := range words {
				if want := strings.Contains(asciiLower(text), word); seen.Has(index) != want {
					t.Fatalf("%q in %q: %v", word, text, seen.Has(index))
				}
			}
		}
	}
}

func asciiLower(text string) string {
	low := []byte(text)
	for i, b := range low {
		if b >= 'A' && b <= 'Z' {
			low[i] = b | 0x20
		}
	}
	return string(low)
}
