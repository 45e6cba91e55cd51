package ledger

import (
	"context"
	"encoding/binary"
	"encoding/json"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/open-telemetry/opentelemetry-collector-contrib/extension/storage/filestorage"
	"github.com/stretchr/testify/require"
	"go.opentelemetry.io/collector/component"
	"go.opentelemetry.io/collector/component/componenttest"
	"go.opentelemetry.io/collector/extension/extensiontest"
	"go.opentelemetry.io/collector/extension/xextension/storage"
	"go.uber.org/goleak"

	"github.com/otel-smart-agents/otel-smart-agents/processors/internal/erasure"
)

func TestMain(m *testing.M) { goleak.VerifyTestMain(m) }

// place is where one ledger of a test lives: a real file_storage and a real list.
type place struct {
	t      testing.TB
	folder string
}

func newPlace(t *testing.T) place {
	t.Helper()
	return place{t, t.TempDir()}
}

func (p place) list() string { return filepath.Join(p.folder, "list", "erasures.jsonl") }

func (p place) client() storage.Client {
	p.t.Helper()
	factory := filestorage.NewFactory()
	config := factory.CreateDefaultConfig().(*filestorage.Config)
	config.Directory = p.folder
	extension, err := factory.Create(context.Background(), extensiontest.NewNopSettings(factory.Type()), config)
	require.NoError(p.t, err)
	require.NoError(p.t, extension.Start(context.Background(), componenttest.NewNopHost()))
	client, err := extension.(storage.Extension).GetClient(
		context.Background(), component.KindExtension, component.MustNewID("agentrights"), "")
	require.NoError(p.t, err)
	return client
}

func (p place) open() *Ledger { return p.openWith(p.client(), 1_000_000) }

func (p place) openWith(client storage.Client, maxIDs int) *Ledger {
	p.t.Helper()
	ledger, err := Open(context.Background(), client, Options{List: p.list(), MaxIDs: maxIDs})
	require.NoError(p.t, err)
	return ledger
}

func (p place) lines() []Line {
	p.t.Helper()
	data, err := os.ReadFile(p.list())
	require.NoError(p.t, err)
	var lines []Line
	for text := range strings.Lines(string(data)) {
		var line Line
		require.NoError(p.t, json.Unmarshal([]byte(text), &line), text)
		lines = append(lines, line)
	}
	return lines
}

func numbered(n int) erasure.ID {
	var id erasure.ID
	binary.BigEndian.PutUint64(id[8:], uint64(n)+1)
	return id
}

func entry(n int) Entry {
	return Entry{ID: numbered(n), Requested: time.Unix(1_700_000_000, 0), Received: time.Unix(1_700_000_100, 0), Source: "grpc"}
}

func fill(t *testing.T, ledger *Ledger, from, to int) {
	t.Helper()
	var adding sync.WaitGroup
	for n := from; n < to; n++ {
		adding.Go(func() {
			if _, err := ledger.Add(context.Background(), entry(n)); err != nil {
				t.Errorf("Add: %v", err)
			}
		})
	}
	adding.Wait()
}

func has(t *testing.T, ledger *Ledger, count int) {
	t.Helper()
	require.Equal(t, count, ledger.Len())
	for n := range count {
		require.True(t, ledger.Has(numbered(n)), "%d is not in the set", n)
	}
}

func TestWhatIsAddedIsThereAfterARestart(t *testing.T) {
	at := newPlace(t)
	total := 0
	for _, more := range []int{1, chunkIDs - 1, 1, 2*chunkIDs + 7, 0, 300} {
		ledger := at.open()
		has(t, ledger, total)
		fill(t, ledger, total, total+more)
		total += more
		has(t, ledger, total)
		require.NoError(t, ledger.Close(context.Background()))
	}
	lines := at.lines()
	require.Len(t, lines, total)
	for n, line := range lines {
		require.Equal(t, uint64(n+1), line.Sequence)
	}
}

func TestTheListSaysWhoWhenAndHow(t *testing.T) {
	at := newPlace(t)
	ledger := at.open()
	fill(t, ledger, 0, 1)
	require.NoError(t, ledger.Close(context.Background()))
	data, err := os.ReadFile(at.list())
	require.NoError(t, err)
	require.Equal(t, `{"sequence":1,"installation_id":"00000000-0000-0000-0000-000000000001",`+
		`"requested":"2023-11-14T22:13:20Z","received":"2023-11-14T22:15:00Z","source":"grpc"}`+"\n", string(data))
	info, err := os.Stat(at.list())
	require.NoError(t, err)
	require.Equal(t, os.FileMode(listMode), info.Mode().Perm())
}

func TestAKnownIDIsNotWrittenAgain(t *testing.T) {
	at := newPlace(t)
	ledger := at.open()
	first, err := ledger.Add(context.Background(), entry(0))
	require.NoError(t, err)
	require.Equal(t, Done{Sequence: 1}, first)
	fill(t, ledger, 1, 3)
	again, err := ledger.Add(context.Background(), entry(0))
	require.NoError(t, err)
	require.Equal(t, Done{Sequence: 3, Known: true}, again)
	require.NoError(t, ledger.Close(context.Background()))
	require.Len(t, at.lines(), 3)
}

