package main

import (
	"compress/gzip"
	"fmt"
	"io"
	"net"
	"net/http"
	"sync/atomic"
	"time"

	"go.opentelemetry.io/collector/pdata/ptrace"
	"go.opentelemetry.io/collector/pdata/ptrace/ptraceotlp"
)

// seen remembers which spans arrived: one bit a span.
type seen struct {
	bits     []atomic.Uint64
	received atomic.Int64
	doubled  atomic.Int64
	touched  atomic.Int64
}

func newSeen(spans int) *seen { return &seen{bits: make([]atomic.Uint64, spans/64+1)} }

func (s *seen) add(traces ptrace.Traces, untouched bool) {
	for _, group := range traces.ResourceSpans().All() {
		for _, scope := range group.ScopeSpans().All() {
			for _, span := range scope.Spans().All() {
				number := spanNumber(span.SpanID())
				if number < 0 || number/64 >= int64(len(s.bits)) {
					continue
				}
				s.received.Add(1)
				mask := uint64(1) << (number % 64)
				if s.bits[number/64].Or(mask)&mask != 0 {
					s.doubled.Add(1)
				}
				if untouched && span.Attributes().Len() < len(attributes) {
					s.touched.Add(1)
				}
			}
		}
	}
}

// wait returns when every accepted span has come, or when patience is at its end.
func (s *seen) wait(accepted int64, patience time.Duration) {
	for end := time.Now().Add(patience); s.received.Load()-s.doubled.Load() < accepted && time.Now().Before(end); {
		time.Sleep(50 * time.Millisecond)
	}
}

// serve answers OTLP/HTTP until stop is called.
func serve(address string, s *seen, untouched bool) (stop func(), err error) {
	listener, err := net.Listen("tcp", address)
	if err != nil {
		return nil, fmt.Errorf("--sink: %w", err)
	}
	server := &http.Server{
		ReadHeaderTimeout: 10 * time.Second,
		Handler: http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
			if err := s.take(r, untouched); err != nil {
				http.Error(w, err.Error(), http.StatusBadRequest)
				return
			}
			w.Header().Set("Content-Type", "application/x-protobuf")
		}),
	}
	go func() { _ = server.Serve(listener) }()
	return func() { _ = server.Close() }, nil
}

func (s *seen) take(r *http.Request, untouched bool) error {
	var body io.Reader = r.Body
	if r.Header.Get("Content-Encoding") == "gzip" {
		plain, err := gzip.NewReader(r.Body)
		if err != nil {
			return fmt.Errorf("gzip: %w", err)
		}
		body = plain
	}
	data, err := io.ReadAll(io.LimitReader(body, 64<<20))
	if err != nil {
		return fmt.Errorf("reading: %w", err)
	}
	request := ptraceotlp.NewExportRequest()
	if err := request.UnmarshalProto(data); err != nil {
		return fmt.Errorf("decoding: %w", err)
	}
	s.add(request.Traces(), untouched)
	return nil
}
