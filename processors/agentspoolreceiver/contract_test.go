package agentspoolreceiver

import (
	"fmt"
	"os"
	"sync"
	"testing"

	"github.com/stretchr/testify/require"
	"go.opentelemetry.io/collector/pdata/plog"
	"go.opentelemetry.io/collector/pdata/pmetric"
	"go.opentelemetry.io/collector/pdata/ptrace"
	"go.opentelemetry.io/collector/pipeline"
	"go.opentelemetry.io/collector/receiver/receivertest"
)

// spooler writes one file a call, as the contract checker of the collector wants it.
type spooler struct {
	t       *testing.T
	folder  string
	message func(id string) ([]byte, error)
	mu      sync.Mutex
	made    int
}

func (*spooler) Start() {}

// Stop removes what was written: the next receiver begins anew.
func (s *spooler) Stop() {
	s.mu.Lock()
	defer s.mu.Unlock()
	require.NoError(s.t, os.RemoveAll(s.folder))
}

func (s *spooler) Generate() []receivertest.UniqueIDAttrVal {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.made++
	id := fmt.Sprintf("%06d", s.made)
	message, err := s.message(id)
	require.NoError(s.t, err)
	write(s.t, s.folder+"/."+id, withSeal(string(message)))
	require.NoError(s.t, os.Rename(s.folder+"/."+id, s.folder+"/"+id+".jsonl"))
	return []receivertest.UniqueIDAttrVal{receivertest.UniqueIDAttrVal(id)}
}

func TestTheContractBetweenAReceiverAndItsConsumer(t *testing.T) {
	for kind, message := range map[pipeline.Signal]func(string) ([]byte, error){
		pipeline.SignalTraces: func(id string) ([]byte, error) {
			data := ptrace.NewTraces()
			span := data.ResourceSpans().AppendEmpty().ScopeSpans().AppendEmpty().Spans().AppendEmpty()
			span.Attributes().PutStr(receivertest.UniqueIDAttrName, id)
			return new(ptrace.JSONMarshaler).MarshalTraces(data)
		},
		pipeline.SignalLogs: func(id string) ([]byte, error) {
			return new(plog.JSONMarshaler).MarshalLogs(receivertest.CreateOneLogWithID(receivertest.UniqueIDAttrVal(id)))
		},
		pipeline.SignalMetrics: func(id string) ([]byte, error) {
			return new(pmetric.JSONMarshaler).MarshalMetrics(receivertest.CreateGaugeMetricWithID(receivertest.UniqueIDAttrVal(id)))
		},
	} {
		t.Run(kind.String(), func(t *testing.T) {
			folder := t.TempDir() + "/ready"
			receivertest.CheckConsumeContract(receivertest.CheckConsumeContractParams{
				T: t, Factory: NewFactory(), Signal: kind, Config: fast(folder + "/*.jsonl"), GenerateCount: 60,
				Generator: &spooler{t: t, folder: folder, message: message},
			})
		})
	}
}
