package secrets

import (
	"strings"
	"sync"

	"github.com/otel-smart-agents/otel-smart-agents/processors/internal/detectors/keys"
	"github.com/otel-smart-agents/otel-smart-agents/processors/internal/detectors/model"
	"github.com/otel-smart-agents/otel-smart-agents/processors/internal/detectors/pattern"
	"github.com/otel-smart-agents/otel-smart-agents/processors/internal/detectors/secretvalues"
)

// The triggers for names with values: a sign after a word that makes it worth asking whether the name is denied (keys.Names).
const (
	linkPattern = `[ \t]*(?:str(?:ing)? ?)?(?:[=:>][=:>]*|!=+|,[ \t]*b?[\\"'` + "`]" +
		`|(?: is| was| lautet| ist| est| es)(?: now)?:? )[ \t\r\n]*[^ \t\r\n]`
	spacedAfter = `[A-Za-z0-9_\-]*(?:[ \t]+["']?[A-Za-z0-` +
		`9+/=_.~\-!#$%&@^*]{6}|(?: [a-z]+)+: ?["'` + "`" + `]?[A-Za-z0-9+/=_.*~\-]{8})`
)

func assignments() []model.Trigger {
	names := keys.Names()
	name := `(?:(?:` + names.Secrets + `|` + names.Pairs + `|` + names.People + `|` + names.Escaped + `)[A-Za-z0-9_.\-]*|(?:` +
		names.Ends + `)(?:[0-9_.\-][A-Za-z0-9_.\-]*)?)`
	apart := `(?i)(?:name|key|field|header)[\\"']*\s*[:=]\s*[\\"']*[A-Za-z0-9_.\-]*(?:` + names.Secrets + `|` + names.Pairs + `|` +
		names.Ends + `)[A-Za-z0-9_.\-]*[\\"']*[\s,{}|-]*[\\"']*val`
	comparison := `["'` + "`" + `]\)?[ \t]*(?:[!=]==?|<>)[ \t]*\(?[A-Za-z_.0-9]*(?i:` + names.Secrets + `|` + names.Ends + `)`
	return []model.Trigger{
		{Name: "named", Pattern: `(?i)` + name + `[\\"'` + "`" + `\])]*` + linkPattern, Find: namedValues, Alone: true},
		{Name: "named-apart", Pattern: apart, Find: namedValues, Alone: true},
		{Name: "compared", Pattern: comparison, Find: compared, Alone: true},
		{Name: "spaced", Pattern: `(?i)(?:` + strings.Join(spacedWords, "|") + `)` + spacedAfter, Find: spaced, Alone: true},
	}
}

var foreignWords = sync.OnceValue(func() []string { return keys.Names().Foreign })

// ForeignNames marks passwords under their name in other languages: for texts with letters beyond ASCII.
func ForeignNames(scan *model.Scan) {
	for _, word := range foreignWords() {
		if strings.Contains(scan.Low, word) {
			namedValues(scan, "")
			foreignSentences(scan)
			return
		}
	}
}

var comparison = pattern.New("([\"'`])\\)?[ \\t]{0,4}(?:[!=]==?|<>)[ \\t]{0,4}\\(?([A-Za-z_][A-Za-z0-9_.]{0,64})", 0)

// namedValues looks at every sign that ties a name to a value; the name before it decides.
func namedValues(scan *model.Scan, _ string) {
	resume := 0
	for start, end := nextSign(scan.Text, 0); start >= 0; start, end = nextSign(scan.Text, end) {
		if start < resume {
			continue
		}
		if l, after, ok := linkAt(scan, start, end); ok {
			resume = takeValue(scan, after, l)
		}
	}
}

// compared marks a literal on the left of a comparison: if ("…" == password).
func compared(scan *model.Scan, _ string) {
	text := scan.Text
	for found := range comparison.All(text, 0, len(text)) {
		if !denied(text[found[4]:found[5]]) {
			continue
		}
		from := scan.Back(found[0], 256)
		opened := strings.LastIndex(text[from:found[0]], text[found[2]:found[3]])
		if opened < 0 {
			continue
		}
		start := from + opened + 1
		if secretvalues.QuotedSecret(text[start:found[0]], true) {
			scan.Add(start, found[0], "[secret]")
		}
	}
}

var (
	spacedWords = []string{
		"secret", "token", "password", "passwd", "api key", "apikey", "api_key", "access_key", "access key", "private key", "credential",
	}
	spacedValue   = pattern.New(`([A-Za-z0-9_\-]{0,48})[ \t]{1,4}(?:([A-Za-z0-9+/=_\-.~]{16,512})|["']([^\s"']{6,512})["'])`, 0)
	providedValue = pattern.New("[A-Za-z_\\-]{0,24}(?: [a-z]{2,12}){1,3}: ?[\"'`]?([A-Za-z0-9+/=_\\-.*~]{8,512})", 0)
)

// spaced marks a generated value after a name and a blank (configure set aws_secret_access_key …); "Invalid API key provided: …".
func spaced(scan *model.Scan, _ string) {
	for _, word := range spacedWords {
		for place := strings.Index(scan.Low, word); place >= 0; place = indexFrom(scan.Low, word, place+len(word)) {
			end := place + len(word)
			if at(scan.Text, end) == ']' {
				continue
			}
			if found, ok := spacedValue.Match(scan.Text, end, len(scan.Text)); ok {
				group := 4
				if found[group] < 0 {
					group = 6
				}
				markGenerated(scan, found[group], found[group+1])
			}
			if found, ok := providedValue.Match(scan.Text, end, len(scan.Text)); ok {
				markGenerated(scan, found[2], found[3])
			}
		}
	}
}

func markGenerated(scan *model.Scan, start, end int) {
	value := strings.TrimRight(scan.Text[start:end], ".")
	if generated(value) {
		scan.Add(start, start+len(value), "[secret]")
	}
}

func generated(value string) bool {
	least := 1
	if strings.ContainsAny(value, "./") || strings.Count(value, "_") > 1 || strings.Count(value, "-") > 1 {
		least = 2
	}
	return secretvalues.DigitsIn(value) > least && secretvalues.LettersIn(value) > 2 && !secretvalues.IsPlaceholder(value)
}
