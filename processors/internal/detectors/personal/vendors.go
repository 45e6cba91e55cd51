package personal

import (
	"regexp"
	"slices"
	"strings"
	"sync"

	"github.com/otel-smart-agents/otel-smart-agents/processors/internal/detectors/model"
)

// vendorRow is one published form: the anchor is literal text, the others are patterns.
type vendorRow struct {
	anchor string
	tail   string // what follows the anchor
	head   string // what stands before it, "" = no letter or digit
}

// tokenForm is one row made ready.
type tokenForm struct {
	anchor     string
	tail       tail
	head       func() *regexp.Regexp // nil = no letter or digit
	needsDigit bool
}

// Short or everyday anchors: a token needs a digit to be told from a word.
var needDigit = model.Words(`s. r. YC fw_ oy2 cio pa- ak- as- md- sk- AC SK PK ATBB LTAI API- live_ test_ secret_ A3T SUA npm_ csk- crates_
    GOOG SCW dose dkea u+`)

// Characters that stand before a head at most.
const headLimit = 96

// anchors are the forms of all vendors, by anchor.
type anchors struct {
	*lexicon
	forms [][]tokenForm
}

var allAnchors = sync.OnceValue(func() anchors {
	var words []string
	places := map[string]int{}
	var forms [][]tokenForm
	for _, table := range [][]vendorRow{codeHosts, models, clouds, services} {
		for _, row := range table {
			place, known := places[row.anchor]
			if !known {
				place = len(words)
				places[row.anchor] = place
				words, forms = append(words, row.anchor), append(forms, nil)
			}
			forms[place] = append(forms[place], newTokenForm(row))
		}
	}
	return anchors{newLexicon(words), forms}
})

func newTokenForm(row vendorRow) tokenForm {
	made := tokenForm{anchor: row.anchor, tail: newTail(row.tail), needsDigit: needDigit[row.anchor]}
	if row.head != "" {
		made.head = lazy(`(?:` + row.head + `)\n?\z`)
	}
	return made
}

func vendors() []model.Trigger {
	return []model.Trigger{
		{Name: "vendor", Pattern: vendorTrigger(), Find: vendorTokens, Alone: true},
		{Name: "discord", Pattern: `\.[A-Za-z0-9_-]{6}[A-Za-z0-9_-]?\.[A-Za-z0-9_-]{6}`, Find: discordTokens, Alone: true},
	}
}

// eachAnchor calls visit for every place of an anchor that may start a token.
func eachAnchor(text string, visit func(forms []tokenForm, place int)) {
	all := allAnchors()
	for place := 0; place+1 < len(text); place++ {
		for _, index := range all.near(text, place) {
			if strings.HasPrefix(text[place:], all.words[index]) {
				visit(all.forms[index], place)
			}
		}
	}
}

func vendorTokens(scan *model.Scan, _ string) {
	seen := walked{}
	eachAnchor(scan.Text, func(forms []tokenForm, place int) {
		for i := range forms {
			if forms[i].mark(scan, place, seen) {
				break
			}
		}
	})
}

// mark adds the token whose anchor stands at place.
func (f *tokenForm) mark(scan *model.Scan, place int, seen walked) bool {
	text := scan.Text
	if !f.canStart(text, place) {
		return false
	}
	body := place + len(f.anchor)
	end := f.tail.end(text, body, seen)
	if end < 0 {
		return false
	}
	start := f.start(text, place)
	if start < 0 || end < len(text) && isWord(text[end]) {
		return f.markGlued(scan, place)
	}
	value := text[body:end]
	masked := value != "" && strings.Trim(value, "xX*.-_") == ""
	if masked || strings.Count(value, "EXAMPLE") > 2 || f.needsDigit && digitsIn(value) == 0 {
		return false
	}
	scan.Add(start, end, "[token]")
	return true
}

// canStart tells at once of places where start would be -1; a pattern before the anchor and a token's checksum are asked later.
func (f *tokenForm) canStart(text string, place int) bool {
	return f.head != nil || f.isGitHub() || f.start(text, place) >= 0
}

// start returns where the token starts, -1 when what stands before does not fit.
func (f *tokenForm) start(text string, place int) int {
	if f.head != nil {
		low := model.Back(text, place, headLimit)
		found := f.head().FindStringIndex(text[low:place])
		if found == nil || model.IsAlnum(byteAt(text, low+found[0]-1)) {
			return -1
		}
		return low + found[0]
	}
	// "video.ico-7a38…" is a file name: after a dot only long anchors count.
	before := byteAt(text, place-1)
	afterDot := before == '.' && len(f.anchor) < 5 && model.IsAlnum(byteAt(text, place-2))
	if model.IsAlnum(f.anchor[0]) && (model.IsAlnum(before) || afterDot) {
		return -1
	}
	return place
}

func (f *tokenForm) isGitHub() bool { return len(f.anchor) == 4 && strings.HasPrefix(f.anchor, "gh") }

// markGlued: a GitHub token glued to other letters is still told by its checksum.
func (f *tokenForm) markGlued(scan *model.Scan, place int) bool {
	end := model.Forward(scan.Text, place, 40)
	if !f.isGitHub() || !githubCRC(scan.Text[place:end]) {
		return false
	}
	scan.Add(place, end, "[token]")
	return true
}

// vendorTrigger is one pattern for all anchors and what must follow them, written so that an automaton shares the beginning of a word and
// the letters that anchors have in common.
func vendorTrigger() string {
	var words, anywhere []string
	for _, table := range [][]vendorRow{codeHosts, models, clouds, services} {
		for _, row := range table {
			pattern := regexp.QuoteMeta(row.anchor) + firstRun(row.tail)
			if model.IsAlnum(row.anchor[0]) && row.head == "" && !strings.HasPrefix(row.anchor, "gh") {
				words = append(words, pattern)
			} else {
				anywhere = append(anywhere, pattern)
			}
		}
	}
	slices.Sort(words)
	slices.Sort(anywhere)
	return "(?:^|[^0-9A-Za-z])(?:" + strings.Join(words, "|") + ")|" + strings.Join(anywhere, "|")
}

var countedRun = lazy(`\A(\[[^\]]+\])\{([0-9]+)(?:,[0-9]*)?\}`)

// firstRun is the first run of a tail, at most four long: enough to tell text from tokens, and it keeps an automaton small.
func firstRun(tail string) string {
	found := countedRun().FindStringSubmatch(tail)
	if found == nil || strings.Contains(tail, "|") {
		return ""
	}
	if len(found[2]) == 1 && found[2] < "4" {
		return found[1] + "{" + found[2] + "}"
	}
	return found[1] + "{4}"
}
