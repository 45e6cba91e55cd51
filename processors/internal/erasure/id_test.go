package erasure

import (
	"bytes"
	"encoding/hex"
	"strings"
	"testing"
)

// From otel_smart_agents/consent/identity.py: id_of(bytes(range(32))).
const (
	secretHex = "000102030405060708090a0b0c0d0e0f101112131415161718191a1b1c1d1e1f"
	secretID  = "630dcd29-66c4-3366-9112-5448bbb25b4f"
)

func secret(t testing.TB) []byte {
	t.Helper()
	data, err := hex.DecodeString(secretHex)
	if err != nil {
		t.Fatal(err)
	}
	return data
}

func TestAnIDIsMadeOfItsSecretAsInPython(t *testing.T) {
	if got := OfSecret(secret(t)).String(); got != secretID {
		t.Fatalf("id %s, want %s", got, secretID)
	}
}

func TestEveryFormOfAUUIDIsTheSameID(t *testing.T) {
	want, ok := Parse(secretID)
	if !ok || want.String() != secretID {
		t.Fatalf("Parse(%q) = %v, %v", secretID, want, ok)
	}
	for _, text := range []string{strings.ToUpper(secretID), strings.ReplaceAll(secretID, "-", "")} {
		if got, ok := Parse(text); !ok || got != want {
			t.Errorf("Parse(%q) = %v, %v", text, got, ok)
		}
	}
}

func TestWhatIsNoUUIDIsNoID(t *testing.T) {
	for _, text := range []string{
		"", "x", secretID + "0", secretID[1:], "{" + secretID[1:], "00000000-0000-0000-0000-000000000000", strings.Repeat("0", 32),
		strings.Replace(secretID, "-", "_", 1), strings.Replace(secretID, "6", "g", 1), strings.Replace(secretID, "6", "é", 1)[:36],
		"630dcd2-966c4-3366-9112-5448bbb25b4f", "630dcd2966c4336691125448bbb25b4-",
	} {
		if id, ok := Parse(text); ok {
			t.Errorf("Parse(%q) = %v", text, id)
		}
	}
}

func TestOnlyTheWholeSecretProvesAnID(t *testing.T) {
	id, good := OfSecret(secret(t)), secret(t)
	if !id.ProvedBy(good) {
		t.Fatal("the secret does not prove its id")
	}
	flipped := bytes.Clone(good)
	flipped[31] ^= 1
	for name, bad := range map[string][]byte{
		"nothing": nil, "another": flipped, "short": good[:31], "long": append(bytes.Clone(good), 0), "the id itself": id[:],
	} {
		if id.ProvedBy(bad) {
			t.Errorf("%s proves the id", name)
		}
	}
}

// A short secret has an id as well; it could be guessed, so it proves nothing.
func TestASecretOfAnotherLengthProvesNothing(t *testing.T) {
	short := []byte("guessable")
	if OfSecret(short).ProvedBy(short) {
		t.Fatal("9 bytes prove an id")
	}
}

func FuzzParse(f *testing.F) {
	f.Add(secretID)
	f.Add("00000000-0000-0000-0000-000000000001")
	f.Fuzz(func(t *testing.T, text string) {
		id, ok := Parse(text)
		if !ok {
			return
		}
		if again, ok := Parse(id.String()); !ok || again != id {
			t.Fatalf("%q → %v → %v", text, id, again)
		}
	})
}
