"""What may be collected: names, types, privacy classes, consent categories.

Generated from ``semconv/*.yaml`` by ``python -m semconv.generate``. Do not edit: change the registry and generate again.

A key that is not in :data:`ATTRIBUTES` and under no prefix of :data:`KEY_PREFIXES` is dropped. Patterns are RE2 syntax and match whole
values. Every instrumented program imports this module, so it is made to load in about a millisecond: named tuples, as four dataclasses take
3 ms to define, and annotations that are evaluated, as a named tuple compiles each one that is text.
"""
# ruff: noqa: E501, S105 - one attribute per line reads better than wrapped rows; a key with "token" in its name is no password

from collections.abc import Mapping
from enum import StrEnum
from types import MappingProxyType
from typing import Final, NamedTuple


class Privacy(StrEnum):
    """Privacy class of an attribute."""

    SAFE = "S"
    """Safe with any consent."""
    PSEUDONYMOUS = "P"
    """Pseudonymous: rotates, can be erased."""
    CONSENT = "C"
    """Only with consent to its category."""
    NEVER = "N"
    """Never recorded or exported."""
    SCAN = "scan"
    """Key of another instrumentation, label or capture: the detectors look at the value; own destinations only."""


class Attribute(NamedTuple):
    """One registered attribute.

    Attributes:
        key: its name (for a prefix: with the final dot).
        type: ``string``, ``int``, ``double``, ``boolean``, ``string[]`` or ``any``.
        privacy: its class.
        category: the consent category that it needs (class C).
        max_length: characters kept of one text value.
        pattern: what a whole text value (or element) must match, RE2 syntax.
        catalogue: the closed list of its values (or elements).
        hashed: the value is the program's own id and is replaced by a keyed hash.
        fallback: what stands in place of a value outside catalogue or pattern; ``None``: ``other-<key id>-<keyed hash>``.
        max_items: elements kept of a list.
        own_only: never to an upstream destination.
        content: class N, but code may let it through explicitly, to an own destination only.
        category_in: span kind → category that it needs there instead of ``category``.
    """

    key: str
    type: str
    privacy: Privacy
    category: str | None = None
    max_length: int | None = None
    pattern: str | None = None
    catalogue: frozenset[str] | None = None
    hashed: bool = False
    fallback: str | None = None
    max_items: int | None = None
    own_only: bool = False
    content: bool = False
    category_in: Mapping[str, str] = MappingProxyType({})


class Kind(NamedTuple):
    """What a span is about: its name is ``{operation} {value of name_key}``, or the bare operation."""

    operation: str
    category: str
    name_key: str


class Event(NamedTuple):
    """A log record with an event name; ``category`` is ``None`` where no consent category is needed."""

    name: str
    category: str | None
    attributes: frozenset[str]


class Metric(NamedTuple):
    """A metric; ``category`` is ``None`` for the package's own health, which leaves only to own destinations."""

    name: str
    instrument: str
    unit: str
    category: str | None
    attributes: frozenset[str]
    brief: str


SCOPE_NAME: Final = "otel_smart_agents"
"""Name of the instrumentation scope of everything that this package records."""
SCHEMA_URL: Final = "https://opentelemetry.io/schemas/1.44.0"
"""Stands on the instrumentation scope only: merging resources with different schema URLs loses attributes."""


