package agentprivacyprocessor

import (
	"errors"
	"fmt"
	"regexp"

	"go.opentelemetry.io/collector/component"
	"go.opentelemetry.io/collector/config/configopaque"

	"github.com/otel-smart-agents/otel-smart-agents/processors/internal/erasure"
	"github.com/otel-smart-agents/otel-smart-agents/processors/internal/policy"
	"github.com/otel-smart-agents/otel-smart-agents/processors/internal/registry"
)

// Mode says what the processor does with what it finds.
type Mode string

// The modes.
const (
	Enforce Mode = "enforce" // removes and redacts
	Audit   Mode = "audit"   // counts only: everything passes unchanged, and nobody is protected
)

// Consent says whether data without a recorded consent passes.
type Consent string

// The answers.
const (
	Required    Consent = "required"
	NotRequired Consent = "not_required"
)

// Audience says for whom the data is.
type Audience string

// The audiences.
const (
	Own      Audience = "own"      // the operator of the program
	Upstream Audience = "upstream" // the makers of the software that the operator runs
)

// Unknown says what happens to attributes that the registry does not know.
type Unknown string

// The answers.
const (
	Drop Unknown = "drop"
	Scan Unknown = "scan" // they pass through the detectors; own only
)

const minKeyBytes = 16

// Config is the configuration of the processor.
type Config struct {
	Mode           Mode                `mapstructure:"mode"`
	Consent        Consent             `mapstructure:"consent"`
	Audience       Audience            `mapstructure:"audience"`
	Categories     []string            `mapstructure:"categories"`
	Unknown        Unknown             `mapstructure:"unknown"`
	Content        []string            `mapstructure:"content"`
	Catalogue      []string            `mapstructure:"catalogue"`
	Packages       []string            `mapstructure:"packages"`
	Withdrawn      []Withdrawal        `mapstructure:"withdrawn"`
	Erasure        *component.ID       `mapstructure:"erasure"`
	PseudonymKey   configopaque.String `mapstructure:"pseudonym_key"`
	PseudonymKeyID string              `mapstructure:"pseudonym_key_id"`
	Limits         Limits              `mapstructure:"limits"`
}

// Withdrawal is a consent that was taken back.
type Withdrawal struct {
	InstallationID string `mapstructure:"installation_id"`
	PolicyVersion  string `mapstructure:"policy_version"`
	Epoch          int64  `mapstructure:"epoch"`
}

// Limits bound what one item may hold; what is beyond is cut or dropped, and counted.
type Limits struct {
	ValueLength int `mapstructure:"value_length"`
	Attributes  int `mapstructure:"attributes"`
	Events      int `mapstructure:"events"`
	Depth       int `mapstructure:"depth"`
}

func createDefaultConfig() component.Config {
	return &Config{
		Mode:     Enforce,
		Consent:  Required,
		Audience: Own,
		Unknown:  Drop,
		Limits: Limits{
			ValueLength: policy.DefaultValueLength,
			Attributes:  policy.DefaultAttributes,
			Events:      policy.DefaultEvents,
			Depth:       policy.DefaultDepth,
		},
	}
}

// Validate reports every setting that is not valid, and how to put it right.
func (c *Config) Validate() error {
	return errors.Join(
		oneOf("mode", c.Mode, Enforce, Audit),
		oneOf("consent", c.Consent, Required, NotRequired),
		oneOf("audience", c.Audience, Own, Upstream),
		oneOf("unknown", c.Unknown, Drop, Scan),
		c.validateUpstream(), c.validateCategories(), c.validateContent(), c.validateKey(), c.validateWithdrawn(), c.Limits.validate(),
	)
}

func oneOf[T ~string](name string, value, one, other T) error {
	if value == one || value == other {
		return nil
	}
	return fmt.Errorf("%s must be %q or %q, not %q", name, one, other, value)
}

func (c *Config) validateUpstream() error {
	var problems []error
	if c.Audience == Upstream && c.Unknown == Scan {
		problems = append(problems, errors.New("unknown: scan is for audience: own only: nothing unknown goes to the makers of a product"))
	}
	if c.Audience == Upstream && len(c.Content) > 0 {
		problems = append(problems, errors.New("content is for audience: own only: no content goes to the makers of a product"))
	}
	return errors.Join(problems...)
}

