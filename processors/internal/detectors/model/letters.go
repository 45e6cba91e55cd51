package model

import (
	"strings"
	"unicode"
	"unicode/utf8"
)

// The questions that Python's str answers, with its answers: both filters must judge letters beyond ASCII alike.

// Letters and digits whose upper case is more than one letter, where the simple mapping changes nothing.
var growing = &unicode.RangeTable{
	R16: []unicode.Range16{
		{0xdf, 0xdf, 1}, {0x149, 0x149, 1}, {0x1f0, 0x1f0, 1}, {0x390, 0x390, 1}, {0x3b0, 0x3b0, 1}, {0x587, 0x587, 1},
		{0x1e96, 0x1e9a, 1}, {0x1f50, 0x1f56, 2}, {0x1f80, 0x1faf, 1}, {0x1fb2, 0x1fb4, 1}, {0x1fb6, 0x1fb7, 1}, {0x1fbc, 0x1fbc, 1},
		{0x1fc2, 0x1fc4, 1}, {0x1fc6, 0x1fc7, 1}, {0x1fcc, 0x1fcc, 1}, {0x1fd2, 0x1fd3, 1}, {0x1fd6, 0x1fd7, 1}, {0x1fe2, 0x1fe4, 1},
		{0x1fe6, 0x1fe7, 1}, {0x1ff2, 0x1ff4, 1}, {0x1ff6, 0x1ff7, 1}, {0x1ffc, 0x1ffc, 1}, {0xfb00, 0xfb06, 1}, {0xfb13, 0xfb17, 1},
	},
	LatinOffset: 1,
}

// Digits that are no decimal digits: superscripts and the like.
var digitLike = &unicode.RangeTable{
	R16: []unicode.Range16{
		{0xb2, 0xb3, 1}, {0xb9, 0xb9, 1}, {0x1369, 0x1371, 1}, {0x19da, 0x19da, 1}, {0x2070, 0x2070, 1}, {0x2074, 0x2079, 1},
		{0x2080, 0x2089, 1}, {0x2460, 0x2468, 1}, {0x2474, 0x247c, 1}, {0x2488, 0x2490, 1}, {0x24ea, 0x24ea, 1}, {0x24f5, 0x24fd, 1},
		{0x24ff, 0x24ff, 1}, {0x2776, 0x277e, 1}, {0x2780, 0x2788, 1}, {0x278a, 0x2792, 1},
	},
	R32: []unicode.Range32{
		{0x10a40, 0x10a43, 1}, {0x10e60, 0x10e68, 1}, {0x11052, 0x1105a, 1}, {0x1f100, 0x1f10a, 1},
	},
	LatinOffset: 2,
}

// IsUpper tells whether a rune is a capital letter.
func IsUpper(r rune) bool { return unicode.IsUpper(r) || unicode.Is(unicode.Other_Uppercase, r) }

// IsLower tells whether a rune is a small letter.
func IsLower(r rune) bool { return unicode.IsLower(r) || unicode.Is(unicode.Other_Lowercase, r) }

// IsLetterOrNumber tells whether a rune is a letter or a number of any script.
func IsLetterOrNumber(r rune) bool {
	if r < utf8.RuneSelf {
		return IsAlnum(byte(r))
	}
	return unicode.IsLetter(r) || unicode.IsNumber(r)
}

// IsSpace tells whether a rune is a blank of any kind, the four separators of ASCII among them.
func IsSpace(r rune) bool { return unicode.IsSpace(r) || (r >= 0x1c && r <= 0x1f) }

// AllDigits tells whether a text is not empty and has digits only, superscripts and other scripts' digits among them.
func AllDigits(text string) bool {
	for _, r := range text {
		if !digitOfAnyScript(r) {
			return false
		}
	}
	return text != ""
}

// AllLetters tells whether a text is not empty and has letters only.
func AllLetters(text string) bool { return text != "" && !strings.ContainsFunc(text, notLetter) }

// AllLettersOrNumbers tells whether a text is not empty and has letters and numbers only.
func AllLettersOrNumbers(text string) bool {
	return text != "" && !strings.ContainsFunc(text, notLetterOrNumber)
}

