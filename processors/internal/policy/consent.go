package policy

import (
	"math"
	"strings"

	"go.opentelemetry.io/collector/pdata/pcommon"

	"github.com/otel-smart-agents/otel-smart-agents/processors/internal/erasure"
	"github.com/otel-smart-agents/otel-smart-agents/processors/internal/registry"
)

// facts are what a resource, span or record states about the consent it was recorded under, and about whose it is.
type facts struct {
	installation string
	version      string // of the notice that was agreed to
	categories   registry.Category
	epoch        int64 // rises with every answer of the installation; 0 = not stated
	stated       bool  // categories are stated
	broken       bool  // a fact cannot be read, or stands there twice
}

// note reads one fact.
func (c *facts) note(found role, value pcommon.Value) {
	switch found {
	case installationRole:
		c.installation = c.text(c.installation, value)
	case versionRole:
		c.version = c.text(c.version, value)
	case epochRole:
		c.broken = c.broken || c.epoch != 0 || value.Type() != pcommon.ValueTypeInt || value.Int() < 1
		c.epoch = max(value.Int(), 1)
	case categoriesRole:
		c.broken = c.broken || c.stated || value.Type() != pcommon.ValueTypeSlice
		c.stated = true
		if value.Type() == pcommon.ValueTypeSlice {
			c.noteCategories(value.Slice())
		}
	}
}

func (c *facts) text(before string, value pcommon.Value) string {
	c.broken = c.broken || before != "" || value.Type() != pcommon.ValueTypeStr
	return value.Str()
}

// noteCategories reads a list of categories; one that this version does not know grants nothing.
func (c *facts) noteCategories(list pcommon.Slice) {
	for _, element := range list.All() {
		c.broken = c.broken || element.Type() != pcommon.ValueTypeStr
		category, _ := registry.CategoryOf(element.Str())
		c.categories |= category
	}
}

// factsOf returns what a resource states.
func (f *Filter) factsOf(attributes pcommon.Map) facts {
	var found facts
	for key, value := range attributes.All() {
		switch which := f.info(key).role; which {
		case installationRole, categoriesRole, epochRole, versionRole:
			if value.Type() != pcommon.ValueTypeEmpty {
				found.note(which, value)
			}
		}
	}
	return found
}

// joined returns the facts of a span within those of its resource: it can narrow the categories, never widen them.
func joined(resource, own facts) facts {
	both := resource
	if own.stated {
		both.categories = own.categories
		if resource.stated {
			both.categories &= resource.categories
		}
	}
	if own.version != "" {
		both.version = own.version
	}
	if own.epoch != 0 {
		both.epoch = own.epoch
	}
	if own.installation != "" {
		both.installation = own.installation
	}
	both.stated = both.stated || own.stated
	both.broken = both.broken || own.broken
	return both
}

// Withdrawal is a consent that was taken back: of one installation, to one version of a notice, or both, up to an epoch.
type Withdrawal struct {
	InstallationID string
	PolicyVersion  string
	Epoch          int64 // the last one that was taken back; 0 = all
}

func (w *Withdrawal) covers(c *facts) bool {
	epoch := w.Epoch
	if epoch == 0 {
		epoch = math.MaxInt64
	}
	return (w.InstallationID == "" || strings.EqualFold(w.InstallationID, c.installation)) &&
		(w.PolicyVersion == "" || w.PolicyVersion == c.version) && c.epoch <= epoch
}

// judge returns the categories that facts grant, or why nothing passes.
//
// A consent is recorded if the categories stand there together with the epoch of the answer or the version of the notice, and with the
// installation's id, without which neither a withdrawal nor an erasure would reach it.
func (f *Filter) judge(c *facts) (registry.Category, Reason) {
	if f.isErased(c.installation) {
		return 0, Erased
	}
	for i := range f.options.Withdrawn {
		if f.options.Withdrawn[i].covers(c) {
			return 0, Withdrawn
		}
	}
	if !f.options.ConsentRequired {
		return f.options.Categories, Passed
	}
	granted := c.categories & f.options.Categories
	if c.broken || !c.stated || c.epoch == 0 && c.version == "" || c.categories == 0 {
		return 0, NoConsent
	}
	if _, valid := erasure.Parse(c.installation); !valid {
		return 0, NoConsent
	}
	return granted, Passed
}
