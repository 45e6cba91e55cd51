package pattern

import (
	"regexp"
	"testing"
)

// Patterns that package regexp reads the same way, on texts made of their own characters: both must choose the same match and groups.
var shared = []string{
	`a*ab?`, `(a|ab)(c|bcd)*`, `(?:a|b){2,5}c?`, `[ab]{0,3}(b+)\.?`, `(?:(a)|(b))+`, `x?(?:[a-c]x?){2,}`, `\b[ab]+\b`, `(?:^|x)a`,
	`[^ab]+`, `(?:aa|b|[c-]){1,6}x`, `a.c`, `((?:"[a-c]*"|[^"x]){1,12})`, `é+a|[à-ü]b`, `a{3}|b{2,}`, `(a?)(b?)(c?)`,
}

func FuzzChoiceIsThatOfRegexp(f *testing.F) {
	for _, text := range []string{"", "aab", "abcd bcd", "xaxbxc", `"ab"c"a`, "éab àb", "aaabbb\ncx", "a-b c-x"} {
		f.Add(text)
	}
	f.Fuzz(func(t *testing.T, text string) {
		if text = toAlphabet(text); len(text) > 200 {
			return
		}
		for _, source := range shared {
			want := regexp.MustCompile(source).FindAllStringSubmatchIndex(text, -1)
			at := 0
			for found := range New(source, 0).All(text, 0, len(text)) {
				if found[0] == found[1] {
					continue // where empty matches go is not for finders
				}
				for at < len(want) && want[at][0] == want[at][1] {
					at++
				}
				if at == len(want) {
					t.Fatalf("%q in %q: %v is one too many", source, text, found)
				}
				for slot, place := range want[at] {
					if found[slot] != place {
						t.Fatalf("%q in %q: %v, want %v", source, text, found, want[at])
					}
				}
				at++
			}
		}
	})
}

func toAlphabet(text string) string {
	letters := []rune("aabbcx\"- \néà.")
	out := make([]rune, 0, len(text))
	for i := range len(text) {
		out = append(out, letters[int(text[i])%len(letters)])
	}
	return string(out)
}

func TestAMatchAtAPlaceSeesWhatStandsBefore(t *testing.T) {
	if _, ok := New(`\bkey`, 0).Match("monkey", 3, 6); ok {
		t.Error("a border inside a word")
	}
	if _, ok := New(`^key`, 0).Match("a key", 2, 5); ok {
		t.Error("a beginning inside a text")
	}
	if found, ok := New(`k(e|ey)$`, 0).Match("a key!", 2, 5); !ok || found[3] != 5 {
		t.Error("the end that was given is the end of the text")
	}
	if _, ok := New(`y$`, 0).Search("key\n", 0, 4); !ok {
		t.Error("a last line end may follow the end")
	}
}

func TestFlagsMeanWhatTheyMeanInPython(t *testing.T) {
	cases := []struct {
		source, text string
		flags        Flags
		want         bool
	}{
		{`\s`, "\u00a0", 0, false}, {`\s`, "\u00a0", Unicode, true}, {`\s`, "\x1c", 0, false}, {`\s`, "\x1c", Unicode, true},
		{`\s`, "\v", 0, true}, {`[^\s]`, "\u2003", Unicode, false}, {`[^\s]`, "\u2003", 0, true}, {`\w`, "é", 0, false},
		{`\w`, "é", Unicode, true}, {`.`, "\n", 0, false}, {`.`, "\n", DotAll, true}, {`s`, "S", Fold, true}, {`s`, "ſ", Fold, false},
		{`[a-k]`, "K", Fold, true}, {`[a-k]`, "\u212a", Fold, false}, {`[^a-k]`, "K", Fold, false}, {`a{1,8192}`, "aaa", 0, true},
	}
	for _, c := range cases {
		if _, got := New(c.source, c.flags).Whole(c.text); got != c.want {
			t.Errorf("%q, %q, flags %d: %v", c.source, c.text, c.flags, got)
		}
	}
}

func TestWholeGoesBackForTheEnd(t *testing.T) {
	if found, ok := New(`(a+)(?:b|bc)`, 0).Whole("aabc"); !ok || found[3] != 2 {
		t.Fatalf("%v %v", found, ok)
	}
}
