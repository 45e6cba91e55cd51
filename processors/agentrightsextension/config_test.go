package agentrightsextension

import (
	"path/filepath"
	"testing"

	"github.com/stretchr/testify/require"
	"go.opentelemetry.io/collector/component"
	"go.opentelemetry.io/collector/confmap"
	"go.opentelemetry.io/collector/confmap/confmaptest"
)

func load(t *testing.T, name string) *Config {
	t.Helper()
	file, err := confmaptest.LoadConf(filepath.Join("testdata", "config.yaml"))
	require.NoError(t, err)
	part, err := file.Sub(name)
	require.NoError(t, err)
	config := NewFactory().CreateDefaultConfig().(*Config)
	require.NoError(t, part.Unmarshal(config))
	return config
}

func TestTheLeastConfiguration(t *testing.T) {
	config := load(t, "agentrights")
	require.NoError(t, confmap.Validate(config))
	require.Equal(t, component.MustNewID("file_storage"), config.Storage)
	require.Equal(t, "localhost:4319", config.GRPC.NetAddr.Endpoint)
	require.False(t, config.GRPC.TLS.HasValue())
	require.Equal(t, 10_000_000, config.Limits.MaxIDs)
}

func TestEveryKeyOfTheConfiguration(t *testing.T) {
	config := load(t, "agentrights/all")
	require.NoError(t, confmap.Validate(config))
	require.Equal(t, "0.0.0.0:4320", config.GRPC.NetAddr.Endpoint)
	require.Equal(t, "server.pem", config.GRPC.TLS.Get().CertFile)
	require.Equal(t, component.MustNewIDWithName("file_storage", "rights"), config.Storage)
	require.Equal(t, ListConfig{Path: "/data/erasures.jsonl", DonePath: "/data/erased-up-to"}, config.List)
	require.Equal(t, LimitsConfig{MaxIDs: 5, RequestsPerSecond: 1.5, RequestsPerSecondPerClient: 0}, config.Limits)
}

func TestABadConfigurationIsRefusedWithWhatToDo(t *testing.T) {
	for name, c := range map[string]struct {
		change func(*Config)
		says   string
	}{
		"no endpoint":               {func(c *Config) { c.GRPC.NetAddr.Endpoint = "" }, "grpc::endpoint must name"},
		"no storage":                {func(c *Config) { c.Storage = component.ID{} }, "storage must name"},
		"no list":                   {func(c *Config) { c.List.Path = "" }, "list::path must name"},
		"relative list":             {func(c *Config) { c.List.Path = "erasures.jsonl" }, "list::path must be absolute"},
		"relative done":             {func(c *Config) { c.List.DonePath = "done" }, "list::done_path must be absolute"},
		"one file twice":            {func(c *Config) { c.List.DonePath = c.List.Path }, "another file"},
		"no room":                   {func(c *Config) { c.Limits.MaxIDs = 0 }, "limits::max_ids"},
		"too much room":             {func(c *Config) { c.Limits.MaxIDs = largestMaxIDs + 1 }, "limits::max_ids"},
		"negative rate":             {func(c *Config) { c.Limits.RequestsPerSecond = -1 }, "0 or greater"},
		"negative rate of a client": {func(c *Config) { c.Limits.RequestsPerSecondPerClient = -1 }, "0 or greater"},
	} {
		config := configIn(t.TempDir())
		require.NoError(t, confmap.Validate(config))
		c.change(config)
		require.ErrorContains(t, confmap.Validate(config), c.says, name)
	}
}
