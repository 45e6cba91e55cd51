package ledger

import (
	"bufio"
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"time"

	"github.com/otel-smart-agents/otel-smart-agents/processors/internal/erasure"
)

// The list of erasures is a file of JSON lines for the erase jobs of the stores behind the collector: whole lines, each on the disk before
// its request is acknowledged. It is also what the set is completed from after a crash, and made anew from if its storage is lost.
const (
	listMode     = 0o600
	folderMode   = 0o700
	maxLineBytes = 4096
)

// Line is one line of the list.
type Line struct {
	Sequence       uint64    `json:"sequence"`
	InstallationID string    `json:"installation_id"`
	Requested      time.Time `json:"requested"`
	Received       time.Time `json:"received"`
	Source         string    `json:"source"`
}

type list struct {
	path string
	file *os.File
	size int64
}

// openList opens or makes the list. What a crash left of a line at its end is cut off: its request was never acknowledged.
func openList(path string) (*list, error) {
	if err := os.MkdirAll(filepath.Dir(path), folderMode); err != nil {
		return nil, err
	}
	l := &list{path: path}
	if err := l.open(); err != nil {
		return nil, err
	}
	return l, nil
}

func (l *list) open() error {
	file, err := os.OpenFile(l.path, os.O_CREATE|os.O_RDWR|os.O_APPEND, listMode)
	if err != nil {
		return err
	}
	whole, err := wholeLines(file)
	if err == nil {
		err = file.Truncate(whole)
	}
	if err == nil {
		err = syncFolder(filepath.Dir(l.path))
	}
	if err != nil {
		return errors.Join(err, file.Close())
	}
	l.file, l.size = file, whole
	return nil
}

// append writes lines and returns when they are on the disk, and the size before. Either all of them are there afterwards or none.
func (l *list) append(lines []Line) (before int64, err error) {
	if err := l.reopenIfMoved(); err != nil {
		return 0, err
	}
	var buffer bytes.Buffer
	encoder := json.NewEncoder(&buffer)
	for _, line := range lines {
		if err := encoder.Encode(line); err != nil {
			return 0, err
		}
	}
	before = l.size
	_, err = l.file.Write(buffer.Bytes())
	if err == nil {
		err = l.file.Sync()
	}
	if err != nil {
		return before, errors.Join(err, l.cut(before))
	}
	l.size += int64(buffer.Len())
	return before, nil
}

// cut takes back what was written behind a size.
func (l *list) cut(size int64) error {
	l.size = size
	return l.file.Truncate(size)
}

// reopenIfMoved begins a new file if somebody renamed or removed the list, as rotation of logs does.
func (l *list) reopenIfMoved() error {
	there, err := os.Stat(l.path)
	if err == nil {
		var mine os.FileInfo
		if mine, err = l.file.Stat(); err == nil && os.SameFile(there, mine) {
			return nil
		}
	}
	if err != nil && !errors.Is(err, fs.ErrNotExist) {
		return err
	}
	old := l.file
	if err := l.open(); err != nil {
		return err
	}
	return old.Close()
}

// since hands every line behind an offset to each; behind the end of the file, which then is another one, it begins at the start.
// Lines that are none are skipped and counted.
func (l *list) since(offset int64, each func(Line, erasure.ID) error) (skipped int, err error) {
	if offset > l.size {
		offset = 0
	}
	reader := bufio.NewReaderSize(io.NewSectionReader(l.file, offset, l.size-offset), maxLineBytes)
	for {
		data, err := reader.ReadSlice('\n')
		if errors.Is(err, io.EOF) {
			return skipped, nil
		}
		if errors.Is(err, bufio.ErrBufferFull) {
			continue // its end is skipped as a line of its own
		}
		if err != nil {
			return skipped, err
		}
		line, id, ok := parseLine(data)
		if !ok {
			skipped++
			continue
		}
		if err := each(line, id); err != nil {
			return skipped, err
		}
	}
}

func parseLine(data []byte) (line Line, id erasure.ID, ok bool) {
	if json.Unmarshal(data, &line) != nil {
		return line, id, false
	}
	id, ok = erasure.Parse(line.InstallationID)
	return line, id, ok
}

func (l *list) close() error {
	return l.file.Close()
}

// wholeLines returns the size of a file up to its last line end.
func wholeLines(file *os.File) (int64, error) {
	info, err := file.Stat()
	if err != nil {
		return 0, err
	}
	if !info.Mode().IsRegular() {
		return 0, fmt.Errorf("%s is not a regular file", file.Name())
	}
	block := make([]byte, maxLineBytes)
	for end := info.Size(); end > 0; {
		from := max(0, end-int64(len(block)))
		part := block[:end-from]
		if _, err := file.ReadAt(part, from); err != nil {
			return 0, err
		}
		if at := bytes.LastIndexByte(part, '\n'); at >= 0 {
			return from + int64(at) + 1, nil
		}
		end = from
	}
	return 0, nil
}

// syncFolder makes a new name durable, where the system can: Windows has no such call and needs none.
func syncFolder(path string) error {
	folder, err := os.Open(path)
	if err != nil {
		return err
	}
	_ = folder.Sync()
	return folder.Close()
}
