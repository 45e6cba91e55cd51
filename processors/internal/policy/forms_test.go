package policy

import (
	"math/rand/v2"
	"regexp"
	"strconv"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/otel-smart-agents/otel-smart-agents/processors/internal/detectors/model"
)

// alphabet holds what the forms are made of, and what is none of theirs.
const alphabet = "aZ09bcf._:/@+-#~!{}()<>*$ %^\n\x00é日v1"

func randomText(random *rand.Rand, seed string) string {
	letters := []rune(alphabet)
	text := []rune(seed)
	for range random.IntN(4) {
		at := random.IntN(len(text) + 1)
		text = append(text[:at], append([]rune{letters[random.IntN(len(letters))]}, text[at:]...)...)
	}
	if len(text) > 0 && random.IntN(3) == 0 {
		text = text[:len(text)-1]
	}
	return string(text)
}

// TestMatchersByHandAgreeWithTheirPatterns: a matcher that is written by hand accepts what its pattern accepts, and nothing else.
func TestMatchersByHandAgreeWithTheirPatterns(t *testing.T) {
	random := rand.New(rand.NewPCG(1, 2))
	seeds := []string{
		"", "a", "code-reviewer", "v1:0123456789abcdef", strings.Repeat("0", 64), "USD", "6f1c0a55-7a9d-4a7e-9b0e-5e5e3f0c9a11",
		strings.Repeat("a", 127), strings.Repeat("a", 128), strings.Repeat("a", 31), "ValueError", "c++", "a b c",
	}
	checked := 0
	for pattern, matches := range byHand {
		expression := regexp.MustCompile("^(?:" + pattern + ")$")
		for _, seed := range seeds {
			for range 300 {
				text := randomText(random, seed)
				require.Equal(t, expression.MatchString(text), matches(text), "%q against %s", text, pattern)
				checked++
			}
		}
	}
	require.Greater(t, checked, 10_000)
}

// TestNamesAgreeWithTheExpressionsOfPython: the forms of names.py, which have no pattern in the registry.
func TestNamesAgreeWithTheExpressionsOfPython(t *testing.T) {
	random := rand.New(rand.NewPCG(3, 4))
	forms := map[string]matcher{
		`[A-Za-z0-9_/{<*(][A-Za-z0-9_./:{}<>()*$# -]*`:               isForeign,
		`[A-Za-z0-9_@][A-Za-z0-9_.@/:-]*`:                            isScope,
		`[A-Za-z0-9][A-Za-z0-9.+_!~-]{0,63}`:                         isVersion,
		`[A-Za-z][A-Za-z0-9_.\-/]{0,254}`:                            isMetricName,
		`[A-Za-z0-9._~/{}<>:*$+-]{1,200}`:                            isRoute,
		`[A-Za-z0-9_][A-Za-z0-9_./:-]{0,127}`:                        isKeyForm,
		`[A-Za-z_][A-Za-z0-9_]{0,127}`:                               isErrorName,
		`[A-Za-z0-9][A-Za-z0-9._:/@+-]{0,63}`:                        isPlainWord,
		`[A-Za-z0-9{}/%.*_^ -]{1,63}`:                                isUnit,
		`[0-9]+|[0-9a-fA-F-]*[0-9][0-9a-fA-F-]{7,}|[0-9a-fA-F]{16,}`: isIDSegment,
	}
	for pattern, matches := range forms {
		expression := regexp.MustCompile("^(?:" + pattern + ")$")
		for _, seed := range []string{"", "a", "GET /x", "0b7c3a529f3e4d1c", "1.0.0", "12345678", "a-b-c-1-2345678", strings.Repeat("a", 63)} {
			for range 500 {
				text := randomText(random, seed)
				require.Equal(t, expression.MatchString(text), matches(text), "%q against %s", text, pattern)
			}
		}
	}
}

// TestWordsOfKeys: keys split where the Python filter splits them.
func TestWordsOfKeys(t *testing.T) {
	for key, want := range map[string]string{
		"apiToken": "api token", "API_KEY": "api key", "HTTPPath2": "http path 2", "a.B-cD": "a b c d", "ABCd": "ab cd", "": "",
		"userEMail": "user e mail", "xY1z": "x y 1 z", "日本token": "token", "A1B": "a 1 b",
	} {
		require.Equal(t, want, strings.Join(wordsOf(key), " "), key)
	}
	require.True(t, neverWord("my.apiKey.value"))
	require.False(t, neverWord("tokenizer"))
	require.False(t, neverWord(strings.Repeat("x.", 128)+"password"), "only the first 256 characters count")
}

// TestTextsAreCutAtBordersOnly: half a secret matches no pattern.
func TestTextsAreCutAtBordersOnly(t *testing.T) {
	same := func(text string, _ model.Hint) (string, int) { return text, 0 }
	for _, c := range []struct {
		text  string
		limit int
		want  string
	}{
		{"short", 5, "short"},
		{"two words here", 10, "two…"},
		{strings.Repeat("x", 400), 30, "…"},
		{"äöü ßßß " + strings.Repeat("é", 400), 10, "äöü ßßß…"},
		{"a,b;c|d&e", 4, "a,…"},
		{"\xff\xfe broken", 100, "\uFFFD broken"},
	} {
		kept, count := bounded(c.text, c.limit, same, model.Plain)
		require.Equal(t, c.want, strings.ReplaceAll(kept, "\uFFFD\uFFFD", "\uFFFD"))
		require.Zero(t, count)
	}
}

// TestALongTextKeepsItsBeginningAndItsEnd: with a raised limit, and no more than that.
func TestALongTextKeepsItsBeginningAndItsEnd(t *testing.T) {
	same := func(text string, _ model.Hint) (string, int) { return text, 0 }
	text := "BEGIN " + strings.Repeat("word ", 40_000) + "END"
	kept, _ := bounded(text, 1_000_000, same, model.Plain)
	require.True(t, strings.HasPrefix(kept, "BEGIN "))
	require.True(t, strings.HasSuffix(kept, " END"))
	require.LessOrEqual(t, len(kept), head+tail+len(mark))
	require.Greater(t, len(kept), head)
}

// TestMemoryForgetsRatherThanGrows: it has as many slots as in the beginning, and answers for the rule that asked only.
func TestMemoryForgetsRatherThanGrows(t *testing.T) {
	m := newMemory()
	one, two := &rule{number: 1}, &rule{number: 2}
	m.put(one, "a", "A")
	_, known := m.get(one, "a")
	require.False(t, known, "what comes once is not remembered")
	m.put(one, "a", "A")
	kept, known := m.get(one, "a")
	require.True(t, known)
	require.Equal(t, "A", kept)
	_, known = m.get(two, "a")
	require.False(t, known)
	for i := range 3 * doorBits {
		m.put(one, strconv.Itoa(i/2), "x")
	}
	require.Len(t, m.slots, memorySlots)
	for _, size := range []int{shortLength, shortLength + 1, rememberedLength} {
		text := strings.Repeat("y", size)
		m.put(one, text, text)
		m.put(one, text, text)
		kept, known = m.get(one, text)
		require.True(t, known)
		require.Equal(t, text, kept)
		_, known = m.get(one, text[1:]+"z")
		require.False(t, known)
	}
	m.put(one, strings.Repeat("x", rememberedLength+1), "x")
	m.put(one, strings.Repeat("x", rememberedLength+1), "x")
	_, known = m.get(one, strings.Repeat("x", rememberedLength+1))
	require.False(t, known, "a long text is not remembered")
}