# Names of attributes
SMART_AGENTS_KIND: Final = "smart_agents.kind"
SMART_AGENTS_OUTCOME: Final = "smart_agents.outcome"
SMART_AGENTS_ERROR_CATEGORY: Final = "smart_agents.error.category"
SMART_AGENTS_ERROR_COMPONENT: Final = "smart_agents.error.component"
SMART_AGENTS_ERROR_STACK_HASH: Final = "smart_agents.error.stack_hash"
SMART_AGENTS_COST_AMOUNT: Final = "smart_agents.cost.amount"
SMART_AGENTS_COST_CURRENCY: Final = "smart_agents.cost.currency"
SMART_AGENTS_COST_SOURCE: Final = "smart_agents.cost.source"
SMART_AGENTS_TASK_TYPE: Final = "smart_agents.task.type"
SMART_AGENTS_TASK_FILE_TYPE: Final = "smart_agents.task.file_type"
SMART_AGENTS_TASK_SIZE: Final = "smart_agents.task.size"
SMART_AGENTS_SKILL_PHASE: Final = "smart_agents.skill.phase"
SMART_AGENTS_SKILL_VERSION: Final = "smart_agents.skill.version"
SMART_AGENTS_FEATURE_NAME: Final = "smart_agents.feature.name"
SMART_AGENTS_FEATURE_ACTION: Final = "smart_agents.feature.action"
SMART_AGENTS_COMMAND_NAME: Final = "smart_agents.command.name"
SMART_AGENTS_STEP_NAME: Final = "smart_agents.step.name"
SMART_AGENTS_WORKFLOW_STEPS: Final = "smart_agents.workflow.steps"
SMART_AGENTS_WORKFLOW_STEP_COUNT: Final = "smart_agents.workflow.step.count"
SMART_AGENTS_WORKFLOW_PATTERN_HASH: Final = "smart_agents.workflow.pattern_hash"
SMART_AGENTS_SOURCE: Final = "smart_agents.source"
SMART_AGENTS_SOURCE_REF: Final = "smart_agents.source.ref"
SMART_AGENTS_CONSENT_POLICY_VERSION: Final = "smart_agents.consent.policy_version"
SMART_AGENTS_CONSENT_EPOCH: Final = "smart_agents.consent.epoch"
SMART_AGENTS_CONSENT_CATEGORIES: Final = "smart_agents.consent.categories"
SMART_AGENTS_CONSENT_RECEIPT_HASH: Final = "smart_agents.consent.receipt_hash"
SMART_AGENTS_CONSENT_SUBJECT: Final = "smart_agents.consent.subject"
SMART_AGENTS_REDACTION_COUNT: Final = "smart_agents.redaction.count"
SMART_AGENTS_SAMPLING_RATIO: Final = "smart_agents.sampling.ratio"
SMART_AGENTS_DELETION_INSTALLATION_ID: Final = "smart_agents.deletion.installation_id"
SMART_AGENTS_DELETION_PROOF: Final = "smart_agents.deletion.proof"
SMART_AGENTS_DROP_REASON: Final = "smart_agents.drop.reason"
SMART_AGENTS_EXPORT_RESULT: Final = "smart_agents.export.result"
SMART_AGENTS_SIGNAL: Final = "smart_agents.signal"
HTTP_REQUEST_METHOD: Final = "http.request.method"
HTTP_REQUEST_METHOD_ORIGINAL: Final = "http.request.method_original"
HTTP_REQUEST_RESEND_COUNT: Final = "http.request.resend_count"
HTTP_REQUEST_BODY_SIZE: Final = "http.request.body.size"
HTTP_RESPONSE_STATUS_CODE: Final = "http.response.status_code"
HTTP_RESPONSE_BODY_SIZE: Final = "http.response.body.size"
HTTP_ROUTE: Final = "http.route"
NETWORK_PEER_ADDRESS: Final = "network.peer.address"
NETWORK_PEER_PORT: Final = "network.peer.port"
NETWORK_PROTOCOL_NAME: Final = "network.protocol.name"
NETWORK_PROTOCOL_VERSION: Final = "network.protocol.version"
NETWORK_TRANSPORT: Final = "network.transport"
NETWORK_TYPE: Final = "network.type"
SERVER_ADDRESS: Final = "server.address"
SERVER_PORT: Final = "server.port"
URL_SCHEME: Final = "url.scheme"
URL_FULL: Final = "url.full"
URL_PATH: Final = "url.path"
URL_TEMPLATE: Final = "url.template"
URL_QUERY: Final = "url.query"
USER_AGENT_ORIGINAL: Final = "user_agent.original"
HTTP_METHOD: Final = "http.method"
HTTP_STATUS_CODE: Final = "http.status_code"
HTTP_URL: Final = "http.url"
HTTP_TARGET: Final = "http.target"
HTTP_HOST: Final = "http.host"
HTTP_SCHEME: Final = "http.scheme"
HTTP_FLAVOR: Final = "http.flavor"
HTTP_SERVER_NAME: Final = "http.server_name"
HTTP_USER_AGENT: Final = "http.user_agent"
HTTP_REQUEST_CONTENT_LENGTH: Final = "http.request_content_length"
HTTP_RESPONSE_CONTENT_LENGTH: Final = "http.response_content_length"
NET_PEER_NAME: Final = "net.peer.name"
NET_PEER_PORT: Final = "net.peer.port"
NET_PEER_IP: Final = "net.peer.ip"
NET_HOST_NAME: Final = "net.host.name"
NET_HOST_PORT: Final = "net.host.port"
NET_TRANSPORT: Final = "net.transport"
DB_SYSTEM_NAME: Final = "db.system.name"
DB_NAMESPACE: Final = "db.namespace"
DB_COLLECTION_NAME: Final = "db.collection.name"
DB_OPERATION_NAME: Final = "db.operation.name"
DB_OPERATION_BATCH_SIZE: Final = "db.operation.batch.size"
DB_QUERY_SUMMARY: Final = "db.query.summary"
DB_QUERY_TEXT: Final = "db.query.text"
DB_RESPONSE_STATUS_CODE: Final = "db.response.status_code"
DB_STORED_PROCEDURE_NAME: Final = "db.stored_procedure.name"
DB_RESPONSE_RETURNED_ROWS: Final = "db.response.returned_rows"
DB_SYSTEM: Final = "db.system"
DB_NAME: Final = "db.name"
DB_OPERATION: Final = "db.operation"
DB_STATEMENT: Final = "db.statement"
DB_SQL_TABLE: Final = "db.sql.table"
RPC_SYSTEM_NAME: Final = "rpc.system.name"
RPC_SYSTEM: Final = "rpc.system"
RPC_SERVICE: Final = "rpc.service"
RPC_METHOD: Final = "rpc.method"
RPC_RESPONSE_STATUS_CODE: Final = "rpc.response.status_code"
RPC_GRPC_STATUS_CODE: Final = "rpc.grpc.status_code"
JSONRPC_PROTOCOL_VERSION: Final = "jsonrpc.protocol.version"
MCP_METHOD_NAME: Final = "mcp.method.name"
MCP_PROTOCOL_VERSION: Final = "mcp.protocol.version"
MESSAGING_SYSTEM: Final = "messaging.system"
MESSAGING_OPERATION_NAME: Final = "messaging.operation.name"
MESSAGING_OPERATION_TYPE: Final = "messaging.operation.type"
MESSAGING_DESTINATION_NAME: Final = "messaging.destination.name"
MESSAGING_DESTINATION_TEMPLATE: Final = "messaging.destination.template"
MESSAGING_DESTINATION_PARTITION_ID: Final = "messaging.destination.partition.id"
MESSAGING_DESTINATION_ANONYMOUS: Final = "messaging.destination.anonymous"
MESSAGING_DESTINATION_TEMPORARY: Final = "messaging.destination.temporary"
MESSAGING_DESTINATION_SUBSCRIPTION_NAME: Final = "messaging.destination.subscription.name"
MESSAGING_CONSUMER_GROUP_NAME: Final = "messaging.consumer.group.name"
MESSAGING_BATCH_MESSAGE_COUNT: Final = "messaging.batch.message_count"
MESSAGING_MESSAGE_BODY_SIZE: Final = "messaging.message.body.size"
MESSAGING_MESSAGE_ENVELOPE_SIZE: Final = "messaging.message.envelope.size"
MESSAGING_OPERATION: Final = "messaging.operation"
SERVICE_NAMESPACE: Final = "service.namespace"
DEPLOYMENT_ENVIRONMENT_NAME: Final = "deployment.environment.name"
EXCEPTION_ESCAPED: Final = "exception.escaped"
GEN_AI_SYSTEM: Final = "gen_ai.system"
OPENINFERENCE_SPAN_KIND: Final = "openinference.span.kind"
GEN_AI_OPERATION_NAME: Final = "gen_ai.operation.name"
GEN_AI_AGENT_NAME: Final = "gen_ai.agent.name"
GEN_AI_AGENT_VERSION: Final = "gen_ai.agent.version"
GEN_AI_TOOL_NAME: Final = "gen_ai.tool.name"
GEN_AI_TOOL_TYPE: Final = "gen_ai.tool.type"
GEN_AI_SKILL_NAME: Final = "gen_ai.skill.name"
GEN_AI_WORKFLOW_NAME: Final = "gen_ai.workflow.name"
GEN_AI_PROVIDER_NAME: Final = "gen_ai.provider.name"
GEN_AI_REQUEST_MODEL: Final = "gen_ai.request.model"
GEN_AI_RESPONSE_MODEL: Final = "gen_ai.response.model"
GEN_AI_USAGE_INPUT_TOKENS: Final = "gen_ai.usage.input_tokens"
GEN_AI_USAGE_OUTPUT_TOKENS: Final = "gen_ai.usage.output_tokens"
GEN_AI_USAGE_CACHE_READ_INPUT_TOKENS: Final = "gen_ai.usage.cache_read.input_tokens"
GEN_AI_USAGE_CACHE_WRITE_INPUT_TOKENS: Final = "gen_ai.usage.cache_write.input_tokens"
GEN_AI_USAGE_CACHE_CREATION_INPUT_TOKENS: Final = "gen_ai.usage.cache_creation.input_tokens"
GEN_AI_USAGE_REASONING_OUTPUT_TOKENS: Final = "gen_ai.usage.reasoning.output_tokens"
GEN_AI_TOKEN_TYPE: Final = "gen_ai.token.type"
GEN_AI_REQUEST_MAX_TOKENS: Final = "gen_ai.request.max_tokens"
GEN_AI_REQUEST_TEMPERATURE: Final = "gen_ai.request.temperature"
GEN_AI_REQUEST_TOP_P: Final = "gen_ai.request.top_p"
GEN_AI_REQUEST_TOP_K: Final = "gen_ai.request.top_k"
GEN_AI_REQUEST_FREQUENCY_PENALTY: Final = "gen_ai.request.frequency_penalty"
GEN_AI_REQUEST_PRESENCE_PENALTY: Final = "gen_ai.request.presence_penalty"
GEN_AI_REQUEST_CHOICE_COUNT: Final = "gen_ai.request.choice.count"
GEN_AI_REQUEST_STREAM: Final = "gen_ai.request.stream"
GEN_AI_OUTPUT_TYPE: Final = "gen_ai.output.type"
GEN_AI_RESPONSE_FINISH_REASONS: Final = "gen_ai.response.finish_reasons"
GEN_AI_RESPONSE_TIME_TO_FIRST_CHUNK: Final = "gen_ai.response.time_to_first_chunk"
GEN_AI_CONVERSATION_ID: Final = "gen_ai.conversation.id"
GEN_AI_EVALUATION_NAME: Final = "gen_ai.evaluation.name"
GEN_AI_EVALUATION_SCORE_VALUE: Final = "gen_ai.evaluation.score.value"
GEN_AI_EVALUATION_SCORE_LABEL: Final = "gen_ai.evaluation.score.label"
ERROR_TYPE: Final = "error.type"
EXCEPTION_TYPE: Final = "exception.type"
GEN_AI_INPUT_MESSAGES: Final = "gen_ai.input.messages"
GEN_AI_OUTPUT_MESSAGES: Final = "gen_ai.output.messages"
GEN_AI_SYSTEM_INSTRUCTIONS: Final = "gen_ai.system_instructions"
GEN_AI_TOOL_CALL_ARGUMENTS: Final = "gen_ai.tool.call.arguments"
GEN_AI_TOOL_CALL_RESULT: Final = "gen_ai.tool.call.result"
GEN_AI_TOOL_DEFINITIONS: Final = "gen_ai.tool.definitions"
GEN_AI_PROMPT: Final = "gen_ai.prompt"
GEN_AI_COMPLETION: Final = "gen_ai.completion"
GEN_AI_RETRIEVAL_DOCUMENTS: Final = "gen_ai.retrieval.documents"
GEN_AI_RETRIEVAL_QUERY_TEXT: Final = "gen_ai.retrieval.query.text"
GEN_AI_EVALUATION_EXPLANATION: Final = "gen_ai.evaluation.explanation"
GEN_AI_AGENT_DESCRIPTION: Final = "gen_ai.agent.description"
GEN_AI_TOOL_DESCRIPTION: Final = "gen_ai.tool.description"
GEN_AI_SKILL_DESCRIPTION: Final = "gen_ai.skill.description"
GEN_AI_SKILL_SOURCE_URI: Final = "gen_ai.skill.source.uri"
EXCEPTION_MESSAGE: Final = "exception.message"
EXCEPTION_STACKTRACE: Final = "exception.stacktrace"
ERROR_MESSAGE: Final = "error.message"
PROCESS_COMMAND_LINE: Final = "process.command_line"
PROCESS_COMMAND_ARGS: Final = "process.command_args"
PROCESS_OWNER: Final = "process.owner"
PROCESS_EXECUTABLE_PATH: Final = "process.executable.path"
CODE_FILE_PATH: Final = "code.file.path"
APP_INSTALLATION_ID: Final = "app.installation.id"
SERVICE_INSTANCE_ID: Final = "service.instance.id"
SESSION_ID: Final = "session.id"
SERVICE_NAME: Final = "service.name"
SERVICE_VERSION: Final = "service.version"
TELEMETRY_DISTRO_NAME: Final = "telemetry.distro.name"
TELEMETRY_DISTRO_VERSION: Final = "telemetry.distro.version"
TELEMETRY_SDK_NAME: Final = "telemetry.sdk.name"
TELEMETRY_SDK_LANGUAGE: Final = "telemetry.sdk.language"
TELEMETRY_SDK_VERSION: Final = "telemetry.sdk.version"
PROCESS_RUNTIME_NAME: Final = "process.runtime.name"
PROCESS_RUNTIME_VERSION: Final = "process.runtime.version"
OS_TYPE: Final = "os.type"

