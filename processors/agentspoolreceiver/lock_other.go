//go:build !unix

package agentspoolreceiver

import "os"

const openFlags = os.O_RDONLY

// unused is always true: an open file cannot be deleted on these systems.
func unused(*os.File) bool { return true }
