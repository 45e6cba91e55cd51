//go:build unix

package agentspoolreceiver

import (
	"os"
	"path/filepath"
	"syscall"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

func deleting(config *Config) *Config {
	config.DeleteAfterRead = true
	return config
}

func TestLinksAreNotRead(t *testing.T) {
	folder, outside := t.TempDir(), t.TempDir()
	secret := write(t, outside+"/secret.jsonl", spans("outside"))
	write(t, folder+"/ready/2.jsonl", spans("inside"))
	require.NoError(t, os.Symlink(secret, folder+"/ready/1.jsonl"))
	require.NoError(t, os.Symlink(folder+"/ready/2.jsonl", folder+"/ready/3.jsonl"))
	require.NoError(t, os.Symlink(outside, folder+"/elsewhere"))
	require.NoError(t, syscall.Mkfifo(folder+"/ready/4.jsonl", 0o600))
	require.NoError(t, os.Mkdir(folder+"/ready/5.jsonl", 0o700))
	r := started(t, fast(folder+"/*/*.jsonl"), &taker{}, nil)
	r.gets("inside")
	r.counts("files", "not_regular", 4) // once each, however often they are seen
}

func TestAFileThatCannotBeOpenedIsCountedOnce(t *testing.T) {
	if os.Geteuid() == 0 {
		t.Skip("SKIPPED: root may read everything")
	}
	path := write(t, t.TempDir()+"/1", spans("a"))
	require.NoError(t, os.Chmod(path, 0))
	r := started(t, fast(path), &taker{}, nil)
	r.counts("files", "unreadable", 1)
}

func TestWhatIsExcludedIsNotRead(t *testing.T) {
	folder := t.TempDir()
	write(t, folder+"/a/1.jsonl", spans("a1"))
	write(t, folder+"/a/2.jsonl", spans("a2"))
	write(t, folder+"/b/3.jsonl", spans("b3"))
	config := once(folder+"/*/*.jsonl", folder+"/a/1.jsonl")
	config.Exclude = []string{"2.*", filepath.Join(folder, "b", "*")}
	started(t, config, &taker{}, nil).gets("a1")
}

func TestAPatternIsSplitBelowWhatItNamesOutright(t *testing.T) {
	for pattern, want := range map[string][2]string{
		"/a/b/*/c?.jsonl": {"/a/b", "*/c?.jsonl"},
		"/a/b.jsonl":      {"/a", "b.jsonl"},
		"/*.jsonl":        {"/", "*.jsonl"},
		"a.jsonl":         {".", "a.jsonl"},
		"a/x[12]/b":       {"a", "x[12]/b"},
	} {
		folder, rest := splitPattern(pattern)
		assert.Equal(t, want, [2]string{folder, rest}, pattern)
	}
}

func TestAFileIsDeletedWhenAllOfItWasAccepted(t *testing.T) {
	folder := t.TempDir()
	whole := write(t, folder+"/1", withSeal(spans("a")), withSeal(record("b")))
	broken := write(t, folder+"/2", withSeal(spans("c")), "damage", withSeal(spans("d")))
	r := started(t, deleting(fast(folder+"/*")), &taker{}, nil)
	r.counts("files", "deleted", 1)
	r.gets("a", "b", "c", "d")
	assert.NoFileExists(t, whole)
	assert.FileExists(t, broken)
}

func TestAFileThatSomebodyWorksOnIsNotDeleted(t *testing.T) {
	path := write(t, t.TempDir()+"/1", withSeal(spans("a")))
	writer, err := os.OpenFile(path, os.O_APPEND|os.O_WRONLY, 0)
	require.NoError(t, err)
	require.NoError(t, syscall.Flock(int(writer.Fd()), syscall.LOCK_EX))
	r := started(t, deleting(fast(path)), &taker{}, nil)
	r.gets("a")
	assert.FileExists(t, path)
	_, err = writer.WriteString(withSeal(spans("b")) + "\n")
	require.NoError(t, err)
	r.gets("a", "b")
	require.NoError(t, writer.Close())
	r.counts("files", "deleted", 1)
	assert.NoFileExists(t, path)
}

func TestAKillBetweenAcceptingAndDeletingDoublesNothing(t *testing.T) {
	folder := t.TempDir()
	path := write(t, folder+"/1", withSeal(spans("a")))
	extensions := fileStorage(t, t.TempDir())
	first := started(t, remembering(fast(folder+"/*")), &taker{}, extensions)
	first.gets("a")
	first.stop()
	second := started(t, remembering(deleting(fast(folder+"/*"))), &taker{}, extensions)
	second.counts("files", "deleted", 1)
	second.gets()
	assert.NoFileExists(t, path)
}

func TestManySmallFilesAreAllRead(t *testing.T) {
	folder := t.TempDir()
	var want []string
	for i := range 300 {
		name := string(rune('a'+i/26)) + string(rune('a'+i%26))
		want = append(want, name)
		write(t, folder+"/"+name, withSeal(spans(name)))
	}
	begin := time.Now()
	started(t, once(folder+"/*"), &taker{}, nil).gets(want...)
	assert.Less(t, time.Since(begin), soon)
}
