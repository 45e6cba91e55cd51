package fingerprint

import (
	"strings"
	"testing"
	"time"
	"unicode/utf8"

	"github.com/stretchr/testify/assert"
)

// hostile texts are made of a head, a body that is repeated until the text is long enough, and a tail. Each would cost a reader that goes
// back over its text the square of its length.
var hostile = map[string][3]string{
	"brackets of a Go function":  {"goroutine 1 [running]:\nmain.", "[", "\n\t/a/b.go:12 +0x1d\n"},
	"a Go location that goes on": {"goroutine 1 [running]:\nmain.f()\n\t/a", ".go:12 fp=1", "x\n"},
	"dots of a Go function":      {"goroutine 1 [running]:\nmain", ".func1·x-fm-range1", "(0x1)\n\t/a/b.go:12\n"},
	"Go frames":                  {"goroutine 1 [running]:\n", "a/b.f(0x1)\n\t/a/b.go:12 +0x1d\n", ""},
	"commas behind a V8 frame":   {"Error: x\n    at ", ",", "x\n"},
	"V8 frames":                  {"Error: x\n", "    at f (/srv/a/b.js:1:2)\n", ""},
	"V8 positions":               {"Error: x\n    at f (", ":1", "x)\n"},
	"colons of a Gecko frame":    {"f@", "a:1:1 ", "x\n"},
	"hashes of a file":           {"Error: x\n    at f (/a", "-3f2a1b9c", "g.js:1:2)\n"},
	"nested lists of errors":     {"AggregateError: x\n    at f (/a.js:1:2)\n", "  [errors]: [\n    Error: y\n", ""},
	"empty lines before a group": {"  + " + tracebackHeader + "\n", "  |\n", strings.Repeat("  "+firstMember+"\n", 2_000)},
	"first members of a group":   {"  + " + tracebackHeader + "\n  | x\n", "  |\n  " + firstMember + "\n    | V: x\n", ""},
	"deeper and deeper members":  {"  | E: x\n", "  " + firstMember + "\n    | V: x\n      " + firstMember + "\n", ""},
	"headers on one line":        {"", tracebackHeader + " ", "\n  File \"a\", line 1, in f\nE: x"},
	"headers with blanks":        {"", tracebackHeader + "          \n", ""},
	"Python frames":              {tracebackHeader + "\n", "  File \"/a/b.py\", line 1, in f\n", "E: x"},
	"Python frames that differ": {tracebackHeader + "\n",
		"  File \"/a/b.py\", line 1, in f\n  File \"/a/c.py\", line 1, in g\n    x\n  File \"/b/b.py\", line 1, in h\n", "E: x"},
	"a file that imitates its frame":     {tracebackHeader + "\n  File \"", "\", line 1, in", "\nE: x"},
	"chains of tracebacks":               {"", tracebackHeader + "\n  File \"/a/b.py\", line 1, in f\nE: x\n\n" + contextLink + "\n\n", ""},
	"links without tracebacks":           {tracebackHeader + "\n  File \"/a/b.py\", line 1, in f\nE: x", "\n\n" + contextLink + "\n\n", ""},
	"a prefix before every line":         {"", "12:00 app " + tracebackHeader + "\n12:01 app   File \"/a/b.py\", line 1, in f\n12:02 app E: x\n", ""},
	"a long prefix":                      {"", "x", tracebackHeader + "\n  File \"/a/b.py\", line 1, in f\nE: x"},
	"folders of a file":                  {tracebackHeader + "\n  File \"", "home/x/../users/./", "b.py\", line 1, in f\nE: x"},
	"Java frames":                        {"a.B: x\n", "\tat a.b.C.d(C.java:1)\n", ""},
	"dollars of a Java class":            {"a.B: x\n\tat a.", "A$b$", ".d(C.java:1)\n"},
	"causes":                             {"a.B: x\n", "\tat a.b.C.d(C.java:1)\nCaused by: a.B: y\n", ""},
	"spaces":                             {"Error", " ", "x"},
	"backslashes":                        {`Error: \n`, `\`, "x"},
	"colours":                            {"Error: x", "\x1b[1;", "x"},
	"words of a class":                   {"", "a.$", "Error: x\n"},
	"code without a bracket":             {"Uncaught Error [", "A", ": x\n    at f (/a.js:1:2)\n"},
	"bytes that are no UTF-8":            {"", "\xe4\xb8 \xff\xf0\x9f", "\n"},
	"function names of one letter":       {tracebackHeader + "\n  File \"a.py\", line 1, in ", "é", "\nE: x"},
	"one-line escapes of a whole record": {"", tracebackHeader + `\n  File "/a/b.py", line 1, in f\nE: x\n`, ""},
}

func hostileText(pieces [3]string, size int) string {
	return pieces[0] + strings.Repeat(pieces[1], size/len(pieces[1])) + pieces[2]
}

func TestTimeGrowsWithTheLengthAlone(t *testing.T) {
	const small, factor, slack, attempts, floor = 100_000, 10, 4, 5, 20 * time.Millisecond // the square would be a factor of 100
	for name, pieces := range hostile {
		t.Run(name, func(t *testing.T) {
			short, long := hostileText(pieces, small), hostileText(pieces, small*factor)
			var allowed, taken time.Duration
			for range attempts { // others may use the machine
				allowed, taken = max(allowed, factor*slack*fastest(short)+floor), fastest(long)
				if taken <= allowed {
					return
				}
			}
			assert.LessOrEqual(t, taken, allowed, "ten times the text takes much more than ten times as long")
		})
	}
}

func TestGroupsAsDeepAsTheMarginsGo(t *testing.T) {
	text := "  + " + tracebackHeader + "\n  |   File \"/a/b.py\", line 1, in f\n  | ExceptionGroup: x (1 sub-exception)\n"
	for depth := 1; depth < 2_000; depth++ {
		margin := strings.Repeat("  ", depth)
		text += margin + firstMember + "\n" + margin + "  | ExceptionGroup: x (1 sub-exception)\n"
	}
	assert.Equal(t, "python\nT ExceptionGroup\nA b:f", strings.SplitN(canonical("  + Exception Group"+text[3:], nil), "\n(", 2)[0])
}

// fastest is the best of three runs.
func fastest(text string) time.Duration {
	best := time.Hour
	for range 3 {
		start := time.Now()
		canonical(text, []string{"acme"})
		best = min(best, time.Since(start))
	}
	return best
}

// FuzzHashText gives any bytes: no panic, the same answer every time, and a form without what must never be in one.
func FuzzHashText(f *testing.F) {
	for _, row := range vectors(f) {
		f.Add(row.Text, strings.Join(row.Packages, ","))
	}
	for _, pieces := range hostile {
		f.Add(hostileText(pieces, 200), "acme,")
	}
	f.Fuzz(func(t *testing.T, text, packages string) {
		names := strings.Split(packages, ",")
		form := canonical(text, names)
		assert.Equal(t, form, Canonical(text, names), "a panic was kept")
		assert.Equal(t, digest(form, nil), HashText(text, names, nil))
		assert.Regexp(t, `^v1:[0-9a-f]{16}$`, HashText(text, names, []byte("key")))
		assert.True(t, utf8.ValidString(form))
		assert.LessOrEqual(t, strings.Count(decoded(form), "\nT ")+1, len(text)+2)
	})
}

func BenchmarkHashText(b *testing.B) {
	for _, row := range vectors(b) {
		if strings.HasPrefix(row.Title, "plain") {
			b.Run(row.Language, func(b *testing.B) {
				b.SetBytes(int64(len(row.Text)))
				for b.Loop() {
					HashText(row.Text, nil, nil)
				}
			})
		}
	}
	text := hostileText(hostile["Python frames that differ"], 1_000_000)
	b.Run("1 MB of frames", func(b *testing.B) {
		b.SetBytes(int64(len(text)))
		for b.Loop() {
			HashText(text, nil, nil)
		}
	})
}
