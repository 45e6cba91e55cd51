package detectors

import (
	"math/rand/v2"
	"strings"
	"testing"
	"unicode/utf8"
)

// pieces are what detectors look for, in parts, and what stands around.
var pieces = []string{
	"ada.byron@example.org", "4111111111111111", "DE89370400440532013000", "219-09-9999", "/home/adabyron/src", "AKIA" + strings.Repeat("Q7", 8),
	"postgresql://app:s3cr3tpw@db/x", "password: ", "token=", `"secret": "`, "phone ", "call me on ", "SSN ", "curl -u a:b1 ", "Cookie: a=",
	"x", " ", `\`, `"`, "'", "@", "SELECT a FROM b WHERE c = 'd'", "1.2.3.4", "+49 30 901820", "0171 1234567", "2001:db8::1:2:3", "[secret]",
	"[email]", "://", "?key=", "-p", "--password ", "=", ":", "{", "}", "\u200b", "\uff20", `\u0040`, "é", "7", "ſ", "\u212a", "İ", "Σ", "\n",
	"mysql -pX1y2 ", "bearer abc123def",
	"Authorization: Basic dTpw", "key", "auth", "val", " is ", "0x1f", "eyJa.b", "$$", ";", "\x1b[1m", "\x00",
}

// madeOf returns a text of some pieces, with a letter changed here and there.
func madeOf(chooser *rand.Rand, pieces []string, most int) string {
	var text strings.Builder
	for range 1 + chooser.IntN(most) {
		piece := pieces[chooser.IntN(len(pieces))]
		if cut := chooser.IntN(len(piece) + 1); chooser.IntN(3) == 0 && (cut == len(piece) || utf8.RuneStart(piece[cut])) {
			piece = piece[:cut]
		}
		text.WriteString(piece)
	}
	return text.String()
}

// valuesAndPieces returns the values of the vectors, and pieces made of them.
func valuesAndPieces(tb testing.TB) (values, all []string) {
	for _, row := range vectors(tb) {
		values = append(values, row.Value)
	}
	return values, append(append([]string(nil), values...), pieces...)
}
