package agentspoolreceiver

import (
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
	"go.opentelemetry.io/collector/component"
	"go.opentelemetry.io/collector/confmap"
	"go.opentelemetry.io/collector/confmap/confmaptest"

	"github.com/otel-smart-agents/otel-smart-agents/processors/agentspoolreceiver/internal/metadata"
)

func loaded(t *testing.T, name string) *Config {
	t.Helper()
	file, err := confmaptest.LoadConf("testdata/config.yaml")
	require.NoError(t, err)
	section, err := file.Sub(component.NewIDWithName(metadata.Type, name).String())
	require.NoError(t, err)
	config := NewFactory().CreateDefaultConfig()
	require.NoError(t, section.Unmarshal(config))
	require.NoError(t, confmap.Validate(config))
	return config.(*Config)
}

func TestDefaultsForwardOnceAndWriteNothing(t *testing.T) {
	config := loaded(t, "")
	assert.Equal(t, Beginning, config.StartAt)
	assert.Equal(t, Follow, config.Replay)
	assert.Equal(t, Auto, config.VerifyCRC)
	assert.False(t, config.DeleteAfterRead)
	assert.Nil(t, config.Storage)
	assert.Equal(t, time.Second, config.PollInterval)
}

func TestEverySettingIsRead(t *testing.T) {
	storage := component.MustNewID("file_storage")
	assert.Equal(t, &Config{
		Include:         []string{"/backup/spool/*/*/ready/*.jsonl", "/backup/export.jsonl"},
		Exclude:         []string{"0000*.jsonl"},
		StartAt:         Beginning,
		Replay:          Once,
		PollInterval:    5 * time.Second,
		VerifyCRC:       Always,
		DeleteAfterRead: true,
		Storage:         &storage,
		Retry:           RetryConfig{InitialInterval: 100 * time.Millisecond, MaxInterval: time.Minute},
	}, loaded(t, "everything"))
}

func TestASettingThatIsNotValidIsNamed(t *testing.T) {
	for want, change := range map[string]func(*Config){
		"include must name at least one":       func(c *Config) { c.Include = nil },
		"include must not have an empty":       func(c *Config) { c.Include = []string{""} },
		"is no valid pattern":                  func(c *Config) { c.Include = []string{"/a/[b"} },
		"write ${env:HOME}":                    func(c *Config) { c.Include = []string{"~/spool/*"} },
		"** is not":                            func(c *Config) { c.Exclude = []string{"/a/**/b"} },
		`start_at must be one of`:              func(c *Config) { c.StartAt = "middle" },
		`replay must be one of ["follow" "on`:  func(c *Config) { c.Replay = "twice" },
		`verify_crc must be one of`:            func(c *Config) { c.VerifyCRC = "perhaps" },
		"poll_interval must be at least 10ms":  func(c *Config) { c.PollInterval = 0 },
		"retry.initial_interval must be":       func(c *Config) { c.Retry.InitialInterval = -1 },
		"retry.max_interval must be at least":  func(c *Config) { c.Retry.MaxInterval = time.Millisecond },
		"replay: once would read nothing":      func(c *Config) { c.StartAt, c.Replay = End, Once },
		"would delete lines that were never r": func(c *Config) { c.StartAt, c.DeleteAfterRead = End, true },
	} {
		t.Run(want, func(t *testing.T) {
			config := loaded(t, "")
			change(config)
			assert.ErrorContains(t, confmap.Validate(config), want)
		})
	}
}
