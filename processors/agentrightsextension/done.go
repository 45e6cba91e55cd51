package agentrightsextension

import (
	"bytes"
	"io"
	"os"
	"strconv"
	"sync"
	"time"
)

const (
	doneFresh    = time.Second // how long what was read holds
	doneMaxBytes = 64
)

// A doneFile is where an erase job says how far it is: one decimal number, the sequence number of the list up to which all is erased.
type doneFile struct {
	path string
	now  func() time.Time

	mu   sync.Mutex
	read time.Time
	upTo uint64
}

// reached tells whether the job has worked past a place of the list. What cannot be read says nothing.
func (d *doneFile) reached(sequence uint64) bool {
	if d.path == "" {
		return false
	}
	d.mu.Lock()
	defer d.mu.Unlock()
	if now := d.now(); d.read.IsZero() || now.Sub(d.read) >= doneFresh {
		d.read, d.upTo = now, readNumber(d.path)
	}
	return sequence <= d.upTo
}

func readNumber(path string) uint64 {
	file, err := os.Open(path)
	if err != nil {
		return 0
	}
	defer file.Close()
	text, err := io.ReadAll(io.LimitReader(file, doneMaxBytes))
	if err != nil {
		return 0
	}
	number, err := strconv.ParseUint(string(bytes.TrimSpace(text)), 10, 64)
	if err != nil {
		return 0
	}
	return number
}
