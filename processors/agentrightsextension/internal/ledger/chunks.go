package ledger

import (
	"context"
	"crypto/rand"
	"encoding/binary"
	"errors"
	"fmt"

	"go.opentelemetry.io/collector/extension/xextension/storage"

	"github.com/otel-smart-agents/otel-smart-agents/processors/internal/erasure"
)

// The set in a storage extension: ids in the order in which they came, chunkIDs to a value, so that a new id rewrites one page and a start
// reads few values; one value says how many there are. Both change in one batch, which file_storage makes one transaction.
const (
	metaKey     = "meta"
	macKey      = "mac"
	chunkIDs    = 256 // 4 KiB, a page of most stores
	loadChunks  = 256 // values read at a time: 1 MiB
	metaVersion = 1
	metaSize    = 1 + 3*8
	macSize     = 32
)

var errDamaged = errors.New("the erasure set in the storage is damaged: remove it there; it is made anew from the list of erasures")

// position is what the set knows about itself.
type position struct {
	ids        uint64 // in the chunks
	sequence   uint64 // of the last request
	listOffset uint64 // bytes of the list whose ids are in the chunks
}

type chunks struct {
	client storage.Client
	at     position
	last   []byte // the ids of the last chunk while it is not full
	mac    []byte // key of the receipts
}

// openChunks reads the set and hands every id to add.
//
// Errors: errDamaged, or the storage's own.
func openChunks(ctx context.Context, client storage.Client, add func(erasure.ID)) (*chunks, error) {
	c := &chunks{client: client}
	meta, err := client.Get(ctx, metaKey)
	if err != nil {
		return nil, err
	}
	if meta != nil {
		if c.at, err = parsePosition(meta); err != nil {
			return nil, err
		}
		if err = c.load(ctx, add); err != nil {
			return nil, err
		}
	}
	return c, c.loadMAC(ctx)
}

func (c *chunks) load(ctx context.Context, add func(erasure.ID)) error {
	total := int((c.at.ids + chunkIDs - 1) / chunkIDs)
	left := int(c.at.ids)
	for from := 0; from < total; from += loadChunks {
		gets := make([]*storage.Operation, 0, loadChunks)
		for n := from; n < min(from+loadChunks, total); n++ {
			gets = append(gets, storage.GetOperation(chunkKey(n)))
		}
		if err := c.client.Batch(ctx, gets...); err != nil {
			return err
		}
		for _, get := range gets {
			ids := min(left, chunkIDs)
			if len(get.Value) < ids*erasure.Size {
				return fmt.Errorf("%w (%s)", errDamaged, get.Key)
			}
			c.last = get.Value[:ids*erasure.Size] // in a storage without transactions there may be more, of which the meta value never heard
			for at := 0; at < len(c.last); at += erasure.Size {
				add(erasure.ID(c.last[at : at+erasure.Size]))
			}
			left -= ids
		}
	}
	if len(c.last) == chunkIDs*erasure.Size {
		c.last = nil
	}
	return nil
}

// append writes ids behind the others. Either all of them are there afterwards or none.
func (c *chunks) append(ctx context.Context, ids []erasure.ID, sequence, listOffset uint64) error {
	at := position{ids: c.at.ids + uint64(len(ids)), sequence: sequence, listOffset: listOffset}
	number := int(c.at.ids / chunkIDs)
	chunk := append(make([]byte, 0, chunkIDs*erasure.Size), c.last...)
	var sets []*storage.Operation
	for _, id := range ids {
		chunk = append(chunk, id[:]...)
		if len(chunk) == chunkIDs*erasure.Size {
			sets = append(sets, storage.SetOperation(chunkKey(number), chunk))
			number++
			chunk = make([]byte, 0, chunkIDs*erasure.Size)
		}
	}
	if len(chunk) > 0 {
		sets = append(sets, storage.SetOperation(chunkKey(number), chunk))
	}
	sets = append(sets, storage.SetOperation(metaKey, at.bytes()))
	if err := c.client.Batch(ctx, sets...); err != nil {
		return err
	}
	c.at, c.last = at, chunk
	return nil
}

func (c *chunks) loadMAC(ctx context.Context) error {
	key, err := c.client.Get(ctx, macKey)
	if err != nil {
		return err
	}
	if len(key) != macSize {
		key = make([]byte, macSize)
		_, _ = rand.Read(key) // never fails
		if err := c.client.Set(ctx, macKey, key); err != nil {
			return err
		}
	}
	c.mac = key
	return nil
}

func chunkKey(number int) string {
	return fmt.Sprintf("ids/%08x", number)
}

func (p position) bytes() []byte {
	data := append(make([]byte, 0, metaSize), metaVersion)
	data = binary.BigEndian.AppendUint64(data, p.ids)
	data = binary.BigEndian.AppendUint64(data, p.sequence)
	return binary.BigEndian.AppendUint64(data, p.listOffset)
}

func parsePosition(data []byte) (position, error) {
	if len(data) != metaSize || data[0] != metaVersion {
		return position{}, fmt.Errorf("%w (%s)", errDamaged, metaKey)
	}
	return position{
		ids:        binary.BigEndian.Uint64(data[1:]),
		sequence:   binary.BigEndian.Uint64(data[9:]),
		listOffset: binary.BigEndian.Uint64(data[17:]),
	}, nil
}
