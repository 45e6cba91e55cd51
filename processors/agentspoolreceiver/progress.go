package agentspoolreceiver

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"slices"
	"time"

	"go.opentelemetry.io/collector/component"
	"go.opentelemetry.io/collector/extension/xextension/storage"
)

const (
	indexKey   = "files"
	keptUnseen = 30 * 24 * time.Hour // as long as the spool keeps a file
	digestSize = 16
	tailBytes  = 4 << 10
)

// position is how far a file was read.
type position struct {
	Offset int64  `json:"offset"`           // where the first line begins that was not dealt with
	Tail   string `json:"tail"`             // the digest of what stands before it: another file may begin with the same line
	Sealed bool   `json:"sealed,omitempty"` // whether a line had a checksum
	Kept   bool   `json:"kept,omitempty"`   // whether a line was not accepted, so that the file is not deleted
	Seen   int64  `json:"seen"`             // when the file was last there, Unix seconds, to the day
}

// progress remembers positions by the digest of a file's first line, so that a renamed, moved or copied file is not read twice.
type progress struct {
	files  map[string]position
	client storage.Client // nil: positions are forgotten at the end
	clock  func() time.Time
}

// newProgress loads what is remembered.
func newProgress(ctx context.Context, client storage.Client, clock func() time.Time) (*progress, error) {
	p := &progress{map[string]position{}, client, clock}
	if client == nil {
		return p, nil
	}
	data, err := client.Get(ctx, indexKey)
	if err != nil || data == nil {
		return p, err
	}
	var names []string
	if err := json.Unmarshal(data, &names); err != nil {
		return nil, fmt.Errorf("the storage has no readable list of files: %w", err)
	}
	for _, name := range names {
		data, err := client.Get(ctx, name)
		if err != nil {
			return nil, err
		}
		var known position
		if data != nil && json.Unmarshal(data, &known) == nil {
			p.files[name] = known
		}
	}
	return p, nil
}

// of returns how far a file was read; its beginning if it is new, or if it is not the file that was read.
func (p *progress) of(name string, file io.ReaderAt, size int64) position {
	known, found := p.files[name]
	if !found || known.Offset > size || known.Offset < 0 {
		return position{}
	}
	if tail, err := tailDigest(file, known.Offset); err != nil || tail != known.Tail {
		return position{}
	}
	return known
}

// tailDigest is the digest of the bytes before an offset.
func tailDigest(file io.ReaderAt, offset int64) (string, error) {
	tail := make([]byte, min(offset, tailBytes))
	if _, err := file.ReadAt(tail, offset-int64(len(tail))); err != nil && !errors.Is(err, io.EOF) {
		return "", err
	}
	return digest(tail), nil
}

// set remembers how far a file was read. The error is the storage's: the position is then known until the end of the process only.
func (p *progress) set(ctx context.Context, name string, at position) error {
	at.Seen = p.today()
	_, known := p.files[name]
	p.files[name] = at
	if p.client == nil {
		return nil
	}
	data, err := json.Marshal(at)
	if err != nil {
		return err
	}
	changes := []*storage.Operation{storage.SetOperation(name, data)}
	if !known {
		changes = append(changes, p.index())
	}
	return p.client.Batch(ctx, changes...)
}

// seen remembers that files are there, and forgets those that have not been for 30 days.
func (p *progress) seen(ctx context.Context, names map[string]bool) error {
	var changes []*storage.Operation
	for name, at := range p.files {
		switch {
		case names[name] && at.Seen != p.today():
			at.Seen = p.today()
			p.files[name] = at
			if data, err := json.Marshal(at); err == nil {
				changes = append(changes, storage.SetOperation(name, data))
			}
		case !names[name] && p.clock().Sub(time.Unix(at.Seen, 0)) > keptUnseen:
			delete(p.files, name)
			changes = append(changes, storage.DeleteOperation(name))
		}
	}
	if p.client == nil || len(changes) == 0 {
		return nil
	}
	return p.client.Batch(ctx, append(changes, p.index())...)
}

func (p *progress) today() int64 {
	return p.clock().UTC().Truncate(24 * time.Hour).Unix()
}

func (p *progress) index() *storage.Operation {
	names := make([]string, 0, len(p.files))
	for name := range p.files {
		names = append(names, name)
	}
	slices.Sort(names)
	data, err := json.Marshal(names)
	if err != nil {
		data = []byte("[]") // unreachable: names are hexadecimal
	}
	return storage.SetOperation(indexKey, data)
}

func digest(data []byte) string {
	sum := sha256.Sum256(data)
	return hex.EncodeToString(sum[:digestSize])
}

// clientOf returns a client of the storage extension that the configuration names.
func clientOf(ctx context.Context, host component.Host, id *component.ID, owner component.ID) (storage.Client, error) {
	if id == nil {
		return nil, nil
	}
	extension, found := host.GetExtensions()[*id]
	if !found {
		return nil, fmt.Errorf("storage: there is no extension %q: add it to extensions and to service.extensions", id)
	}
	keeper, able := extension.(storage.Extension)
	if !able {
		return nil, fmt.Errorf("storage: the extension %q keeps nothing: use a storage extension such as file_storage", id)
	}
	return keeper.GetClient(ctx, component.KindReceiver, owner, "")
}
