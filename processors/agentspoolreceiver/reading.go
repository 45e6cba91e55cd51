package agentspoolreceiver

import (
	"errors"
	"io/fs"
	"os"

	"go.uber.org/zap"
)

// pass reads, once, what the patterns name and what has come since the pass before.
func (r *spoolReceiver) pass() {
	var open folders
	defer open.close()
	files, err := open.find(r.config.Include, r.config.Exclude)
	if err != nil {
		r.settings.Logger.Warn("A folder cannot be read", zap.Error(err))
	}
	before := r.files
	r.files = make(map[string]state, len(files))
	names := map[string]bool{}
	for _, file := range files {
		if r.stopping.Err() != nil {
			return
		}
		now := r.file(file, before[file.path])
		if now.info != nil {
			r.files[file.path] = now
			names[now.name] = true
		}
	}
	if err := r.progress.seen(r.working, names); err != nil {
		r.settings.Logger.Warn("The storage did not take which files are there", zap.Error(err))
	}
	r.passed = true
}

// state is what a pass saw of a file.
type state struct {
	info    fs.FileInfo
	name    string // the digest of its first line, "" as long as that has not ended
	read    bool   // as far as it can be
	refused bool   // it could not be opened, or is nothing that is read: said once
}

// same tells whether a file has not changed since.
func (s state) same(info fs.FileInfo) bool {
	return s.info != nil && os.SameFile(s.info, info) && s.info.Size() == info.Size() && s.info.ModTime().Equal(info.ModTime())
}

func (r *spoolReceiver) file(file found, before state) state {
	info, err := file.status()
	if err == nil && before.same(info) && (before.read && !r.config.DeleteAfterRead || before.refused) {
		return before
	}
	if errors.Is(err, fs.ErrNotExist) {
		return state{} // somebody took it between listing and looking
	}
	var opened *os.File
	if err == nil {
		opened, err = file.openFile(info)
	}
	if err != nil {
		return r.notRead(file, info, before, err)
	}
	defer opened.Close()
	work := job{r: r, file: file, opened: opened, settled: before.same(info) || r.config.Replay == Once, size: info.Size()}
	return work.run(info)
}

// notRead counts a file that cannot be read, once.
func (r *spoolReceiver) notRead(file found, info fs.FileInfo, before state, err error) state {
	now := state{info: info, refused: true}
	if before.refused {
		return now
	}
	outcome := "unreadable"
	if errors.Is(err, errNotRegular) {
		outcome = "not_regular"
	}
	r.countFile(outcome)
	r.settings.Logger.Warn("A file is not read", zap.String("file", file.path), zap.Error(err))
	return now
}
