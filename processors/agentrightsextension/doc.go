//go:generate go tool -modfile=../internal/tools/go.mod mdatagen metadata.yaml

// Package agentrightsextension is a Collector extension that takes requests for erasure and keeps the set of erased installations.
package agentrightsextension
