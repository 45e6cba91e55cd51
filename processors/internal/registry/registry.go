// Package registry says what may be collected: keys, types, privacy classes and consent categories, kinds of spans, events and metrics.
//
// The tables are generated from semconv/*.yaml, like those of the Python package; a test of that package fails when they differ.
package registry

import "strings"

// Class is the privacy class of an attribute.
type Class uint8

// The classes. Scan are keys of other instrumentations, labels and captures: the detectors look at the value.
const (
	Safe Class = iota + 1
	Pseudonymous
	Consent
	Never
	Scan
)

// Type is the type that an attribute's values have; a value of another type is dropped.
type Type uint8

// The types.
const (
	String Type = iota + 1
	Int
	Double
	Boolean
	Strings
	Any
)

// Category is a consent category, or a set of them: 0 is none.
type Category uint8

// The categories, each one bit.
const (
	Agent Category = 1 << iota
	Skill
	Feature
	Error
	Performance
	Workflow

	// AllCategories is every category.
	AllCategories = Agent | Skill | Feature | Error | Performance | Workflow
)

var categories = map[string]Category{
	"agent": Agent, "skill": Skill, "feature": Feature, "error": Error, "performance": Performance, "workflow": Workflow,
}

// CategoryOf returns the category of a name; false if there is none of that name.
func CategoryOf(name string) (Category, bool) {
	category, known := categories[name]
	return category, known
}

// Has tells whether all of the other set's categories are in this one.
func (c Category) Has(other Category) bool { return c&other == other }

// Attribute is one registered attribute.
type Attribute struct {
	Key        string // its name; of a prefix: with the final dot
	Type       Type
	Class      Class
	Category   Category            // the category that it needs (class Consent)
	MaxLength  int                 // characters kept of one text value; 0 = the policy's
	MaxItems   int                 // elements kept of a list; 0 = all
	Pattern    string              // what a whole text value or element must match, RE2 syntax
	Catalogue  []string            // the closed list of its values or elements
	Hashed     bool                // the value is the program's own id and is replaced by a keyed hash
	Fallback   string              // what stands in place of a value outside catalogue or pattern; "" = a keyed hash
	OwnOnly    bool                // never to an upstream destination
	Content    bool                // class Never, but an operator can let it through, to an own destination only
	CategoryIn map[string]Category // kind of span → the category that it needs there
}

// Kind is what a span can be about: its name is "operation name", or the bare operation.
type Kind struct {
	Name, Operation, NameKey string
	Category                 Category
}

// VendorWords are another vendor's words for kinds, as values of one key.
type VendorWords struct {
	Key   string
	Kinds map[string]string
}

// Event is a log record with a registered event name; Category is 0 where no consent category is needed.
type Event struct {
	Name     string
	Category Category
}

// Metric is a registered metric; Category is 0 for the package's own health, which goes to own destinations only.
type Metric struct {
	Name     string
	Category Category
	Brief    string
}

// Names of events that have a meaning of their own.
const (
	EventRating   = "gen_ai.evaluation.result"
	EventFeature  = "smart_agents.feature.usage"
	EventDeletion = "smart_agents.deletion.request"
)

// Other stands for a word outside a closed list, ErrorTypeOther for the type of an error that may not be told.
const (
	Other          = "other"
	ErrorTypeOther = "_OTHER"
)

// NeverKey tells whether the never-list has a key by its beginning or its ending.
func NeverKey(key string) bool {
	for _, prefix := range NeverPrefixes {
		if strings.HasPrefix(key, prefix) {
			return true
		}
	}
	for _, suffix := range NeverSuffixes {
		if strings.HasSuffix(key, suffix) {
			return true
		}
	}
	return false
}

// PrefixOf returns the registered prefix that a key begins with, nil if there is none.
func PrefixOf(key string) *Attribute {
	for i := range Prefixes {
		if strings.HasPrefix(key, Prefixes[i].Key) {
			return &Prefixes[i]
		}
	}
	return nil
}