func notLetter(r rune) bool         { return !unicode.IsLetter(r) }
func notLetterOrNumber(r rune) bool { return !IsLetterOrNumber(r) }

// AllLower tells whether a text has a letter with a case, and small ones only.
func AllLower(text string) bool {
	cased := false
	for _, r := range text {
		if IsUpper(r) || unicode.IsTitle(r) {
			return false
		}
		cased = cased || IsLower(r)
	}
	return cased
}

// AllUpper tells whether a text has a letter with a case, and capitals only.
func AllUpper(text string) bool {
	cased := false
	for _, r := range text {
		if IsLower(r) || unicode.IsTitle(r) {
			return false
		}
		cased = cased || IsUpper(r)
	}
	return cased
}

// IsTitle tells whether every run of letters with a case is a capital with small letters after it, and there is one.
func IsTitle(text string) bool {
	cased, inWord := false, false
	for _, r := range text {
		switch {
		case IsUpper(r) || unicode.IsTitle(r):
			if inWord {
				return false
			}
			cased, inWord = true, true
		case IsLower(r):
			if !inWord {
				return false
			}
			cased = true
		default:
			inWord = false
		}
	}
	return cased
}

// ChangesInUpper tells whether the text in capitals is another text.
func ChangesInUpper(text string) bool { return strings.ContainsFunc(text, changesInUpper) }

func changesInUpper(r rune) bool {
	if r < utf8.RuneSelf {
		return r >= 'a' && r <= 'z'
	}
	return unicode.ToUpper(r) != r || unicode.Is(growing, r)
}

// HasCase tells whether capitals and small letters make two texts of it.
func HasCase(text string) bool {
	return strings.ContainsFunc(text, func(r rune) bool { return changesInUpper(r) || unicode.ToLower(r) != r })
}

// Lower is a text in small letters; unlike Scan.Low its positions may shift.
func Lower(text string) string {
	low := strings.ToLower(text)
	if IsASCII(text) || !strings.ContainsAny(text, "İΣ") {
		return low
	}
	var small strings.Builder
	for place, r := range text {
		switch r {
		case 'İ': // its small letter is an i with a dot of its own
			small.WriteString("i\u0307")
		case 'Σ':
			small.WriteRune(smallSigma(text, place))
		default:
			small.WriteRune(unicode.ToLower(r))
		}
	}
	return small.String()
}

// smallSigma is ς at the end of a word and σ elsewhere (The Unicode Standard, 3.13, Final_Sigma), for the Σ at a place.
func smallSigma(text string, place int) rune {
	before := strings.TrimRightFunc(text[:place], caseless)
	after := strings.TrimLeftFunc(text[place+len("Σ"):], caseless)
	last, _ := utf8.DecodeLastRuneInString(before)
	next, _ := utf8.DecodeRuneInString(after)
	if cased(last) && !cased(next) {
		return 'ς'
	}
	return 'σ'
}

func smallLetter(text string, place int, r rune) rune {
	if r == 'Σ' {
		return smallSigma(text, place)
	}
	return unicode.ToLower(r)
}

func cased(r rune) bool { return IsUpper(r) || IsLower(r) || unicode.IsTitle(r) }

// caseless runes are passed over when the end of a word is looked for.
func caseless(r rune) bool {
	return unicode.In(r, unicode.Mn, unicode.Me, unicode.Cf, unicode.Lm, unicode.Sk) || strings.ContainsRune("'.:··՟״‧︓﹕：’‘․﹒＇．", r)
}

// Strip cuts blanks of any kind at both ends.
func Strip(text string) string { return strings.TrimFunc(text, IsSpace) }

// HasDigit tells whether a text has a digit of any script.
func HasDigit(text string) bool { return strings.ContainsFunc(text, digitOfAnyScript) }

func digitOfAnyScript(r rune) bool {
	if r < utf8.RuneSelf {
		return IsDigit(byte(r))
	}
	return unicode.IsDigit(r) || unicode.Is(digitLike, r)
}
