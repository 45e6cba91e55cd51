package agentrightsextension

import (
	"context"
	"crypto/rand"
	"encoding/hex"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/open-telemetry/opentelemetry-collector-contrib/extension/storage/filestorage"
	"github.com/stretchr/testify/require"
	"go.opentelemetry.io/collector/component"
	"go.opentelemetry.io/collector/component/componenttest"
	"go.opentelemetry.io/collector/extension/extensiontest"
	"go.opentelemetry.io/collector/pdata/plog"
	"go.opentelemetry.io/otel/attribute"
	"go.opentelemetry.io/otel/sdk/metric/metricdata"
	"go.opentelemetry.io/otel/sdk/metric/metricdata/metricdatatest"
	"google.golang.org/grpc"
	"google.golang.org/grpc/codes"
	"google.golang.org/grpc/credentials/insecure"
	"google.golang.org/grpc/status"

	"github.com/otel-smart-agents/otel-smart-agents/processors/agentrightsextension/internal/metadatatest"
	"github.com/otel-smart-agents/otel-smart-agents/processors/internal/erasure"
	rightsv1 "github.com/otel-smart-agents/otel-smart-agents/processors/internal/pb/rights/v1"
)

// host is a collector's with the extensions of a test.
type host struct {
	extensions map[component.ID]component.Component
}

func (h host) GetExtensions() map[component.ID]component.Component { return h.extensions }

// running is the extension with a real file_storage in a folder, and a client of it.
type running struct {
	*rights
	storage   component.Component
	client    rightsv1.RightsServiceClient
	channel   *grpc.ClientConn
	telemetry *componenttest.Telemetry
}

func configIn(folder string) *Config {
	config := createDefaultConfig().(*Config)
	config.GRPC.NetAddr.Endpoint = "127.0.0.1:0"
	config.Storage = component.MustNewID("file_storage")
	config.List.Path = filepath.Join(folder, "erasures.jsonl")
	config.List.DonePath = filepath.Join(folder, "erased-up-to")
	return config
}

func fileStorage(t testing.TB, folder string) component.Component {
	t.Helper()
	factory := filestorage.NewFactory()
	config := factory.CreateDefaultConfig().(*filestorage.Config)
	config.Directory, config.FSync = folder, true
	keeper, err := factory.Create(context.Background(), extensiontest.NewNopSettings(factory.Type()), config)
	require.NoError(t, err)
	require.NoError(t, keeper.Start(context.Background(), componenttest.NewNopHost()))
	return keeper
}

func start(t testing.TB, config *Config) running {
	t.Helper()
	keeper := fileStorage(t, filepath.Dir(config.List.Path))
	telemetry := componenttest.NewTelemetry()
	extension, err := NewFactory().Create(context.Background(), metadatatest.NewSettings(telemetry), config)
	require.NoError(t, err)
	started := extension.(*rights)
	require.NoError(t, started.Start(context.Background(), host{map[component.ID]component.Component{config.Storage: keeper}}))
	channel, err := grpc.NewClient(started.address.String(), grpc.WithTransportCredentials(insecure.NewCredentials()))
	require.NoError(t, err)
	return running{started, keeper, rightsv1.NewRightsServiceClient(channel), channel, telemetry}
}

func (r running) stop(t testing.TB) {
	t.Helper()
	require.NoError(t, r.channel.Close())
	require.NoError(t, r.Shutdown(context.Background()))
	require.NoError(t, r.storage.Shutdown(context.Background()))
	require.NoError(t, r.telemetry.Shutdown(context.Background()))
}

func newSecret() []byte {
	secret := make([]byte, erasure.SecretSize)
	_, _ = rand.Read(secret)
	return secret
}

func asked(secret []byte) *rightsv1.RequestErasureRequest {
	return &rightsv1.RequestErasureRequest{InstallationId: erasure.OfSecret(secret).String(), Proof: secret}
}

