// Command otelcol-smart-agents is an OpenTelemetry Collector with this project's components and the stock ones that its configurations use.
package main

import (
	"context"
	"os"

	"go.opentelemetry.io/collector/component"
	"go.opentelemetry.io/collector/confmap"
	"go.opentelemetry.io/collector/confmap/provider/envprovider"
	"go.opentelemetry.io/collector/confmap/provider/fileprovider"
	"go.opentelemetry.io/collector/confmap/provider/yamlprovider"
	"go.opentelemetry.io/collector/otelcol"
)

// version is set by the linker to the version of the Python package that the sources belong to.
var version = "0.0.0-dev"

func main() {
	// The command prints its own error.
	if err := otelcol.NewCommand(settings()).ExecuteContext(context.Background()); err != nil {
		os.Exit(1)
	}
}

// settings has no http, https or other remote provider: a configuration decides what leaves, so it comes from this machine alone.
func settings() otelcol.CollectorSettings {
	return otelcol.CollectorSettings{
		BuildInfo: component.BuildInfo{
			Command:     "otelcol-smart-agents",
			Description: "OpenTelemetry Collector for agents, skills and tools: consent, erasure and redaction in the pipeline",
			Version:     version,
		},
		Factories: components,
		ConfigProviderSettings: otelcol.ConfigProviderSettings{
			ResolverSettings: confmap.ResolverSettings{
				ProviderFactories: []confmap.ProviderFactory{
					envprovider.NewFactory(),
					fileprovider.NewFactory(),
					yamlprovider.NewFactory(),
				},
			},
		},
	}
}
