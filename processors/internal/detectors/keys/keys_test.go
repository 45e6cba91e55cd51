package keys

import (
	"encoding/json"
	"os"
	"slices"
	"strings"
	"testing"

	"github.com/otel-smart-agents/otel-smart-agents/processors/internal/detectors/model"
)

type row struct {
	Key    string     `json:"key"`
	Hint   model.Hint `json:"hint"`
	Tokens []string   `json:"tokens"`
}

func rows(t *testing.T) []row {
	t.Helper()
	content, err := os.ReadFile("../../../../tests/vectors/keys.json")
	if err != nil {
		t.Fatal(err)
	}
	var file struct{ Rows []row }
	if err := json.Unmarshal(content, &file); err != nil {
		t.Fatal(err)
	}
	if len(file.Rows) < 300 {
		t.Fatalf("only %d rows", len(file.Rows))
	}
	return file.Rows
}

func TestKeysAreJudgedAsInPython(t *testing.T) {
	for _, row := range rows(t) {
		for range 2 { // the second time from memory
			if got := HintOf(row.Key); got != row.Hint {
				t.Errorf("%q: hint %d, want %d", row.Key, got, row.Hint)
			}
		}
		if Denied(row.Key) != (row.Hint&model.Denied != 0) {
			t.Errorf("%q: Denied and HintOf differ", row.Key)
		}
		if got := Tokens(row.Key[model.Back(row.Key, len(row.Key), 256):]); len(row.Key) < 256 && !slices.Equal(got, row.Tokens) {
			t.Errorf("%q: tokens %q, want %q", row.Key, got, row.Tokens)
		}
	}
}

func TestTheMemoryOfKeysDoesNotMixThemUp(t *testing.T) {
	for n := range 3 * cacheSize {
		key := "key" + strings.Repeat("x", n%50) + strings.Repeat("y", n/50)
		if HintOf(key) != model.Plain || HintOf(key+".password") != model.Denied {
			t.Fatalf("%q", key)
		}
	}
}

func FuzzTokens(f *testing.F) {
	f.Add("apiToken_v2.Ω\xff")
	f.Fuzz(func(t *testing.T, key string) {
		for _, token := range Tokens(key) {
			if token == "" {
				t.Fatal("an empty word")
			}
		}
		HintOf(key)
	})
}
