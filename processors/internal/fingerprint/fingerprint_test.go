package fingerprint

import (
	"encoding/json"
	"os"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

const vectorFile = "../../../tests/vectors/tracebacks.json"

type vector struct {
	Language, Title, Group, Text, Canonical, Hash string
	Packages                                      []string
}

func vectors(tb testing.TB) []vector {
	tb.Helper()
	data, err := os.ReadFile(vectorFile)
	require.NoError(tb, err)
	var file struct{ Rows []vector }
	require.NoError(tb, json.Unmarshal(data, &file))
	require.NotEmpty(tb, file.Rows)
	return file.Rows
}

func TestEveryVectorHasTheFormAndHashOfPython(t *testing.T) {
	for _, row := range vectors(t) {
		t.Run(row.Language+"/"+row.Title, func(t *testing.T) {
			assert.Equal(t, row.Canonical, canonical(row.Text, row.Packages))
			assert.Equal(t, row.Hash, HashText(row.Text, row.Packages, nil))
		})
	}
}

func TestAKeyMakesAnotherHashOfTheSameForm(t *testing.T) {
	text := tracebackHeader + "\n  File \"/a/b.py\", line 1, in f\nValueError: x"
	assert.Equal(t, "v1:e2827c687a2ea02c", HashText(text, nil, []byte("organisation")))
	assert.Equal(t, HashText(text, nil, nil), HashText(text, nil, []byte{}))
}

func TestATextThatIsNoStackHasTheFormOfAnUnknownType(t *testing.T) {
	for _, text := range []string{"", "\n", "it did not work", "\x00\xff", strings.Repeat("{", 100_000)} {
		assert.Equal(t, "python\nT ?", Canonical(text, nil))
	}
}

// Python's decoder makes one U+FFFD of every longest piece of a character; Go's would make one of every byte.
func TestBytesThatAreNoUTF8BecomeWhatPythonMakesOfThem(t *testing.T) {
	for given, want := range map[string]string{
		"a\xe4\xb8 \xff\xf0\x9f\x98z":          "a\ufffd \ufffd\ufffdz",
		"\xed\xa0\x80":                         "\ufffd\ufffd\ufffd",
		"\xe0\x80\xaf":                         "\ufffd\ufffd\ufffd",
		"\xf4\x90\x80\x80":                     "\ufffd\ufffd\ufffd\ufffd",
		"\xc3":                                 "\ufffd",
		"\xf0\x9f\x98\x80\xf0\x9f":             "\U0001f600\ufffd",
		"\xc0\x80\xe4\xb8\xad":                 "\ufffd\ufffd\u4e2d",
		"\ufffd is a character like any other": "\ufffd is a character like any other",
	} {
		assert.Equal(t, want, decoded(given), "%q", given)
	}
}

func TestNoCallChangesThePackages(t *testing.T) {
	packages := []string{"acme.core", "Acme"}
	Canonical(tracebackHeader+"\n  File \"/a/acme/core/b.py\", line 1, in f\nValueError: x", packages)
	assert.Equal(t, []string{"acme.core", "Acme"}, packages)
}
