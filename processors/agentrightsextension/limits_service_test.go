package agentrightsextension

import (
	"context"
	"encoding/hex"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
	"go.opentelemetry.io/collector/pdata/plog"
	"google.golang.org/genproto/googleapis/rpc/errdetails"
	"google.golang.org/grpc/codes"
	"google.golang.org/grpc/status"

	"github.com/otel-smart-agents/otel-smart-agents/processors/internal/erasure"
)

func TestOneClientCannotUseUpWhatIsThereForAll(t *testing.T) {
	config := configIn(t.TempDir())
	config.Limits.RequestsPerSecondPerClient = 0.1
	here := start(t, config)
	defer here.stop(t)
	_, err := here.client.RequestErasure(context.Background(), asked(newSecret()))
	require.NoError(t, err)
	request := asked(newSecret())
	_, err = here.client.RequestErasure(context.Background(), request)
	require.Equal(t, codes.ResourceExhausted, status.Code(err))
	require.False(t, here.Contains(request.InstallationId))
	details := status.Convert(err).Details()
	require.Len(t, details, 1)
	wait := details[0].(*errdetails.RetryInfo).GetRetryDelay().AsDuration()
	require.True(t, wait > 0 && wait <= 10*time.Second, "try again in %v", wait)
	require.NoError(t, here.RequestErasure(context.Background(), erasure.Request{
		InstallationID: request.InstallationId, Proof: request.Proof, Source: erasure.SourceOTLP,
	}), "others go on")
}

// A batch of logs with more requests than may come at once is refused whole, and gets through when it is sent again.
func TestALargeBatchOfLogsGetsThroughInSeveralTries(t *testing.T) {
	config := configIn(t.TempDir())
	config.Limits.RequestsPerSecond = 1
	here := start(t, config)
	defer here.stop(t)
	moment := newClock()
	here.limiter.now = moment.now
	logs := plog.NewLogs()
	records := logs.ResourceLogs().AppendEmpty().ScopeLogs().AppendEmpty().LogRecords()
	for range 25 {
		secret := newSecret()
		event(records, erasure.OfSecret(secret).String(), hex.EncodeToString(secret))
	}
	tries := 1
	for ; here.ObserveLogs(context.Background(), logs) != nil; tries++ {
		require.Equal(t, 25, logs.LogRecordCount())
		require.Less(t, tries, 5)
		moment.at = moment.at.Add(burstS * time.Second)
	}
	require.Equal(t, 3, tries)
	require.Equal(t, 25, here.ledger.Len())
	require.Zero(t, logs.LogRecordCount())
}
