// A stock SDK and a careless program: private text in every place of a span and of a log record.
// Usage: node plant.js ENDPOINT < secrets.json
const fs = require("node:fs");
const { trace, context, SpanStatusCode, TraceFlags, createTraceState } = require("@opentelemetry/api");
const { BasicTracerProvider, SimpleSpanProcessor } = require("@opentelemetry/sdk-trace-base");
const { LoggerProvider, SimpleLogRecordProcessor } = require("@opentelemetry/sdk-logs");
const { OTLPTraceExporter } = require("@opentelemetry/exporter-trace-otlp-proto");
const { OTLPLogExporter } = require("@opentelemetry/exporter-logs-otlp-proto");
const { resourceFromAttributes } = require("@opentelemetry/resources");

const endpoint = process.argv[2];
const secrets = JSON.parse(fs.readFileSync(0, "utf8"));
const all = secrets.join(" | ");
const resource = resourceFromAttributes({
  "service.name": "planted-javascript",
  "enduser.name": all,
  "process.command_args": secrets,
  note: all,
});

class Leaky extends Error {}

function fail() {
  throw new Leaky(all);
}

async function main() {
  const spans = new BasicTracerProvider({
    resource,
    spanProcessors: [new SimpleSpanProcessor(new OTLPTraceExporter({ url: `${endpoint}/v1/traces` }))],
  });
  const logs = new LoggerProvider({
    resource,
    processors: [new SimpleLogRecordProcessor(new OTLPLogExporter({ url: `${endpoint}/v1/logs` }))],
  });
  const tracer = spans.getTracer("careless", "1.0 " + all);
  const there = {
    traceId: "0af7651916cd43dd8448eb211c80319c",
    spanId: "b7ad6b7169203331",
    traceFlags: TraceFlags.SAMPLED,
    traceState: createTraceState("vendor=" + secrets[5].replace(/[,=]/g, "_")),
  };
  const root = tracer.startSpan("invoke_agent planner", {
    links: [{ context: there, attributes: { why: all } }],
    attributes: {
      "gen_ai.operation.name": "invoke_agent",
      "gen_ai.agent.name": "planner",
      "http.request.method": "GET",
      "url.full": `https://dana:${secrets[5]}@host/x?token=${secrets[0]}`,
      "db.statement": `select * from t where mail = '${secrets[1]}'`,
      "gen_ai.input.messages": all,
      prompt: all,
      list: secrets,
    },
  });
  root.addEvent("said " + all, { text: all, list: secrets });
  const child = tracer.startSpan("GET " + all, {}, trace.setSpan(context.active(), root));
  try {
    fail();
  } catch (error) {
    child.recordException(error);
    child.setAttribute("exception.stacktrace", error.stack);
    child.setStatus({ code: SpanStatusCode.ERROR, message: all });
  }
  child.end();
  root.setStatus({ code: SpanStatusCode.ERROR, message: all });
  root.end();
  logs.getLogger("careless").emit({
    eventName: "said " + all,
    severityText: all,
    body: { text: all, list: secrets, deep: { token: secrets[0], note: all } },
    attributes: { text: all, "http.route": "/users/" + secrets[1] },
  });
  await spans.forceFlush();
  await logs.forceFlush();
  await spans.shutdown();
  await logs.shutdown();
}

main().catch((error) => {
  console.error(error);
  process.exit(1);
});
