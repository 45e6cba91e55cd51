package policy

import (
	"strings"
	"sync"
	"sync/atomic"

	"github.com/otel-smart-agents/otel-smart-agents/processors/internal/registry"
)

// Filter is one Options made ready. All its methods may be called from many goroutines at once.
//
// What was decided about keys and about clean short texts is remembered in tables of a fixed size.
type Filter struct {
	options   Options
	content   map[string]bool
	declared  map[string]bool // nil: every name that has the form of one
	hashes    pseudonyms
	known     map[string]*keyInfo // the registry's keys, and those that other vendors tell kinds by
	dynamic   []atomic.Pointer[keyInfo]
	gates     [registry.AllCategories + 1]atomic.Pointer[gate]
	texts     *memory
	views     sync.Pool
	dropped   *keyInfo // stands for every unknown key while those are dropped
	droppedAI *keyInfo // the same for keys that tell that a span is about a model
}

const (
	dynamicKeys = 1 << 12 // slots for keys that the registry does not know
	maxKeyBytes = 256     // a key that is longer has no form of one
)

// ownNames are names that the Python package writes itself: in no product's catalogue, and nobody's secret.
var ownNames = []string{"user_satisfaction"}

// New makes a Filter. Redact and HashStack must be set.
func New(options Options) *Filter {
	f := &Filter{
		options:   options.withDefaults(),
		content:   setOf(options.Content),
		hashes:    newPseudonyms(options.PseudonymKey, options.PseudonymKeyID),
		known:     map[string]*keyInfo{},
		dynamic:   make([]atomic.Pointer[keyInfo], dynamicKeys),
		texts:     newMemory(),
		dropped:   &keyInfo{},
		droppedAI: &keyInfo{model: true},
	}
	if options.Catalogue != nil {
		f.declared = setOf(append(ownNames, options.Catalogue...))
	}
	for i := range registry.Attributes {
		f.know(&registry.Attributes[i], registry.Attributes[i].Key)
	}
	for _, words := range registry.KindByVendorWord {
		if f.known[words.Key] == nil {
			f.know(nil, words.Key)
		}
	}
	f.views.New = func() any {
		return &view{next: make([]*keyInfo, len(f.known)+1), last: make([]seen, len(f.known)+1)}
	}
	return f
}

func (f *Filter) know(attribute *registry.Attribute, key string) {
	f.known[key] = &keyInfo{key: key, index: len(f.known) + 1, attribute: attribute, role: roleOf(key), model: tellsModel(key)}
}

// isErased tells whether an installation asked for erasure.
func (f *Filter) isErased(installation string) bool {
	return installation != "" && f.options.Erased != nil && f.options.Erased.Contains(installation)
}

// keyInfo is what is known about one key.
type keyInfo struct {
	key       string
	index     int // of a registered key, from 1; 0 = any other
	attribute *registry.Attribute
	role      role
	model     bool // a span that has such a key is about a model
	rules     [registry.AllCategories + 1]atomic.Pointer[ruleSet]
}

// info returns what is known about a key. Unknown keys are remembered only where something is kept of them.
func (f *Filter) info(key string) *keyInfo {
	if found, known := f.known[key]; known {
		return found
	}
	if f.options.Upstream || len(key) > maxKeyBytes || !f.options.ScanUnknown && registry.PrefixOf(key) == nil {
		if tellsModel(key) {
			return f.droppedAI
		}
		return f.dropped
	}
	slot := &f.dynamic[f.texts.hash(dropRule, key)%dynamicKeys]
	found := slot.Load()
	if found == nil || found.key != key {
		found = &keyInfo{key: strings.Clone(key), model: tellsModel(key)}
		slot.Store(found)
	}
	return found
}

// place is where an attribute stands.
type place uint8

const (
	anywhere   place = iota
	onSkill          // on the span of a skill: the name of its agent needs another category there
	onResource       // on a resource
	places           // their number
)

// ruleSet are the rules of one key under one set of categories, by place.
type ruleSet [places]*rule

// rule returns what happens to the values of a key.
func (g *gate) rule(info *keyInfo, where place) *rule {
	slot := &info.rules[g.categories]
	set := slot.Load()
	if set == nil {
		set = g.rulesOf(info)
		slot.Store(set)
	}
	return set[where]
}

func (g *gate) rulesOf(info *keyInfo) *ruleSet {
	if info == g.filter.dropped || info == g.filter.droppedAI {
		return &ruleSet{dropRule, dropRule, dropRule}
	}
	ask := question{key: info.key, attribute: info.attribute, categories: g.categories}
	set := ruleSet{anywhere: g.newRule(ask)}
	ask.kind = kindSkill
	set[onSkill] = g.newRule(ask)
	ask.kind, ask.resource = "", true
	set[onResource] = g.newRule(ask)
	return &set
}

func tellsModel(key string) bool {
	for _, prefix := range registry.ModelPrefixes {
		if strings.HasPrefix(key, prefix) {
			return true
		}
	}
	return false
}
