package agentspoolreceiver

import (
	"cmp"
	"errors"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strings"
)

// found is a file that a pattern names. It is opened through root, the folder above the pattern, so that no link leads out of it.
type found struct {
	root *os.Root
	name string // below root
	path string // as it is shown
}

// folders are the open roots of one pass.
type folders struct {
	open []*os.Root
}

func (f *folders) close() {
	for _, root := range f.open {
		root.Close()
	}
}

// find lists the files that the patterns name, each once, oldest name first: spool files are named after the time they were begun.
//
// A folder that is not there yet holds no file. The errors are about folders that cannot be read.
func (f *folders) find(include, exclude []string) ([]found, error) {
	byPath := map[string]found{}
	var problems []error
	for _, pattern := range include {
		folder, rest := splitPattern(pattern)
		root, err := os.OpenRoot(folder)
		if err != nil {
			if !errors.Is(err, fs.ErrNotExist) {
				problems = append(problems, err)
			}
			continue
		}
		f.open = append(f.open, root)
		names, err := fs.Glob(root.FS(), rest)
		problems = append(problems, err)
		for _, name := range names {
			path := filepath.Join(folder, filepath.FromSlash(name))
			if !excluded(exclude, path) {
				byPath[path] = found{root, filepath.FromSlash(name), path}
			}
		}
	}
	files := make([]found, 0, len(byPath))
	for _, file := range byPath {
		files = append(files, file)
	}
	slices.SortFunc(files, func(a, b found) int {
		return cmp.Or(strings.Compare(filepath.Base(a.path), filepath.Base(b.path)), strings.Compare(a.path, b.path))
	})
	return files, errors.Join(problems...)
}

// splitPattern splits a pattern into the folder that it names outright, and the rest with forward slashes.
func splitPattern(pattern string) (folder, rest string) {
	pattern = filepath.Clean(pattern)
	end := strings.IndexAny(pattern, `*?[`)
	if end < 0 {
		end = len(pattern)
	}
	last := strings.LastIndexByte(pattern[:end], filepath.Separator)
	if last < 0 {
		return ".", filepath.ToSlash(pattern)
	}
	return cmp.Or(pattern[:last], string(filepath.Separator)), filepath.ToSlash(pattern[last+1:])
}

// excluded tells whether a pattern matches the whole path or, if it names no folder, the file's name.
func excluded(patterns []string, path string) bool {
	for _, pattern := range patterns {
		name := path
		if !strings.ContainsRune(pattern, filepath.Separator) {
			name = filepath.Base(path)
		}
		if matches, err := filepath.Match(pattern, name); err == nil && matches {
			return true
		}
	}
	return false
}

var errNotRegular = errors.New("is a link or no regular file")

// status tells what the file is, without opening it.
func (f found) status() (fs.FileInfo, error) {
	info, err := f.root.Lstat(f.name)
	if err == nil && !info.Mode().IsRegular() {
		err = errNotRegular
	}
	return info, err
}

// openFile opens the file whose status is known: one that took its place meanwhile is not read.
func (f found) openFile(known fs.FileInfo) (*os.File, error) {
	file, err := f.root.OpenFile(f.name, openFlags, 0)
	if err != nil {
		return nil, err
	}
	info, err := file.Stat()
	if err == nil && (!info.Mode().IsRegular() || !os.SameFile(info, known)) {
		err = errNotRegular
	}
	if err != nil {
		file.Close()
		return nil, err
	}
	return file, nil
}
