package pb

import (
	"bytes"
	"crypto/sha256"
	"encoding/hex"
	"os"
	"path/filepath"
	"strings"
	"testing"
)

// What is generated from the protocol files is up to date on this side too: make proto writes the hashes of sources and results together.
func TestWhatIsGeneratedIsUpToDate(t *testing.T) {
	root := filepath.Join("..", "..", "..")
	list, err := os.ReadFile(filepath.Join(root, "proto", "generated.sha256"))
	if err != nil {
		t.Fatal(err)
	}
	checked := 0
	for line := range bytes.Lines(list) {
		want, name, ok := strings.Cut(strings.TrimSpace(string(line)), "  ")
		if !ok || !(strings.HasSuffix(name, ".go") || strings.HasSuffix(name, ".proto")) {
			continue
		}
		data, err := os.ReadFile(filepath.Join(root, filepath.FromSlash(name)))
		if err != nil {
			t.Error(err)
			continue
		}
		if sum := sha256.Sum256(data); hex.EncodeToString(sum[:]) != want {
			t.Errorf("%s was changed by hand or its source was: run make proto", name)
		}
		checked++
	}
	if checked < 7 {
		t.Fatalf("only %d files were looked at", checked)
	}
}
