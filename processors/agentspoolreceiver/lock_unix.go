//go:build unix

package agentspoolreceiver

import (
	"os"
	"syscall"
)

// openFlags never wait for the other end of a pipe that took a file's place.
const openFlags = os.O_RDONLY | syscall.O_NONBLOCK | syscall.O_NOFOLLOW

// unused tells whether nobody holds the file: writers and senders of the spool lock the file that they work on. It stays locked.
func unused(file *os.File) bool {
	return syscall.Flock(int(file.Fd()), syscall.LOCK_EX|syscall.LOCK_NB) == nil
}
