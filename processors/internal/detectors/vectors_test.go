package detectors

import (
	"encoding/json"
	"os"
	"testing"
)

type vector struct {
	Family   string  `json:"family"`
	Key      string  `json:"key"`
	Value    string  `json:"value"`
	Expected *string `json:"expected"`
}

func vectors(tb testing.TB) []vector {
	tb.Helper()
	content, err := os.ReadFile("../../../tests/vectors/values.json")
	if err != nil {
		tb.Fatal(err)
	}
	var file struct{ Rows []vector }
	if err := json.Unmarshal(content, &file); err != nil {
		tb.Fatal(err)
	}
	if len(file.Rows) < 300 {
		tb.Fatalf("only %d rows", len(file.Rows))
	}
	return file.Rows
}

func TestValuesBecomeWhatTheSharedVectorsSay(t *testing.T) {
	before := Errors()
	for _, row := range vectors(t) {
		for range 2 { // the second time some come from memory
			switch got, ok := RedactValue(row.Key, row.Value); {
			case ok != (row.Expected != nil):
				t.Errorf("%s: key %q: denied %v", row.Family, row.Key, !ok)
			case ok && got != *row.Expected:
				t.Errorf("%s: %s=%q\n got %q\nwant %q", row.Family, row.Key, row.Value, got, *row.Expected)
			}
		}
	}
	if Errors() != before {
		t.Errorf("%d texts failed", Errors()-before)
	}
}