# Closed lists of values
# fmt: off
OUTCOMES: Final = frozenset({"abandoned", "cancelled", "denied", "failure", "interrupted", "success", "timeout"})
ERROR_CATEGORIES: Final = frozenset({"auth", "config", "dependency", "filesystem", "network", "rate_limit", "runtime", "timeout", "unknown", "validation"})
SKILL_PHASES: Final = frozenset({"command", "load", "resource", "run"})
FEATURE_ACTIONS: Final = frozenset({"configured", "disabled", "enabled", "used"})
SOURCES: Final = frozenset({"builtin", "curated", "flea", "local", "unknown"})
TASK_SIZES: Final = frozenset({"0", "1-10", "10-100", "100-1k", "100k-1m", "10k-100k", "1k-10k", "1m+"})
TOOL_TYPES: Final = frozenset({"datastore", "extension", "function", "skill"})
PROVIDERS: Final = frozenset({"alibaba_cloud", "anthropic", "aws.bedrock", "azure.ai.inference", "azure.ai.openai", "cerebras", "cohere", "deepseek", "fireworks_ai", "gcp.gemini", "gcp.gen_ai", "gcp.vertex_ai", "github", "groq", "huggingface", "ibm.watsonx.ai", "litellm", "llama_cpp", "lm_studio", "minimax", "mistral_ai", "moonshot_ai", "nvidia", "ollama", "openai", "openrouter", "other", "perplexity", "replicate", "sambanova", "together_ai", "vllm", "x_ai", "zhipu_ai"})
OPERATIONS: Final = frozenset({"chat", "create_agent", "embeddings", "execute_tool", "generate_content", "invoke_agent", "invoke_workflow", "retrieval", "text_completion"})
DROP_REASONS: Final = frozenset({"age", "busy", "cap", "cleared", "consent", "corrupt", "disk_error", "disk_full", "oversize", "queue", "redaction_error", "rejected", "unencodable", "unfinished"})
EXPORT_RESULTS: Final = frozenset({"ok", "partial", "rejected", "retry"})
CONSENT_CATEGORIES: Final = frozenset({"agent", "error", "feature", "performance", "skill", "workflow"})
OTHER: Final = "other"
ERROR_TYPE_OTHER: Final = "_OTHER"
# fmt: on

