package agentrightsextension

import (
	"context"
	"time"

	"go.opentelemetry.io/collector/component"
	"go.opentelemetry.io/collector/config/configgrpc"
	"go.opentelemetry.io/collector/config/configoptional"
	"go.opentelemetry.io/collector/extension"

	"github.com/otel-smart-agents/otel-smart-agents/processors/agentrightsextension/internal/metadata"
)

// NewFactory returns the factory of the extension agentrights.
func NewFactory() extension.Factory {
	return extension.NewFactory(metadata.Type, createDefaultConfig, createExtension, metadata.ExtensionStability)
}

func createDefaultConfig() component.Config {
	server := configgrpc.NewDefaultServerConfig()
	server.NetAddr.Endpoint = defaultEndpoint
	server.MaxRecvMsgSizeMiB = 1 // a request has about 100 bytes
	server.MaxConcurrentStreams = 100
	parameters := configgrpc.NewDefaultKeepaliveServerParameters()
	parameters.MaxConnectionIdle = time.Minute // a client asks once and goes
	server.Keepalive.Get().ServerParameters = configoptional.Some(parameters)
	return &Config{
		GRPC: server,
		Limits: LimitsConfig{
			MaxIDs:                     defaultMaxIDs,
			RequestsPerSecond:          defaultPerSecond,
			RequestsPerSecondPerClient: defaultPerClient,
		},
	}
}

func createExtension(_ context.Context, settings extension.Settings, config component.Config) (extension.Extension, error) {
	return newRights(settings, config.(*Config))
}