func (c *Config) validateCategories() error {
	for _, name := range c.Categories {
		if _, known := registry.CategoryOf(name); !known {
			return fmt.Errorf("categories: there is no %q; they are agent, skill, feature, error, performance and workflow", name)
		}
	}
	return nil
}

func (c *Config) validateContent() error {
	for _, key := range c.Content {
		if key != policy.LogBody && !isContent(key) {
			return fmt.Errorf("content: %q is no key that can be let through; use keys of the registry such as %s, or %s",
				key, registry.KeyGenAIInputMessages, policy.LogBody)
		}
	}
	return nil
}

func isContent(key string) bool {
	for i := range registry.Attributes {
		if registry.Attributes[i].Key == key {
			return registry.Attributes[i].Content
		}
	}
	return false
}

var keyIDForm = regexp.MustCompile(`^[A-Za-z0-9_]{1,16}$`)

func (c *Config) validateKey() error {
	switch {
	case c.PseudonymKeyID != "" && !keyIDForm.MatchString(c.PseudonymKeyID):
		return errors.New("pseudonym_key_id must be 1 to 16 letters, digits or _: it goes before every keyed hash")
	case c.PseudonymKeyID != "" && c.PseudonymKey == "":
		return errors.New("pseudonym_key_id without a pseudonym_key: set the key, for example from ${env:PSEUDONYM_KEY}")
	case c.PseudonymKey != "" && len(c.PseudonymKey) < minKeyBytes:
		return fmt.Errorf("pseudonym_key must have at least %d bytes: a shorter one can be guessed", minKeyBytes)
	}
	return nil
}

func (c *Config) validateWithdrawn() error {
	for i, withdrawal := range c.Withdrawn {
		if withdrawal.InstallationID == "" && withdrawal.PolicyVersion == "" {
			return fmt.Errorf("withdrawn[%d] must name an installation_id, a policy_version or both", i)
		}
		if _, valid := erasure.Parse(withdrawal.InstallationID); withdrawal.InstallationID != "" && !valid {
			return fmt.Errorf("withdrawn[%d].installation_id must be a UUID", i)
		}
		if withdrawal.Epoch < 0 {
			return fmt.Errorf("withdrawn[%d].epoch must not be negative; leave it out to withdraw every epoch", i)
		}
	}
	return nil
}

func (l *Limits) validate() error {
	for _, limit := range []struct {
		name  string
		value int
	}{{"value_length", l.ValueLength}, {"attributes", l.Attributes}, {"events", l.Events}, {"depth", l.Depth}} {
		if limit.value < 1 {
			return fmt.Errorf("limits.%s must be at least 1, not %d", limit.name, limit.value)
		}
	}
	return nil
}

// options returns what the filter lets through, but for the erasure set, which is known at the start only.
func (c *Config) options() policy.Options {
	categories := registry.AllCategories
	if c.Categories != nil {
		categories = 0
		for _, name := range c.Categories {
			category, _ := registry.CategoryOf(name)
			categories |= category
		}
	}
	options := policy.Options{
		ConsentRequired: c.Consent == Required,
		Upstream:        c.Audience == Upstream,
		Categories:      categories,
		ScanUnknown:     c.Unknown == Scan,
		Content:         c.Content,
		Catalogue:       c.Catalogue,
		PseudonymKey:    []byte(c.PseudonymKey),
		PseudonymKeyID:  c.PseudonymKeyID,
		Packages:        c.Packages,
		MaxValueLength:  c.Limits.ValueLength,
		MaxAttributes:   c.Limits.Attributes,
		MaxEvents:       c.Limits.Events,
		MaxDepth:        c.Limits.Depth,
	}
	if options.PseudonymKeyID == "" && len(options.PseudonymKey) > 0 {
		options.PseudonymKeyID = policy.KeyID(options.PseudonymKey)
	}
	for _, withdrawal := range c.Withdrawn {
		options.Withdrawn = append(options.Withdrawn, policy.Withdrawal(withdrawal))
	}
	return options
}