// Many at once share writes; each is written once and none is lost.
func TestManyAtOnce(t *testing.T) {
	at := newPlace(t)
	commits := 0
	ledger, err := Open(context.Background(), at.client(), Options{List: at.list(), MaxIDs: 10_000, Commits: func(time.Duration) { commits++ }})
	require.NoError(t, err)
	var adding sync.WaitGroup
	fresh := make(chan bool, 4000)
	for n := range 4000 {
		adding.Go(func() {
			done, err := ledger.Add(context.Background(), entry(n/4))
			if err != nil {
				t.Error(err)
			}
			fresh <- !done.Known
		})
	}
	adding.Wait()
	close(fresh)
	count := 0
	for new := range fresh {
		if new {
			count++
		}
	}
	require.Equal(t, 1000, count, "each id is new once")
	has(t, ledger, 1000)
	require.NoError(t, ledger.Close(context.Background()))
	require.Len(t, at.lines(), 1000)
	require.Less(t, commits, 1000, "what waits shares a write")
}

func TestAFullSetTakesNoMore(t *testing.T) {
	at := newPlace(t)
	ledger := at.openWith(at.client(), 2)
	fill(t, ledger, 0, 2)
	_, err := ledger.Add(context.Background(), entry(2))
	require.ErrorIs(t, err, ErrFull)
	require.False(t, ledger.Has(numbered(2)))
	again, err := ledger.Add(context.Background(), entry(1))
	require.NoError(t, err)
	require.True(t, again.Known)
	require.NoError(t, ledger.Close(context.Background()))
	_, err = ledger.Add(context.Background(), entry(3))
	require.ErrorIs(t, err, ErrClosed)
}

// failing is a storage that fails when told to.
type failing struct {
	storage.Client
	fail bool
}

func (f *failing) Batch(ctx context.Context, operations ...*storage.Operation) error {
	if f.fail && len(operations) > 0 && operations[0].Type == storage.Set {
		return storage.ErrStorageFull
	}
	return f.Client.Batch(ctx, operations...)
}

func TestWhatCouldNotBeWrittenIsNotInTheSetNorInTheList(t *testing.T) {
	at := newPlace(t)
	client := &failing{Client: at.client()}
	ledger := at.openWith(client, 10)
	fill(t, ledger, 0, 1)
	client.fail = true
	_, err := ledger.Add(context.Background(), entry(1))
	require.ErrorIs(t, err, storage.ErrStorageFull)
	require.False(t, ledger.Has(numbered(1)))
	require.Len(t, at.lines(), 1)
	client.fail = false
	done, err := ledger.Add(context.Background(), entry(2))
	require.NoError(t, err)
	require.Equal(t, uint64(2), done.Sequence)
	require.NoError(t, ledger.Close(context.Background()))
	require.Len(t, at.lines(), 2)
}

// slow is a storage whose writes wait for a sign.
type slow struct {
	storage.Client
	sign chan struct{}
}

func (s *slow) Batch(ctx context.Context, operations ...*storage.Operation) error {
	if len(operations) > 0 && operations[0].Type == storage.Set {
		<-s.sign
	}
	return s.Client.Batch(ctx, operations...)
}

func TestNobodyWaitsForADiskLongerThanTheyWantTo(t *testing.T) {
	at := newPlace(t)
	client := &slow{at.client(), make(chan struct{})}
	ledger := at.openWith(client, 10)
	ctx, cancel := context.WithTimeout(context.Background(), 50*time.Millisecond)
	defer cancel()
	_, err := ledger.Add(ctx, entry(0))
	require.ErrorIs(t, err, context.DeadlineExceeded)
	require.False(t, ledger.Has(numbered(0)), "what is not on the disk is not said to be erased")
	close(client.sign)
	require.NoError(t, ledger.Close(context.Background()))
}

func TestReceiptsBelongToOneLedger(t *testing.T) {
	at, elsewhere := newPlace(t), newPlace(t)
	ledger, other := at.open(), elsewhere.open()
	id := ledger.RequestID(7)
	require.Len(t, id, RequestIDSize)
	sequence, ok := ledger.Sequence(id)
	require.True(t, ok)
	require.Equal(t, uint64(7), sequence)
	_, ok = other.Sequence(id)
	require.False(t, ok, "another service's")
	for _, forged := range []string{"0000000000000001" + id[16:], id[:46] + "00", id + "00", "x" + id[1:], ""} {
		_, ok = ledger.Sequence(forged)
		require.False(t, ok, forged)
	}
	require.NoError(t, other.Close(context.Background()))
	require.NoError(t, ledger.Close(context.Background()))
	ledger = at.open()
	_, ok = ledger.Sequence(id)
	require.True(t, ok, "after a restart")
	require.NoError(t, ledger.Close(context.Background()))
}