# Patterns of whole values
PATTERN_COMMAND: Final = r"/?[A-Za-z0-9][A-Za-z0-9._:-]{0,62}"
PATTERN_CURRENCY: Final = r"[A-Z]{3}"
PATTERN_ERROR_TYPE: Final = r"[A-Za-z0-9_][A-Za-z0-9_.]{0,127}"
PATTERN_FILE_TYPE: Final = r"[A-Za-z0-9.+#_-]{1,32}"
PATTERN_MODEL: Final = r"(?i:(?:(?:huggingfacetb|fireworks_ai|nousresearch|deepseek-ai|huggingface|ibm-granite|stabilityai|together_ai|coherelabs|databricks|meta-llama|moonshotai|openrouter|perplexity|publishers|anthropic|bytedance|fireworks|inference|microsoft|minimaxai|mistralai|sambanova|snowflake|stability|vertex_ai|accounts|ai21labs|cerebras|deepmind|deepseek|moonshot|together|alibaba|allenai|bedrock|minimax|mistral|tencent|zai-org|zhipuai|amazon|cohere|gemini|github|global|google|liquid|models|nvidia|ollama|openai|us-gov|writer|01-ai|azure|baidu|lg-ai|ai21|apac|baai|groq|meta|qwen|x-ai|z-ai|aws|ibm|xai|au|eu|jp|us)[./-])*(?:stable-diffusion|text-moderation|text-embedding|computer-use|text-bison|codegemma|codellama|codestral|magistral|ministral|starcoder|deepseek|devstral|internlm|jurassic|moonshot|nemotron|wizardlm|babbage|chatglm|chatgpt|command|davinci|dolphin|granite|hunyuan|mercury|minicpm|minimax|mistral|mixtral|palmyra|pixtral|voxtral|whisper|arctic|claude|cogito|dall-e|exaone|falcon|gemini|hermes|imagen|rerank|smollm|vicuna|voyage|zephyr|bloom|codex|embed|ernie|gecko|gemma|jamba|llama|llava|nomic|solar|sonar|titan|c4ai|dbrx|flux|grok|jina|kimi|ling|nova|olmo|omni|orca|palm|qwen|reka|seed|sora|step|tulu|aya|bge|glm|gpt|gte|phi|qvq|qwq|tts|veo|e5|o1|o3|o4|yi)(?:[0-9][a-z0-9]{0,7})?(?:[-_.:/@ ](?:experimental|multilingual|customtools|moderation|multimodal|transcribe|codegemma|codellama|codestral|distilled|embedding|highspeed|lightning|magistral|ministral|reasoning|starcoder|compound|deepseek|devstral|generate|instruct|internlm|jurassic|maverick|moonshot|nemotron|realtime|reasoner|research|speciale|terminus|thinking|wizardlm|babbage|chatglm|chatgpt|command|davinci|diarize|distill|dolphin|english|express|granite|hunyuan|instant|mercury|minicpm|minimax|mistral|mixtral|nightly|palmyra|pixtral|premier|preview|voxtral|whisper|arctic|canvas|claude|cogito|exaone|falcon|gemini|hermes|imagen|latest|medium|online|prover|rerank|search|smollm|sonnet|speech|vicuna|vision|voyage|zephyr|alpha|audio|bloom|coder|codex|embed|ernie|flash|gecko|gemma|guard|haiku|image|jamba|large|llama|llava|micro|nomic|prime|scout|small|solar|sonar|spark|super|think|titan|turbo|ultra|video|apex|base|beta|chat|code|dbrx|deep|edit|fast|flux|free|gguf|gptq|grok|high|jina|kimi|ling|lite|live|long|math|mini|nano|next|nova|olmo|omni|opus|orca|palm|plus|qwen|reka|saba|seed|sora|step|text|tiny|tool|tulu|zero|ada|air|awq|aya|bge|dev|dpo|exp|glm|gpt|gte|int|low|max|moe|non|ocr|oss|phi|pro|qvq|qwq|sft|stt|tee|tts|use|veo|vlm|yue|en|fp|hd|hf|it|pt|vl|xl|xs|yi|zh|k|l|m|r|s|v|[a-z]{0,3}[0-9][a-z0-9]{0,11}))*)"
PATTERN_NAME: Final = r"[A-Za-z0-9][A-Za-z0-9._:/@ -]{0,127}"
PATTERN_PSEUDONYM: Final = r"[A-Za-z0-9_]{1,16}-[0-9a-f]{16,64}"
PATTERN_SHA256: Final = r"[0-9a-f]{64}"
PATTERN_STACK_HASH: Final = r"v1:[0-9a-f]{16}"
PATTERN_STEP: Final = r"(?:agent|skill|tool|workflow|step):[A-Za-z0-9][A-Za-z0-9._:/@ -]{0,127}|agent|skill|tool|workflow|step"
PATTERN_UUID: Final = r"[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}"

_S, _P, _C, _N, _SCAN = Privacy

