package personal

// lexicon finds which words of a list stand at a place of a text, by their first two bytes.
type lexicon struct {
	words []string
	first [1025]uint16 // where the words of a pair of bytes start in order
	order []uint16     // indices of words
}

// newLexicon makes one of words of at least two bytes.
func newLexicon(words []string) *lexicon {
	made := &lexicon{words: words, order: make([]uint16, len(words))}
	var counts [1024]uint16
	for _, word := range words {
		counts[pairOf(word[0], word[1])]++
	}
	for pair, count := range counts {
		made.first[pair+1] = made.first[pair] + count
	}
	next := made.first
	for i, word := range words {
		pair := pairOf(word[0], word[1])
		made.order[next[pair]] = uint16(i)
		next[pair]++
	}
	return made
}

// pairOf is the same for capitals and small letters; other bytes may share a pair, so the words are compared as well.
func pairOf(a, b byte) int { return int(a&31)<<5 | int(b&31) }

// near returns the indices of the words that may stand at a place; the text has a byte after it.
func (l *lexicon) near(text string, at int) []uint16 {
	pair := pairOf(text[at], text[at+1])
	return l.order[l.first[pair]:l.first[pair+1]]
}

// hasFold tells whether word, in small letters, stands at a place in any case (ASCII).
func hasFold(text string, at int, word string) bool {
	if len(text)-at < len(word) {
		return false
	}
	for i := range len(word) {
		b := text[at+i]
		if b-'A' < 26 {
			b |= 0x20
		}
		if b != word[i] {
			return false
		}
	}
	return true
}