func TestErasureFromRequestToRestart(t *testing.T) {
	config := configIn(t.TempDir())
	here := start(t, config)
	secret := newSecret()
	id := erasure.OfSecret(secret).String()
	require.False(t, here.Contains(id))
	request := asked(secret)
	request.RequestedTimeUnixNano = uint64(time.Unix(1_700_000_000, 0).UnixNano())
	answer, err := here.client.RequestErasure(context.Background(), request)
	require.NoError(t, err)
	require.True(t, here.Contains(id), "dropped from the acknowledgement on")
	require.False(t, here.Contains(erasure.OfSecret(newSecret()).String()))
	require.Equal(t, rightsv1.ErasureState_ERASURE_STATE_ACCEPTED, answer.GetReceipt().GetState())
	require.WithinDuration(t, time.Now(), time.Unix(0, int64(answer.GetReceipt().GetReceivedTimeUnixNano())), time.Minute)

	listed, err := os.ReadFile(config.List.Path)
	require.NoError(t, err)
	require.Contains(t, string(listed), `{"sequence":1,"installation_id":"`+id+`","requested":"2023-11-14T22:13:20Z",`)
	require.Contains(t, string(listed), `"source":"grpc"}`)
	require.NotContains(t, string(listed), erasure.ID(secret[:16]).String(), "the secret is written nowhere")
	here.stop(t)

	there := start(t, config)
	require.True(t, there.Contains(id), "dropped after a restart as well")
	again, err := there.client.RequestErasure(context.Background(), request)
	require.NoError(t, err, "repeating it does no harm")
	for _, receipt := range []*rightsv1.ErasureReceipt{answer.GetReceipt(), again.GetReceipt()} {
		told, err := there.client.GetErasureStatus(
			context.Background(), &rightsv1.GetErasureStatusRequest{RequestId: receipt.GetRequestId()})
		require.NoError(t, err)
		require.Equal(t, rightsv1.ErasureState_ERASURE_STATE_ACCEPTED, told.GetState())
	}
	there.stop(t)
}

func TestTheEraseJobSaysHowFarItIs(t *testing.T) {
	config := configIn(t.TempDir())
	here := start(t, config)
	defer here.stop(t)
	var clock time.Time
	here.done.now = func() time.Time { clock = clock.Add(doneFresh); return clock }
	answers := make([]*rightsv1.GetErasureStatusRequest, 2)
	for n := range answers {
		request := asked(newSecret())
		answer, err := here.client.RequestErasure(context.Background(), request)
		require.NoError(t, err)
		answers[n] = &rightsv1.GetErasureStatusRequest{RequestId: answer.GetReceipt().GetRequestId()}
	}
	for text, want := range map[string][2]rightsv1.ErasureState{
		"1\n": {rightsv1.ErasureState_ERASURE_STATE_ERASED, rightsv1.ErasureState_ERASURE_STATE_ACCEPTED},
		"2":   {rightsv1.ErasureState_ERASURE_STATE_ERASED, rightsv1.ErasureState_ERASURE_STATE_ERASED},
		"":    {rightsv1.ErasureState_ERASURE_STATE_ACCEPTED, rightsv1.ErasureState_ERASURE_STATE_ACCEPTED},
		"two": {rightsv1.ErasureState_ERASURE_STATE_ACCEPTED, rightsv1.ErasureState_ERASURE_STATE_ACCEPTED},
		"-1":  {rightsv1.ErasureState_ERASURE_STATE_ACCEPTED, rightsv1.ErasureState_ERASURE_STATE_ACCEPTED},
	} {
		require.NoError(t, os.WriteFile(config.List.DonePath, []byte(text), 0o600))
		for n, question := range answers {
			told, err := here.client.GetErasureStatus(context.Background(), question)
			require.NoError(t, err)
			require.Equal(t, want[n], told.GetState(), "%q, request %d", text, n+1)
		}
	}
}

func TestARequestWithoutProofErasesNothing(t *testing.T) {
	config := configIn(t.TempDir())
	here := start(t, config)
	defer here.stop(t)
	victim, mine := erasure.OfSecret(newSecret()).String(), newSecret()
	for name, c := range map[string]struct {
		request *rightsv1.RequestErasureRequest
		code    codes.Code
	}{
		"nothing":             {&rightsv1.RequestErasureRequest{}, codes.InvalidArgument},
		"no proof":            {&rightsv1.RequestErasureRequest{InstallationId: victim}, codes.InvalidArgument},
		"somebody else's":     {&rightsv1.RequestErasureRequest{InstallationId: victim, Proof: mine}, codes.PermissionDenied},
		"the id as proof":     {&rightsv1.RequestErasureRequest{InstallationId: victim, Proof: []byte(victim)[:32]}, codes.PermissionDenied},
		"short proof":         {&rightsv1.RequestErasureRequest{InstallationId: victim, Proof: mine[:31]}, codes.InvalidArgument},
		"long proof":          {&rightsv1.RequestErasureRequest{InstallationId: victim, Proof: append(newSecret(), 0)}, codes.InvalidArgument},
		"no uuid":             {&rightsv1.RequestErasureRequest{InstallationId: "all", Proof: mine}, codes.InvalidArgument},
		"a very long id":      {&rightsv1.RequestErasureRequest{InstallationId: strings.Repeat("a", 1<<19), Proof: mine}, codes.InvalidArgument},
		"larger than allowed": {&rightsv1.RequestErasureRequest{InstallationId: strings.Repeat("a", 2<<20), Proof: mine}, codes.ResourceExhausted},
	} {
		_, err := here.client.RequestErasure(context.Background(), c.request)
		require.Equal(t, c.code, status.Code(err), "%s: %v", name, err)
	}
	require.False(t, here.Contains(victim))
	require.Zero(t, here.ledger.Len())
	_, err := here.client.GetErasureStatus(context.Background(), &rightsv1.GetErasureStatusRequest{RequestId: "1"})
	require.Equal(t, codes.InvalidArgument, status.Code(err))
	_, err = here.client.GetErasureStatus(context.Background(), &rightsv1.GetErasureStatusRequest{RequestId: strings.Repeat("0", 48)})
	require.Equal(t, codes.NotFound, status.Code(err))
}

