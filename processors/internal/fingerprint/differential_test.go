package fingerprint

import (
	"bufio"
	"bytes"
	"encoding/json"
	"fmt"
	"math/rand/v2"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

const repository = "../../.."

type sample struct {
	text     string
	packages []string
}

// reference asks the Python package for form and hash of every sample. It runs with SMART_AGENTS_PYTHON, else the repository's .venv.
func reference(t *testing.T, samples []sample) [][2]string {
	t.Helper()
	python := os.Getenv("SMART_AGENTS_PYTHON")
	if python == "" {
		python = filepath.Join(repository, ".venv", "bin", "python")
	}
	if _, err := exec.LookPath(python); err != nil {
		t.Skipf("SKIPPED: no Python to compare with (%v); run make test once, or set SMART_AGENTS_PYTHON", err)
	}
	var in bytes.Buffer
	encoder := json.NewEncoder(&in)
	for _, one := range samples {
		require.NoError(t, encoder.Encode([]any{one.text, append([]string{}, one.packages...)}))
	}
	command := exec.CommandContext(t.Context(), python, "testdata/canonical.py")
	command.Env = append(os.Environ(), "PYTHONPATH="+repository)
	command.Stdin, command.Stderr = &in, os.Stderr
	out, err := command.Output()
	require.NoError(t, err)
	var answers [][2]string
	for decoder := json.NewDecoder(bytes.NewReader(out)); decoder.More(); {
		var answer [2]string
		require.NoError(t, decoder.Decode(&answer))
		answers = append(answers, answer)
	}
	require.Len(t, answers, len(samples))
	return answers
}

func compare(t *testing.T, samples []sample) {
	t.Helper()
	different := 0
	for i, want := range reference(t, samples) {
		one := samples[i]
		if got := canonical(one.text, one.packages); got != want[0] || HashText(one.text, one.packages, nil) != want[1] {
			if different++; different <= 5 {
				assert.Equal(t, want[0], got, "text %q, packages %q", one.text, one.packages)
			}
		}
	}
	assert.Zero(t, different, "texts of %d that Go and Python read differently", len(samples))
}

func TestGoAndPythonReadEveryTracebackOfACollectionAlike(t *testing.T) {
	path := os.Getenv("SMART_AGENTS_STACKS")
	if path == "" {
		t.Skip("SKIPPED: SMART_AGENTS_STACKS names no file of JSON lines with a member \"text\"")
	}
	file, err := os.Open(path)
	require.NoError(t, err)
	defer file.Close()
	var samples []sample
	for lines := bufio.NewReader(file); ; {
		line, err := lines.ReadBytes('\n')
		if len(bytes.TrimSpace(line)) > 0 {
			var row struct{ Text string }
			require.NoError(t, json.Unmarshal(line, &row))
			samples = append(samples, sample{text: row.Text})
		}
		if err != nil {
			break
		}
	}
	require.NotEmpty(t, samples)
	compare(t, samples)
}

// TestGoAndPythonReadBrokenTextsAlike changes vectors at random: lines cut, doubled, swapped, mixed with another language's, pieces that
// mean something to a parser put anywhere. SMART_AGENTS_SAMPLES and SMART_AGENTS_SEED make it longer and another one.
func TestGoAndPythonReadBrokenTextsAlike(t *testing.T) {
	count, seed := setting(t, "SMART_AGENTS_SAMPLES", 2_000), setting(t, "SMART_AGENTS_SEED", 1)
	random := rand.New(rand.NewPCG(uint64(seed), 0))
	rows := vectors(t)
	samples := make([]sample, count)
	for i := range samples {
		row := rows[random.IntN(len(rows))]
		packages := row.Packages
		if random.IntN(8) == 0 {
			packages = append([]string{[]string{"acme", "http", "example.com/acme", "com.acme", "main", ""}[random.IntN(6)]}, packages...)
		}
		samples[i] = sample{broken(row.Text, rows, random), packages}
	}
	compare(t, samples)
}

func setting(t *testing.T, name string, usual int) int {
	t.Helper()
	text := os.Getenv(name)
	if text == "" {
		return usual
	}
	value, err := strconv.Atoi(text)
	require.NoError(t, err, name)
	return value
}

// pieces mean something to one of the parsers, or to Python's classes of characters.
var pieces = []string{
	"\n", "\n\n", " ", "\t", "  ", "    ", "\r\n", "\r", "\\n", ":", ": ", ".", "@", "(", ")", "[", "]", "<", ">", "$", "$$", "/",
	`\`, "|", `"`, "-", "_", "·", "#", "?", "İ", "ı", "ſ", "\u212a", "Σ", "é", "Ⓐ", "ª", "٣", "²", "Ⅷ", "中", "\u00a0", "\u2028",
	"\x0b", "\x1c", "\x85", "\ufffd", "😀", "\x00", "\x1b[31m", tracebackHeader, "\n" + tracebackHeader + "\n",
	"\n\n" + contextLink + "\n\n", "\n\n" + causeLink + "\n\n", "  File \"", "\", line 1, in f",
	"\n  File \"/a/b.py\", line 3, in g\n", groupHeader, "  " + firstMember, "    " + closingRule,
	"    +---------------- 2 ----------------", "    +---------------- ... ----------------", "  | ", "  | ValueError: x",
	"Exception Group ", "  + ", "ValueError: x", "Error", "Exception", "<module>", "<lambda>", "<frozen ", "<string>", ".<locals>.",
	"Uncaught ", "(in promise) ", "error: ", "/site-packages/", "/lib/python3.12/", "/lib/", "C:\\", "/home/", "/Users/", "/../",
	"/./", "//", "otel_smart_agents/privacy/", ".whl/", ".egg/", "python312.zip/", "/envs/x/lib/json/", ".cpython-312.so", ".pyc",
	"/ipykernel_12/", "/command-12-3", ".ipynb cell ", "    at ", "async ", " (", "<anonymous>", ":1:2", ":12", "[cause]: ",
	"    [cause]: Error: x", "  [errors]: [", "    ],", "[native code]", "node:", "webpack://", "webpack-internal:///", "file:///",
	"https://", "%41", "%", "%e4%bd", "%0a", "/node_modules/", "@v1.2.3/", "?q=1", ".3f2a1b9c", "-DfG3k2aB.js", ".mjs",
	"https://unpkg.com/", "https://deno.land/x/", "goroutine 1 [running]:\n", "panic: ", "panic(", "runtime error: ",
	"fatal error: ", "created by ", "\n\t/a/b.go:12 +0x1d\n", ".go:12", " fp=0x1", "(*T)", "[...]", ".func1", "-fm", "-range1",
	"/pkg/mod/", "/vendor/", "...23 frames elided...", "%2e", "\tat ", "Caused by: ", "\tSuppressed: ", "\t... 12 more",
	"(Foo.java:12)", "(Unknown Source)", " ~[x.jar:1]", "$$Lambda$12/0x1f", "lambda$run$0", "run$lambda$1", "access$000",
	"$default", "Exception in thread \"main\" ",
}

func broken(text string, rows []vector, random *rand.Rand) string {
	for range 1 + random.IntN(4) {
		lines := strings.Split(text, "\n")
		at := random.IntN(len(lines))
		switch random.IntN(12) {
		case 0:
			lines = append(lines[:at:at], lines[at+1:]...)
		case 1:
			lines = append(lines[:at+1:at+1], lines[at:]...)
		case 2:
			other := random.IntN(len(lines))
			lines[at], lines[other] = lines[other], lines[at]
		case 3:
			others := strings.Split(rows[random.IntN(len(rows))].Text, "\n")
			from := random.IntN(len(others))
			lines = append(lines[:at:at], append(append([]string{}, others[from:]...), lines[at:]...)...)
		case 4:
			for i := range lines {
				lines[i] = fmt.Sprintf("%s%d ", pieces[random.IntN(len(pieces))], i%10) + lines[i]
			}
		case 5, 6, 7:
			lines = append(lines[:at:at], append([]string{invented(random)}, lines[at:]...)...)
		default:
			lines[at] = inserted(lines[at], pieces[random.IntN(len(pieces))], random)
		}
		text = strings.Join(lines, "\n")
	}
	return text
}

var templates = []string{
	"  File \"%s\", line 3, in %s", "    at %[2]s (%[1]s:1:2)", "%[2]s@%[1]s:1:2", "%[2]s(0x1)\n\t%[1]s.go:12 +0x1d", "\tat %[2]s(%[1]s.java:12)",
	"\tat com.acme.%[2]s(Foo.java:12)%.0[1]s", "    at file:///%[1]s.mjs:1:2%.0[2]s", "%[1]s: %[2]s", "panic: %[1]s%[2]s",
}

// invented is a frame line with a file and a function that are made of pieces.
func invented(random *rand.Rand) string {
	var words [2]string
	for i := range words {
		for range random.IntN(6) {
			words[i] += pieces[random.IntN(len(pieces))] + []string{"", "a", "x1", "/b", ".c", "Main"}[random.IntN(6)]
		}
	}
	return fmt.Sprintf(templates[random.IntN(len(templates))], words[0], words[1])
}

// inserted puts a piece into a line, at times in place of some of its characters.
func inserted(line, piece string, random *rand.Rand) string {
	characters := []rune(line)
	from := random.IntN(len(characters) + 1)
	to := min(from+random.IntN(3)*random.IntN(6), len(characters))
	if random.IntN(10) == 0 {
		piece = strings.Repeat(piece, 1+random.IntN(300))
	}
	return string(characters[:from]) + piece + string(characters[to:])
}
