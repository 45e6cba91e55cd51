package agentspoolreceiver

import (
	"context"
	"math/rand/v2"
	"sync"
	"time"

	"go.opentelemetry.io/collector/component"
	"go.opentelemetry.io/collector/extension/xextension/storage"
	"go.opentelemetry.io/collector/receiver"
	"go.opentelemetry.io/collector/receiver/receiverhelper"
	"go.opentelemetry.io/otel/attribute"
	"go.opentelemetry.io/otel/metric"
	"go.uber.org/zap"

	"github.com/otel-smart-agents/otel-smart-agents/processors/agentspoolreceiver/internal/metadata"
)

// grace is how long a line that was handed over at the moment of a shutdown has to be accepted.
const grace = 5 * time.Second

// spoolReceiver reads files in one goroutine, line by line: the next one is read when the last one was accepted.
type spoolReceiver struct {
	config    *Config
	settings  receiver.Settings
	report    *receiverhelper.ObsReport
	telemetry *metadata.TelemetryBuilder
	forget    func()

	sinks   map[signal]sink
	mu      sync.Mutex
	started int // signals

	client   storage.Client
	progress *progress
	files    map[string]state // of the last pass, by path
	passed   bool             // whether there was one
	lines    map[outcome]int64

	stopping, working context.Context // no new line is handed over · the line that was handed over is given up
	stop, giveUp      context.CancelFunc
	done              chan struct{}
}

func newReceiver(set receiver.Settings, config *Config, forget func()) (*spoolReceiver, error) {
	report, err := receiverhelper.NewObsReport(receiverhelper.ObsReportSettings{
		ReceiverID: set.ID, Transport: "file", ReceiverCreateSettings: set,
	})
	if err != nil {
		return nil, err
	}
	telemetry, err := metadata.NewTelemetryBuilder(set.TelemetrySettings)
	if err != nil {
		return nil, err
	}
	return &spoolReceiver{
		config: config, settings: set, report: report, telemetry: telemetry, forget: forget,
		sinks: map[signal]sink{}, lines: map[outcome]int64{},
	}, nil
}

// Start begins to read when every signal was started: the consumers of all of them are then ready.
func (r *spoolReceiver) Start(ctx context.Context, host component.Host) error {
	r.mu.Lock()
	defer r.mu.Unlock()
	if r.started++; r.started < len(r.sinks) {
		return nil
	}
	client, err := clientOf(ctx, host, r.config.Storage, r.settings.ID)
	if err != nil {
		return err
	}
	r.client = client
	if r.progress, err = newProgress(ctx, client, time.Now); err != nil {
		return err
	}
	r.stopping, r.stop = context.WithCancel(context.Background())
	r.working, r.giveUp = context.WithCancel(context.Background())
	r.done = make(chan struct{})
	go r.run()
	return nil
}

// Shutdown waits for the line that was handed over, at most five seconds or as long as ctx lasts.
func (r *spoolReceiver) Shutdown(ctx context.Context) error {
	r.mu.Lock()
	defer r.mu.Unlock()
	r.forget()
	var err error
	if r.done != nil {
		r.stop()
		select {
		case <-r.done:
		case <-time.After(grace):
		case <-ctx.Done():
		}
		r.giveUp()
		<-r.done
		r.done = nil
	}
	if r.client != nil {
		err = r.client.Close(ctx)
		r.client = nil
	}
	r.telemetry.Shutdown()
	return err
}

func (r *spoolReceiver) run() {
	defer close(r.done)
	for {
		r.pass()
		if r.config.Replay == Once {
			r.finished()
			return
		}
		select {
		case <-r.stopping.Done():
			return
		case <-time.After(r.config.PollInterval):
		}
	}
}

func (r *spoolReceiver) finished() {
	if r.stopping.Err() != nil {
		return
	}
	fields := []zap.Field{zap.Int("files", len(r.files))}
	for result, count := range r.lines {
		fields = append(fields, zap.Int64(string(result), count))
	}
	r.settings.Logger.Info("The replay is finished", fields...)
}

// pauses returns a function that waits, longer each time, before a line is offered again; false if the receiver shuts down meanwhile.
func (r *spoolReceiver) pauses() func() bool {
	next := r.config.Retry.InitialInterval
	return func() bool {
		pause := next/2 + rand.N(next/2+1)
		next = min(2*next, r.config.Retry.MaxInterval)
		select {
		case <-r.stopping.Done():
			return false
		case <-time.After(pause):
			r.telemetry.ReceiverAgentSpoolRetries.Add(r.working, 1)
			return true
		}
	}
}

func (r *spoolReceiver) countLine(result outcome) {
	r.lines[result]++
	r.telemetry.ReceiverAgentSpoolLines.Add(r.working, 1, withOutcome(string(result)))
}

func (r *spoolReceiver) countFile(result string) {
	r.telemetry.ReceiverAgentSpoolFiles.Add(r.working, 1, withOutcome(result))
}

func withOutcome(name string) metric.MeasurementOption {
	return metric.WithAttributeSet(attribute.NewSet(attribute.String("outcome", name)))
}