# fmt: off
_TABLE: Final = (
    Attribute("smart_agents.kind", "string", _S, catalogue=frozenset({"agent", "feature", "rating", "skill", "step", "tool", "workflow"})),
    Attribute("smart_agents.outcome", "string", _S, catalogue=frozenset({"abandoned", "cancelled", "denied", "failure", "interrupted", "success", "timeout"})),
    Attribute("smart_agents.error.category", "string", _C, category="error", catalogue=frozenset({"auth", "config", "dependency", "filesystem", "network", "rate_limit", "runtime", "timeout", "unknown", "validation"})),
    Attribute("smart_agents.error.component", "string", _C, category="error", max_length=128, pattern=PATTERN_NAME),
    Attribute("smart_agents.error.stack_hash", "string", _C, category="error", max_length=19, pattern=PATTERN_STACK_HASH),
    Attribute("smart_agents.cost.amount", "double", _C, category="agent"),
    Attribute("smart_agents.cost.currency", "string", _C, category="agent", max_length=3, pattern=PATTERN_CURRENCY),
    Attribute("smart_agents.cost.source", "string", _C, category="agent", catalogue=frozenset({"estimated", "local", "provider"})),
    Attribute("smart_agents.task.type", "string", _C, category="agent", max_length=64, pattern=PATTERN_NAME),
    Attribute("smart_agents.task.file_type", "string", _C, category="agent", max_length=32, pattern=PATTERN_FILE_TYPE),
    Attribute("smart_agents.task.size", "string", _C, category="agent", catalogue=frozenset({"0", "1-10", "10-100", "100-1k", "100k-1m", "10k-100k", "1k-10k", "1m+"})),
    Attribute("smart_agents.skill.phase", "string", _S, catalogue=frozenset({"command", "load", "resource", "run"})),
    Attribute("smart_agents.skill.version", "string", _C, category="skill", max_length=64, pattern=PATTERN_NAME),
    Attribute("smart_agents.feature.name", "string", _C, category="feature", max_length=128, pattern=PATTERN_NAME),
    Attribute("smart_agents.feature.action", "string", _C, category="feature", catalogue=frozenset({"configured", "disabled", "enabled", "used"})),
    Attribute("smart_agents.command.name", "string", _C, category="feature", max_length=64, pattern=PATTERN_COMMAND),
    Attribute("smart_agents.step.name", "string", _C, category="workflow", max_length=128, pattern=PATTERN_NAME),
    Attribute("smart_agents.workflow.steps", "string[]", _C, category="workflow", max_length=140, pattern=PATTERN_STEP, max_items=32),
    Attribute("smart_agents.workflow.step.count", "int", _C, category="workflow"),
    Attribute("smart_agents.workflow.pattern_hash", "string", _C, category="workflow", max_length=19, pattern=PATTERN_STACK_HASH),
    Attribute("smart_agents.source", "string", _S, catalogue=frozenset({"builtin", "curated", "flea", "local", "unknown"})),
    Attribute("smart_agents.source.ref", "string", _C, category="skill", max_length=128, pattern=PATTERN_NAME),
    Attribute("smart_agents.consent.policy_version", "string", _S, max_length=64, pattern=PATTERN_NAME),
    Attribute("smart_agents.consent.epoch", "int", _S),
    Attribute("smart_agents.consent.categories", "string[]", _S, max_length=16, catalogue=frozenset({"agent", "error", "feature", "performance", "skill", "workflow"}), max_items=6),
    Attribute("smart_agents.consent.receipt_hash", "string", _S, max_length=64, pattern=PATTERN_SHA256),
    Attribute("smart_agents.consent.subject", "string", _P, max_length=64, pattern=PATTERN_PSEUDONYM, hashed=True),
    Attribute("smart_agents.redaction.count", "int", _S),
    Attribute("smart_agents.sampling.ratio", "double", _S),
    Attribute("smart_agents.deletion.installation_id", "string", _P, max_length=36, pattern=PATTERN_UUID),
    Attribute("smart_agents.deletion.proof", "string", _P, max_length=64, pattern=PATTERN_SHA256),
    Attribute("smart_agents.drop.reason", "string", _S, catalogue=frozenset({"age", "busy", "cap", "cleared", "consent", "corrupt", "disk_error", "disk_full", "oversize", "queue", "redaction_error", "rejected", "unencodable", "unfinished"}), fallback="other", own_only=True),
    Attribute("smart_agents.export.result", "string", _S, catalogue=frozenset({"ok", "partial", "rejected", "retry"}), fallback="other", own_only=True),
    Attribute("smart_agents.signal", "string", _S, catalogue=frozenset({"logs", "metrics", "traces"}), fallback="other", own_only=True),
    Attribute("http.request.method", "string", _SCAN),
    Attribute("http.request.method_original", "string", _SCAN),
    Attribute("http.request.resend_count", "int", _SCAN),
    Attribute("http.request.body.size", "int", _SCAN),
    Attribute("http.response.status_code", "int", _SCAN),
    Attribute("http.response.body.size", "int", _SCAN),
    Attribute("http.route", "string", _SCAN),
    Attribute("network.peer.address", "string", _SCAN),
    Attribute("network.peer.port", "int", _SCAN),
    Attribute("network.protocol.name", "string", _SCAN),
    Attribute("network.protocol.version", "string", _SCAN),
    Attribute("network.transport", "string", _SCAN),
    Attribute("network.type", "string", _SCAN),
    Attribute("server.address", "string", _SCAN),
    Attribute("server.port", "int", _SCAN),
    Attribute("url.scheme", "string", _SCAN, max_length=2048),
    Attribute("url.full", "string", _SCAN, max_length=2048),
    Attribute("url.path", "string", _SCAN, max_length=2048),
    Attribute("url.template", "string", _SCAN, max_length=2048),
    Attribute("url.query", "string", _SCAN, max_length=2048),
    Attribute("user_agent.original", "string", _SCAN),
    Attribute("http.method", "string", _SCAN),
    Attribute("http.status_code", "int", _SCAN),
    Attribute("http.url", "string", _SCAN),
    Attribute("http.target", "string", _SCAN),
    Attribute("http.host", "string", _SCAN),
    Attribute("http.scheme", "string", _SCAN),
    Attribute("http.flavor", "string", _SCAN),
    Attribute("http.server_name", "string", _SCAN),
    Attribute("http.user_agent", "string", _SCAN),
    Attribute("http.request_content_length", "int", _SCAN),
    Attribute("http.response_content_length", "int", _SCAN),
    Attribute("net.peer.name", "string", _SCAN),
    Attribute("net.peer.port", "int", _SCAN),
    Attribute("net.peer.ip", "string", _SCAN),
    Attribute("net.host.name", "string", _SCAN),
    Attribute("net.host.port", "int", _SCAN),
    Attribute("net.transport", "string", _SCAN),
    Attribute("db.system.name", "string", _SCAN),
    Attribute("db.namespace", "string", _SCAN),
    Attribute("db.collection.name", "string", _SCAN),
    Attribute("db.operation.name", "string", _SCAN),
    Attribute("db.operation.batch.size", "int", _SCAN),
    Attribute("db.query.summary", "string", _SCAN),
    Attribute("db.query.text", "string", _SCAN, max_length=2048),
    Attribute("db.response.status_code", "string", _SCAN),
    Attribute("db.stored_procedure.name", "string", _SCAN),
    Attribute("db.response.returned_rows", "int", _SCAN),
    Attribute("db.system", "string", _SCAN),
    Attribute("db.name", "string", _SCAN),
    Attribute("db.operation", "string", _SCAN),
    Attribute("db.statement", "string", _SCAN, max_length=2048),
    Attribute("db.sql.table", "string", _SCAN),
    Attribute("rpc.system.name", "string", _SCAN),
    Attribute("rpc.system", "string", _SCAN),
    Attribute("rpc.service", "string", _SCAN),
    Attribute("rpc.method", "string", _SCAN),
    Attribute("rpc.response.status_code", "string", _SCAN),
    Attribute("rpc.grpc.status_code", "int", _SCAN),
    Attribute("jsonrpc.protocol.version", "string", _SCAN),
    Attribute("mcp.method.name", "string", _SCAN),
    Attribute("mcp.protocol.version", "string", _SCAN),
    Attribute("messaging.system", "string", _SCAN),
    Attribute("messaging.operation.name", "string", _SCAN),
    Attribute("messaging.operation.type", "string", _SCAN),
    Attribute("messaging.destination.name", "string", _SCAN),
    Attribute("messaging.destination.template", "string", _SCAN),
    Attribute("messaging.destination.partition.id", "string", _SCAN),
    Attribute("messaging.destination.anonymous", "boolean", _SCAN),
    Attribute("messaging.destination.temporary", "boolean", _SCAN),
    Attribute("messaging.destination.subscription.name", "string", _SCAN),
    Attribute("messaging.consumer.group.name", "string", _SCAN),
    Attribute("messaging.batch.message_count", "int", _SCAN),
    Attribute("messaging.message.body.size", "int", _SCAN),
    Attribute("messaging.message.envelope.size", "int", _SCAN),
    Attribute("messaging.operation", "string", _SCAN),
    Attribute("service.namespace", "string", _SCAN),
    Attribute("deployment.environment.name", "string", _SCAN),
    Attribute("exception.escaped", "boolean", _SCAN),
    Attribute("gen_ai.system", "string", _SCAN),
    Attribute("openinference.span.kind", "string", _S, catalogue=frozenset({"AGENT", "CHAIN", "TOOL"}), fallback="other", own_only=True),
    Attribute("gen_ai.operation.name", "string", _S, catalogue=frozenset({"chat", "create_agent", "embeddings", "execute_tool", "generate_content", "invoke_agent", "invoke_workflow", "retrieval", "text_completion"}), fallback="other"),
    Attribute("gen_ai.agent.name", "string", _C, category="agent", max_length=128, pattern=PATTERN_NAME, category_in=MappingProxyType({"skill": "skill"})),
    Attribute("gen_ai.agent.version", "string", _C, category="agent", max_length=64, pattern=PATTERN_NAME),
    Attribute("gen_ai.tool.name", "string", _C, category="skill", max_length=128, pattern=PATTERN_NAME),
    Attribute("gen_ai.tool.type", "string", _S, catalogue=frozenset({"datastore", "extension", "function", "skill"}), fallback="other"),
    Attribute("gen_ai.skill.name", "string", _C, category="skill", max_length=128, pattern=PATTERN_NAME),
    Attribute("gen_ai.workflow.name", "string", _C, category="workflow", max_length=128, pattern=PATTERN_NAME),
    Attribute("gen_ai.provider.name", "string", _C, category="agent", catalogue=frozenset({"alibaba_cloud", "anthropic", "aws.bedrock", "azure.ai.inference", "azure.ai.openai", "cerebras", "cohere", "deepseek", "fireworks_ai", "gcp.gemini", "gcp.gen_ai", "gcp.vertex_ai", "github", "groq", "huggingface", "ibm.watsonx.ai", "litellm", "llama_cpp", "lm_studio", "minimax", "mistral_ai", "moonshot_ai", "nvidia", "ollama", "openai", "openrouter", "other", "perplexity", "replicate", "sambanova", "together_ai", "vllm", "x_ai", "zhipu_ai"}), fallback="other"),
    Attribute("gen_ai.request.model", "string", _C, category="agent", max_length=96, pattern=PATTERN_MODEL, fallback="other"),
    Attribute("gen_ai.response.model", "string", _C, category="agent", max_length=96, pattern=PATTERN_MODEL, fallback="other"),
    Attribute("gen_ai.usage.input_tokens", "int", _C, category="agent"),
    Attribute("gen_ai.usage.output_tokens", "int", _C, category="agent"),
    Attribute("gen_ai.usage.cache_read.input_tokens", "int", _C, category="agent"),
    Attribute("gen_ai.usage.cache_write.input_tokens", "int", _C, category="agent"),
    Attribute("gen_ai.usage.cache_creation.input_tokens", "int", _C, category="agent"),
    Attribute("gen_ai.usage.reasoning.output_tokens", "int", _C, category="agent"),
    Attribute("gen_ai.token.type", "string", _S, catalogue=frozenset({"input", "output"}), fallback="other", own_only=True),
    Attribute("gen_ai.request.max_tokens", "int", _C, category="agent"),
    Attribute("gen_ai.request.temperature", "double", _C, category="agent"),
    Attribute("gen_ai.request.top_p", "double", _C, category="agent"),
    Attribute("gen_ai.request.top_k", "double", _C, category="agent"),
    Attribute("gen_ai.request.frequency_penalty", "double", _C, category="agent"),
    Attribute("gen_ai.request.presence_penalty", "double", _C, category="agent"),
    Attribute("gen_ai.request.choice.count", "int", _C, category="agent"),
    Attribute("gen_ai.request.stream", "boolean", _C, category="agent"),
    Attribute("gen_ai.output.type", "string", _C, category="agent", catalogue=frozenset({"image", "json", "speech", "text"}), fallback="other"),
    Attribute("gen_ai.response.finish_reasons", "string[]", _C, category="agent", max_length=32, catalogue=frozenset({"content_filter", "end", "end_turn", "error", "function_call", "length", "max_tokens", "pause_turn", "recitation", "refusal", "safety", "stop", "stop_sequence", "tool_call", "tool_calls", "tool_use"}), fallback="other", max_items=8),
    Attribute("gen_ai.response.time_to_first_chunk", "double", _C, category="agent"),
    Attribute("gen_ai.conversation.id", "string", _P, max_length=64, pattern=PATTERN_PSEUDONYM, hashed=True),
    Attribute("gen_ai.evaluation.name", "string", _C, category="skill", max_length=64, pattern=PATTERN_NAME),
    Attribute("gen_ai.evaluation.score.value", "double", _C, category="skill"),
    Attribute("gen_ai.evaluation.score.label", "string", _C, category="skill", max_length=64, pattern=PATTERN_NAME),
    Attribute("error.type", "string", _C, category="error", max_length=128, pattern=PATTERN_ERROR_TYPE, fallback="_OTHER"),
    Attribute("exception.type", "string", _C, category="error", max_length=128, pattern=PATTERN_ERROR_TYPE, fallback="_OTHER"),
    Attribute("gen_ai.input.messages", "any", _N, content=True),
    Attribute("gen_ai.output.messages", "any", _N, content=True),
    Attribute("gen_ai.system_instructions", "any", _N, content=True),
    Attribute("gen_ai.tool.call.arguments", "any", _N, content=True),
    Attribute("gen_ai.tool.call.result", "any", _N, content=True),
    Attribute("gen_ai.tool.definitions", "any", _N, content=True),
    Attribute("gen_ai.prompt", "string", _N, content=True),
    Attribute("gen_ai.completion", "string", _N, content=True),
    Attribute("gen_ai.retrieval.documents", "any", _N, content=True),
    Attribute("gen_ai.retrieval.query.text", "string", _N, content=True),
    Attribute("gen_ai.evaluation.explanation", "string", _N),
    Attribute("gen_ai.agent.description", "string", _N),
    Attribute("gen_ai.tool.description", "string", _N),
    Attribute("gen_ai.skill.description", "string", _N),
    Attribute("gen_ai.skill.source.uri", "string", _N),
    Attribute("exception.message", "string", _N),
    Attribute("exception.stacktrace", "string", _N),
    Attribute("error.message", "string", _N),
    Attribute("process.command_line", "string", _N),
    Attribute("process.command_args", "string[]", _N),
    Attribute("process.owner", "string", _N),
    Attribute("process.executable.path", "string", _N),
    Attribute("code.file.path", "string", _N),
    Attribute("file_path", "string", _N),
    Attribute("file_content", "string", _N),
    Attribute("code_content", "string", _N),
    Attribute("git_commit", "string", _N),
    Attribute("email", "string", _N),
    Attribute("username", "string", _N),
    Attribute("api_key", "string", _N),
    Attribute("password", "string", _N),
    Attribute("token", "string", _N),
    Attribute("secret", "string", _N),
    Attribute("app.installation.id", "string", _P, max_length=36, pattern=PATTERN_UUID),
    Attribute("service.instance.id", "string", _P, max_length=36, pattern=PATTERN_UUID),
    Attribute("session.id", "string", _P, max_length=36, pattern=PATTERN_UUID),
    Attribute("service.name", "string", _S, max_length=128, pattern=PATTERN_NAME),
    Attribute("service.version", "string", _S, max_length=64, pattern=PATTERN_NAME),
    Attribute("telemetry.distro.name", "string", _S, max_length=64, pattern=PATTERN_NAME),
    Attribute("telemetry.distro.version", "string", _S, max_length=64, pattern=PATTERN_NAME),
    Attribute("telemetry.sdk.name", "string", _S, max_length=64, pattern=PATTERN_NAME),
    Attribute("telemetry.sdk.language", "string", _S, max_length=32, pattern=PATTERN_NAME),
    Attribute("telemetry.sdk.version", "string", _S, max_length=64, pattern=PATTERN_NAME),
    Attribute("process.runtime.name", "string", _S, max_length=64, pattern=PATTERN_NAME),
    Attribute("process.runtime.version", "string", _S, max_length=64, pattern=PATTERN_NAME),
    Attribute("os.type", "string", _S, catalogue=frozenset({"aix", "darwin", "dragonflybsd", "freebsd", "hpux", "linux", "netbsd", "openbsd", "solaris", "windows", "z_os"})),
)
_PREFIXES: Final = (
    Attribute("smart_agents.label.", "any", _SCAN, max_length=256, own_only=True),
    Attribute("smart_agents.capture.", "any", _SCAN, max_length=65536, own_only=True),
)
# fmt: on

