package detectors

import (
	"bufio"
	"encoding/json"
	"os"
	"testing"
)

// rowsVariable names a file of JSON lines {"key", "value", "expected"} that tests/privacy/values/test_go.py writes: rows of the evaluation
// set and texts made of pieces of them, with what the Python detectors give.
const rowsVariable = "SMART_AGENTS_VALUE_ROWS"

func TestRowsFromPythonGiveTheSame(t *testing.T) {
	path := os.Getenv(rowsVariable)
	if path == "" {
		t.Skipf("%s names no file: tests/privacy/values/test_go.py writes one", rowsVariable)
	}
	file, err := os.Open(path)
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = file.Close() }()
	lines := bufio.NewScanner(file)
	lines.Buffer(nil, 16<<20)
	count, different := 0, 0
	for ; lines.Scan(); count++ {
		var row vector
		if err := json.Unmarshal(lines.Bytes(), &row); err != nil {
			t.Fatal(err)
		}
		got, ok := RedactValue(row.Key, row.Value)
		if ok == (row.Expected != nil) && (!ok || got == *row.Expected) {
			continue
		}
		if different++; different <= 20 {
			t.Errorf("%s=%q (kept: %v)\n got %q\nwant %q", row.Key, row.Value, ok, got, deref(row.Expected))
		}
	}
	if err := lines.Err(); err != nil {
		t.Fatal(err)
	}
	t.Logf("%d rows, %d differ", count, different)
	if count == 0 {
		t.Fatal("no rows")
	}
}

func deref(text *string) string {
	if text == nil {
		return "(denied)"
	}
	return *text
}
