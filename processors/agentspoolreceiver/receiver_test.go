package agentspoolreceiver

import (
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
	"go.opentelemetry.io/collector/consumer/consumererror"
	"go.opentelemetry.io/collector/pdata/ptrace"
	"go.opentelemetry.io/collector/receiver/receivertest"
	"go.uber.org/zap"
	"go.uber.org/zap/zaptest/observer"

	"github.com/otel-smart-agents/otel-smart-agents/processors/agentspoolreceiver/internal/metadata"
)

const realSpool = "testdata/spool/*/*/ready/*.jsonl"

func TestFilesOfTheRealSpoolReachThePipelinesOfTheirSignals(t *testing.T) {
	spool := started(t, once(realSpool), &taker{}, nil)
	spool.counts("lines", "accepted", 2)
	exported := started(t, once("testdata/export.jsonl"), &taker{}, nil)
	exported.counts("lines", "accepted", 2)
	assert.Contains(t, spool.taken(), "invoke_agent trip-planner")
	assert.Contains(t, spool.taken(), "gen_ai.invoke_agent.duration")
	assert.ElementsMatch(t, spool.taken(), exported.taken(), "a spool and its export say the same")
}

func TestOldestFilesComeFirstAndEverySignalToItsConsumer(t *testing.T) {
	folder := t.TempDir()
	write(t, folder+"/b/2.jsonl", withSeal(record("third")))
	write(t, folder+"/a/1.jsonl", withSeal(spans("first", "second")))
	write(t, folder+"/a/3.jsonl", withSeal(gauge("fourth")), "", withSeal(spans("fifth")))
	started(t, once(folder+"/*/*.jsonl"), &taker{}, nil).gets("first", "second", "third", "fourth", "fifth")
}

func TestNothingIsWrittenToTheSpool(t *testing.T) {
	folder := t.TempDir()
	path := write(t, folder+"/ready/1.jsonl", withSeal(spans("a")), "damage")
	before, err := os.Stat(path)
	require.NoError(t, err)
	require.NoError(t, os.Chmod(path, 0o400))
	require.NoError(t, os.Chmod(filepath.Dir(path), 0o500))
	t.Cleanup(func() { _ = os.Chmod(filepath.Dir(path), 0o700) })
	started(t, fast(folder+"/*/*"), &taker{}, nil).gets("a")
	after, err := os.Stat(path)
	require.NoError(t, err)
	assert.Equal(t, before.ModTime(), after.ModTime())
	entries, err := os.ReadDir(filepath.Dir(path))
	require.NoError(t, err)
	assert.Len(t, entries, 1)
}

func TestALineThatCannotBeTakenNowIsOfferedUntilItIs(t *testing.T) {
	tries := 0
	next := &taker{answer: func([]string) error {
		if tries++; tries%4 != 0 {
			return errors.New("the queue is full")
		}
		return nil
	}}
	r := started(t, once(write(t, t.TempDir()+"/1", withSeal(spans("a", "b")), withSeal(spans("c")))), next, nil)
	r.gets("a", "b", "c") // not "changed": the consumer renames what it is given
	r.counts("lines", "accepted", 2)
	assert.Equal(t, int64(6), r.counted("retries", ""))
}

func TestALineThatIsRefusedForGoodIsSkippedAndCounted(t *testing.T) {
	next := &taker{answer: func(names []string) error {
		if names[0] == "bad" {
			return consumererror.NewPermanent(errors.New("never"))
		}
		return nil
	}}
	r := started(t, fast(write(t, t.TempDir()+"/1", spans("bad"), spans("good"))), next, nil)
	r.gets("good")
	assert.Equal(t, int64(1), r.counted("lines", "refused"))
	assert.Equal(t, int64(0), r.counted("retries", ""))
}

