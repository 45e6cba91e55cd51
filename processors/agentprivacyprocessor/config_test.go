package agentprivacyprocessor

import (
	"fmt"
	"path/filepath"
	"testing"

	"github.com/stretchr/testify/require"
	"go.opentelemetry.io/collector/component"
	"go.opentelemetry.io/collector/confmap/confmaptest"

	"github.com/otel-smart-agents/otel-smart-agents/processors/agentprivacyprocessor/internal/metadata"
	"github.com/otel-smart-agents/otel-smart-agents/processors/internal/policy"
	"github.com/otel-smart-agents/otel-smart-agents/processors/internal/registry"
)

// loaded returns the configuration of a name in testdata/config.yaml.
func loaded(t *testing.T, name string) *Config {
	t.Helper()
	file, err := confmaptest.LoadConf(filepath.Join("testdata", "config.yaml"))
	require.NoError(t, err)
	part, err := file.Sub(component.NewIDWithName(metadata.Type, name).String())
	require.NoError(t, err)
	config := createDefaultConfig().(*Config)
	require.NoError(t, part.Unmarshal(config))
	require.NoError(t, config.Validate())
	return config
}

// TestDefaultsProtect: without a word of configuration, consent is required, unknown keys are dropped, and what is found is removed.
func TestDefaultsProtect(t *testing.T) {
	config := loaded(t, "")
	require.Equal(t, Enforce, config.Mode)
	options := config.options()
	require.True(t, options.ConsentRequired)
	require.False(t, options.ScanUnknown)
	require.Equal(t, registry.AllCategories, options.Categories)
	require.Empty(t, options.PseudonymKey)
	require.Nil(t, options.Catalogue)
}

// TestConfigurationReachesTheFilter: every setting of the file is a setting of the filter.
func TestConfigurationReachesTheFilter(t *testing.T) {
	options := loaded(t, "upstream").options()
	require.True(t, options.Upstream)
	require.Equal(t, registry.Agent|registry.Skill|registry.Error, options.Categories)
	require.Equal(t, []string{"code-reviewer"}, options.Catalogue)
	require.Equal(t, []string{"acme"}, options.Packages)
	require.Equal(t, []policy.Withdrawal{
		{InstallationID: "6f1c0a55-7a9d-4a7e-9b0e-5e5e3f0c9a11", Epoch: 3}, {PolicyVersion: "2026-03"},
	}, options.Withdrawn)
	require.Equal(t, []int{500, 64, 32, 4}, []int{options.MaxValueLength, options.MaxAttributes, options.MaxEvents, options.MaxDepth})
	operator := loaded(t, "operator").options()
	require.False(t, operator.ConsentRequired)
	require.True(t, operator.ScanUnknown)
	require.Equal(t, "k1", operator.PseudonymKeyID)
	declared := loaded(t, "nothing_declared").options()
	require.NotNil(t, declared.Catalogue, "an empty catalogue declares nothing, no catalogue leaves it to the sender")
	require.Empty(t, declared.Catalogue)
}

// TestKeyIDIsMadeFromTheKey: as the Python package makes it, so that both write the same hashes.
func TestKeyIDIsMadeFromTheKey(t *testing.T) {
	config := createDefaultConfig().(*Config)
	config.PseudonymKey = "a key of this test only"
	require.Equal(t, "5cc32140", config.options().PseudonymKeyID)
}

// TestTheKeyIsNeverPrinted: whatever prints the configuration.
func TestTheKeyIsNeverPrinted(t *testing.T) {
	config := createDefaultConfig().(*Config)
	config.PseudonymKey = "a key of this test only"
	for _, form := range []string{"%v", "%+v", "%#v", "%s"} {
		require.NotContains(t, fmt.Sprintf(form, *config), "a key of this test only", form)
	}
}

// TestWhatIsNotValidIsNamed: the message says which setting, and what to write instead.
func TestWhatIsNotValidIsNamed(t *testing.T) {
	for message, change := range map[string]func(*Config){
		`mode must be "enforce" or "audit", not "off"`:              func(c *Config) { c.Mode = "off" },
		`consent must be "required" or "not_required", not "maybe"`: func(c *Config) { c.Consent = "maybe" },
		`audience must be "own" or "upstream", not "all"`:           func(c *Config) { c.Audience = "all" },
		`unknown must be "drop" or "scan", not "keep"`:              func(c *Config) { c.Unknown = "keep" },
		`unknown: scan is for audience: own only`:                   func(c *Config) { c.Audience, c.Unknown = Upstream, Scan },
		`content is for audience: own only`: func(c *Config) {
			c.Audience, c.Content = Upstream, []string{policy.LogBody}
		},
		`categories: there is no "agents"`:                                    func(c *Config) { c.Categories = []string{"agents"} },
		`content: "user.email" is no key that can be let through`:             func(c *Config) { c.Content = []string{"user.email"} },
		`pseudonym_key must have at least 16 bytes`:                           func(c *Config) { c.PseudonymKey = "short" },
		`pseudonym_key_id without a pseudonym_key`:                            func(c *Config) { c.PseudonymKeyID = "k1" },
		`pseudonym_key_id must be 1 to 16 letters, digits or _`:               func(c *Config) { c.PseudonymKeyID = "k-1" },
		`withdrawn[0] must name an installation_id, a policy_version or both`: func(c *Config) { c.Withdrawn = []Withdrawal{{Epoch: 3}} },
		`withdrawn[0].installation_id must be a UUID`:                         func(c *Config) { c.Withdrawn = []Withdrawal{{InstallationID: "ada"}} },
		`withdrawn[0].epoch must not be negative`: func(c *Config) {
			c.Withdrawn = []Withdrawal{{PolicyVersion: "1", Epoch: -1}}
		},
		`limits.depth must be at least 1, not 0`: func(c *Config) { c.Limits.Depth = 0 },
	} {
		t.Run(message, func(t *testing.T) {
			config := createDefaultConfig().(*Config)
			change(config)
			require.ErrorContains(t, config.Validate(), message)
		})
	}
}
