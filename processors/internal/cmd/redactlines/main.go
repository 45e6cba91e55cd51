// Command redactlines answers questions about the privacy rules, one line of JSON each, so that tests of other languages can compare:
//
//	{"key": "output.value", "value": "…"}  → {"value": "…"}, null when the key is denied
//	{"text": "…", "packages": ["app"]}     → {"canonical": "…", "hash": "v1:…"}
//	{"hint_of": "user.email"}              → {"hint": 1, "tokens": ["user", "email"]}
//
// It reads standard input to its end and stops at the first line that is no question, with status 1.
package main

import (
	"bufio"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"os"

	"github.com/otel-smart-agents/otel-smart-agents/processors/internal/detectors"
	"github.com/otel-smart-agents/otel-smart-agents/processors/internal/detectors/keys"
	"github.com/otel-smart-agents/otel-smart-agents/processors/internal/fingerprint"
)

type question struct {
	Key      string   `json:"key"`
	Value    *string  `json:"value"`
	Text     *string  `json:"text"`
	Packages []string `json:"packages"`
	HintOf   *string  `json:"hint_of"`
}

type redacted struct {
	Value *string `json:"value"`
}

type stack struct {
	Canonical string `json:"canonical"`
	Hash      string `json:"hash"`
}

type hint struct {
	Hint   int      `json:"hint"`
	Tokens []string `json:"tokens"`
}

var errNoQuestion = errors.New(`neither "value", "text" nor "hint_of" in it`)

func main() {
	if err := run(os.Stdin, os.Stdout); err != nil {
		fmt.Fprintln(os.Stderr, "redactlines:", err)
		os.Exit(1)
	}
}

func run(in io.Reader, out io.Writer) error {
	decoder := json.NewDecoder(in)
	buffered := bufio.NewWriter(out)
	encoder := json.NewEncoder(buffered)
	encoder.SetEscapeHTML(false)
	for number := 1; ; number++ {
		var asked question
		err := decoder.Decode(&asked)
		if errors.Is(err, io.EOF) {
			return buffered.Flush()
		}
		if err == nil {
			err = answer(asked, encoder)
		}
		if err != nil {
			return errors.Join(fmt.Errorf("line %d: %w", number, err), buffered.Flush())
		}
	}
}

func answer(asked question, encoder *json.Encoder) error {
	switch {
	case asked.Value != nil:
		value, kept := detectors.RedactValue(asked.Key, *asked.Value)
		if !kept {
			return encoder.Encode(redacted{})
		}
		return encoder.Encode(redacted{&value})
	case asked.Text != nil:
		return encoder.Encode(stack{
			Canonical: fingerprint.Canonical(*asked.Text, asked.Packages),
			Hash:      fingerprint.HashText(*asked.Text, asked.Packages, nil),
		})
	case asked.HintOf != nil:
		return encoder.Encode(hint{int(keys.HintOf(*asked.HintOf)), append([]string{}, keys.Tokens(*asked.HintOf)...)})
	}
	return errNoQuestion
}
