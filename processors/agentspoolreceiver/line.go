package agentspoolreceiver

import (
	"bufio"
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"hash/crc32"
	"io"
)

const (
	maxLineBytes = 16 << 20
	readBytes    = 64 << 10
)

// A sealed line ends in ,"crc32":"0123abcd"} – a CRC-32 of every byte before that. Inside a JSON string a quote is always escaped, so
// nothing else in a line looks like it.
var (
	sealStart = []byte(`,"crc32":"`)
	sealEnd   = []byte(`"}`)
)

const sealBytes = len(`,"crc32":"0123abcd"}`)

// lineReader reads lines, no more of one than maxLineBytes.
type lineReader struct {
	from *bufio.Reader
	at   int64
}

// line is one line of a file, without its end.
type line struct {
	body    []byte // empty if it is too long
	end     int64  // where the next line begins
	ended   bool   // whether there was a line feed
	tooLong bool
}

func newLineReader(from io.Reader, at int64) *lineReader {
	return &lineReader{bufio.NewReaderSize(from, readBytes), at}
}

// next returns the next line, io.EOF where there is none, or the error of the file.
func (r *lineReader) next() (line, error) {
	var found line
	for {
		piece, err := r.from.ReadSlice('\n')
		r.at += int64(len(piece))
		found.tooLong = found.tooLong || len(found.body)+len(piece) > maxLineBytes
		if found.tooLong {
			found.body = nil
		} else {
			found.body = append(found.body, piece...)
		}
		if errors.Is(err, bufio.ErrBufferFull) {
			continue
		}
		found.end = r.at
		found.ended = err == nil
		found.body = bytes.TrimRight(found.body, "\r\n")
		if errors.Is(err, io.EOF) && (len(found.body) > 0 || found.tooLong) {
			err = nil
		}
		return found, err
	}
}

// seal is what the end of a line says about its checksum.
type seal uint8

const (
	noSeal seal = iota
	goodSeal
	badSeal
)

// opened returns a line as JSON without its checksum, and what that says. It changes text.
func opened(text []byte) ([]byte, seal) {
	start := len(text) - sealBytes
	if start <= 0 || !bytes.HasPrefix(text[start:], sealStart) || !bytes.HasSuffix(text, sealEnd) {
		if bytes.Contains(text, sealStart) {
			return text, badSeal // cut off behind it, or damaged in it
		}
		return text, noSeal
	}
	checked := goodSeal
	if string(text[start+len(sealStart):len(text)-len(sealEnd)]) != fmt.Sprintf("%08x", crc32.ChecksumIEEE(text[:start])) {
		checked = badSeal
	}
	text[start] = '}'
	return text[:start+1], checked
}

// signal is what a message carries.
type signal string

const (
	traces  signal = "traces"
	logs    signal = "logs"
	metrics signal = "metrics"
)

var members = map[string]signal{"resourceSpans": traces, "resourceLogs": logs, "resourceMetrics": metrics}

// signalOf returns the signal of an OTLP JSON message, "" if it is none.
func signalOf(message []byte) signal {
	decoder := json.NewDecoder(bytes.NewReader(message))
	if open, err := decoder.Token(); err != nil || open != json.Delim('{') {
		return ""
	}
	for decoder.More() {
		name, err := decoder.Token()
		if err != nil {
			return ""
		}
		if found, known := members[name.(string)]; known {
			return found
		}
		var other json.RawMessage
		if decoder.Decode(&other) != nil {
			return ""
		}
	}
	return ""
}
