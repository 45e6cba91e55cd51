// Package ledger keeps the erasure set: in memory for readers, in a storage extension and in a list of erasures on the disk.
package ledger

import (
	"context"
	"errors"
	"fmt"
	"sync"
	"time"

	"go.opentelemetry.io/collector/extension/xextension/storage"

	"github.com/otel-smart-agents/otel-smart-agents/processors/internal/erasure"
)

const (
	queueSize   = 1024
	commitMost  = 512  // requests that share one write: what comes while the disk is busy waits together
	replayBatch = 4096 // ids of the list that are put into the storage together
)

var (
	// ErrFull says that the set holds as many ids as it may.
	ErrFull = errors.New("the erasure set is full")
	// ErrClosed says that the collector is shutting down.
	ErrClosed = errors.New("the erasure set is closed")
)

// Options say how a ledger is kept.
type Options struct {
	List    string                // path of the list of erasures
	MaxIDs  int                   // ids that the set takes at most
	Commits func(d time.Duration) // hears how long every write took; may be nil
}

// Entry is a request whose proof was checked.
type Entry struct {
	ID        erasure.ID
	Requested time.Time
	Received  time.Time
	Source    string
}

// Done is what became of an entry.
type Done struct {
	Sequence uint64 // its place in the list; for a known id a later one, by which it was erased all the more
	Known    bool   // it was in the set before
}

// Ledger is the set. All methods may be called from many goroutines at once.
type Ledger struct {
	*erasure.Table
	chunks  *chunks
	list    *list
	options Options
	queue   chan request
	closing chan struct{}
	once    sync.Once
	ended   chan struct{}
}

type request struct {
	entry Entry
	reply chan reply
}

type reply struct {
	done Done
	err  error
}

// Open reads the set from the storage, completes it from the list of erasures, and begins to take entries. The client is the ledger's from
// then on, also when it fails.
func Open(ctx context.Context, client storage.Client, options Options) (*Ledger, error) {
	l := &Ledger{
		Table:   erasure.NewTable(),
		options: options,
		queue:   make(chan request, queueSize),
		closing: make(chan struct{}),
		ended:   make(chan struct{}),
	}
	if err := l.load(ctx, client); err != nil {
		return nil, errors.Join(err, client.Close(ctx))
	}
	go l.run()
	return l, nil
}

func (l *Ledger) load(ctx context.Context, client storage.Client) (err error) {
	if l.chunks, err = openChunks(ctx, client, func(id erasure.ID) { l.Table.Add(id) }); err != nil {
		return err
	}
	if l.list, err = openList(l.options.List); err != nil {
		return fmt.Errorf("list of erasures: %w", err)
	}
	if err = l.replay(ctx); err != nil {
		return errors.Join(fmt.Errorf("list of erasures: %w", err), l.list.close())
	}
	return nil
}

// replay puts into the storage what the list has and the storage has not: the end after a crash, everything if the storage is a new one.
func (l *Ledger) replay(ctx context.Context) error {
	var fresh []erasure.ID
	sequence := l.chunks.at.sequence
	flush := func(offset uint64) error {
		err := l.chunks.append(ctx, fresh, sequence, offset)
		fresh = fresh[:0]
		return err
	}
	begin := l.chunks.at.listOffset
	_, err := l.list.since(int64(begin), func(line Line, id erasure.ID) error {
		sequence = max(sequence, line.Sequence)
		if l.Table.Add(id) {
			fresh = append(fresh, id)
		}
		if len(fresh) == replayBatch {
			return flush(begin) // its end is not known here: after another crash these are looked at once more
		}
		return nil
	})
	if err != nil {
		return err
	}
	if len(fresh) > 0 || begin != uint64(l.list.size) {
		return flush(uint64(l.list.size))
	}
	return nil
}

