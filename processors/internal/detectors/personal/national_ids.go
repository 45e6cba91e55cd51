package personal

import (
	"regexp"
	"slices"
	"strings"
	"sync"

	"github.com/otel-smart-agents/otel-smart-agents/processors/internal/detectors/model"
)

// keyedForm is the form of a number beside its keywords, and what checks its letters (in capitals) and digits; nil = the form is enough.
type keyedForm struct {
	keywords []string
	form     func() *regexp.Regexp
	check    func(number string) bool
}

// aloneForm is a form with letters in fixed places and a check digit, looked for everywhere.
type aloneForm struct {
	form
	check func(number string) bool
}

// Characters after and before a keyword in which its number starts.
const windowAfter, windowBefore, windowRest = 56, 24, 24

// nationalWords are the keywords: with ASCII letters only, found in one walk, and others.
type nationalWords struct {
	plain   *lexicon
	foreign []string
	forms   map[string][]*keyedForm
}

var national = sync.OnceValue(func() nationalWords {
	var plain []string
	made := nationalWords{forms: map[string][]*keyedForm{}}
	for i := range keyed {
		for _, keyword := range keyed[i].keywords {
			if made.forms[keyword] == nil {
				if model.IsASCII(keyword) {
					plain = append(plain, keyword)
				} else {
					made.foreign = append(made.foreign, keyword)
				}
			}
			made.forms[keyword] = append(made.forms[keyword], &keyed[i])
		}
	}
	made.plain = newLexicon(plain)
	return made
})

func nationalIDs() []model.Trigger {
	return []model.Trigger{
		{Name: "id-digits", Pattern: `[0-9]{2}`, Find: nothing, Alone: true},
		{Name: "id", Pattern: idTrigger(), Find: besideKeywords, Needs: "id-digits"},
		{Name: "id-form", Pattern: anyForm, Find: aloneNumbers, Alone: true},
	}
}

func idTrigger() string {
	var words []string
	for _, row := range keyed {
		for _, keyword := range row.keywords {
			if model.IsASCII(keyword) {
				words = append(words, regexp.QuoteMeta(strings.Trim(keyword, " :#")))
			}
		}
	}
	return `(?i)\b(?:` + strings.Join(words, "|") + `)s?\b`
}

// endsWord tells whether a word, or its plural, ends there.
func endsWord(text string, end int) bool {
	next := byteAt(text, end)
	return !isWord(next) || next|0x20 == 's' && !isWord(byteAt(text, end+1))
}

func besideKeywords(scan *model.Scan, _ string) {
	words := national().plain
	var seen []uint16
	text := scan.Text
	for at := 0; at+1 < len(text); at++ {
		for _, index := range words.near(text, at) {
			if !slices.Contains(seen, index) && standsAt(text, at, words.words[index]) {
				seen = append(seen, index)
			}
		}
	}
	for _, index := range seen {
		besideKeyword(scan, words.words[index])
	}
}

// standsAt tells whether a keyword stands there as a word of its own, or its plural.
func standsAt(text string, at int, keyword string) bool {
	if !hasFold(text, at, keyword) || model.IsAlnum(keyword[0]) && isWord(byteAt(text, at-1)) {
		return false
	}
	return !model.IsAlnum(keyword[len(keyword)-1]) || endsWord(text, at+len(keyword))
}

// ForeignKeywords marks numbers beside words in other scripts and with accents: for texts with letters beyond ASCII.
func ForeignKeywords(scan *model.Scan) {
	for _, keyword := range national().foreign {
		if strings.Contains(scan.Low, keyword) {
			besideKeyword(scan, keyword)
		}
	}
}

func besideKeyword(scan *model.Scan, keyword string) {
	low := scan.Low
	ascii, lettered := model.IsASCII(keyword), model.IsAlnum(keyword[len(keyword)-1])
	for place := strings.Index(low, keyword); place >= 0; {
		end := place + len(keyword)
		next := byteAt(low, end)
		glued := ascii && model.IsAlnum(byteAt(low, place-1)) || lettered && model.IsAlnum(next) && next != 's'
		if !glued {
			for _, row := range national().forms[keyword] {
				row.inWindow(scan, end, model.Forward(low, end, windowAfter))
				row.inWindow(scan, model.Back(low, place, windowBefore), place)
			}
		}
		place = indexFrom(low, keyword, end)
	}
}

func (k *keyedForm) inWindow(scan *model.Scan, start, end int) {
	text := scan.Text
	if line := strings.IndexByte(text[start:end], '\n'); line >= 0 {
		end = start + line
	}
	limit := model.Forward(text, end, windowRest)
	for place := start; place < end; {
		found := k.form().FindStringIndex(text[place:limit])
		if found == nil || place+found[0] >= end {
			return
		}
		from, to := place+found[0], place+found[1]
		if apart(text, from, to, isWord) && (k.check == nil || k.check(numberOf(text[from:to]))) {
			scan.Add(from, to, "[id]")
		}
		place = to
	}
}

// numberOf drops the separators and makes capitals.
func numberOf(piece string) string { return strings.ToUpper(without(piece, " -./()+")) }

func aloneNumbers(scan *model.Scan, _ string) {
	text := scan.Text
	for i := range alone {
		alone[i].each(text, func(found []int) {
			start, end := found[0], found[1]
			if apart(text, start, end, isWord) && !inChain(text, start, end) && alone[i].check(numberOf(text[start:end])) {
				scan.Add(start, end, "[id]")
			}
		})
	}
}

// inChain tells of a part of a longer run joined with hyphens (UUIDs, part numbers).
func inChain(text string, start, end int) bool {
	return byteAt(text, start-1) == '-' && model.IsAlnum(byteAt(text, start-2)) ||
		byteAt(text, end) == '-' && model.IsAlnum(byteAt(text, end+1))
}