ATTRIBUTES: Final[Mapping[str, Attribute]] = MappingProxyType({attribute.key: attribute for attribute in _TABLE})
"""Every registered key, resource keys too."""
KEY_PREFIXES: Final[Mapping[str, Attribute]] = MappingProxyType({attribute.key: attribute for attribute in _PREFIXES})
"""Prefixes under which a program may use names of its own; own destinations only."""

# fmt: off
NEVER_PREFIXES: Final = ("enduser.", "host.", "process.command", "user.")
"""A key that begins with one of these is of class N."""
NEVER_SUFFIXES: Final = (".description",)
"""A key that ends in one of these is of class N."""
NEVER_WORDS: Final = frozenset({"api_key", "code_content", "email", "file_content", "file_path", "git_commit", "password", "secret", "token", "username"})
"""A key is of class N if its words (split at ``. _ -`` and a change of case) contain one of these and it is not registered."""
CONTENT_KEYS: Final = frozenset({"gen_ai.completion", "gen_ai.input.messages", "gen_ai.output.messages", "gen_ai.prompt", "gen_ai.retrieval.documents", "gen_ai.retrieval.query.text", "gen_ai.system_instructions", "gen_ai.tool.call.arguments", "gen_ai.tool.call.result", "gen_ai.tool.definitions"})
"""Keys of class N that code may let through explicitly, to an own destination only."""
# fmt: on

