// Command otlpload sends spans to a collector as fast as it accepts them and receives what comes out of it, on the loopback interface only.
//
// Every span has a number of its own, so the sink can tell how many were lost and how many came twice. It stops by itself: after --spans
// spans or --seconds seconds, whichever comes first. The result is one JSON object on standard output; benchmarks/collector.py reads it.
package main

import (
	"context"
	"encoding/json"
	"flag"
	"fmt"
	"net"
	"net/url"
	"os"
	"time"
)

type options struct {
	target     string
	sink       string
	spans      int
	seconds    float64
	perRequest int
	senders    int
	rate       float64
	drain      float64
	untouched  bool
}

func main() {
	var o options
	flag.StringVar(&o.target, "target", "http://127.0.0.1:4318", "OTLP/HTTP address of the collector; loopback only")
	flag.StringVar(&o.sink, "sink", "127.0.0.1:0", "address where the collector's otlp_http exporter sends; empty = no sink")
	flag.IntVar(&o.spans, "spans", 100_000, "spans to send at most")
	flag.Float64Var(&o.seconds, "seconds", 60, "seconds to send at most, 1200 at the outside")
	flag.IntVar(&o.perRequest, "per-request", 200, "spans of one request")
	flag.IntVar(&o.senders, "senders", 2, "requests under way at once")
	flag.Float64Var(&o.rate, "rate", 0, "spans per second, 0 = as fast as they are accepted")
	flag.Float64Var(&o.drain, "drain", 20, "seconds to wait at the end for spans that are still under way")
	flag.BoolVar(&o.untouched, "check-untouched", false, "count spans of which the sink misses attributes")
	flag.Parse()
	result, err := run(context.Background(), o)
	if err != nil {
		fmt.Fprintln(os.Stderr, "otlpload:", err)
		os.Exit(1)
	}
	if err := json.NewEncoder(os.Stdout).Encode(result); err != nil {
		os.Exit(1)
	}
}

func run(ctx context.Context, o options) (map[string]any, error) {
	if err := o.check(); err != nil {
		return nil, err
	}
	seen := newSeen(o.spans)
	if o.sink != "" {
		stop, err := serve(o.sink, seen, o.untouched)
		if err != nil {
			return nil, err
		}
		defer stop()
	}
	load, err := newLoad(o)
	if err != nil {
		return nil, err
	}
	began := time.Now()
	load.run(ctx)
	took := time.Since(began)
	if o.sink != "" {
		seen.wait(load.accepted.Load(), time.Duration(o.drain*float64(time.Second)))
	}
	accepted := load.accepted.Load()
	return map[string]any{
		"sent":             load.sent.Load(),
		"accepted":         accepted,
		"refused_requests": load.refused.Load(),
		"failed_requests":  load.failed.Load(),
		"statuses":         load.statuses(),
		"received":         seen.received.Load(),
		"doubled":          seen.doubled.Load(),
		"touched":          seen.touched.Load(),
		"lost":             max(0, accepted-(seen.received.Load()-seen.doubled.Load())),
		"seconds":          took.Seconds(),
		"spans_per_second": float64(accepted) / took.Seconds(),
		"bytes_per_span":   load.bytesPerSpan,
	}, nil
}

func (o options) check() error {
	if o.spans < 1 || o.perRequest < 1 || o.senders < 1 || o.senders > 64 || o.seconds <= 0 || o.seconds > 1200 {
		return fmt.Errorf("counts must be positive, --senders at most 64, --seconds at most 1200")
	}
	at, err := url.Parse(o.target)
	if err != nil {
		return fmt.Errorf("--target: %w", err)
	}
	for _, host := range []string{at.Hostname(), hostOf(o.sink)} {
		if ip := net.ParseIP(host); host != "" && (ip == nil || !ip.IsLoopback()) {
			return fmt.Errorf("%q is not a loopback address: this tool sends to no other", host)
		}
	}
	return nil
}

func hostOf(address string) string {
	host, _, err := net.SplitHostPort(address)
	if err != nil {
		return address
	}
	return host
}
