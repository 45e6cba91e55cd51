package policy_test

import (
	"testing"

	"github.com/stretchr/testify/require"
	"go.opentelemetry.io/collector/pdata/pcommon"
	"go.opentelemetry.io/collector/pdata/plog"
	"go.opentelemetry.io/collector/pdata/pmetric"
	"go.opentelemetry.io/collector/pdata/ptrace"

	"github.com/otel-smart-agents/otel-smart-agents/processors/internal/detectors/model"
	"github.com/otel-smart-agents/otel-smart-agents/processors/internal/policy"
	"github.com/otel-smart-agents/otel-smart-agents/processors/internal/registry"
)

const installation = "6f1c0a55-7a9d-4a7e-9b0e-5e5e3f0c9a11"

// erasedIDs is a set of erased installations.
type erasedIDs map[string]bool

func (e erasedIDs) Contains(id string) bool { return e[id] }

func asIs(text string, _ model.Hint) (string, int) { return text, 0 }

func required(change func(*policy.Options)) *policy.Filter {
	options := policy.Options{
		ConsentRequired: true, Categories: registry.AllCategories, Redact: asIs, HashStack: hashStack,
	}
	if change != nil {
		change(&options)
	}
	return policy.New(options)
}

// granted are the facts that the Python exporter puts on a resource.
func granted(categories ...any) map[string]any {
	return map[string]any{
		registry.KeyAppInstallationID:               installation,
		registry.KeySmartAgentsConsentEpoch:         3,
		registry.KeySmartAgentsConsentCategories:    categories,
		registry.KeySmartAgentsConsentPolicyVersion: "2026-11",
	}
}

func with(facts map[string]any, key string, value any) map[string]any {
	changed := map[string]any{}
	for name, fact := range facts {
		changed[name] = fact
	}
	if value == nil {
		delete(changed, key)
	} else {
		changed[key] = value
	}
	return changed
}

func agentSpan(t *testing.T, resource, attributes map[string]any) ptrace.Traces {
	t.Helper()
	traces := ptrace.NewTraces()
	group := traces.ResourceSpans().AppendEmpty()
	require.NoError(t, group.Resource().Attributes().FromRaw(resource))
	span := group.ScopeSpans().AppendEmpty().Spans().AppendEmpty()
	span.SetName("invoke_agent reviewer")
	require.NoError(t, span.Attributes().FromRaw(attributes))
	return traces
}

// consents are ways to state a consent, or to lack one.
func consents() []consentCase {
	full := granted("agent", "error")
	return []consentCase{
		{"recorded", full, nil, policy.Passed},
		{"nothing recorded", map[string]any{}, nil, policy.NoConsent},
		{"no categories", with(full, registry.KeySmartAgentsConsentCategories, nil), nil, policy.NoConsent},
		{"an empty list", granted(), nil, policy.NoConsent},
		{"categories that are no list", with(full, registry.KeySmartAgentsConsentCategories, "agent"), nil, policy.NoConsent},
		{"a category that is no text", granted("agent", 7), nil, policy.NoConsent},
		{"an unknown category alone", granted("everything"), nil, policy.NoConsent},
		{"an unknown category beside a known one", granted("everything", "agent"), nil, policy.Passed},
		{"another category", granted("skill"), nil, policy.NoCategory},
		{"no epoch but a notice", with(full, registry.KeySmartAgentsConsentEpoch, nil), nil, policy.Passed},
		{"no notice but an epoch", with(full, registry.KeySmartAgentsConsentPolicyVersion, nil), nil, policy.Passed},
		{"epoch zero", with(full, registry.KeySmartAgentsConsentEpoch, 0), nil, policy.NoConsent},
		{"an epoch that is no number", with(full, registry.KeySmartAgentsConsentEpoch, "3"), nil, policy.NoConsent},
		{"no installation", with(full, registry.KeyAppInstallationID, nil), nil, policy.NoConsent},
		{"an installation that is none", with(full, registry.KeyAppInstallationID, "ada"), nil, policy.NoConsent},
		{"an end user agreed to it", full, map[string]any{registry.KeySmartAgentsConsentCategories: []any{"agent"}}, policy.Passed},
		{"an end user did not", full, map[string]any{registry.KeySmartAgentsConsentCategories: []any{"skill"}}, policy.NoConsent},
		{"an end user agreed to nothing", full, map[string]any{registry.KeySmartAgentsConsentCategories: []any{}}, policy.NoConsent},
		{
			"an end user cannot widen it", granted("skill"),
			map[string]any{registry.KeySmartAgentsConsentCategories: []any{"agent"}}, policy.NoConsent,
		},
		{
			"an end user's consent on the span alone", map[string]any{registry.KeyAppInstallationID: installation},
			map[string]any{
				registry.KeySmartAgentsConsentCategories:    []any{"agent"},
				registry.KeySmartAgentsConsentPolicyVersion: "shop-7",
			}, policy.Passed,
		},
		{
			"an end user's consent to nothing that is named", map[string]any{registry.KeyAppInstallationID: installation},
			map[string]any{registry.KeySmartAgentsConsentCategories: []any{"agent"}}, policy.NoConsent,
		},
	}
}