func TestRequestsInLogsCountLikeAllOthers(t *testing.T) {
	config := configIn(t.TempDir())
	here := start(t, config)
	good, unproved := newSecret(), erasure.OfSecret(newSecret()).String()
	logs := plog.NewLogs()
	records := logs.ResourceLogs().AppendEmpty().ScopeLogs().AppendEmpty().LogRecords()
	event(records, erasure.OfSecret(good).String(), hex.EncodeToString(good))
	event(records, unproved, hex.EncodeToString(good))
	event(records, "no id", hex.EncodeToString(good))
	records.AppendEmpty().SetEventName("smart_agents.feature.usage")
	var service ErasureSet = here.rights
	require.NoError(t, service.ObserveLogs(context.Background(), logs))
	require.True(t, service.Contains(erasure.OfSecret(good).String()))
	require.False(t, service.Contains(unproved))
	require.Equal(t, 1, logs.LogRecordCount(), "no proof goes on to a store")
	metadatatest.AssertEqualAgentrightsErasureRequests(t, here.telemetry, []metricdata.DataPoint[int64]{
		point("otlp", "accepted"), point("otlp", "unproved"), point("otlp", "invalid"),
	}, metricdatatest.IgnoreTimestamp())
	metadatatest.AssertEqualAgentrightsErasedInstallations(
		t, here.telemetry, []metricdata.DataPoint[int64]{{Value: 1}}, metricdatatest.IgnoreTimestamp())
	here.stop(t)

	logs = plog.NewLogs()
	late := newSecret()
	event(logs.ResourceLogs().AppendEmpty().ScopeLogs().AppendEmpty().LogRecords(), erasure.OfSecret(late).String(), hex.EncodeToString(late))
	require.Error(t, service.ObserveLogs(context.Background(), logs), "what cannot be written must not be acknowledged")
	require.Equal(t, 1, logs.LogRecordCount(), "and can be sent again")
}

func TestAFullSetSaysSo(t *testing.T) {
	config := configIn(t.TempDir())
	config.Limits.MaxIDs = 1
	here := start(t, config)
	defer here.stop(t)
	_, err := here.client.RequestErasure(context.Background(), asked(newSecret()))
	require.NoError(t, err)
	_, err = here.client.RequestErasure(context.Background(), asked(newSecret()))
	require.Equal(t, codes.ResourceExhausted, status.Code(err))
}

func TestACollectorWithoutItsSetDoesNotStart(t *testing.T) {
	folder := t.TempDir()
	config := configIn(folder)
	for name, extensions := range map[string]map[component.ID]component.Component{
		"no storage": {}, "no storage but its name": {config.Storage: host{}.component()},
	} {
		extension, err := NewFactory().Create(context.Background(), extensiontest.NewNopSettings(NewFactory().Type()), config)
		require.NoError(t, err)
		require.ErrorContains(t, extension.Start(context.Background(), host{extensions}), "file_storage", name)
		require.NoError(t, extension.Shutdown(context.Background()))
	}
	keeper := fileStorage(t, folder)
	config.GRPC.NetAddr.Endpoint = "256.0.0.1:0"
	extension, err := NewFactory().Create(context.Background(), extensiontest.NewNopSettings(NewFactory().Type()), config)
	require.NoError(t, err)
	require.Error(t, extension.Start(context.Background(), host{map[component.ID]component.Component{config.Storage: keeper}}))
	require.NoError(t, keeper.Shutdown(context.Background()))
}

func TestStorageStartsFirst(t *testing.T) {
	config := configIn(t.TempDir())
	extension, err := newRights(extensiontest.NewNopSettings(NewFactory().Type()), config)
	require.NoError(t, err)
	require.Equal(t, []component.ID{config.Storage}, extension.Dependencies())
	require.False(t, extension.Contains(erasure.OfSecret(newSecret()).String()), "before the start the set is empty")
}

// component returns a component that is no storage.
func (h host) component() component.Component {
	return struct {
		component.StartFunc
		component.ShutdownFunc
	}{}
}

func event(records plog.LogRecordSlice, id, proof string) {
	record := records.AppendEmpty()
	record.SetEventName(erasure.EventName)
	record.Attributes().PutStr(erasure.AttributeID, id)
	record.Attributes().PutStr(erasure.AttributeProof, proof)
}

func point(source, result string) metricdata.DataPoint[int64] {
	set := attribute.NewSet(attribute.String("source", source), attribute.String("result", result))
	return metricdata.DataPoint[int64]{Value: 1, Attributes: set}
}
