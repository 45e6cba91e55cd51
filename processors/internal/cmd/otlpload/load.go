package main

import (
	"bytes"
	"context"
	"encoding/binary"
	"fmt"
	"io"
	"maps"
	"net/http"
	"strconv"
	"sync"
	"sync/atomic"
	"time"

	"go.opentelemetry.io/collector/pdata/pcommon"
	"go.opentelemetry.io/collector/pdata/ptrace"
	"go.opentelemetry.io/collector/pdata/ptrace/ptraceotlp"
)

// load is one run: requests made from a template whose span ids are overwritten in place, so that the sender costs little.
type load struct {
	options
	template     []byte
	places       []int // where the id of each span stands in the template
	bytesPerSpan float64
	client       *http.Client
	next         atomic.Int64
	sent         atomic.Int64
	accepted     atomic.Int64
	refused      atomic.Int64
	failed       atomic.Int64
	lock         sync.Mutex
	byStatus     map[string]int
}

func newLoad(o options) (*load, error) {
	request := ptraceotlp.NewExportRequestFromTraces(spans(o.perRequest))
	body, err := request.MarshalProto()
	if err != nil {
		return nil, fmt.Errorf("encoding the request: %w", err)
	}
	l := &load{options: o, template: body, bytesPerSpan: float64(len(body)) / float64(o.perRequest), byStatus: map[string]int{}}
	for i := range o.perRequest {
		id, trace := spanID(int64(i)), traceID(int64(i))
		place := bytes.Index(body, id[:])
		if place < 0 || !bytes.HasPrefix(body[place+traceBehind:], trace[:]) {
			return nil, fmt.Errorf("span %d does not stand in the encoded request as expected", i)
		}
		l.places = append(l.places, place)
	}
	l.client = &http.Client{Timeout: 30 * time.Second, Transport: &http.Transport{MaxIdleConnsPerHost: o.senders, Proxy: nil}}
	return l, nil
}

// spanID is the number of a span in a form that occurs nowhere else in a request.
func spanID(number int64) pcommon.SpanID {
	var id [8]byte
	binary.BigEndian.PutUint64(id[:], 0xA5A5_0000_0000_0000|uint64(number))
	return id
}

const (
	spansOfTrace = 4
	traceBehind  = 10 // bytes from a span id to the trace id behind it (pdata writes a span's last field first): 8 of its own, 2 of a head
)

// traceID is the trace of a span: four spans in a row are one trace.
func traceID(number int64) pcommon.TraceID {
	var id [16]byte
	binary.BigEndian.PutUint64(id[:], uint64(number/spansOfTrace)*0x9E37_79B9_7F4A_7C15) // spread: traces are dealt out by their id
	binary.BigEndian.PutUint64(id[8:], uint64(number/spansOfTrace)+1)
	return id
}

// spanNumber is the inverse of spanID; -1 for an id of somebody else.
func spanNumber(id pcommon.SpanID) int64 {
	word := binary.BigEndian.Uint64(id[:])
	if word>>48 != 0xA5A5 {
		return -1
	}
	return int64(word & 0xFFFF_FFFF_FFFF)
}

func (l *load) run(ctx context.Context) {
	ctx, cancel := context.WithTimeout(ctx, time.Duration(l.seconds*float64(time.Second)))
	defer cancel()
	began := time.Now()
	var group sync.WaitGroup
	for range l.senders {
		group.Go(func() {
			body := bytes.Clone(l.template)
			for ctx.Err() == nil {
				first := l.next.Add(int64(l.perRequest)) - int64(l.perRequest)
				if first+int64(l.perRequest) > int64(l.spans) {
					return
				}
				l.pace(ctx, began, first)
				for i, place := range l.places {
					id, trace := spanID(first+int64(i)), traceID(first+int64(i))
					copy(body[place:], id[:])
					copy(body[place+traceBehind:], trace[:])
				}
				l.deliver(ctx, body)
			}
		})
	}
	group.Wait()
}

func (l *load) pace(ctx context.Context, began time.Time, first int64) {
	if l.rate <= 0 {
		return
	}
	due := began.Add(time.Duration(float64(first) / l.rate * float64(time.Second)))
	select {
	case <-ctx.Done():
	case <-time.After(time.Until(due)):
	}
}

