// Package agentspoolreceiver replays files of OTLP JSON lines, sealed by a checksum or not, into a pipeline.
package agentspoolreceiver

//go:generate go tool -modfile=../internal/tools/go.mod mdatagen metadata.yaml
