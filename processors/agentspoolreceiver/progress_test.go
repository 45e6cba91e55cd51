package agentspoolreceiver

import (
	"context"
	"errors"
	"os"
	"strings"
	"testing"
	"time"

	"github.com/open-telemetry/opentelemetry-collector-contrib/extension/storage/filestorage"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
	"go.opentelemetry.io/collector/component"
	"go.opentelemetry.io/collector/extension/extensiontest"
	"go.opentelemetry.io/collector/extension/xextension/storage"
)

var storageID = component.MustNewID("file_storage")

// fileStorage is the real extension, on a folder that outlives it.
func fileStorage(t testing.TB, folder string) host {
	t.Helper()
	factory := filestorage.NewFactory()
	config := factory.CreateDefaultConfig().(*filestorage.Config)
	config.Directory = folder
	config.FSync = true // as the shipped configurations have it
	set := extensiontest.NewNopSettings(factory.Type())
	set.ID = storageID
	extension, err := factory.Create(t.Context(), set, config)
	require.NoError(t, err)
	require.NoError(t, extension.Start(t.Context(), nil))
	t.Cleanup(func() { require.NoError(t, extension.Shutdown(context.Background())) })
	return host{storageID: extension}
}

func remembering(config *Config) *Config {
	config.Storage = &storageID
	return config
}

func TestARestartDoublesNothingAndLosesNothing(t *testing.T) {
	folder, kept := t.TempDir(), t.TempDir()
	path := write(t, folder+"/1.jsonl", withSeal(spans("a")), "damage", withSeal(spans("b")), withSeal(spans("c")))
	extensions := fileStorage(t, kept)
	first := started(t, remembering(fast(folder+"/*")), &taker{answer: func(names []string) error {
		if names[0] == "c" {
			return errors.New("not now")
		}
		return nil
	}}, extensions)
	first.gets("a", "b")
	first.stop()
	second := started(t, remembering(fast(folder+"/*")), &taker{}, extensions)
	second.gets("c")
	assert.Equal(t, int64(0), second.counted("lines", "damaged"), "counted by the first one")
	second.stop()
	add(t, path, withSeal(spans("d"))+"\n")
	write(t, folder+"/2.jsonl", withSeal(spans("e")))
	third := started(t, remembering(fast(folder+"/*")), &taker{}, extensions)
	third.gets("d", "e")
	third.stop()
	started(t, remembering(once(folder+"/*")), &taker{}, extensions).gets()
}

func TestWithoutAStorageARestartReadsAgain(t *testing.T) {
	config := fast(write(t, t.TempDir()+"/1", spans("a")))
	for range 2 {
		r := started(t, config, &taker{}, nil)
		r.gets("a")
		r.stop()
	}
}

func TestAMovedRenamedOrCopiedFileIsReadOnce(t *testing.T) {
	folder := t.TempDir()
	path := write(t, folder+"/active/1", withSeal(spans("a")), withSeal(spans("b")))
	r := started(t, fast(folder+"/*/*"), &taker{}, nil)
	r.gets("a", "b")
	require.NoError(t, os.Mkdir(folder+"/ready", 0o700))
	require.NoError(t, os.Rename(path, folder+"/ready/1"))
	data, err := os.ReadFile(folder + "/ready/1")
	require.NoError(t, err)
	require.NoError(t, os.WriteFile(folder+"/active/copy", data, 0o600))
	time.Sleep(50 * time.Millisecond)
	add(t, folder+"/ready/1", withSeal(spans("c"))+"\n")
	r.gets("a", "b", "c")
}

func TestAFileThatBeginsLikeAnotherIsNotTakenForIt(t *testing.T) {
	folder := t.TempDir()
	write(t, folder+"/1", spans("same"), spans("one"))
	write(t, folder+"/2", spans("same"), spans("two"))
	r := started(t, once(folder+"/*"), &taker{}, nil)
	r.gets("same", "one", "same", "two")
}

func TestAFileThatWasWrittenAnewIsReadAnew(t *testing.T) {
	path := write(t, t.TempDir()+"/1", spans("a"), spans("b"))
	r := started(t, fast(path), &taker{}, nil)
	r.gets("a", "b")
	write(t, path, spans("c"))
	r.gets("a", "b", "c")
	write(t, path, spans("a"))
	r.gets("a", "b", "c", "a")
}

