// Package personal finds personal data and vendors' tokens in texts: e-mail addresses, telephone numbers, cards and accounts, network
// addresses, home directories, key material, national numbers, wallets.
//
// Every file mirrors the module of the same family in otel_smart_agents/privacy/detectors; tests/vectors bind both byte for byte.
package personal

import (
	"slices"

	"github.com/otel-smart-agents/otel-smart-agents/processors/internal/detectors/model"
)

// Triggers returns the triggers of all families of this package. Nothing is compiled before a trigger or a finder is asked.
func Triggers() []model.Trigger {
	return slices.Concat(
		contacts(), phones(), numbers(), network(), paths(), accounts(), blobs(), vendors(), nationalIDs(), wallets(),
	)
}

// nothing is the finder of triggers that only others ask for.
func nothing(*model.Scan, string) {}
