package agentspoolreceiver

import (
	"encoding/json"
	"errors"
	"io"
	"io/fs"
	"os"

	"go.uber.org/zap"
)

// job is the work on one file in one pass.
type job struct {
	r       *spoolReceiver
	file    found
	opened  *os.File
	settled bool // nobody has written to it since the pass before: a last line without a line feed is taken as it is
	size    int64
	at      position
	name    string
	waiting bool // for the rest of the last line
}

func (j *job) run(info fs.FileInfo) state {
	first, err := newLineReader(io.NewSectionReader(j.opened, 0, j.size), 0).next()
	if err != nil || !first.ended && !j.settled {
		return state{info: info}
	}
	j.name = digest(first.body)
	if first.tooLong {
		j.name = digest([]byte(j.file.path))
	}
	j.at = j.r.progress.of(j.name, j.opened, j.size)
	if _, known := j.r.progress.files[j.name]; !known && j.r.config.StartAt == End && !j.r.passed {
		j.skip()
	}
	ended := j.lines()
	if ended && j.r.config.DeleteAfterRead && j.settled && !j.at.Kept {
		j.delete(info)
	}
	return state{info: info, name: j.name, read: ended || j.waiting}
}

// skip goes to the end of the last whole line.
func (j *job) skip() {
	lines := newLineReader(io.NewSectionReader(j.opened, 0, j.size), 0)
	var last line
	for {
		one, err := lines.next()
		if err != nil || !one.ended {
			break
		}
		last = one
	}
	j.remember(last)
}

// lines reads from where the last pass stopped; it tells whether it came to the end.
func (j *job) lines() bool {
	lines := newLineReader(io.NewSectionReader(j.opened, j.at.Offset, j.size-j.at.Offset), j.at.Offset)
	for {
		one, err := lines.next()
		if err != nil {
			return errors.Is(err, io.EOF)
		}
		if !one.ended && !j.settled || j.r.stopping.Err() != nil || !j.line(one) {
			return false
		}
	}
}

// line deals with one line and remembers it; false if it has to be read again.
func (j *job) line(one line) bool {
	if len(one.body) == 0 && !one.tooLong {
		j.remember(one)
		return true
	}
	result, err := j.deliver(one)
	if result == stopped {
		return false
	}
	broken := result == damaged || result == malformed || result == unsealed
	if j.waiting = broken && !one.ended && j.r.config.Replay == Follow; j.waiting {
		return false
	}
	if result != accepted && result != empty {
		j.at.Kept = true
		j.told(result, err)
	}
	j.r.countLine(result)
	j.remember(one)
	return true
}

// deliver checks a line and hands it to the next consumer of its signal.
func (j *job) deliver(one line) (outcome, error) {
	if one.tooLong {
		return tooLong, nil
	}
	message, checked := opened(one.body)
	if verify := j.r.config.VerifyCRC; verify != Never {
		switch {
		case checked == badSeal, checked == noSeal && j.at.Sealed:
			return damaged, nil
		case checked == noSeal && verify == Always:
			return unsealed, nil
		}
		j.at.Sealed = checked == goodSeal
	}
	if checked != goodSeal && !json.Valid(message) {
		return malformed, nil
	}
	kind := signalOf(message)
	if kind == "" {
		return malformed, nil
	}
	next, found := j.r.sinks[kind]
	if !found {
		return noPipeline, nil
	}
	return next.deliver(j.r.working, message, j.r.pauses())
}

// remember stores that a line has been dealt with.
func (j *job) remember(one line) {
	j.at.Offset = one.end
	tail, err := tailDigest(j.opened, one.end)
	if err == nil {
		j.at.Tail = tail
		err = j.r.progress.set(j.r.working, j.name, j.at)
	}
	if err != nil {
		j.r.settings.Logger.Warn("A line was read, but cannot be remembered: it may come twice after a restart",
			zap.String("file", j.file.path), zap.Int64("byte", one.end), zap.Error(err))
	}
}

// told logs a line that was not accepted. Its content is never part of it: what a JSON reader says quotes the text.
func (j *job) told(result outcome, err error) {
	fields := []zap.Field{zap.String("file", j.file.path), zap.Int64("byte", j.at.Offset), zap.String("outcome", string(result))}
	if result == refused {
		fields = append(fields, zap.Error(err))
	}
	j.r.settings.Logger.Warn("A line was skipped", fields...)
}

// delete removes a file each of whose lines was accepted, unless somebody works on it or has added to it.
func (j *job) delete(read fs.FileInfo) {
	if !unused(j.opened) {
		return
	}
	now, err := j.file.status()
	if err != nil || !os.SameFile(now, read) || now.Size() != j.size {
		return
	}
	if err := j.file.root.Remove(j.file.name); err != nil {
		j.r.settings.Logger.Warn("A file was read, but cannot be deleted", zap.String("file", j.file.path), zap.Error(err))
		return
	}
	j.r.countFile("deleted")
}