func TestALineIsReadWhenItIsWhole(t *testing.T) {
	path := write(t, t.TempDir()+"/1", spans("a"))
	r := started(t, fast(path), &taker{}, nil)
	whole := withSeal(spans("b"))
	for _, piece := range []string{whole[:20], whole[20:100], whole[100:] + "\n"} {
		add(t, path, piece)
		time.Sleep(40 * time.Millisecond)
	}
	r.gets("a", "b")
	add(t, path, withSeal(spans("c"))) // no line feed, and none follows
	r.gets("a", "b", "c")
	add(t, path, "\n"+withSeal(spans("d"))+"\n")
	r.gets("a", "b", "c", "d")
	assert.Equal(t, int64(0), r.counted("lines", "malformed")+r.counted("lines", "damaged"))
}

func TestStartAtTheEndSkipsWhatIsThere(t *testing.T) {
	folder := t.TempDir()
	path := write(t, folder+"/1", spans("a"), spans("b"))
	config := fast(folder + "/*")
	config.StartAt = End
	r := started(t, config, &taker{}, nil)
	time.Sleep(50 * time.Millisecond)
	add(t, path, spans("c")+"\n")
	r.gets("c")
	write(t, folder+"/2", spans("d"))
	r.gets("c", "d")
}

func TestFilesThatAreGoneAreForgottenAfterThirtyDays(t *testing.T) {
	client, err := fileStorage(t, t.TempDir())[storageID].(storage.Extension).GetClient(t.Context(), component.KindReceiver, storageID, "")
	require.NoError(t, err)
	defer func() { require.NoError(t, client.Close(context.Background())) }()
	now := time.Date(2026, 11, 28, 12, 0, 0, 0, time.UTC)
	clock := func() time.Time { return now }
	p, err := newProgress(t.Context(), client, clock)
	require.NoError(t, err)
	require.NoError(t, p.set(t.Context(), "gone", position{Offset: 1}))
	require.NoError(t, p.set(t.Context(), "there", position{Offset: 2}))
	for range 32 {
		now = now.Add(24 * time.Hour)
		require.NoError(t, p.seen(t.Context(), map[string]bool{"there": true}))
	}
	p, err = newProgress(t.Context(), client, clock)
	require.NoError(t, err)
	require.Len(t, p.files, 1)
	assert.Equal(t, int64(2), p.files["there"].Offset)
	data, err := client.Get(t.Context(), "gone")
	require.NoError(t, err)
	assert.Nil(t, data)
}

func TestAStorageThatIsNoneIsSaid(t *testing.T) {
	for want, extensions := range map[string]host{
		`there is no extension "file_storage"`: {},
		"keeps nothing":                        {storageID: notAStorage{}},
	} {
		r, err := create(NewFactory(), traces, nopSettings(), remembering(fast("x")), &taker{})
		require.NoError(t, err)
		assert.ErrorContains(t, r.Start(t.Context(), extensions), want)
		require.NoError(t, r.Shutdown(t.Context()))
	}
}

type notAStorage struct{ component.Component }

func TestAStorageThatFailsStopsNothing(t *testing.T) {
	path := write(t, t.TempDir()+"/1", spans("a"), spans("b"))
	r := started(t, remembering(fast(path)), &taker{}, host{storageID: failing{}})
	r.gets("a", "b")
}

// failing is a storage whose disk is full: it reads, but does not write.
type failing struct{ component.Component }

func (failing) Start(context.Context, component.Host) error { return nil }
func (failing) Shutdown(context.Context) error              { return nil }
func (f failing) GetClient(context.Context, component.Kind, component.ID, string) (storage.Client, error) {
	return f, nil
}
func (failing) Get(context.Context, string) ([]byte, error)        { return nil, nil }
func (failing) Set(context.Context, string, []byte) error          { return storage.ErrStorageFull }
func (failing) Delete(context.Context, string) error               { return storage.ErrStorageFull }
func (failing) Batch(context.Context, ...*storage.Operation) error { return storage.ErrStorageFull }
func (failing) Close(context.Context) error                        { return nil }

func TestNamesInTheStorageTellNothing(t *testing.T) {
	assert.NotContains(t, digest([]byte(spans("secret"))), "secret")
	assert.Len(t, digest(nil), 2*digestSize)
	assert.False(t, strings.ContainsAny(digest([]byte("x")), "/ "))
}
