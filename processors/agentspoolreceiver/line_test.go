package agentspoolreceiver

import (
	"bytes"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
	"go.opentelemetry.io/collector/consumer/consumertest"
)

// One flipped bit in any byte of a sealed line: it is counted and never forwarded, and the lines around it are.
func TestADamagedLineIsNeverForwarded(t *testing.T) {
	whole := withSeal(spans("damaged"))
	lines := []string{withSeal(spans("first"))}
	for i := range whole {
		for _, bit := range []byte{1, 4, 32} {
			if flipped := whole[i] ^ bit; flipped != '\n' && flipped != '\r' {
				lines = append(lines, whole[:i]+string(rune(flipped))+whole[i+1:])
			}
		}
	}
	lines = append(lines, withSeal(spans("last")))
	for _, verify := range []VerifyCRC{Auto, Always} {
		config := once(write(t, t.TempDir()+"/1", lines...))
		config.VerifyCRC = verify
		r := started(t, config, &taker{}, nil)
		r.gets("first", "last")
		assert.Equal(t, int64(len(lines)-2), r.counted("lines", "damaged")+r.counted("lines", "unsealed"))
	}
}

func TestALineThatWasCutOffIsNeverForwarded(t *testing.T) {
	whole := withSeal(spans("cut"))
	var lines []string
	for end := 1; end < len(whole); end++ {
		lines = append(lines, whole[:end])
	}
	r := started(t, once(write(t, t.TempDir()+"/1", append(lines, whole)...)), &taker{}, nil)
	r.gets("cut")
	assert.Equal(t, int64(len(lines)), r.counted("lines", "malformed")+r.counted("lines", "damaged"))
}

func TestWhichLinesNeedAChecksum(t *testing.T) {
	wrong := strings.Replace(withSeal(spans("wrong")), `"crc32":"`, `"crc32":"0`, 1)
	wrong = wrong[:len(wrong)-3] + `"}`
	for verify, want := range map[VerifyCRC][]string{
		Auto:   {"plain", "sealed"}, // after one line with a checksum, none may be without
		Always: {"sealed"},
		Never:  {"plain", "wrong", "sealed", "plain too"},
	} {
		config := once(write(t, t.TempDir()+"/1", spans("plain"), wrong, withSeal(spans("sealed")), spans("plain too")))
		config.VerifyCRC = verify
		started(t, config, &taker{}, nil).gets(want...)
	}
}

func TestALineOfMoreThan16MiBIsSkipped(t *testing.T) {
	path := write(t, t.TempDir()+"/1", spans(strings.Repeat("x", maxLineBytes)), spans("a"), spans(strings.Repeat("y", maxLineBytes-1_000)))
	r := started(t, once(path), &taker{}, nil)
	r.counts("lines", "accepted", 2)
	assert.Equal(t, int64(1), r.counted("lines", "too_long"))
	assert.Equal(t, "a", r.taken()[0])
}

func TestWhatIsNoMessageIsCounted(t *testing.T) {
	r := started(t, once(write(t, t.TempDir()+"/1", "", "no json", "[]", "{}", `{"other":{"resourceSpans":[]}}`, `"resourceSpans"`,
		`{"resourceSpans":[]}`, spans("a")+" x", withSeal(`{"resourceSpans":[{"scopeSpans":7}]}`))), &taker{}, nil)
	r.counts("lines", "malformed", 7)
	r.counts("lines", "empty", 1)
	r.gets()
}

func TestTheMemberOfTheSignalMayStandAnywhere(t *testing.T) {
	message := `  { "schema" : {"a": [1, "}"]} , ` + strings.TrimPrefix(spans("a"), "{")
	started(t, once(write(t, t.TempDir()+"/1", message+"\r", `{"resourceSpans":[],"openMarker":{"a":1}}`)), &taker{}, nil).gets("a")
}

func FuzzLines(f *testing.F) {
	for _, seed := range []string{withSeal(spans("a")), record("b"), gauge("c"), "", "{}", `,"crc32":"0123abcd"}`, strings.Repeat("[", 10_000)} {
		f.Add([]byte(seed))
	}
	r, err := newReceiver(nopSettings(), fast("x"), func() {})
	require.NoError(f, err)
	nop := consumertest.NewNop()
	sinks := map[signal]sink{traces: tracesSink(r.report, nop), logs: logsSink(r.report, nop), metrics: metricsSink(r.report, nop)}
	f.Fuzz(func(t *testing.T, data []byte) {
		lines := newLineReader(bytes.NewReader(data), 0)
		for {
			one, err := lines.next()
			if err != nil {
				break
			}
			message, checked := opened(bytes.Clone(one.body))
			if next := sinks[signalOf(message)]; next != nil && checked != badSeal {
				result, _ := next.deliver(t.Context(), message, func() bool { return false })
				require.Contains(t, []outcome{accepted, empty, malformed}, result)
			}
		}
		require.Equal(t, int64(len(data)), lines.at)
	})
}

func TestEveryRealLineIsSealed(t *testing.T) {
	files, err := filepath.Glob(realSpool)
	require.NoError(t, err)
	require.Len(t, files, 2)
	for _, file := range files {
		data, err := os.ReadFile(file)
		require.NoError(t, err)
		for line := range bytes.Lines(data) {
			_, checked := opened(bytes.TrimSpace(line))
			assert.Equal(t, goodSeal, checked, fmt.Sprint(file))
		}
	}
}