# Kinds of spans, events, metrics
# fmt: off
KINDS: Final[Mapping[str, Kind]] = MappingProxyType({
    "agent": Kind("invoke_agent", "agent", "gen_ai.agent.name"),
    "skill": Kind("execute_tool", "skill", "gen_ai.skill.name"),
    "tool": Kind("execute_tool", "skill", "gen_ai.tool.name"),
    "workflow": Kind("invoke_workflow", "workflow", "gen_ai.workflow.name"),
    "step": Kind("step", "workflow", "smart_agents.step.name"),
    "feature": Kind("smart_agents.feature", "feature", "smart_agents.feature.name"),
    "rating": Kind("smart_agents.rating", "skill", "gen_ai.evaluation.name"),
})
"""Kind (``smart_agents.kind``) → how its spans are named and which consent they need."""
EVENT_RATING: Final = "gen_ai.evaluation.result"
EVENT_FEATURE: Final = "smart_agents.feature.usage"
EVENT_DELETION: Final = "smart_agents.deletion.request"
EVENTS: Final[Mapping[str, Event]] = MappingProxyType({
    EVENT_RATING: Event(EVENT_RATING, "skill", frozenset({"gen_ai.agent.name", "gen_ai.conversation.id", "gen_ai.evaluation.name", "gen_ai.evaluation.score.label", "gen_ai.evaluation.score.value", "gen_ai.skill.name", "gen_ai.workflow.name", "session.id", "smart_agents.consent.categories", "smart_agents.consent.epoch", "smart_agents.consent.policy_version", "smart_agents.consent.receipt_hash", "smart_agents.consent.subject", "smart_agents.redaction.count"})),
    EVENT_FEATURE: Event(EVENT_FEATURE, "feature", frozenset({"gen_ai.agent.name", "gen_ai.conversation.id", "gen_ai.workflow.name", "session.id", "smart_agents.command.name", "smart_agents.consent.categories", "smart_agents.consent.epoch", "smart_agents.consent.policy_version", "smart_agents.consent.receipt_hash", "smart_agents.consent.subject", "smart_agents.feature.action", "smart_agents.feature.name", "smart_agents.redaction.count"})),
    EVENT_DELETION: Event(EVENT_DELETION, None, frozenset({"smart_agents.deletion.installation_id", "smart_agents.deletion.proof"})),
})
METRIC_INVOKE_AGENT_DURATION: Final = "gen_ai.invoke_agent.duration"
METRIC_EXECUTE_TOOL_DURATION: Final = "gen_ai.execute_tool.duration"
METRIC_INVOKE_WORKFLOW_DURATION: Final = "gen_ai.invoke_workflow.duration"
METRIC_QUEUE_SIZE: Final = "smart_agents.queue.size"
METRIC_SPOOL_SIZE: Final = "smart_agents.spool.size"
METRIC_DROPPED: Final = "smart_agents.dropped"
METRIC_REDACTIONS: Final = "smart_agents.redactions"
METRIC_EXPORT_REQUESTS: Final = "smart_agents.export.requests"
METRIC_EXPORT_ITEMS: Final = "smart_agents.export.items"
METRIC_FAILURES: Final = "smart_agents.failures"
METRICS: Final[Mapping[str, Metric]] = MappingProxyType({
    METRIC_INVOKE_AGENT_DURATION: Metric(METRIC_INVOKE_AGENT_DURATION, "histogram", "s", "performance", frozenset({"error.type", "gen_ai.agent.name", "gen_ai.operation.name", "smart_agents.outcome"}), "Duration of runs of agents (base-2 exponential histogram)."),
    METRIC_EXECUTE_TOOL_DURATION: Metric(METRIC_EXECUTE_TOOL_DURATION, "histogram", "s", "performance", frozenset({"error.type", "gen_ai.agent.name", "gen_ai.operation.name", "gen_ai.skill.name", "gen_ai.tool.name", "smart_agents.outcome"}), "Duration of runs of skills and tools (base-2 exponential histogram)."),
    METRIC_INVOKE_WORKFLOW_DURATION: Metric(METRIC_INVOKE_WORKFLOW_DURATION, "histogram", "s", "performance", frozenset({"error.type", "gen_ai.operation.name", "gen_ai.workflow.name", "smart_agents.outcome"}), "Duration of runs of workflows (base-2 exponential histogram)."),
    METRIC_QUEUE_SIZE: Metric(METRIC_QUEUE_SIZE, "updowncounter", "{item}", None, frozenset({"smart_agents.signal"}), "Spans, records and metrics that wait in memory."),
    METRIC_SPOOL_SIZE: Metric(METRIC_SPOOL_SIZE, "gauge", "By", None, frozenset({"smart_agents.signal"}), "Bytes that wait on disk."),
    METRIC_DROPPED: Metric(METRIC_DROPPED, "counter", "{item}", None, frozenset({"smart_agents.drop.reason", "smart_agents.signal"}), "Spans, records and metrics that were not kept or sent, by reason."),
    METRIC_REDACTIONS: Metric(METRIC_REDACTIONS, "counter", "{value}", None, frozenset({"smart_agents.signal"}), "Values that were removed or replaced."),
    METRIC_EXPORT_REQUESTS: Metric(METRIC_EXPORT_REQUESTS, "counter", "{request}", None, frozenset({"smart_agents.export.result", "smart_agents.signal"}), "Requests to the back end, by result."),
    METRIC_EXPORT_ITEMS: Metric(METRIC_EXPORT_ITEMS, "counter", "{item}", None, frozenset({"smart_agents.signal"}), "Spans, records and metrics that the back end accepted."),
    METRIC_FAILURES: Metric(METRIC_FAILURES, "counter", "{failure}", None, frozenset(), "Failures inside this package, none of which reached the program."),
})
DURATION_METRICS: Final[Mapping[str, str]] = MappingProxyType({
    "agent": METRIC_INVOKE_AGENT_DURATION,
    "tool": METRIC_EXECUTE_TOOL_DURATION,
    "workflow": METRIC_INVOKE_WORKFLOW_DURATION,
    "skill": METRIC_EXECUTE_TOOL_DURATION,
})
"""Kind → its duration histogram (seconds)."""
# fmt: on

