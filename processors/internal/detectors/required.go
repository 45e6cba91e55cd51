package detectors

import (
	"cmp"
	"regexp/syntax"
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"

	"github.com/otel-smart-agents/otel-smart-agents/processors/internal/detectors/model"
)

// byteSet is a set of bytes.
type byteSet [4]uint64

func (b *byteSet) add(c byte) { b[c>>6] |= 1 << (c & 63) }

func (b *byteSet) has(c byte) bool { return b[c>>6]>>(c&63)&1 != 0 }

func (b *byteSet) union(other byteSet) {
	for i := range b {
		b[i] |= other[i]
	}
}

func (b *byteSet) holds(other byteSet) bool {
	for i := range b {
		if other[i]&^b[i] != 0 {
			return false
		}
	}
	return true
}

func (b *byteSet) size() int {
	count := 0
	for c := range 256 {
		if b.has(byte(c)) {
			count++
		}
	}
	return count
}

// required is what every text has in which a pattern occurs.
type required struct {
	exact []string   // the pattern's own texts in small letters, when they are few; nil = not known
	words [][]string // of each list one is in the text, compared without case
	bytes []byteSet  // of each set a byte is in the text
}

const (
	maxExact    = 600 // texts of one part
	fewest      = 2   // letters of a word that is worth looking for
	few         = 6   // members of a class that are written out
	broad       = 24  // bytes: nearly every text has one of so many
	tooManyRuns = 3   // rounds that are written out
)

// requiredBy derives from a pattern in RE2 syntax what its matches need. Letters beyond ASCII that fold to ASCII ones (ſ, the Kelvin sign)
// are left out of account: texts with them are not judged by this. A finite
// pattern matches a few texts only.
func requiredBy(pattern string) (need required, finite bool) {
	tree, err := syntax.Parse(pattern, syntax.Perl)
	if err != nil {
		panic(err)
	}
	need = requires(tree)
	finite = need.exact != nil
	need.settle()
	need.bytes = slices.DeleteFunc(need.bytes, func(set byteSet) bool { return set.size() > broad })
	return need, finite
}

func requires(re *syntax.Regexp) required {
	switch re.Op {
	case syntax.OpLiteral:
		return ofLiteral(re)
	case syntax.OpCharClass:
		return ofClass(re.Rune)
	case syntax.OpCapture:
		return requires(re.Sub[0])
	case syntax.OpConcat:
		return ofParts(re.Sub)
	case syntax.OpAlternate:
		return ofAlternatives(re.Sub)
	case syntax.OpPlus:
		return ofRounds(re.Sub[0], 1, -1)
	case syntax.OpRepeat:
		return ofRounds(re.Sub[0], re.Min, re.Max)
	case syntax.OpQuest:
		return ofRounds(re.Sub[0], 0, 1)
	case syntax.OpStar, syntax.OpAnyChar, syntax.OpAnyCharNotNL:
		return required{}
	}
	return required{exact: []string{""}} // conditions on a place read nothing
}

func ofLiteral(re *syntax.Regexp) required {
	literal := asciiLower(string(re.Rune))
	if re.Flags&syntax.FoldCase != 0 && !model.IsASCII(literal) {
		return required{}
	}
	return required{exact: []string{literal}}
}

func asciiLower(text string) string {
	return strings.Map(func(r rune) rune {
		if r >= 'A' && r <= 'Z' {
			return r + 'a' - 'A'
		}
		return r
	}, text)
}

func ofClass(ranges []rune) required {
	var set byteSet
	members, foreign := []string{}, false
	for at := 0; at < len(ranges); at += 2 {
		for r := ranges[at]; r <= min(ranges[at+1], utf8.RuneSelf-1); r++ {
			set.add(byte(r))
			members = append(members, asciiLower(string(r)))
		}
		if ranges[at+1] >= utf8.RuneSelf && !foldsToASCII(ranges[at], ranges[at+1]) {
			foreign = true
		}
	}
	slices.Sort(members)
	if members = slices.Compact(members); len(members) <= few && !foreign {
		return required{exact: members}
	}
	for b := utf8.RuneSelf; foreign && b < 256; b++ {
		set.add(byte(b))
	}
	return required{bytes: []byteSet{set}}
}

// foldsToASCII tells whether a range is ſ or the Kelvin sign, which the parser adds to s and k.
func foldsToASCII(low, high rune) bool {
	return low == high && unicode.SimpleFold(unicode.SimpleFold(low)) < utf8.RuneSelf && (low == 'ſ' || low == '\u212a')
}

