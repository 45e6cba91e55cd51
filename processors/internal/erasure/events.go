package erasure

import (
	"encoding/hex"

	"go.opentelemetry.io/collector/pdata/plog"
)

// Names of a request for erasure that comes as a log event, as otel_smart_agents/export/deletion.py sends it.
const (
	EventName       = "smart_agents.deletion.request"
	AttributeID     = "smart_agents.deletion.installation_id"
	AttributeProof  = "smart_agents.deletion.proof" // hexadecimal
	legacyEventName = "event.name"                  // where senders without LogRecord.event_name put it
)

// InLogs returns the requests for erasure among the logs, without checking them. The time is when the person asked, as the record says.
func InLogs(logs plog.Logs) (found []Request) {
	for _, group := range logs.ResourceLogs().All() {
		for _, scope := range group.ScopeLogs().All() {
			for _, record := range scope.LogRecords().All() {
				if IsRequest(record) {
					found = append(found, fromRecord(record))
				}
			}
		}
	}
	return found
}

// Remove takes every request for erasure out of the logs, and the groups that are empty then.
func Remove(logs plog.Logs) {
	logs.ResourceLogs().RemoveIf(func(group plog.ResourceLogs) bool {
		before := group.ScopeLogs().Len()
		group.ScopeLogs().RemoveIf(func(scope plog.ScopeLogs) bool {
			records := scope.LogRecords().Len()
			scope.LogRecords().RemoveIf(IsRequest)
			return records > 0 && scope.LogRecords().Len() == 0
		})
		return before > 0 && group.ScopeLogs().Len() == 0
	})
}

// IsRequest tells whether a log record is a request for erasure.
func IsRequest(record plog.LogRecord) bool {
	if record.EventName() == EventName {
		return true
	}
	name, ok := record.Attributes().Get(legacyEventName)
	return ok && record.EventName() == "" && name.Str() == EventName
}

func fromRecord(record plog.LogRecord) Request {
	request := Request{Source: SourceOTLP}
	if id, ok := record.Attributes().Get(AttributeID); ok {
		request.InstallationID = id.Str()
	}
	if proof, ok := record.Attributes().Get(AttributeProof); ok && len(proof.Str()) == 2*SecretSize {
		request.Proof, _ = hex.DecodeString(proof.Str()) // what cannot be read proves nothing
	}
	if record.Timestamp() != 0 {
		request.Requested = record.Timestamp().AsTime()
	}
	return request
}
