package personal

import (
	"encoding/json"
	"os"
	"regexp"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/otel-smart-agents/otel-smart-agents/processors/internal/detectors/model"
)

// found asks every finder of this package, whether its trigger fires or not, and returns what they mark as "text→replacement".
func found(text string, hint model.Hint) []string {
	scan := model.NewScan(text, hint)
	for _, trigger := range Triggers() {
		trigger.Find(scan, trigger.Argument)
	}
	ForeignKeywords(scan)
	ForeignPhoneWords(scan)
	var marks []string
	known := map[string]bool{}
	for _, span := range scan.Spans {
		if mark := text[span.Start:span.End] + "→" + span.Replacement; !known[mark] {
			known[mark] = true
			marks = append(marks, mark)
		}
	}
	return marks
}

func TestEachFamilyMarksExactlyWhatItIsAbout(t *testing.T) {
	for _, row := range []struct {
		text string
		hint model.Hint
		want string // "" = nothing
	}{
		{"write to <o'hara@example.ie>.", 0, "o'hara@example.ie→[email]"},
		{"jürgen@müller.example", 0, "jürgen@müller.example→[email]"},
		{"user@xn--bcher-kva.example:x", 0, "user@xn--bcher-kva.example→[email]"},
		{"bob (at) example (dot) com", 0, "bob (at) example (dot) com→[email]"},
		{"git@github.com:org/repo.git", 0, ""},
		{"logo@2x.png", 0, ""},
		{"look at foo.py", 0, ""},
		{"call +44 20 7946 0958 x7", 0, "+44 20 7946 0958 x7→[phone]"},
		{"電話: 03-1234-5678", 0, "03-1234-5678→[phone]"},
		{"order number: 0123456789", 0, ""},
		{"diff +20250101", 0, ""},
		{"pan 4111 1111 1111 1111", 0, "4111 1111 1111 1111→[card]"},
		{"4444444444444444", 0, ""},
		{"unit 490154203237518", 0, "490154203237518→[imei]"},
		{"IBAN DE89 3704 0044 0532 0130 00", 0, "DE89 3704 0044 0532 0130 00→[iban]"},
		{"219-09-9999", 0, "219-09-9999→[ssn]"},
		{"912-70-1234", 0, "912-70-1234→[ssn]"},
		{"912-69-1234", 0, ""},
		{"203.0.113.7", 0, "203.0.113.7→[ip]"},
		{"203.0.113.7", model.Version, ""},
		{"Chrome/120.0.0.0", 0, ""},
		{"Chrome/120.0.0.0", model.Address, "120.0.0.0→[ip]"},
		{"fe80::1ff:fe23:4567:890a%eth2", 0, "fe80::1ff:fe23:4567:890a%eth2→[ip]"},
		{"std::vector and a::b", 0, ""},
		{"3c22.fb0a.1b2c", 0, "3c22.fb0a.1b2c→[mac]"},
		{"00:00:00:00:00:00", 0, ""},
		{"/home/ada/src", 0, "ada→~"},
		{"/home/ada/src", model.URLPath, ""},
		{"/Users/Ada Lovelace/src", 0, "Ada Lovelace→~"},
		{"GET /home/news", 0, ""},
		{`C:\Users\Ada Byron\x`, 0, "Ada Byron→~"},
		{`C:\Users\ada is full`, 0, "ada→~"},
		{"%2Fhome%2Fada%2Fx", 0, "ada→~"},
		{"/home/runner/work", 0, ""},
		{"eyJhbGciOiJub25lIn0.eyJhIjofQ.", 0, "eyJhbGciOiJub25lIn0.eyJhIjofQ→[jwt]"},
		{"eyJAAAA.eyJBBB", 0, ""},
		{"-----BEGIN PRIVATE KEY-----MIIEvQ", 0, "MIIEvQ→[private-key]"},
		{"0x52908400098527886E0F7030069857D2E4169EE7", 0, "0x52908400098527886E0F7030069857D2E4169EE7→[wallet]"},
		{"0x" + strings.Repeat("0", 40), 0, ""},
		{"CPF 529.982.247-25", 0, "529.982.247-25→[id]"},
		{"паспорт АБ 1234567", 0, "АБ 1234567→[id]"},
		{"my_ssn 219099999", 0, ""},
	} {
		if got := strings.Join(found(row.text, row.hint), " "); got != row.want {
			t.Errorf("%q (hint %d): %q, want %q", row.text, row.hint, got, row.want)
		}
	}
}

type vector struct {
	Family, Key, Value string
	Expected           *string
}

func vectors(t *testing.T) []vector {
	t.Helper()
	content, err := os.ReadFile("../../../../tests/vectors/values.json")
	if err != nil {
		t.Fatal(err)
	}
	var file struct{ Rows []vector }
	if err := json.Unmarshal(content, &file); err != nil {
		t.Fatal(err)
	}
	return file.Rows
}