// settle turns the pattern's own texts into a requirement.
func (r *required) settle() {
	if r.exact == nil {
		return
	}
	shortest := len(slices.MinFunc(r.exact, func(a, b string) int { return cmp.Compare(len(a), len(b)) }))
	if shortest >= fewest {
		r.words = append(r.words, r.exact)
	}
	if shortest > 0 {
		r.bytes = append(r.bytes, firstBytes(r.exact))
	}
	r.exact = nil
}

func firstBytes(texts []string) byteSet {
	var set byteSet
	for _, text := range texts {
		set.add(text[0])
		if text[0] >= 'a' && text[0] <= 'z' {
			set.add(text[0] - 'a' + 'A')
		}
	}
	return set
}

func ofParts(parts []*syntax.Regexp) required {
	all, run := required{}, required{exact: []string{""}}
	whole := true
	for _, part := range parts {
		need := requires(part)
		if need.exact != nil && len(run.exact)*len(need.exact) <= maxExact {
			run.exact = product(run.exact, need.exact)
			continue
		}
		whole = false
		if part.Op == syntax.OpPlus {
			if once := requires(part.Sub[0]); once.exact != nil && len(run.exact)*len(once.exact) <= maxExact {
				run.exact = product(run.exact, once.exact)
			}
		}
		run.settle()
		all.words, all.bytes = append(all.words, run.words...), append(all.bytes, run.bytes...)
		if run = (required{exact: []string{""}}); need.exact != nil {
			run.exact = need.exact
			continue
		}
		all.words, all.bytes = append(all.words, need.words...), append(all.bytes, need.bytes...)
	}
	if whole {
		return run
	}
	run.settle()
	all.words, all.bytes = append(all.words, run.words...), append(all.bytes, run.bytes...)
	return all
}

func product(heads, tails []string) []string {
	made := make([]string, 0, len(heads)*len(tails))
	for _, head := range heads {
		for _, tail := range tails {
			made = append(made, head+tail)
		}
	}
	slices.Sort(made)
	return slices.Compact(made)
}

// ofAlternatives joins what the alternatives need.
func ofAlternatives(alternatives []*syntax.Regexp) required {
	joined := required{exact: []string{}}
	needs := make([]required, len(alternatives))
	for index, alternative := range alternatives {
		needs[index] = requires(alternative)
		if joined.exact != nil && needs[index].exact != nil && len(joined.exact)+len(needs[index].exact) <= maxExact {
			joined.exact = append(joined.exact, needs[index].exact...)
		} else {
			joined.exact = nil
		}
	}
	if joined.exact != nil {
		slices.Sort(joined.exact)
		joined.exact = slices.Compact(joined.exact)
		return joined
	}
	for index := range needs {
		needs[index].settle()
	}
	joined.words, joined.bytes = wordsOfAll(needs), bytesOfAll(needs)
	return joined
}

// wordsOfAll joins the shortest list of each alternative, when each has one.
func wordsOfAll(needs []required) [][]string {
	var all []string
	for _, need := range needs {
		if len(need.words) == 0 {
			return nil
		}
		all = append(all, slices.MinFunc(need.words, func(a, b []string) int { return cmp.Compare(len(a), len(b)) })...)
	}
	return [][]string{all}
}

// bytesOfAll returns the sets that hold one of the sets of each alternative; when none does, the union of the smallest ones.
func bytesOfAll(needs []required) []byteSet {
	var union byteSet
	var candidates, kept []byteSet
	for _, need := range needs {
		if len(need.bytes) == 0 {
			return nil
		}
		union.union(slices.MinFunc(need.bytes, func(a, b byteSet) int { return cmp.Compare(a.size(), b.size()) }))
		candidates = append(candidates, need.bytes...)
	}
	for _, candidate := range append(candidates, union) {
		within := func(set byteSet) bool { return candidate.holds(set) }
		without := func(need required) bool { return !slices.ContainsFunc(need.bytes, within) }
		if !slices.Contains(kept, candidate) && !slices.ContainsFunc(needs, without) {
			kept = append(kept, candidate)
		}
	}
	return kept
}

func ofRounds(inner *syntax.Regexp, least, most int) required {
	need := requires(inner)
	if least == 0 {
		if most == 1 && need.exact != nil {
			return required{exact: product([]string{""}, append(need.exact, ""))}
		}
		return required{}
	}
	if need.exact != nil && least == most && least <= tooManyRuns {
		made := []string{""}
		for range least {
			if made = product(made, need.exact); len(made) > maxExact {
				return required{bytes: []byteSet{firstBytes(need.exact)}}
			}
		}
		return required{exact: made}
	}
	need.settle()
	return need
}
