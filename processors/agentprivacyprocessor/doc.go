// Package agentprivacyprocessor lets spans, log records and metrics of AI agents pass only with a recorded consent, and redacts them.
package agentprivacyprocessor

//go:generate go tool -modfile=../internal/tools/go.mod mdatagen metadata.yaml