func TestOfALineThatWasTakenInPartOnlyTheRestIsOfferedAgain(t *testing.T) {
	half := ptrace.NewTraces()
	half.ResourceSpans().AppendEmpty().ScopeSpans().AppendEmpty().Spans().AppendEmpty().SetName("second")
	tries := 0
	next := &taker{}
	next.answer = func(names []string) error {
		switch tries++; tries {
		case 1:
			next.names = append(next.names, names[0])
			return consumererror.NewTraces(errors.New("one of two"), half)
		case 2:
			return errors.New("not now")
		}
		return nil
	}
	started(t, once(write(t, t.TempDir()+"/1", spans("first", "second"))), next, nil).gets("first", "second")
}

func TestASignalWithoutAPipelineIsCountedAndKept(t *testing.T) {
	config := once(write(t, t.TempDir()+"/1", spans("a"), record("b"), gauge("c")))
	config.DeleteAfterRead = true
	r := started(t, config, &taker{}, nil, traces, metrics)
	r.gets("a", "c")
	assert.Equal(t, int64(1), r.counted("lines", "no_pipeline"))
	assert.FileExists(t, config.Include[0])
}

func TestAShutdownWaitsForTheLineThatIsHandedOver(t *testing.T) {
	taking, taken := make(chan struct{}), make(chan struct{})
	next := &taker{answer: func([]string) error { close(taking); <-taken; return nil }}
	r := started(t, fast(write(t, t.TempDir()+"/1", spans("a"))), next, nil)
	<-taking
	time.AfterFunc(50*time.Millisecond, func() { close(taken) })
	r.stop()
	assert.Equal(t, []string{"a"}, r.names)
}

func TestAShutdownEndsWhileALineIsRefused(t *testing.T) {
	config := fast(write(t, t.TempDir()+"/1", spans("a")))
	config.Retry = RetryConfig{InitialInterval: time.Hour, MaxInterval: time.Hour}
	tried := make(chan struct{}, 1)
	next := &taker{answer: func([]string) error { tried <- struct{}{}; return errors.New("not now") }}
	r := started(t, config, next, nil)
	<-tried
	begin := time.Now()
	r.stop()
	assert.Less(t, time.Since(begin), grace)
}

func TestAPatternMayNameWhatIsNotThereYet(t *testing.T) {
	folder := t.TempDir()
	r := started(t, fast(folder+"/later/*/*.jsonl"), &taker{}, nil)
	time.Sleep(30 * time.Millisecond)
	write(t, folder+"/later/x/1.jsonl", spans("a"))
	r.gets("a")
}

func TestTheContextOfAShutdownIsHonoured(t *testing.T) {
	release := make(chan struct{})
	next := &taker{answer: func([]string) error { <-release; return nil }}
	r := started(t, fast(write(t, t.TempDir()+"/1", spans("a"))), next, nil, traces)
	ctx, cancel := context.WithCancel(context.Background())
	cancel()
	time.AfterFunc(100*time.Millisecond, func() { close(release) })
	require.NoError(t, r.receivers[0].Shutdown(ctx))
}

func TestLogsNeverHaveTheContentOfALine(t *testing.T) {
	const private = "dana@acme.example"
	broken := `{"resourceSpans":[{"scopeSpans":[{"spans":[{"name":"` + private + `"`
	config := once(write(t, t.TempDir()+"/1", broken, withSeal(broken[:len(broken)-1]+"}"), withSeal(spans(private))+private))
	core, logged := observer.New(zap.DebugLevel)
	set := receivertest.NewNopSettings(metadata.Type)
	set.Logger = zap.New(core)
	r, err := NewFactory().CreateTraces(t.Context(), set, config, &taker{})
	require.NoError(t, err)
	require.NoError(t, r.Start(t.Context(), host{}))
	require.Eventually(t, func() bool { return logged.FilterMessage("The replay is finished").Len() == 1 }, soon, often)
	require.NoError(t, r.Shutdown(t.Context()))
	require.Equal(t, 3, logged.FilterMessage("A line was skipped").Len())
	for _, entry := range logged.All() {
		assert.NotContains(t, fmt.Sprint(entry.Message, entry.ContextMap()), private)
	}
}
