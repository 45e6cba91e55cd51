package secrets

import (
	"regexp"
	"testing"

	"github.com/otel-smart-agents/otel-smart-agents/processors/internal/detectors/model"
)

// The signs are found by hand; this is what they are.
var signs = regexp.MustCompile("=>|:=|[!=]==?|[=:\uff1a]|[A-Za-z]>|[\"'`], ?b?[\\\\\"'`]|(?: is| was| lautet| ist| est| es)(?: now)?:? ")

func FuzzSignsAreThoseOfThePattern(f *testing.F) {
	for _, text := range []string{"a=>b:=c!==d", `"k", "v" is now: x`, "x is nowhere es est: y", "<a>b</a>", "k：v`,`=", "\xef\xbc"} {
		f.Add(text)
	}
	f.Fuzz(func(t *testing.T, text string) {
		start, end := nextSign(text, 0)
		for _, want := range signs.FindAllStringIndex(text, -1) {
			if start != want[0] || end != want[1] {
				t.Fatalf("%q: sign at %d–%d, want %v", text, start, end, want)
			}
			start, end = nextSign(text, end)
		}
		if start >= 0 {
			t.Fatalf("%q: a sign too many at %d", text, start)
		}
	})
}

// What a text between single or double quotes of SQL is; where the end is missing, package regexp takes the same way back.
var (
	singleQuoted = regexp.MustCompile(`\A(?s:'(?:[^'\\]|''|\\.)*(?:'|\z))`)
	doubleQuoted = regexp.MustCompile(`\A"(?:[^"\\\n]|"")*"`)
)

func FuzzQuotationsEndWhereThePatternEnds(f *testing.F) {
	for _, text := range []string{"'", "''", "'a''b'c", `'a\'b'`, `'a''b\`, `"a""b"`, "\"a\"\"b\n", `"a\"`, `'\`} {
		f.Add(text)
	}
	f.Fuzz(func(t *testing.T, text string) {
		for quote, pattern := range map[byte]*regexp.Regexp{'\'': singleQuoted, '"': doubleQuoted} {
			whole := string(quote) + text
			want := -1
			if found := pattern.FindStringIndex(whole); found != nil {
				want = found[1]
			}
			if got := quotationEnd(whole, 1, len(whole), quote); max(got, -1) != want && (got > 0 || want > 0) {
				t.Fatalf("%q ends at %d, want %d", whole, got, want)
			}
		}
	})
}

func TestLiteralsOfStatements(t *testing.T) {
	cases := map[string]int{
		"'a'": 3, "N'a' b": 4, "_utf8mb4'x'": 11, "_utf8'x'": 8, "$$a b$$ c": 7, "$$a$": -1, "0x1F ": 4, "0x1G": 4, "12.5e3,": 6,
		"abc": -1, "$1": -1,
	}
	for text, want := range cases {
		if got, _ := literalAt(text, 0, len(text)); got != want {
			t.Errorf("%q: %d, want %d", text, got, want)
		}
	}
}

func TestNamesSayWhatTheirValuesAre(t *testing.T) {
	cases := map[string]int{
		"password": nameDenied | nameStrong | nameWorded, "api_key": nameDenied | nameStrong, "access_token": nameDenied, "cookie": 0, "author": 0,
		"first_name": nameDenied | nameStrong | namePersonal, "пароль": nameDenied | nameStrong | nameWorded,
		"pass": namePass | nameStrong, "openai_key": nameKeyed, "cache_key": 0,
	}
	for name, want := range cases {
		if got := kindOf(name); got != want {
			t.Errorf("%q: %b, want %b", name, got, want)
		}
	}
}

func TestFindersNeverMarkOutsideTheText(t *testing.T) {
	for _, text := range []string{
		"", "=", `"password": {`, "password=", "password: '", "curl -u ", "-p", "mysql -p", "bearer ",
		"authorization:", "cookie:", "://a:b@", "?key=", `\`,
		"SELECT '", `"`, "é=", "пароль: é", "token \"", `'a' == password`, "secret: [",
	} {
		for _, hint := range []model.Hint{model.Plain, model.Statement} {
			scan := model.NewScan(text, hint)
			for _, trigger := range Triggers() {
				trigger.Find(scan, trigger.Argument)
			}
			ForeignNames(scan)
			for _, span := range scan.Spans {
				if span.Start < 0 || span.Start > span.End || span.End > len(text) {
					t.Errorf("%q: %v", text, span)
				}
			}
		}
	}
}
