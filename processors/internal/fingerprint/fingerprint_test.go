package fingerprint

import (
	"encoding/json"
	"os"
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
