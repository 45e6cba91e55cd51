package erasure

import (
	"testing"
	"time"

	"go.opentelemetry.io/collector/pdata/plog"
)

// What otel_smart_agents/export/deletion.py sends for bytes(range(32)), byte for byte (tests/export/test_rights.py holds Python to it).
const pythonEvent = `{"resourceLogs":[{"resource":{"attributes":[{"key":"service.name","value":{"stringValue":"shop"}}]},` +
	`"scopeLogs":[{"scope":{"name":"otel_smart_agents"},"logRecords":[{"timeUnixNano":"1700000000000000000",` +
	`"observedTimeUnixNano":"1700000000000000000","severityNumber":9,"eventName":"smart_agents.deletion.request","attributes":[` +
	`{"key":"smart_agents.deletion.installation_id","value":{"stringValue":"` + secretID + `"}},` +
	`{"key":"smart_agents.deletion.proof","value":{"stringValue":"` + secretHex + `"}}]}],` +
	`"schemaUrl":"https://opentelemetry.io/schemas/1.44.0"}]}]}`

func TestTheEventOfThePythonPackageIsAValidRequest(t *testing.T) {
	logs, err := (&plog.JSONUnmarshaler{}).UnmarshalLogs([]byte(pythonEvent))
	if err != nil {
		t.Fatal(err)
	}
	found := InLogs(logs)
	if len(found) != 1 {
		t.Fatalf("found %d", len(found))
	}
	id, ok := Parse(found[0].InstallationID)
	if !ok || !id.ProvedBy(found[0].Proof) || found[0].Source != SourceOTLP {
		t.Fatalf("%+v is no valid request", found[0])
	}
	if want := time.Unix(1_700_000_000, 0); !found[0].Requested.Equal(want) {
		t.Fatalf("requested %v, want %v", found[0].Requested, want)
	}
}

func TestOnlyRequestsAreTakenOutOfLogs(t *testing.T) {
	logs := plog.NewLogs()
	mixed := logs.ResourceLogs().AppendEmpty().ScopeLogs().AppendEmpty().LogRecords()
	mixed.AppendEmpty().SetEventName("smart_agents.feature.usage")
	mixed.AppendEmpty().SetEventName(EventName)
	mixed.AppendEmpty().Body().SetStr(EventName)
	logs.ResourceLogs().AppendEmpty().ScopeLogs().AppendEmpty().LogRecords().AppendEmpty().SetEventName(EventName)
	logs.ResourceLogs().AppendEmpty() // empty before: not ours to remove
	Remove(logs)
	if logs.ResourceLogs().Len() != 2 || logs.LogRecordCount() != 2 {
		t.Fatalf("%d groups with %d records are left", logs.ResourceLogs().Len(), logs.LogRecordCount())
	}
	for _, record := range logs.ResourceLogs().At(0).ScopeLogs().At(0).LogRecords().All() {
		if IsRequest(record) {
			t.Fatal("a request is left")
		}
	}
}

func TestTheOlderPlaceOfAnEventNameCountsToo(t *testing.T) {
	record := plog.NewLogRecord()
	record.Attributes().PutStr("event.name", EventName)
	if !IsRequest(record) {
		t.Fatal("not seen")
	}
	record.SetEventName("something.else")
	if IsRequest(record) {
		t.Fatal("a record with a name of its own is taken")
	}
}

func TestAProofThatIsNoHexadecimalProvesNothing(t *testing.T) {
	record := plog.NewLogRecord()
	record.SetEventName(EventName)
	record.Attributes().PutStr(AttributeID, secretID)
	for _, proof := range []string{"", secretHex[:62], secretHex + "00", "zz" + secretHex[2:]} {
		record.Attributes().PutStr(AttributeProof, proof)
		request := fromRecord(record)
		if id, _ := Parse(request.InstallationID); id.ProvedBy(request.Proof) {
			t.Errorf("%q proves the id", proof)
		}
	}
	record.Attributes().PutEmptyBytes(AttributeProof).FromRaw([]byte(secretHex))
	if request := fromRecord(record); len(request.Proof) != 0 {
		t.Error("a value of another type proves the id")
	}
}

// Anybody can send logs: whatever the receiver takes is read without a panic, and afterwards no request is left.
func FuzzLogs(f *testing.F) {
	logs, err := (&plog.JSONUnmarshaler{}).UnmarshalLogs([]byte(pythonEvent))
	if err != nil {
		f.Fatal(err)
	}
	data, err := (&plog.ProtoMarshaler{}).MarshalLogs(logs)
	if err != nil {
		f.Fatal(err)
	}
	f.Add(data)
	f.Add([]byte{})
	f.Fuzz(func(t *testing.T, data []byte) {
		logs, err := (&plog.ProtoUnmarshaler{}).UnmarshalLogs(data)
		if err != nil {
			return
		}
		for _, request := range InLogs(logs) {
			if id, ok := Parse(request.InstallationID); ok && id.ProvedBy(request.Proof) && OfSecret(request.Proof) != id {
				t.Fatalf("%+v proves nothing", request)
			}
		}
		Remove(logs)
		if left := InLogs(logs); len(left) != 0 {
			t.Fatalf("%d requests are left", len(left))
		}
	})
}
