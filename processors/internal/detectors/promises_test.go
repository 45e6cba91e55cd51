package detectors

import (
	"math/rand/v2"
	"strings"
	"sync"
	"testing"
	"unicode/utf8"

	"github.com/otel-smart-agents/otel-smart-agents/processors/internal/detectors/model"
)

func TestNothingPlantedSurvives(t *testing.T) {
	planted := map[string]string{
		"grace.hopper@example.net": "hopper", "5555555555554444": "5555555555554444", "219-09-8888": "219-09-8888",
		"GB82WEST12345698765432": "GB82WEST1234", "postgresql://app:pl4ntedpw@db/x": "pl4ntedpw", "/home/gracehopper/src": "hopper",
	}
	chooser := rand.New(rand.NewPCG(9, 9))
	edges := []string{" ", "\n", "\t", `"`, "'", "(", ">", ", ", "; "}
	for text, secret := range planted {
		for range 200 {
			edge := edges[chooser.IntN(len(edges))]
			whole := madeOf(chooser, pieces, 3) + edge + text + edge + madeOf(chooser, pieces, 3)
			if result, count := Redact(whole, model.Plain); strings.Contains(result, secret) || count == 0 {
				t.Fatalf("%q became %q (%d)", whole, result, count)
			}
		}
	}
}

func TestAFailureKeepsTheTextIn(t *testing.T) {
	whole := theEngine
	defer func() { theEngine = whole }()
	theEngine = func() *engine { panic("broken") }
	before := Errors()
	if result, ok := RedactValue("output.value", "never seen before: x1"); result != RedactionError || !ok {
		t.Errorf("%q %v", result, ok)
	}
	if result, count := Redact("never seen before: x2", model.Plain); result != RedactionError || count != 1 {
		t.Errorf("%q %d", result, count)
	}
	if Errors() != before+2 {
		t.Errorf("%d failures counted", Errors()-before)
	}
}

func TestBytesThatAreNoUTF8AreReadAsReplaced(t *testing.T) {
	result, count := Redact("\xff\xfe mail ada@example.org \xc3", model.Plain)
	if result != "\uFFFD mail [email] \uFFFD" || count != 1 {
		t.Errorf("%q %d", result, count)
	}
	if result, count := Redact("a\xffb", model.Plain); result != "a\uFFFDb" || count != 0 {
		t.Errorf("%q %d", result, count)
	}
}

func TestWhatIsRememberedHoldsNoSecret(t *testing.T) {
	before := theMemory
	defer func() { theMemory = before }()
	theMemory = newMemory()
	for range 2 {
		if result, count := Redact("mail ada.byron@example.org now", model.Plain); result != "mail [email] now" || count != 1 {
			t.Fatalf("%q %d", result, count)
		}
	}
	for place := range theMemory.changed {
		if kept := theMemory.changed[place].Load(); kept != nil && strings.Contains(kept.result, "ada.byron@example.org") {
			t.Fatalf("%q is kept", kept.result)
		}
	}
}

func TestTheMemoryTellsKeysApart(t *testing.T) {
	for range 2 {
		if result, _ := Redact("Chrome/120.0.0.1", model.Plain); result != "Chrome/120.0.0.1" {
			t.Errorf("a version became %q", result)
		}
		if result, _ := Redact("Chrome/120.0.0.1", model.Address); result == "Chrome/120.0.0.1" {
			t.Errorf("an address stayed")
		}
	}
}

func TestManyGoroutinesShareTheEngine(t *testing.T) {
	rows := vectors(t)
	var group sync.WaitGroup
	for worker := range 8 {
		group.Go(func() {
			for index := worker; index < len(rows); index += 5 {
				row := rows[index]
				if got, ok := RedactValue(row.Key, row.Value); ok && row.Expected != nil && got != *row.Expected {
					t.Errorf("%q became %q", row.Value, got)
				}
			}
		})
	}
	group.Wait()
}

// FuzzRedact: whatever comes in, valid UTF-8 without an error comes out, and a second redaction changes nothing.
func FuzzRedact(f *testing.F) {
	for _, row := range vectors(f) {
		f.Add(row.Key, row.Value)
	}
	f.Add("k\xff", "\xf0\x9f")
	f.Fuzz(func(t *testing.T, key, value string) {
		before := Errors()
		result, ok := RedactValue(key, value)
		if Errors() != before {
			t.Fatal("a detector failed")
		}
		if !utf8.ValidString(result) {
			t.Fatalf("%q is no UTF-8", result)
		}
		if again, _ := RedactValue(key, result); ok && again != result {
			t.Fatalf("%q became %q and then %q", value, result, again)
		}
	})
}
