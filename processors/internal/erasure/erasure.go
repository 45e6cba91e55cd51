// Package erasure holds the installation ids whose owners asked for erasure, in memory, for pipelines that ask about every resource.
package erasure

// Set tells which installations were erased. All methods may be called from many goroutines at once.
type Set interface {
	// Contains tells whether the installation asked for erasure. The id is the text of a UUID; anything else was never erased.
	// It takes no lock and allocates nothing.
	Contains(installationID string) bool
}
