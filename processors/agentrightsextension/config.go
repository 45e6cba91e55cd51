package agentrightsextension

import (
	"errors"
	"fmt"
	"path/filepath"

	"go.opentelemetry.io/collector/component"
	"go.opentelemetry.io/collector/config/configgrpc"
)

const (
	defaultEndpoint  = "localhost:4319"
	defaultMaxIDs    = 10_000_000
	defaultPerSecond = 500
	defaultPerClient = 10
	largestMaxIDs    = 100_000_000 // 2.7 GB of memory
)

// Config says where requests for erasure are taken and where the set is kept.
type Config struct {
	// GRPC is the server of RightsService.
	GRPC configgrpc.ServerConfig `mapstructure:"grpc"`

	// Storage is the storage extension that keeps the set.
	Storage component.ID `mapstructure:"storage"`

	// List is the list of erasures for the erase jobs of the stores.
	List ListConfig `mapstructure:"list"`

	// Limits bound what is taken.
	Limits LimitsConfig `mapstructure:"limits"`

	// prevent unkeyed literal initialization
	_ struct{}
}

// ListConfig says where the list of erasures is.
type ListConfig struct {
	// Path is the file of JSON lines that erase jobs read.
	Path string `mapstructure:"path"`

	// DonePath is the file in which an erase job says up to which sequence number it has erased; empty: nobody says.
	DonePath string `mapstructure:"done_path"`

	// prevent unkeyed literal initialization
	_ struct{}
}

// LimitsConfig bounds what is taken.
type LimitsConfig struct {
	// MaxIDs is the number of ids that the set takes.
	MaxIDs int `mapstructure:"max_ids"`

	// RequestsPerSecond is the number of requests that are looked at, of all clients and log events together; 0: any number.
	RequestsPerSecond float64 `mapstructure:"requests_per_second"`

	// RequestsPerSecondPerClient is the number of gRPC requests of one address that are looked at; 0: any number.
	RequestsPerSecondPerClient float64 `mapstructure:"requests_per_second_per_client"`

	// prevent unkeyed literal initialization
	_ struct{}
}

// Validate implements confmap.Validator.
func (c *Config) Validate() error {
	var problems []error
	if c.GRPC.NetAddr.Endpoint == "" {
		problems = append(problems, errors.New("grpc::endpoint must name where requests are taken, such as localhost:4319"))
	}
	if c.Storage == (component.ID{}) {
		problems = append(problems, errors.New("storage must name a storage extension: an erasure that a restart forgets is none"))
	}
	return errors.Join(append(problems, c.List.validate(), c.Limits.validate())...)
}

func (c *ListConfig) validate() error {
	switch {
	case c.Path == "":
		return errors.New("list::path must name the file of erasures: what stores hold already is erased by it")
	case !filepath.IsAbs(c.Path):
		return fmt.Errorf("list::path must be absolute, not %q: an erase job has to find it", c.Path)
	case c.DonePath != "" && !filepath.IsAbs(c.DonePath):
		return fmt.Errorf("list::done_path must be absolute, not %q", c.DonePath)
	case c.DonePath == c.Path:
		return errors.New("list::done_path must be another file than list::path")
	}
	return nil
}

func (c *LimitsConfig) validate() error {
	if c.MaxIDs < 1 || c.MaxIDs > largestMaxIDs {
		return fmt.Errorf("limits::max_ids must be 1 to %d, not %d", largestMaxIDs, c.MaxIDs)
	}
	if c.RequestsPerSecond < 0 || c.RequestsPerSecondPerClient < 0 {
		return errors.New("limits::requests_per_second and limits::requests_per_second_per_client must be 0 or greater")
	}
	return nil
}
