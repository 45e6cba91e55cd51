package agentrightsextension

import (
	"context"
	"errors"
	"fmt"
	"net"
	"sync"
	"time"

	"go.opentelemetry.io/collector/component"
	"go.opentelemetry.io/collector/component/componentstatus"
	"go.opentelemetry.io/collector/extension"
	"go.opentelemetry.io/collector/extension/extensioncapabilities"
	"go.opentelemetry.io/collector/extension/xextension/storage"
	"go.opentelemetry.io/otel/metric"
	"go.uber.org/zap"
	"google.golang.org/grpc"

	"github.com/otel-smart-agents/otel-smart-agents/processors/agentrightsextension/internal/ledger"
	"github.com/otel-smart-agents/otel-smart-agents/processors/agentrightsextension/internal/metadata"
	"github.com/otel-smart-agents/otel-smart-agents/processors/internal/erasure"
	rightsv1 "github.com/otel-smart-agents/otel-smart-agents/processors/internal/pb/rights/v1"
)

const goodbye = 2 * time.Second // for calls in flight when the collector stops

// ErasureSet is what other components of the collector find in component.Host.GetExtensions() under the extension's id.
type ErasureSet = erasure.Service

var (
	_ ErasureSet                      = (*rights)(nil)
	_ extension.Extension             = (*rights)(nil)
	_ extensioncapabilities.Dependent = (*rights)(nil)
)

// rights is the extension. Its set is empty until Start has read it; pipelines start later.
type rights struct {
	config    *Config
	settings  extension.Settings
	telemetry *metadata.TelemetryBuilder
	limiter   *limiter
	done      *doneFile
	ledger    *ledger.Ledger
	server    *grpc.Server
	address   net.Addr // where the server listens; its port may have been chosen by the system
	serving   sync.WaitGroup
}

func newRights(settings extension.Settings, config *Config) (*rights, error) {
	telemetry, err := metadata.NewTelemetryBuilder(settings.TelemetrySettings)
	if err != nil {
		return nil, err
	}
	return &rights{
		config:    config,
		settings:  settings,
		telemetry: telemetry,
		limiter:   newLimiter(config.Limits.RequestsPerSecond, config.Limits.RequestsPerSecondPerClient, time.Now),
		done:      &doneFile{path: config.List.DonePath, now: time.Now},
	}, nil
}

// Dependencies implements extensioncapabilities.Dependent.
func (r *rights) Dependencies() []component.ID {
	dependencies := []component.ID{r.config.Storage}
	if auth := r.config.GRPC.Auth.Get(); auth != nil {
		dependencies = append(dependencies, auth.AuthenticatorID)
	}
	for _, middleware := range r.config.GRPC.Middlewares {
		dependencies = append(dependencies, middleware.ID)
	}
	return dependencies
}

// Start reads the set and begins to serve. It fails if the set cannot be read whole: a collector that forgot who was erased must not run.
func (r *rights) Start(ctx context.Context, host component.Host) error {
	if err := r.openLedger(ctx, host); err != nil {
		return err
	}
	err := r.telemetry.RegisterAgentrightsErasedInstallationsCallback(func(_ context.Context, observer metric.Int64Observer) error {
		observer.Observe(int64(r.ledger.Len()))
		return nil
	})
	if err == nil {
		err = r.serve(ctx, host)
	}
	if err != nil {
		return errors.Join(err, r.ledger.Close(ctx))
	}
	r.settings.Logger.Info("serving RightsService",
		zap.Stringer("address", r.address), zap.Int("erased_installations", r.ledger.Len()), zap.Int("set_bytes", r.ledger.Bytes()))
	return nil
}

func (r *rights) openLedger(ctx context.Context, host component.Host) error {
	found, ok := host.GetExtensions()[r.config.Storage]
	if !ok {
		return fmt.Errorf("storage %q is not configured as an extension of this collector", r.config.Storage)
	}
	keeper, ok := found.(storage.Extension)
	if !ok {
		return fmt.Errorf("extension %q is no storage", r.config.Storage)
	}
	client, err := keeper.GetClient(ctx, component.KindExtension, r.settings.ID, "")
	if err != nil {
		return fmt.Errorf("storage %q: %w", r.config.Storage, err)
	}
	r.ledger, err = ledger.Open(ctx, client, ledger.Options{
		List:   r.config.List.Path,
		MaxIDs: r.config.Limits.MaxIDs,
		Commits: func(took time.Duration) {
			r.telemetry.AgentrightsCommitDuration.Record(context.Background(), took.Seconds())
		},
	})
	return err
}

func (r *rights) serve(ctx context.Context, host component.Host) error {
	server, err := r.config.GRPC.ToServer(ctx, host.GetExtensions(), r.settings.TelemetrySettings)
	if err != nil {
		return err
	}
	listener, err := r.config.GRPC.NetAddr.Listen(ctx)
	if err != nil {
		return err
	}
	rightsv1.RegisterRightsServiceServer(server, &service{rights: r})
	r.server, r.address = server, listener.Addr()
	if tcp, ok := r.address.(*net.TCPAddr); ok && !tcp.IP.IsLoopback() && !r.config.GRPC.TLS.HasValue() {
		r.settings.Logger.Warn("RightsService is served without TLS: set grpc::tls, or let only a proxy that ends TLS reach it",
			zap.Stringer("address", r.address))
	}
	r.serving.Go(func() {
		if err := server.Serve(listener); err != nil && !errors.Is(err, grpc.ErrServerStopped) {
			componentstatus.ReportStatus(host, componentstatus.NewFatalErrorEvent(err))
		}
	})
	return nil
}

// Shutdown lets calls in flight finish for a moment and closes the set.
func (r *rights) Shutdown(ctx context.Context) error {
	r.stopServer()
	r.telemetry.Shutdown()
	if r.ledger == nil {
		return nil
	}
	return r.ledger.Close(ctx)
}

func (r *rights) stopServer() {
	if r.server == nil {
		return
	}
	timer := time.AfterFunc(goodbye, r.server.Stop)
	defer timer.Stop()
	r.server.GracefulStop()
	r.serving.Wait()
}