func vectorTexts(t *testing.T, family string) []string {
	t.Helper()
	var texts []string
	for _, row := range vectors(t) {
		if row.Family == family {
			texts = append(texts, row.Value)
		}
	}
	return texts
}

// The rows of the families that this package alone finds: what it marks is what Python replaces.
func TestVectorsOfTheseFamilies(t *testing.T) {
	families, count := model.Words("card bank wallets token"), 0
	for _, row := range vectors(t) {
		if !families[row.Family] || row.Key != "output.value" || row.Expected == nil || strings.Contains(*row.Expected, "[secret]") {
			continue
		}
		count++
		if got := replaced(row.Value); got != *row.Expected {
			t.Errorf("%s: %q became %q, want %q", row.Family, row.Value, got, *row.Expected)
		}
	}
	if count < 350 {
		t.Fatalf("only %d rows", count)
	}
}

// replaced is a plain reading of what the engine does with spans: left-most longest first, overlapping ones once.
func replaced(text string) string {
	scan := model.NewScan(text, model.Plain)
	for _, trigger := range Triggers() {
		trigger.Find(scan, trigger.Argument)
	}
	slices.SortFunc(scan.Spans, func(a, b model.Span) int {
		if a.Start != b.Start {
			return a.Start - b.Start
		}
		if a.End != b.End {
			return b.End - a.End
		}
		return strings.Compare(a.Replacement, b.Replacement)
	})
	var out strings.Builder
	place := 0
	for _, span := range scan.Spans {
		if span.Start >= place {
			out.WriteString(text[place:span.Start] + span.Replacement)
			place = span.End
		}
	}
	return out.String() + text[place:]
}

func TestEveryPatternCompiles(t *testing.T) {
	names := map[string]bool{}
	for _, trigger := range Triggers() {
		if _, err := regexp.Compile(trigger.Pattern); err != nil {
			t.Errorf("%s: %v", trigger.Name, err)
		}
		if names[trigger.Name] {
			t.Errorf("two triggers are named %s", trigger.Name)
		}
		names[trigger.Name] = true
	}
	for i := range keyed {
		keyed[i].form()
	}
	for i := range alone {
		alone[i].pattern()
	}
	for _, forms := range allAnchors().forms {
		for _, form := range forms {
			for _, compile := range []func() *regexp.Regexp{form.tail.before, form.tail.after, form.head} {
				if compile != nil {
					compile()
				}
			}
		}
	}
}

// The pattern of the tokens' trigger fires wherever their finder finds something.
func TestTheVendorPatternMissesNoToken(t *testing.T) {
	pattern := regexp.MustCompile(vendorTrigger())
	count := 0
	for _, text := range vectorTexts(t, "token") {
		scan := model.NewScan(text, model.Plain)
		vendorTokens(scan, "")
		if len(scan.Spans) > 0 {
			count++
			if !pattern.MatchString(text) {
				t.Errorf("%q does not fire", text)
			}
		}
	}
	if count < 300 {
		t.Fatalf("only %d texts with tokens", count)
	}
}

// Whatever a value holds, its scan ends in time: no pattern is tried over the whole rest again and again. A
// walk of that kind takes minutes.
func TestLongValuesEndInTime(t *testing.T) {
	for _, piece := range []string{
		"1", "12 ", "+1", "4111 ", "a@", "a@b.", "x (at) ", " at x", "eyJ", "eyJa.",
		"-----BEGIN PRIVATE KEY-----!", "/home/", "C:\\Users\\", "sk-",
		"AC", "s.", "AAAAA", "ssn 1", "tel 1", "::1", "1.1.", "ab:", "1A", "Q~", "-us1",
		"bc1", "http://", "é", "ghp_" + strings.Repeat("a", 36) + "_",
		"sk-proj-", "sk-ant-ab-", "glrt-", "xoxb-1234567-", "-AzFu", "snyk_uat.", "+ABSKQmVkcm9ja0FQSUtleS", "JQQJ99",
	} {
		text := strings.Repeat(piece, 1+64_000/len(piece))
		start := time.Now()
		found(text, model.Plain)
		if took := time.Since(start); took > 15*time.Second {
			t.Errorf("%q: %v for %d bytes", piece, took, len(text))
		}
	}
}

func FuzzFinders(f *testing.F) {
	f.Add("ada@example.org 4111111111111111 /home/ada", uint8(0))
	f.Fuzz(func(t *testing.T, text string, hint uint8) {
		text = strings.ToValidUTF8(text, "\uFFFD")
		scan := model.NewScan(text, model.Hint(hint))
		for _, trigger := range Triggers() {
			trigger.Find(scan, trigger.Argument)
		}
		ForeignKeywords(scan)
		ForeignPhoneWords(scan)
		for _, span := range scan.Spans {
			if span.Start < 0 || span.Start > span.End || span.End > len(text) {
				t.Fatalf("%q: %v", text, span)
			}
		}
	})
}
