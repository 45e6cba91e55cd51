package main

import (
	"strings"
	"testing"
)

func TestEveryQuestionHasItsAnswer(t *testing.T) {
	var out strings.Builder
	err := run(strings.NewReader(`{"key":"output.value","value":"write to ada@example.org <b>"}
{"key":"password","value":"x"}
{"text":"ValueError: x","packages":[]}
{"hint_of":"client.address"}
`), &out)
	if err != nil {
		t.Fatal(err)
	}
	lines := strings.Split(strings.TrimSpace(out.String()), "\n")
	if len(lines) != 4 || lines[0] != `{"value":"write to [email] <b>"}` || lines[1] != `{"value":null}` {
		t.Fatalf("%q", lines)
	}
	if !strings.Contains(lines[2], `"hash":"v1:`) || lines[3] != `{"hint":2,"tokens":["client","address"]}` {
		t.Fatalf("%q", lines[2:])
	}
}

func TestALineThatIsNoQuestionIsNamed(t *testing.T) {
	var out strings.Builder
	err := run(strings.NewReader("{\"key\":\"a\",\"value\":\"b\"}\n{\"key\":\"a\"}\n"), &out)
	if err == nil || !strings.Contains(err.Error(), "line 2") || out.String() != "{\"value\":\"b\"}\n" {
		t.Fatalf("%v after %q", err, out.String())
	}
}