// deliver sends one request until it is accepted: a refusal that OTLP calls retryable is tried again, with the same ids.
func (l *load) deliver(ctx context.Context, body []byte) {
	l.sent.Add(int64(l.perRequest))
	for ctx.Err() == nil {
		status, wait := l.post(ctx, body)
		l.count(status)
		switch status {
		case http.StatusOK:
			l.accepted.Add(int64(l.perRequest))
			return
		case http.StatusTooManyRequests, http.StatusBadGateway, http.StatusServiceUnavailable, http.StatusGatewayTimeout:
			l.refused.Add(1)
			select {
			case <-ctx.Done():
			case <-time.After(wait):
			}
		default:
			l.failed.Add(1)
			return
		}
	}
}

func (l *load) post(ctx context.Context, body []byte) (int, time.Duration) {
	request, err := http.NewRequestWithContext(ctx, http.MethodPost, l.target+"/v1/traces", bytes.NewReader(body))
	if err != nil {
		return 0, 0
	}
	request.Header.Set("Content-Type", "application/x-protobuf")
	answer, err := l.client.Do(request)
	if err != nil {
		return 0, 0
	}
	defer answer.Body.Close()
	_, _ = io.Copy(io.Discard, answer.Body)
	wait := 100 * time.Millisecond
	if seconds, err := strconv.Atoi(answer.Header.Get("Retry-After")); err == nil && seconds > 0 {
		wait = min(time.Duration(seconds)*time.Second, 5*time.Second)
	}
	return answer.StatusCode, wait
}

func (l *load) count(status int) {
	l.lock.Lock()
	defer l.lock.Unlock()
	l.byStatus[strconv.Itoa(status)]++
}

func (l *load) statuses() map[string]int {
	l.lock.Lock()
	defer l.lock.Unlock()
	return maps.Clone(l.byStatus)
}

// spans makes one request: consented spans of agents with 22 string attributes, about 1.1 KB each, most of them texts that are scanned.
func spans(count int) ptrace.Traces {
	traces := ptrace.NewTraces()
	group := traces.ResourceSpans().AppendEmpty()
	resource := group.Resource().Attributes()
	resource.PutStr("service.name", "load")
	resource.PutStr("app.installation.id", "0b0c4f0e-58a1-4d22-8f0e-9b1c2d3e4f50")
	resource.PutStr("smart_agents.consent.policy_version", "2026-11")
	resource.PutInt("smart_agents.consent.epoch", 1)
	categories := resource.PutEmptySlice("smart_agents.consent.categories")
	for _, category := range []string{"agent", "error", "feature", "performance", "skill", "workflow"} {
		categories.AppendEmpty().SetStr(category)
	}
	scope := group.ScopeSpans().AppendEmpty()
	scope.Scope().SetName("otel_smart_agents")
	start := time.Now()
	for i := range count {
		span := scope.Spans().AppendEmpty()
		span.SetName("invoke_agent code-reviewer")
		span.SetTraceID(traceID(int64(i)))
		span.SetSpanID(spanID(int64(i)))
		span.SetKind(ptrace.SpanKindInternal)
		span.SetStartTimestamp(pcommon.NewTimestampFromTime(start))
		span.SetEndTimestamp(pcommon.NewTimestampFromTime(start.Add(1500 * time.Millisecond)))
		for _, pair := range attributes {
			span.Attributes().PutStr(pair[0], pair[1])
		}
	}
	return traces
}

var attributes = [...][2]string{
	{"gen_ai.operation.name", "invoke_agent"},
	{"gen_ai.agent.name", "code-reviewer"},
	{"gen_ai.agent.version", "2.0.0"},
	{"gen_ai.provider.name", "openai"},
	{"gen_ai.request.model", "gpt-4"},
	{"gen_ai.workflow.name", "nightly-review"},
	{"smart_agents.kind", "agent"},
	{"smart_agents.outcome", "success"},
	{"smart_agents.task.type", "code_review"},
	{"smart_agents.task.file_type", "python"},
	{"smart_agents.task.size", "100-1k"},
	{"smart_agents.source", "curated"},
	{"http.request.method", "POST"},
	{"http.route", "/v1/reviews/{review}/comments"},
	{"url.template", "/v1/reviews/{review}/comments"},
	{"server.address", "reviews.internal.example"},
	{"db.system.name", "postgresql"},
	{"db.query.summary", "SELECT reviews"},
	{"db.query.text", "SELECT id, title, state FROM reviews WHERE state = ? AND assignee = ? ORDER BY created LIMIT ?"},
	{"rpc.service", "acme.review.v1.ReviewService"},
	{"rpc.method", "ListOpenReviews"},
	{"messaging.destination.name", "reviews-waiting-for-an-answer-of-the-second-reviewer-this-week"},
}
