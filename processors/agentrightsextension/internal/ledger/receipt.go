package ledger

import (
	"crypto/hmac"
	"crypto/sha256"
	"encoding/binary"
	"encoding/hex"
)

// A request id is a place in the list of erasures and an authentication code over it, so that telling how far a request is needs neither
// another index nor the person's id or secret, and nobody can make one up.
const (
	placeSize     = 8
	codeSize      = 16
	RequestIDSize = 2 * (placeSize + codeSize) // characters of a request id
)

// RequestID returns the name of a request.
func (l *Ledger) RequestID(sequence uint64) string {
	place := binary.BigEndian.AppendUint64(nil, sequence)
	return hex.EncodeToString(append(place, l.code(place)...))
}

// Sequence returns the place of a request in the list; false if this ledger did not make the request id.
func (l *Ledger) Sequence(requestID string) (uint64, bool) {
	data, err := hex.DecodeString(requestID)
	if err != nil || len(data) != placeSize+codeSize {
		return 0, false
	}
	place, code := data[:placeSize], data[placeSize:]
	return binary.BigEndian.Uint64(place), hmac.Equal(code, l.code(place))
}

func (l *Ledger) code(place []byte) []byte {
	mac := hmac.New(sha256.New, l.chunks.mac)
	mac.Write(place)
	return mac.Sum(nil)[:codeSize]
}