# Text of the consent notice
# fmt: off
NOTICE_COLLECTED: Final[Mapping[str, tuple[str, ...]]] = MappingProxyType({
    "agent": (
        "the direct cost of a run, its currency and who computed it",
        "the kind of task, one of the words that the program declares",
        "the kind and the rough size of what a task was about",
        "names and versions of the agents that ran",
        "the provider and the model, if they are publicly known ones",
        "the number of tokens, by kind",
        "plain settings of a model request (limits, temperature and the like)",
        "why a model stopped (end, limit, tool call and the like)",
        "how long a run took",
    ),
    "skill": (
        "names and versions of the skills and tools that ran",
        "public name of the collection that a skill comes from",
        "ratings from 1 to 5 that you give, never their explanation",
    ),
    "feature": (
        "names of the features that were used, switched or configured",
        "names of the slash commands that were used, never their arguments",
    ),
    "error": (
        "the type and the category of an error",
        "the component that failed, as the program names it",
        "a one-way fingerprint of the place of an error in the code",
    ),
    "performance": (
        "how long runs of agents, skills, tools and workflows took, as a distribution: no single run can be read from it",
    ),
    "workflow": (
        "names of workflows and of their steps",
        "the order of the first 32 steps of a workflow, their number and a fingerprint of the order",
    ),
})
"""Category → what is collected with consent to it."""
NOTICE_ALWAYS: Final = (
    "when a run began and ended, and random numbers that link the runs of one task",
    "whether something was an agent, a skill, a tool, a workflow or a step",
    "how a run ended (success, failure, cancelled and the like)",
    "which part of a skill ran (load, resource, command, run)",
    "where a skill, agent or tool comes from (curated, built in, local and the like)",
    "proof of your consent: version of this notice, number of the choice, categories, hash of the receipt",
    "on servers: a keyed hash in place of the end user who agreed",
    "how many values were removed or replaced before sending",
    "the share of installations that send, if it is less than all",
    "with a deletion request: the random id and the proof that it is yours",
    "the kind of operation (run of an agent, of a skill, of a workflow, model call)",
    "whether a tool is a function, an extension, a data store or a skill",
    "a keyed hash in place of the program's own conversation id",
    "a random id of this installation, made at consent, replaced every 30 days",
    "a random id of each run of the program",
    "a random id of each session",
    "name and version of the product and of this telemetry package",
    "name and version of the language runtime; the operating system (linux, darwin, windows), without its version",
)
"""What goes with any consent."""
NOTICE_NEVER: Final = (
    "what you type, what agents answer: prompts, messages, instructions, arguments and results of tools",
    "descriptions and other free text",
    "your files: names, paths, contents, source code, commits",
    "error messages and stack traces",
    "who and where you are: names, accounts, e-mail addresses, host names, command lines",
    "passwords, keys, tokens and other secrets",
)
"""What is never collected."""
# fmt: on