type consentCase struct {
	title      string
	resource   map[string]any
	attributes map[string]any
	want       policy.Reason
}

// TestConsentIsNeeded: a span passes only with a consent that is recorded, can be read and covers it; each way to lack one has its reason.
func TestConsentIsNeeded(t *testing.T) {
	for _, c := range consents() {
		t.Run(c.title, func(t *testing.T) {
			var tally policy.Tally
			traces := agentSpan(t, c.resource, c.attributes)
			required(nil).Traces(traces, &tally)
			if c.want == policy.Passed {
				require.Equal(t, 1, traces.SpanCount())
				require.Zero(t, tally.AllDropped())
				return
			}
			require.Zero(t, traces.ResourceSpans().Len())
			require.Equal(t, 1, tally.Dropped(c.want), "dropped for another reason")
		})
	}
}

// TestAFactThatStandsTwiceIsNone: a wire message can hold a key twice; neither counts.
func TestAFactThatStandsTwiceIsNone(t *testing.T) {
	traces := agentSpan(t, granted("agent"), nil)
	twice := twiceOnTheWire(t, traces, registry.KeySmartAgentsConsentCategories)
	var tally policy.Tally
	required(nil).Traces(twice, &tally)
	require.Equal(t, 1, tally.Dropped(policy.NoConsent))
}

// twiceOnTheWire returns traces whose resource holds an attribute twice.
func twiceOnTheWire(t *testing.T, traces ptrace.Traces, key string) ptrace.Traces {
	t.Helper()
	one, err := (&ptrace.ProtoMarshaler{}).MarshalTraces(traces)
	require.NoError(t, err)
	other := ptrace.NewTraces()
	traces.CopyTo(other)
	attributes := other.ResourceSpans().At(0).Resource().Attributes()
	attributes.RemoveIf(func(name string, _ pcommon.Value) bool { return name != key })
	other.ResourceSpans().At(0).ScopeSpans().RemoveIf(func(ptrace.ScopeSpans) bool { return true })
	more, err := (&ptrace.ProtoMarshaler{}).MarshalTraces(other)
	require.NoError(t, err)
	return merged(t, inner(t, one), inner(t, more))
}

// merged returns the request of two messages of ResourceSpans joined into one: protobuf merges the resources and appends their lists.
func merged(t *testing.T, one, two []byte) ptrace.Traces {
	t.Helper()
	joined := append(one, two...)
	message := append([]byte{0x0a}, append(varint(len(joined)), joined...)...)
	traces, err := (&ptrace.ProtoUnmarshaler{}).UnmarshalTraces(message)
	require.NoError(t, err)
	return traces
}

// TestReferencesToEntitiesGo: a resource holds texts that pdata shows to nobody, and passes on.
func TestReferencesToEntitiesGo(t *testing.T) {
	traces := agentSpan(t, granted("agent"), nil)
	one, err := (&ptrace.ProtoMarshaler{}).MarshalTraces(traces)
	require.NoError(t, err)
	const name = "adas-laptop"
	entity := append([]byte{0x12, byte(len(name))}, name...)        // EntityRef.type
	resource := append([]byte{0x1a, byte(len(entity))}, entity...)  // Resource.entity_refs
	group := append([]byte{0x0a, byte(len(resource))}, resource...) // ResourceSpans.resource
	traces = merged(t, inner(t, one), group)
	sent, err := (&ptrace.ProtoMarshaler{}).MarshalTraces(traces)
	require.NoError(t, err)
	require.Contains(t, string(sent), name)
	var tally policy.Tally
	required(nil).Traces(traces, &tally)
	require.Equal(t, 1, traces.SpanCount())
	require.Positive(t, traces.ResourceSpans().At(0).Resource().Attributes().Len())
	left, err := (&ptrace.ProtoMarshaler{}).MarshalTraces(traces)
	require.NoError(t, err)
	require.NotContains(t, string(left), name)
}

// inner returns the bytes of the one ResourceSpans of a request.
func inner(t *testing.T, message []byte) []byte {
	t.Helper()
	require.Equal(t, byte(0x0a), message[0])
	at := 1
	for message[at] >= 0x80 {
		at++
	}
	return message[at+1:]
}

func varint(number int) []byte {
	var out []byte
	for ; number >= 0x80; number >>= 7 {
		out = append(out, byte(number)|0x80)
	}
	return append(out, byte(number))
}

