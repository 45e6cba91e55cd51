package policy

import (
	"strings"

	"go.opentelemetry.io/collector/pdata/pcommon"

	"github.com/otel-smart-agents/otel-smart-agents/processors/internal/registry"
)

const (
	kindSkill = "skill"
	// inference is a call of a model, seen by another instrumentation. It belongs to the agent that makes it.
	inference = "inference"
)

var (
	kinds          = map[string]registry.Kind{}
	categoryByKind = map[string]registry.Category{inference: registry.Agent}
	eventKinds     = map[string]string{registry.EventRating: "rating", registry.EventFeature: "feature"}
	events         = map[string]bool{}
	metrics        = map[string]registry.Metric{}
	operations     = setOf(registry.Operations)
)

func init() {
	for _, kind := range registry.Kinds {
		kinds[kind.Name] = kind
		categoryByKind[kind.Name] = kind.Category
	}
	for _, event := range registry.Events {
		events[event.Name] = true
	}
	for _, metric := range registry.Metrics {
		metrics[metric.Name] = metric
	}
}

// role is what an attribute tells about the span that it stands on.
type role uint8

const (
	noRole role = iota
	operationRole
	kindRole
	skillRole
	installationRole
	categoriesRole
	epochRole
	versionRole
	stackRole
	stepsRole
	vendorRole // the first of the vendors' keys; the others follow
)

var roles = map[string]role{
	registry.KeyGenAIOperationName:              operationRole,
	registry.KeySmartAgentsKind:                 kindRole,
	registry.KeyGenAISkillName:                  skillRole,
	registry.KeyAppInstallationID:               installationRole,
	registry.KeySmartAgentsConsentCategories:    categoriesRole,
	registry.KeySmartAgentsConsentEpoch:         epochRole,
	registry.KeySmartAgentsConsentPolicyVersion: versionRole,
	registry.KeyExceptionStacktrace:             stackRole,
	registry.KeySmartAgentsWorkflowSteps:        stepsRole,
	registry.KindByVendorWord[0].Key:            vendorRole,
	registry.KindByVendorWord[1].Key:            vendorRole + 1,
	registry.KindByVendorWord[vendorKeys-1].Key: vendorRole + vendorKeys - 1,
}

const vendorKeys = 3

func roleOf(key string) role { return roles[key] }

// view is what one look over the attributes of a span or record finds, before anything is dropped.
type view struct {
	infos        []*keyInfo // what is known about the keys, in order
	next         []*keyInfo // by a key's index: the key that followed it last
	last         []seen     // by a key's index: the text that stood there last
	facts        facts
	hasFacts     bool   // a fact about consent or the installation stands there
	operation    string // of the GenAI conventions
	hasOperation bool
	own          string // our own kind
	hasSkill     bool
	hasSteps     bool
	model        bool // a key tells that the span is about a model
	vendors      [vendorKeys]string
	stack        string // the text of a stack
}

// look reads attributes; the view is reused. Spans of one program have their keys in the same order and most of the same values: the key
// that followed this one the last time, and the text that stood under it, are tried first.
func (f *Filter) look(attributes pcommon.Map, v *view) {
	*v = view{infos: v.infos[:0], next: v.next, last: v.last}
	before := 0
	for key, value := range attributes.All() {
		info := v.next[before]
		if info == nil || info.key != key {
			info = f.info(key)
			if info.index != 0 {
				v.next[before] = info
			}
		}
		before = info.index
		v.infos = append(v.infos, info)
		v.model = v.model || info.model
		if info.role == skillRole || info.role != noRole && value.Type() != pcommon.ValueTypeEmpty {
			v.note(info.role, value)
		}
	}
}

// seen is a text that a rule left as it is.
type seen struct {
	rule *rule
	text string
}

func (v *view) note(found role, value pcommon.Value) {
	switch found {
	case operationRole:
		v.operation, v.hasOperation = value.Str(), true
	case kindRole:
		v.own = value.Str()
	case skillRole:
		v.hasSkill = true
	case stepsRole:
		v.hasSteps = true
	case stackRole:
		v.stack = value.Str()
	case installationRole, categoriesRole, epochRole, versionRole:
		v.facts.note(found, value)
		v.hasFacts = true
	default:
		v.vendors[found-vendorRole] = value.Str()
	}
}

// kind returns what a span is about: a name of registry.Kinds, inference, or "" for anything else (HTTP, databases, …). The operation of
// the GenAI conventions counts first, then our own kind, then other vendors' words, then the span's name.
func (v *view) kind(name, scope string) string {
	if declared, known := kinds[v.own]; known && (!v.hasOperation || v.operation == declared.Operation) {
		return v.own
	}
	if !v.hasOperation {
		return v.foreignKind(name, scope)
	}
	kind, known := registry.KindByOperation[v.operation]
	switch {
	case !known:
		return inference
	case kind == "tool" && v.hasSkill:
		return kindSkill
	}
	return kind
}

func (v *view) foreignKind(name, scope string) string {
	for i, word := range v.vendors {
		if kind := registry.KindByVendorWord[i].Kinds[word]; kind != "" {
			return kind
		}
	}
	first, _, _ := strings.Cut(name, " ")
	if kind := registry.KindByOperation[first]; kind != "" {
		return kind
	}
	if scope == registry.ScopeName {
		return ownOperation(first)
	}
	if v.model {
		return inference
	}
	return ""
}

// ownOperation returns the first kind whose spans' names begin with a word.
func ownOperation(word string) string {
	for _, kind := range registry.Kinds {
		if kind.Operation == word {
			return kind.Name
		}
	}
	return ""
}

// placeOf returns where the attributes of a span of this kind stand.
func placeOf(kind string) place {
	if kind == kindSkill {
		return onSkill
	}
	return anywhere
}
