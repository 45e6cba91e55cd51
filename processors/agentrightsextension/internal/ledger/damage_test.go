package ledger

import (
	"bytes"
	"context"
	"os"
	"path/filepath"
	"testing"

	"github.com/stretchr/testify/require"
	"go.opentelemetry.io/collector/extension/xextension/storage"
)

// The list is written first: a crash between the two writes leaves an id there alone.
func TestTheListCompletesTheStorageAfterACrash(t *testing.T) {
	at := newPlace(t)
	ledger := at.open()
	fill(t, ledger, 0, 3)
	require.NoError(t, ledger.Close(context.Background()))
	appendTo(t, at.list(), `{"sequence":4,"installation_id":"00000000-0000-0000-0000-000000000004",`+
		`"requested":"2023-11-14T22:13:20Z","received":"2023-11-14T22:13:20Z","source":"otlp"}`+"\n")
	ledger = at.open()
	has(t, ledger, 4)
	done, err := ledger.Add(context.Background(), entry(4))
	require.NoError(t, err)
	require.Equal(t, uint64(5), done.Sequence, "sequence numbers go on behind the list")
	require.NoError(t, ledger.Close(context.Background()))
}

func TestTheSetIsMadeAnewFromTheListIfItsStorageIsLost(t *testing.T) {
	at := newPlace(t)
	ledger := at.open()
	fill(t, ledger, 0, replayBatch+5)
	require.NoError(t, ledger.Close(context.Background()))
	stored, err := filepath.Glob(filepath.Join(at.folder, "extension_*"))
	require.NoError(t, err)
	require.Len(t, stored, 1)
	require.NoError(t, os.Remove(stored[0]))
	for range 2 { // and stays so
		ledger = at.open()
		has(t, ledger, replayBatch+5)
		require.NoError(t, ledger.Close(context.Background()))
	}
}

func TestARemovedListLosesNothingOfTheSet(t *testing.T) {
	at := newPlace(t)
	ledger := at.open()
	fill(t, ledger, 0, 5)
	require.NoError(t, os.Rename(at.list(), at.list()+".1")) // while it runs, as rotation of logs does
	fill(t, ledger, 5, 6)
	require.NoError(t, ledger.Close(context.Background()))
	lines := at.lines()
	require.Len(t, lines, 1)
	require.Equal(t, uint64(6), lines[0].Sequence)
	require.NoError(t, os.Remove(at.list())) // and while it does not
	ledger = at.open()
	has(t, ledger, 6)
	fill(t, ledger, 6, 7)
	require.NoError(t, ledger.Close(context.Background()))
	require.Equal(t, uint64(7), at.lines()[0].Sequence)
}

// A crash may leave any part of the last line, and a disk any bytes in the middle.
func TestALineThatIsNoneIsNoErasure(t *testing.T) {
	at := newPlace(t)
	ledger := at.open()
	fill(t, ledger, 0, 2)
	require.NoError(t, ledger.Close(context.Background()))
	whole, err := os.ReadFile(at.list())
	require.NoError(t, err)
	last := `{"sequence":3,"installation_id":"00000000-0000-0000-0000-000000000003","source":"grpc"}`
	for cut := range last {
		require.NoError(t, os.WriteFile(at.list(), append(bytes.Clone(whole), last[:cut]...), listMode))
		ledger = at.open()
		has(t, ledger, 2)
		require.NoError(t, ledger.Close(context.Background()))
		data, err := os.ReadFile(at.list())
		require.NoError(t, err)
		require.Equal(t, string(whole), string(data), "what was torn is cut off")
	}
	noise := append(bytes.Repeat([]byte("x"), 3*maxLineBytes), "\nnull\n{\"installation_id\":1}\n\n"+last+"\n"...)
	appendTo(t, at.list(), string(noise))
	ledger = at.open()
	has(t, ledger, 3)
	require.NoError(t, ledger.Close(context.Background()))
}

func TestADamagedStorageIsSaidAndNotUsed(t *testing.T) {
	for name, damage := range map[string]*storage.Operation{
		"missing chunk": storage.DeleteOperation(chunkKey(0)),
		"short chunk":   storage.SetOperation(chunkKey(1), []byte("short")),
		"short meta":    storage.SetOperation(metaKey, []byte("short")),
		"newer meta":    storage.SetOperation(metaKey, append([]byte{metaVersion + 1}, make([]byte, metaSize-1)...)),
	} {
		t.Run(name, func(t *testing.T) {
			at := newPlace(t)
			ledger := at.open()
			fill(t, ledger, 0, chunkIDs+1)
			require.NoError(t, ledger.Close(context.Background()))
			client := at.client()
			require.NoError(t, client.Batch(context.Background(), damage))
			_, err := Open(context.Background(), client, Options{List: at.list(), MaxIDs: 10})
			require.ErrorIs(t, err, errDamaged)
		})
	}
}

func TestAListThatIsNoFileIsRefused(t *testing.T) {
	at := newPlace(t)
	require.NoError(t, os.MkdirAll(at.list(), folderMode))
	_, err := Open(context.Background(), at.client(), Options{List: at.list(), MaxIDs: 10})
	require.ErrorContains(t, err, "list of erasures")
}

func appendTo(t *testing.T, path, text string) {
	t.Helper()
	file, err := os.OpenFile(path, os.O_APPEND|os.O_WRONLY, 0)
	require.NoError(t, err)
	_, err = file.WriteString(text)
	require.NoError(t, err)
	require.NoError(t, file.Close())
}
