package secrets

import (
	"strings"

	"github.com/otel-smart-agents/otel-smart-agents/processors/internal/detectors/model"
	"github.com/otel-smart-agents/otel-smart-agents/processors/internal/detectors/pattern"
)

const (
	verb = `(?:select|insert|update|delete|replace|merge|with|call|exec|execute|grant|copy|upsert` +
		`|create (?:user|role|login)|alter (?:user|role|login))`
	structure = `(?i)(?:\bselect\s[^;]*\sfrom\s|\bselect\s+[^a-z\s*]|\b(?:insert|replace|merge|upsert)\s+into\s|\bupdate\s[^;]*\sset\s` +
		`|\bdelete\s+from\s|\bvalues\s*\(|\bcall\s+[a-z_.]+\s*\(|\bexec(?:ute)?\s+[a-z_.@]+\s|\bcopy\s[^;]*\sfrom\s|\bmatch\s*\(` +
		`|\b(?:create|alter)\s+(?:user|role|login)\s|\bidentified\s+by\s)`
	begins = `(?i)\A\s*(?:/\*[^*]*\*/\s*|--[^\n]*\n\s*)?(?:explain\s+(?:analyze\s+)?)?` + verb + `\s`
	// A statement inside something else: a JSON field, a driver's error message.
	embeddedTrigger = `(?i)(?:(?:sql|query|statement|stmt|command|psql)\\*["']?\]?\s?[:=]\s?\\*["']*|\[sql: ?|execute\(\\*["']+|-[ce] ["'])\s*` +
		verb + `\s`
)

// Database statements: the literals of SQL become ?; names and structure stay.
func statements() []model.Trigger {
	return []model.Trigger{
		{Name: "bound", Pattern: `\[parameters: `, Find: bound, Alone: true},
		{Name: "given", Pattern: `input_value=[^\n]`, Find: given, Alone: true},
		{Name: "sql", Pattern: structure, Find: hinted, Alone: true},
		{Name: "sql-whole", Pattern: begins, Find: whole, Needs: "sql", Alone: true},
		{Name: "sql-embedded", Pattern: embeddedTrigger, Find: embedded, Needs: "sql", Alone: true},
	}
}

var (
	embeddedStart = pattern.New(`(?:[:=(]\s{0,2}(\\{0,4}["']{1,3})?|\[sql: ?|-[ce] (["']))\s{0,4}(?:`+verb+`)\s`, pattern.Fold)
	// What stands before a text between double quotes: in ANSI SQL they hold names, in MySQL text; after an operator it is text.
	beforeDouble = pattern.New(`(?:=|<|>|\bLIKE|\bIN|\bVALUES|\bBY)\s{0,4}"`, pattern.Fold)
	counting     = pattern.New(`(?:limit|offset|top|fetch first|fetch next|rows|interval|varchar|char|decimal|numeric|\bas|\$|:`+
		`|[a-z_@#.])\s{0,2}\(?$`, 0)
)

const (
	countingWindow  = 14
	boundLimit      = 4096
	boundParameters = "[parameters: "
	givenValue      = "input_value="
	givenEnd        = ", input_type="
)

var (
	boundLiteral = pattern.New(`'(?:[^'\\\n]|\\.){0,4096}'|"(?:[^"\\\n]|\\.){0,4096}"|\b[0-9][0-9.]{0,64}\b`, 0)
	plainGiven   = pattern.New(`None|True|False|-?[0-9]{1,4}(?:\.[0-9]{1,4})?|''|\[\]|\{\}|\?|PydanticUndefined`, 0)
)

// bound marks what a driver reports as bound to a statement ([parameters: ('bob', 'x')]); the names of parameters stay.
func bound(scan *model.Scan, _ string) {
	text := scan.Text
	for place := strings.Index(text, boundParameters); place >= 0; {
		start := place + len(boundParameters)
		stop := model.Forward(text, start, boundLimit)
		for _, sign := range []string{")]", "}]", "]]"} {
			if end := strings.Index(text[start:stop], sign); end >= 0 {
				stop = start + end
			}
		}
		for found := range boundLiteral.All(text, start, stop) {
			if at(text, found[1]) != ':' {
				scan.Add(found[0], found[1], "?")
			}
		}
		place = indexFrom(text, boundParameters, stop)
	}
}

// given marks what a failed validation quotes, which is what the user gave (input_value='…', input_type=str).
func given(scan *model.Scan, _ string) {
	text := scan.Text
	for place := strings.Index(text, givenValue); place >= 0; {
		start := place + len(givenValue)
		next := start
		if size := strings.Index(text[start:model.Forward(text, start, boundLimit)], givenEnd); size >= 0 {
			next = start + size
			if _, plain := plainGiven.Whole(text[start:next]); !plain {
				scan.Add(start, next, "?")
			}
		}
		place = indexFrom(text, givenValue, next)
	}
}

// whole: the text is a statement. Where the key says so as well, hinted has marked the same literals.
func whole(scan *model.Scan, _ string) {
	if scan.Hint&model.Statement == 0 {
		markLiterals(scan, 0, len(scan.Text))
	}
}

// hinted: the key says that the text is a statement.
func hinted(scan *model.Scan, _ string) {
	if scan.Hint&model.Statement != 0 {
		markLiterals(scan, 0, len(scan.Text))
	}
}

// embedded: a statement inside something else, from its verb on.
func embedded(scan *model.Scan, _ string) {
	text := scan.Text
	found, ok := embeddedStart.Search(text, 0, len(text))
	if !ok {
		return
	}
	closing := "\x00"
	switch {
	case found[2] >= 0 && found[3] > found[2]:
		closing = text[found[2]:found[3]]
	case found[4] >= 0:
		closing = text[found[4]:found[5]]
	case strings.HasPrefix(strings.ToLower(text[found[0]:found[1]]), "[sql"):
		closing = "]"
	}
	end := indexFrom(text, closing, found[1])
	if end < 0 {
		end = len(text)
	}
	markLiterals(scan, found[1], end)
}

func markLiterals(scan *model.Scan, start, end int) {
	text := scan.Text
	for at := start; at < end; {
		after, number := literalAt(text, at, end)
		switch {
		case after < 0:
			at++
			continue
		case !number, isNumber(text[at:after]) && !isCounting(scan, at):
			scan.Add(at, after, "?")
		}
		at = after
	}
	if scan.Hint&model.Statement == 0 {
		return
	}
	for at := start; at < end && strings.IndexByte(text[at:end], '"') >= 0; {
		found, ok := beforeDouble.Search(text, at, end)
		if !ok {
			return
		}
		at = found[0] + 1
		if after := quotationEnd(text, found[1], end, '"'); after > 0 {
			scan.Add(found[1]-1, after, "?")
			at = after
		}
	}
}

func isNumber(piece string) bool {
	for i := range len(piece) {
		if !model.IsDigit(piece[i]) && piece[i] != '.' {
			return false
		}
	}
	return true
}

func isCounting(scan *model.Scan, at int) bool {
	from := scan.Back(at, countingWindow)
	_, ok := counting.Search(scan.Low[from:at], 0, at-from)
	return ok
}