// TestWithdrawnConsentDoesNotPass: by installation, by notice, by both, up to an epoch; also where no consent is required.
func TestWithdrawnConsentDoesNotPass(t *testing.T) {
	for _, c := range []struct {
		title      string
		withdrawal policy.Withdrawal
		passes     bool
	}{
		{"this installation", policy.Withdrawal{InstallationID: installation}, false},
		{"this installation in capitals", policy.Withdrawal{InstallationID: "6F1C0A55-7A9D-4A7E-9B0E-5E5E3F0C9A11"}, false},
		{"up to this epoch", policy.Withdrawal{InstallationID: installation, Epoch: 3}, false},
		{"up to the epoch before", policy.Withdrawal{InstallationID: installation, Epoch: 2}, true},
		{"this notice", policy.Withdrawal{PolicyVersion: "2026-11"}, false},
		{"another notice", policy.Withdrawal{PolicyVersion: "2026-10"}, true},
		{"this installation, another notice", policy.Withdrawal{InstallationID: installation, PolicyVersion: "2026-10"}, true},
	} {
		for _, needed := range []bool{true, false} {
			t.Run(c.title, func(t *testing.T) {
				var tally policy.Tally
				traces := agentSpan(t, granted("agent"), nil)
				required(func(o *policy.Options) {
					o.Withdrawn, o.ConsentRequired = []policy.Withdrawal{c.withdrawal}, needed
				}).Traces(traces, &tally)
				require.Equal(t, c.passes, traces.SpanCount() == 1)
				require.Equal(t, !c.passes, tally.Dropped(policy.Withdrawn) == 1)
			})
		}
	}
}

// TestErasedInstallationsDoNotPass: on every signal, whatever was agreed to, and whether the id stands on the resource or on the span.
func TestErasedInstallationsDoNotPass(t *testing.T) {
	var tally policy.Tally
	filter := required(func(o *policy.Options) { o.Erased = erasedIDs{installation: true} })
	facts := granted("agent", "performance")
	for _, traces := range []ptrace.Traces{
		agentSpan(t, facts, nil),
		agentSpan(t, with(facts, registry.KeyAppInstallationID, nil), map[string]any{registry.KeyAppInstallationID: installation}),
		agentSpan(t, facts, map[string]any{registry.KeyAppInstallationID: "00000000-7a9d-4a7e-9b0e-5e5e3f0c9a11"}),
	} {
		filter.Traces(traces, &tally)
		require.Zero(t, traces.SpanCount())
	}
	logs := plog.NewLogs()
	group := logs.ResourceLogs().AppendEmpty()
	require.NoError(t, group.Resource().Attributes().FromRaw(facts))
	group.ScopeLogs().AppendEmpty().LogRecords().AppendEmpty()
	filter.Logs(logs, &tally)
	require.Zero(t, logs.LogRecordCount())
	metrics := pmetric.NewMetrics()
	points := metrics.ResourceMetrics().AppendEmpty()
	require.NoError(t, points.Resource().Attributes().FromRaw(facts))
	points.ScopeMetrics().AppendEmpty().Metrics().AppendEmpty().SetEmptyGauge().DataPoints().AppendEmpty()
	filter.Metrics(metrics, &tally)
	require.Zero(t, metrics.DataPointCount())
	require.Equal(t, 5, tally.Dropped(policy.Erased))
}

// TestWhatManySpansShareIsWhatAllMayTell: the resource of spans of several end users keeps what each of them agreed to.
func TestWhatManySpansShareIsWhatAllMayTell(t *testing.T) {
	facts := with(granted("agent", "skill"), registry.KeyGenAISkillName, "debugging")
	traces := agentSpan(t, facts, nil)
	filter := required(nil)
	var tally policy.Tally
	filter.Traces(traces, &tally)
	_, kept := traces.ResourceSpans().At(0).Resource().Attributes().Get(registry.KeyGenAISkillName)
	require.True(t, kept)
	traces = agentSpan(t, facts, map[string]any{registry.KeySmartAgentsConsentCategories: []any{"agent"}})
	filter.Traces(traces, &tally)
	_, kept = traces.ResourceSpans().At(0).Resource().Attributes().Get(registry.KeyGenAISkillName)
	require.False(t, kept)
}

// TestRequestsForErasureNeedNoConsent: somebody who withdraws has none any more.
func TestRequestsForErasureNeedNoConsent(t *testing.T) {
	logs := plog.NewLogs()
	scope := logs.ResourceLogs().AppendEmpty().ScopeLogs().AppendEmpty()
	scope.Scope().SetName(registry.ScopeName)
	record := scope.LogRecords().AppendEmpty()
	record.SetEventName(registry.EventDeletion)
	record.Attributes().PutStr(registry.KeySmartAgentsDeletionInstallationID, installation)
	record.Attributes().PutStr("user.name", "ada")
	var tally policy.Tally
	required(nil).Logs(logs, &tally)
	require.Equal(t, 1, logs.LogRecordCount())
	require.Equal(t, map[string]any{registry.KeySmartAgentsDeletionInstallationID: installation}, record.Attributes().AsRaw())
}