// Add puts an id into the set and returns when it is on the disk and every reader sees it.
//
// Errors: ErrFull, ErrClosed, the context's, or what the disk said; after these it may or may not be in the set.
func (l *Ledger) Add(ctx context.Context, entry Entry) (Done, error) {
	asked := request{entry, make(chan reply, 1)}
	select {
	case <-l.closing:
		return Done{}, ErrClosed
	case <-ctx.Done():
		return Done{}, ctx.Err()
	case l.queue <- asked:
	}
	select {
	case answer := <-asked.reply:
		return answer.done, answer.err
	case <-l.ended:
		// It was queued too late to be seen, unless the answer is there as well.
		select {
		case answer := <-asked.reply:
			return answer.done, answer.err
		default:
			return Done{}, ErrClosed
		}
	case <-ctx.Done():
		return Done{}, ctx.Err()
	}
}

// Close finishes what was begun and closes the list and the storage.
func (l *Ledger) Close(ctx context.Context) error {
	l.once.Do(func() { close(l.closing) })
	<-l.ended
	return errors.Join(l.list.close(), l.chunks.client.Close(ctx))
}

func (l *Ledger) run() {
	defer close(l.ended)
	for {
		select {
		case <-l.closing:
			return
		case first := <-l.queue:
			l.commit(l.gather(first))
		}
	}
}

func (l *Ledger) gather(first request) []request {
	batch := []request{first}
	for len(batch) < commitMost {
		select {
		case next := <-l.queue:
			batch = append(batch, next)
		default:
			return batch
		}
	}
	return batch
}

// commit writes the new ids of a batch and answers all its requests.
func (l *Ledger) commit(batch []request) {
	lines, ids := l.fresh(batch)
	var err error
	if len(lines) > 0 {
		begin := time.Now()
		err = l.write(lines, ids)
		if l.options.Commits != nil {
			l.options.Commits(time.Since(begin))
		}
	}
	placed := make(map[erasure.ID]uint64, len(lines))
	if err == nil {
		for at, id := range ids {
			l.Table.Add(id)
			placed[id] = lines[at].Sequence
		}
	}
	for _, asked := range batch {
		sequence, fresh := placed[asked.entry.ID]
		delete(placed, asked.entry.ID) // the same id once more in this batch is known
		switch {
		case fresh:
			asked.reply <- reply{done: Done{Sequence: sequence}}
		case l.Table.Has(asked.entry.ID):
			asked.reply <- reply{done: Done{Sequence: l.chunks.at.sequence, Known: true}}
		case err != nil:
			asked.reply <- reply{err: err}
		default:
			asked.reply <- reply{err: ErrFull}
		}
	}
}

// fresh returns the lines and ids of a batch that are not in the set yet and have room in it.
func (l *Ledger) fresh(batch []request) (lines []Line, ids []erasure.ID) {
	room := l.options.MaxIDs - l.Table.Len()
	sequence := l.chunks.at.sequence
	seen := make(map[erasure.ID]struct{}, len(batch))
	for _, asked := range batch {
		entry := asked.entry
		if _, twice := seen[entry.ID]; twice || len(ids) >= room || l.Table.Has(entry.ID) {
			continue
		}
		seen[entry.ID] = struct{}{}
		sequence++
		ids = append(ids, entry.ID)
		lines = append(lines, Line{sequence, entry.ID.String(), entry.Requested.UTC(), entry.Received.UTC(), entry.Source})
	}
	return lines, ids
}

// write puts lines into the list and ids into the storage, in this order: the list alone can complete the storage.
func (l *Ledger) write(lines []Line, ids []erasure.ID) error {
	before, err := l.list.append(lines)
	if err != nil {
		return fmt.Errorf("list of erasures: %w", err)
	}
	if err := l.chunks.append(context.Background(), ids, lines[len(lines)-1].Sequence, uint64(l.list.size)); err != nil {
		return errors.Join(fmt.Errorf("storage of the erasure set: %w", err), l.list.cut(before))
	}
	return nil
}
