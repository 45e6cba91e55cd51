package agentspoolreceiver

import (
	"errors"
	"fmt"
	"path/filepath"
	"strings"
	"time"

	"go.opentelemetry.io/collector/component"
)

// StartAt says where the files that are there at the start are read from.
type StartAt string

// The places. Files that come later are always read from their beginning.
const (
	Beginning StartAt = "beginning"
	End       StartAt = "end"
)

// VerifyCRC says which lines need a checksum.
type VerifyCRC string

// The answers.
const (
	Auto   VerifyCRC = "auto"   // it is checked where there is one, and needed in a file that has had one
	Always VerifyCRC = "always" // a line without one is not forwarded
	Never  VerifyCRC = "never"  // none is checked
)

// Replay says whether the receiver waits for more.
type Replay string

// The answers.
const (
	Follow Replay = "follow" // new files and new lines are read as they come
	Once   Replay = "once"   // what is there at the start is read, nothing else
)

// Config is the configuration of the receiver.
type Config struct {
	Include         []string      `mapstructure:"include"`
	Exclude         []string      `mapstructure:"exclude"`
	StartAt         StartAt       `mapstructure:"start_at"`
	Replay          Replay        `mapstructure:"replay"`
	PollInterval    time.Duration `mapstructure:"poll_interval"`
	VerifyCRC       VerifyCRC     `mapstructure:"verify_crc"`
	DeleteAfterRead bool          `mapstructure:"delete_after_read"`
	Storage         *component.ID `mapstructure:"storage"`
	Retry           RetryConfig   `mapstructure:"retry"`
}

// RetryConfig says how long to wait before a line is offered again that the next consumer could not take.
type RetryConfig struct {
	InitialInterval time.Duration `mapstructure:"initial_interval"`
	MaxInterval     time.Duration `mapstructure:"max_interval"`
}

func createDefaultConfig() component.Config {
	return &Config{
		StartAt:      Beginning,
		Replay:       Follow,
		PollInterval: time.Second,
		VerifyCRC:    Auto,
		Retry:        RetryConfig{InitialInterval: time.Second, MaxInterval: 30 * time.Second},
	}
}

// Validate reports every setting that is not valid, and how to put it right.
func (c *Config) Validate() error {
	var problems []error
	if len(c.Include) == 0 {
		problems = append(problems, errors.New("include must name at least one file or pattern, such as /backup/spool/*/*/ready/*.jsonl"))
	}
	for _, pattern := range c.Include {
		problems = append(problems, validatePattern("include", pattern))
	}
	for _, pattern := range c.Exclude {
		problems = append(problems, validatePattern("exclude", pattern))
	}
	problems = append(problems,
		oneOf("start_at", c.StartAt, Beginning, End),
		oneOf("replay", c.Replay, Follow, Once),
		oneOf("verify_crc", c.VerifyCRC, Auto, Always, Never),
		c.validateTimes(),
	)
	if c.StartAt == End && c.Replay == Once {
		problems = append(problems, errors.New("start_at: end with replay: once would read nothing: use start_at: beginning"))
	}
	if c.StartAt == End && c.DeleteAfterRead {
		problems = append(problems, errors.New("start_at: end with delete_after_read: true would delete lines that were never read: use start_at: beginning"))
	}
	return errors.Join(problems...)
}

func validatePattern(setting, pattern string) error {
	switch _, err := filepath.Match(pattern, ""); {
	case pattern == "":
		return fmt.Errorf("%s must not have an empty pattern", setting)
	case err != nil:
		return fmt.Errorf("%s: %q is no valid pattern: escape [ with \\ where a name has one", setting, pattern)
	case strings.Contains(pattern, "**"):
		return fmt.Errorf("%s: %q has **: ** is not supported: name every level, as in spool/*/*/ready/*.jsonl", setting, pattern)
	case strings.HasPrefix(pattern, "~"):
		return fmt.Errorf("%s: %q starts with ~, which only a shell understands: write ${env:HOME}", setting, pattern)
	}
	return nil
}

func oneOf[T ~string](name string, value T, known ...T) error {
	for _, one := range known {
		if value == one {
			return nil
		}
	}
	return fmt.Errorf("%s must be one of %q, not %q", name, known, value)
}

func (c *Config) validateTimes() error {
	switch {
	case c.PollInterval < 10*time.Millisecond:
		return fmt.Errorf("poll_interval must be at least 10ms, not %s", c.PollInterval)
	case c.Retry.InitialInterval <= 0:
		return fmt.Errorf("retry.initial_interval must be positive, not %s", c.Retry.InitialInterval)
	case c.Retry.MaxInterval < c.Retry.InitialInterval:
		return fmt.Errorf("retry.max_interval must be at least retry.initial_interval (%s), not %s", c.Retry.InitialInterval, c.Retry.MaxInterval)
	}
	return nil
}
