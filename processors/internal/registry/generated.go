// Code generated from semconv/*.yaml by "python -m semconv.generate"; DO NOT EDIT.

package registry

// ScopeName is the instrumentation scope of everything that the package records; SchemaURL stands on that scope.
const (
	ScopeName = "otel_smart_agents"
	SchemaURL = "https://opentelemetry.io/schemas/1.44.0"
)

// Keys of the registry.
const (
	KeySmartAgentsKind                      = "smart_agents.kind"
	KeySmartAgentsOutcome                   = "smart_agents.outcome"
	KeySmartAgentsErrorCategory             = "smart_agents.error.category"
	KeySmartAgentsErrorComponent            = "smart_agents.error.component"
	KeySmartAgentsErrorStackHash            = "smart_agents.error.stack_hash"
	KeySmartAgentsCostAmount                = "smart_agents.cost.amount"
	KeySmartAgentsCostCurrency              = "smart_agents.cost.currency"
	KeySmartAgentsCostSource                = "smart_agents.cost.source"
	KeySmartAgentsTaskType                  = "smart_agents.task.type"
	KeySmartAgentsTaskFileType              = "smart_agents.task.file_type"
	KeySmartAgentsTaskSize                  = "smart_agents.task.size"
	KeySmartAgentsSkillPhase                = "smart_agents.skill.phase"
	KeySmartAgentsSkillVersion              = "smart_agents.skill.version"
	KeySmartAgentsFeatureName               = "smart_agents.feature.name"
	KeySmartAgentsFeatureAction             = "smart_agents.feature.action"
	KeySmartAgentsCommandName               = "smart_agents.command.name"
	KeySmartAgentsStepName                  = "smart_agents.step.name"
	KeySmartAgentsWorkflowSteps             = "smart_agents.workflow.steps"
	KeySmartAgentsWorkflowStepCount         = "smart_agents.workflow.step.count"
	KeySmartAgentsWorkflowPatternHash       = "smart_agents.workflow.pattern_hash"
	KeySmartAgentsSource                    = "smart_agents.source"
	KeySmartAgentsSourceRef                 = "smart_agents.source.ref"
	KeySmartAgentsConsentPolicyVersion      = "smart_agents.consent.policy_version"
	KeySmartAgentsConsentEpoch              = "smart_agents.consent.epoch"
	KeySmartAgentsConsentCategories         = "smart_agents.consent.categories"
	KeySmartAgentsConsentReceiptHash        = "smart_agents.consent.receipt_hash"
	KeySmartAgentsConsentSubject            = "smart_agents.consent.subject"
	KeySmartAgentsRedactionCount            = "smart_agents.redaction.count"
	KeySmartAgentsSamplingRatio             = "smart_agents.sampling.ratio"
	KeySmartAgentsDeletionInstallationID    = "smart_agents.deletion.installation_id"
	KeySmartAgentsDeletionProof             = "smart_agents.deletion.proof"
	KeySmartAgentsDropReason                = "smart_agents.drop.reason"
	KeySmartAgentsExportResult              = "smart_agents.export.result"
	KeySmartAgentsSignal                    = "smart_agents.signal"
	KeyHTTPRequestMethod                    = "http.request.method"
	KeyHTTPRequestMethodOriginal            = "http.request.method_original"
	KeyHTTPRequestResendCount               = "http.request.resend_count"
	KeyHTTPRequestBodySize                  = "http.request.body.size"
	KeyHTTPResponseStatusCode               = "http.response.status_code"
	KeyHTTPResponseBodySize                 = "http.response.body.size"
	KeyHTTPRoute                            = "http.route"
	KeyNetworkPeerAddress                   = "network.peer.address"
	KeyNetworkPeerPort                      = "network.peer.port"
	KeyNetworkProtocolName                  = "network.protocol.name"
	KeyNetworkProtocolVersion               = "network.protocol.version"
	KeyNetworkTransport                     = "network.transport"
	KeyNetworkType                          = "network.type"
	KeyServerAddress                        = "server.address"
	KeyServerPort                           = "server.port"
	KeyURLScheme                            = "url.scheme"
	KeyURLFull                              = "url.full"
	KeyURLPath                              = "url.path"
	KeyURLTemplate                          = "url.template"
	KeyURLQuery                             = "url.query"
	KeyUserAgentOriginal                    = "user_agent.original"
	KeyHTTPMethod                           = "http.method"
	KeyHTTPStatusCode                       = "http.status_code"
	KeyHTTPURL                              = "http.url"
	KeyHTTPTarget                           = "http.target"
	KeyHTTPHost                             = "http.host"
	KeyHTTPScheme                           = "http.scheme"
	KeyHTTPFlavor                           = "http.flavor"
	KeyHTTPServerName                       = "http.server_name"
	KeyHTTPUserAgent                        = "http.user_agent"
	KeyHTTPRequestContentLength             = "http.request_content_length"
	KeyHTTPResponseContentLength            = "http.response_content_length"
	KeyNetPeerName                          = "net.peer.name"
	KeyNetPeerPort                          = "net.peer.port"
	KeyNetPeerIp                            = "net.peer.ip"
	KeyNetHostName                          = "net.host.name"
	KeyNetHostPort                          = "net.host.port"
	KeyNetTransport                         = "net.transport"
	KeyDBSystemName                         = "db.system.name"
	KeyDBNamespace                          = "db.namespace"
	KeyDBCollectionName                     = "db.collection.name"
	KeyDBOperationName                      = "db.operation.name"
	KeyDBOperationBatchSize                 = "db.operation.batch.size"
	KeyDBQuerySummary                       = "db.query.summary"
	KeyDBQueryText                          = "db.query.text"
	KeyDBResponseStatusCode                 = "db.response.status_code"
	KeyDBStoredProcedureName                = "db.stored_procedure.name"
	KeyDBResponseReturnedRows               = "db.response.returned_rows"
	KeyDBSystem                             = "db.system"
	KeyDBName                               = "db.name"
	KeyDBOperation                          = "db.operation"
	KeyDBStatement                          = "db.statement"
	KeyDBSqlTable                           = "db.sql.table"
	KeyRPCSystemName                        = "rpc.system.name"
	KeyRPCSystem                            = "rpc.system"
	KeyRPCService                           = "rpc.service"
	KeyRPCMethod                            = "rpc.method"
	KeyRPCResponseStatusCode                = "rpc.response.status_code"
	KeyRPCGrpcStatusCode                    = "rpc.grpc.status_code"
	KeyJsonrpcProtocolVersion               = "jsonrpc.protocol.version"
	KeyMCPMethodName                        = "mcp.method.name"
	KeyMCPProtocolVersion                   = "mcp.protocol.version"
	KeyMessagingSystem                      = "messaging.system"
	KeyMessagingOperationName               = "messaging.operation.name"
	KeyMessagingOperationType               = "messaging.operation.type"
	KeyMessagingDestinationName             = "messaging.destination.name"
	KeyMessagingDestinationTemplate         = "messaging.destination.template"
	KeyMessagingDestinationPartitionID      = "messaging.destination.partition.id"
	KeyMessagingDestinationAnonymous        = "messaging.destination.anonymous"
	KeyMessagingDestinationTemporary        = "messaging.destination.temporary"
	KeyMessagingDestinationSubscriptionName = "messaging.destination.subscription.name"
	KeyMessagingConsumerGroupName           = "messaging.consumer.group.name"
	KeyMessagingBatchMessageCount           = "messaging.batch.message_count"
	KeyMessagingMessageBodySize             = "messaging.message.body.size"
	KeyMessagingMessageEnvelopeSize         = "messaging.message.envelope.size"
	KeyMessagingOperation                   = "messaging.operation"
	KeyServiceNamespace                     = "service.namespace"
	KeyDeploymentEnvironmentName            = "deployment.environment.name"
	KeyExceptionEscaped                     = "exception.escaped"
	KeyGenAISystem                          = "gen_ai.system"
	KeyOpeninferenceSpanKind                = "openinference.span.kind"
	KeyGenAIOperationName                   = "gen_ai.operation.name"
	KeyGenAIAgentName                       = "gen_ai.agent.name"
	KeyGenAIAgentVersion                    = "gen_ai.agent.version"
	KeyGenAIToolName                        = "gen_ai.tool.name"
	KeyGenAIToolType                        = "gen_ai.tool.type"
	KeyGenAISkillName                       = "gen_ai.skill.name"
	KeyGenAIWorkflowName                    = "gen_ai.workflow.name"
	KeyGenAIProviderName                    = "gen_ai.provider.name"
	KeyGenAIRequestModel                    = "gen_ai.request.model"
	KeyGenAIResponseModel                   = "gen_ai.response.model"
	KeyGenAIUsageInputTokens                = "gen_ai.usage.input_tokens"
	KeyGenAIUsageOutputTokens               = "gen_ai.usage.output_tokens"
	KeyGenAIUsageCacheReadInputTokens       = "gen_ai.usage.cache_read.input_tokens"
	KeyGenAIUsageCacheWriteInputTokens      = "gen_ai.usage.cache_write.input_tokens"
	KeyGenAIUsageCacheCreationInputTokens   = "gen_ai.usage.cache_creation.input_tokens"
	KeyGenAIUsageReasoningOutputTokens      = "gen_ai.usage.reasoning.output_tokens"
	KeyGenAITokenType                       = "gen_ai.token.type"
	KeyGenAIRequestMaxTokens                = "gen_ai.request.max_tokens"
	KeyGenAIRequestTemperature              = "gen_ai.request.temperature"
	KeyGenAIRequestTopP                     = "gen_ai.request.top_p"
	KeyGenAIRequestTopK                     = "gen_ai.request.top_k"
	KeyGenAIRequestFrequencyPenalty         = "gen_ai.request.frequency_penalty"
	KeyGenAIRequestPresencePenalty          = "gen_ai.request.presence_penalty"
	KeyGenAIRequestChoiceCount              = "gen_ai.request.choice.count"
	KeyGenAIRequestStream                   = "gen_ai.request.stream"
	KeyGenAIOutputType                      = "gen_ai.output.type"
	KeyGenAIResponseFinishReasons           = "gen_ai.response.finish_reasons"
	KeyGenAIResponseTimeToFirstChunk        = "gen_ai.response.time_to_first_chunk"
	KeyGenAIConversationID                  = "gen_ai.conversation.id"
	KeyGenAIEvaluationName                  = "gen_ai.evaluation.name"
	KeyGenAIEvaluationScoreValue            = "gen_ai.evaluation.score.value"
	KeyGenAIEvaluationScoreLabel            = "gen_ai.evaluation.score.label"
	KeyErrorType                            = "error.type"
	KeyExceptionType                        = "exception.type"
	KeyGenAIInputMessages                   = "gen_ai.input.messages"
	KeyGenAIOutputMessages                  = "gen_ai.output.messages"
	KeyGenAISystemInstructions              = "gen_ai.system_instructions"
	KeyGenAIToolCallArguments               = "gen_ai.tool.call.arguments"
	KeyGenAIToolCallResult                  = "gen_ai.tool.call.result"
	KeyGenAIToolDefinitions                 = "gen_ai.tool.definitions"
	KeyGenAIPrompt                          = "gen_ai.prompt"
	KeyGenAICompletion                      = "gen_ai.completion"
	KeyGenAIRetrievalDocuments              = "gen_ai.retrieval.documents"
	KeyGenAIRetrievalQueryText              = "gen_ai.retrieval.query.text"
	KeyGenAIEvaluationExplanation           = "gen_ai.evaluation.explanation"
	KeyGenAIAgentDescription                = "gen_ai.agent.description"
	KeyGenAIToolDescription                 = "gen_ai.tool.description"
	KeyGenAISkillDescription                = "gen_ai.skill.description"
	KeyGenAISkillSourceUri                  = "gen_ai.skill.source.uri"
	KeyExceptionMessage                     = "exception.message"
	KeyExceptionStacktrace                  = "exception.stacktrace"
	KeyErrorMessage                         = "error.message"
	KeyProcessCommandLine                   = "process.command_line"
	KeyProcessCommandArgs                   = "process.command_args"
	KeyProcessOwner                         = "process.owner"
	KeyProcessExecutablePath                = "process.executable.path"
	KeyCodeFilePath                         = "code.file.path"
	KeyAppInstallationID                    = "app.installation.id"
	KeyServiceInstanceID                    = "service.instance.id"
	KeySessionID                            = "session.id"
	KeyServiceName                          = "service.name"
	KeyServiceVersion                       = "service.version"
	KeyTelemetryDistroName                  = "telemetry.distro.name"
	KeyTelemetryDistroVersion               = "telemetry.distro.version"
	KeyTelemetrySDKName                     = "telemetry.sdk.name"
	KeyTelemetrySDKLanguage                 = "telemetry.sdk.language"
	KeyTelemetrySDKVersion                  = "telemetry.sdk.version"
	KeyProcessRuntimeName                   = "process.runtime.name"
	KeyProcessRuntimeVersion                = "process.runtime.version"
	KeyOSType                               = "os.type"
)

// Patterns of whole values, RE2 syntax.
const (
	PatternCommand   = "/?[A-Za-z0-9][A-Za-z0-9._:-]{0,62}"
	PatternCurrency  = "[A-Z]{3}"
	PatternErrorType = "[A-Za-z0-9_][A-Za-z0-9_.]{0,127}"
	PatternFileType  = "[A-Za-z0-9.+#_-]{1,32}"
	PatternModel     = "(?i:(?:(?:huggingfacetb|fireworks_ai|nousresearch|deepseek-ai|huggingface|ibm-granite|stabilityai|together_ai|coherelabs|databricks|meta-llama|moonshotai|openrouter|perplexity|publishers|anthropic|bytedance|fireworks|inference|microsoft|minimaxai|mistralai|sambanova|snowflake|stability|vertex_ai|accounts|ai21labs|cerebras|deepmind|deepseek|moonshot|together|alibaba|allenai|bedrock|minimax|mistral|tencent|zai-org|zhipuai|amazon|cohere|gemini|github|global|google|liquid|models|nvidia|ollama|openai|us-gov|writer|01-ai|azure|baidu|lg-ai|ai21|apac|baai|groq|meta|qwen|x-ai|z-ai|aws|ibm|xai|au|eu|jp|us)[./-])*(?:stable-diffusion|text-moderation|text-embedding|computer-use|text-bison|codegemma|codellama|codestral|magistral|ministral|starcoder|deepseek|devstral|internlm|jurassic|moonshot|nemotron|wizardlm|babbage|chatglm|chatgpt|command|davinci|dolphin|granite|hunyuan|mercury|minicpm|minimax|mistral|mixtral|palmyra|pixtral|voxtral|whisper|arctic|claude|cogito|dall-e|exaone|falcon|gemini|hermes|imagen|rerank|smollm|vicuna|voyage|zephyr|bloom|codex|embed|ernie|gecko|gemma|jamba|llama|llava|nomic|solar|sonar|titan|c4ai|dbrx|flux|grok|jina|kimi|ling|nova|olmo|omni|orca|palm|qwen|reka|seed|sora|step|tulu|aya|bge|glm|gpt|gte|phi|qvq|qwq|tts|veo|e5|o1|o3|o4|yi)(?:[0-9][a-z0-9]{0,7})?(?:[-_.:/@ ](?:experimental|multilingual|customtools|moderation|multimodal|transcribe|codegemma|codellama|codestral|distilled|embedding|highspeed|lightning|magistral|ministral|reasoning|starcoder|compound|deepseek|devstral|generate|instruct|internlm|jurassic|maverick|moonshot|nemotron|realtime|reasoner|research|speciale|terminus|thinking|wizardlm|babbage|chatglm|chatgpt|command|davinci|diarize|distill|dolphin|english|express|granite|hunyuan|instant|mercury|minicpm|minimax|mistral|mixtral|nightly|palmyra|pixtral|premier|preview|voxtral|whisper|arctic|canvas|claude|cogito|exaone|falcon|gemini|hermes|imagen|latest|medium|online|prover|rerank|search|smollm|sonnet|speech|vicuna|vision|voyage|zephyr|alpha|audio|bloom|coder|codex|embed|ernie|flash|gecko|gemma|guard|haiku|image|jamba|large|llama|llava|micro|nomic|prime|scout|small|solar|sonar|spark|super|think|titan|turbo|ultra|video|apex|base|beta|chat|code|dbrx|deep|edit|fast|flux|free|gguf|gptq|grok|high|jina|kimi|ling|lite|live|long|math|mini|nano|next|nova|olmo|omni|opus|orca|palm|plus|qwen|reka|saba|seed|sora|step|text|tiny|tool|tulu|zero|ada|air|awq|aya|bge|dev|dpo|exp|glm|gpt|gte|int|low|max|moe|non|ocr|oss|phi|pro|qvq|qwq|sft|stt|tee|tts|use|veo|vlm|yue|en|fp|hd|hf|it|pt|vl|xl|xs|yi|zh|k|l|m|r|s|v|[a-z]{0,3}[0-9][a-z0-9]{0,11}))*)"
	PatternName      = "[A-Za-z0-9][A-Za-z0-9._:/@ -]{0,127}"
	PatternPseudonym = "[A-Za-z0-9_]{1,16}-[0-9a-f]{16,64}"
	PatternSHA256    = "[0-9a-f]{64}"
	PatternStackHash = "v1:[0-9a-f]{16}"
	PatternStep      = "(?:agent|skill|tool|workflow|step):[A-Za-z0-9][A-Za-z0-9._:/@ -]{0,127}|agent|skill|tool|workflow|step"
	PatternUUID      = "[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}"
)

// Attributes are the registered keys.
var Attributes = []Attribute{
	{Key: "smart_agents.kind", Type: String, Class: Safe, Catalogue: []string{"agent", "feature", "rating", "skill", "step", "tool", "workflow"}},
	{Key: "smart_agents.outcome", Type: String, Class: Safe, Catalogue: []string{"abandoned", "cancelled", "denied", "failure", "interrupted", "success", "timeout"}},
	{Key: "smart_agents.error.category", Type: String, Class: Consent, Category: Error, Catalogue: []string{"auth", "config", "dependency", "filesystem", "network", "rate_limit", "runtime", "timeout", "unknown", "validation"}},
	{Key: "smart_agents.error.component", Type: String, Class: Consent, Category: Error, MaxLength: 128, Pattern: PatternName},
	{Key: "smart_agents.error.stack_hash", Type: String, Class: Consent, Category: Error, MaxLength: 19, Pattern: PatternStackHash},
	{Key: "smart_agents.cost.amount", Type: Double, Class: Consent, Category: Agent},
	{Key: "smart_agents.cost.currency", Type: String, Class: Consent, Category: Agent, MaxLength: 3, Pattern: PatternCurrency},
	{Key: "smart_agents.cost.source", Type: String, Class: Consent, Category: Agent, Catalogue: []string{"estimated", "local", "provider"}},
	{Key: "smart_agents.task.type", Type: String, Class: Consent, Category: Agent, MaxLength: 64, Pattern: PatternName},
	{Key: "smart_agents.task.file_type", Type: String, Class: Consent, Category: Agent, MaxLength: 32, Pattern: PatternFileType},
	{Key: "smart_agents.task.size", Type: String, Class: Consent, Category: Agent, Catalogue: []string{"0", "1-10", "10-100", "100-1k", "100k-1m", "10k-100k", "1k-10k", "1m+"}},
	{Key: "smart_agents.skill.phase", Type: String, Class: Safe, Catalogue: []string{"command", "load", "resource", "run"}},
	{Key: "smart_agents.skill.version", Type: String, Class: Consent, Category: Skill, MaxLength: 64, Pattern: PatternName},
	{Key: "smart_agents.feature.name", Type: String, Class: Consent, Category: Feature, MaxLength: 128, Pattern: PatternName},
	{Key: "smart_agents.feature.action", Type: String, Class: Consent, Category: Feature, Catalogue: []string{"configured", "disabled", "enabled", "used"}},
	{Key: "smart_agents.command.name", Type: String, Class: Consent, Category: Feature, MaxLength: 64, Pattern: PatternCommand},
	{Key: "smart_agents.step.name", Type: String, Class: Consent, Category: Workflow, MaxLength: 128, Pattern: PatternName},
	{Key: "smart_agents.workflow.steps", Type: Strings, Class: Consent, Category: Workflow, MaxLength: 140, MaxItems: 32, Pattern: PatternStep},
	{Key: "smart_agents.workflow.step.count", Type: Int, Class: Consent, Category: Workflow},
	{Key: "smart_agents.workflow.pattern_hash", Type: String, Class: Consent, Category: Workflow, MaxLength: 19, Pattern: PatternStackHash},
	{Key: "smart_agents.source", Type: String, Class: Safe, Catalogue: []string{"builtin", "curated", "flea", "local", "unknown"}},
	{Key: "smart_agents.source.ref", Type: String, Class: Consent, Category: Skill, MaxLength: 128, Pattern: PatternName},
	{Key: "smart_agents.consent.policy_version", Type: String, Class: Safe, MaxLength: 64, Pattern: PatternName},
	{Key: "smart_agents.consent.epoch", Type: Int, Class: Safe},
	{Key: "smart_agents.consent.categories", Type: Strings, Class: Safe, MaxLength: 16, MaxItems: 6, Catalogue: []string{"agent", "error", "feature", "performance", "skill", "workflow"}},
	{Key: "smart_agents.consent.receipt_hash", Type: String, Class: Safe, MaxLength: 64, Pattern: PatternSHA256},
	{Key: "smart_agents.consent.subject", Type: String, Class: Pseudonymous, MaxLength: 64, Pattern: PatternPseudonym, Hashed: true},
	{Key: "smart_agents.redaction.count", Type: Int, Class: Safe},
	{Key: "smart_agents.sampling.ratio", Type: Double, Class: Safe},
	{Key: "smart_agents.deletion.installation_id", Type: String, Class: Pseudonymous, MaxLength: 36, Pattern: PatternUUID},
	{Key: "smart_agents.deletion.proof", Type: String, Class: Pseudonymous, MaxLength: 64, Pattern: PatternSHA256},
	{Key: "smart_agents.drop.reason", Type: String, Class: Safe, Catalogue: []string{"age", "busy", "cap", "cleared", "consent", "corrupt", "disk_error", "disk_full", "oversize", "queue", "redaction_error", "rejected", "unencodable", "unfinished"}, Fallback: "other", OwnOnly: true},
	{Key: "smart_agents.export.result", Type: String, Class: Safe, Catalogue: []string{"ok", "partial", "rejected", "retry"}, Fallback: "other", OwnOnly: true},
	{Key: "smart_agents.signal", Type: String, Class: Safe, Catalogue: []string{"logs", "metrics", "traces"}, Fallback: "other", OwnOnly: true},
	{Key: "http.request.method", Type: String, Class: Scan},
	{Key: "http.request.method_original", Type: String, Class: Scan},
	{Key: "http.request.resend_count", Type: Int, Class: Scan},
	{Key: "http.request.body.size", Type: Int, Class: Scan},
	{Key: "http.response.status_code", Type: Int, Class: Scan},
	{Key: "http.response.body.size", Type: Int, Class: Scan},
	{Key: "http.route", Type: String, Class: Scan},
	{Key: "network.peer.address", Type: String, Class: Scan},
	{Key: "network.peer.port", Type: Int, Class: Scan},
	{Key: "network.protocol.name", Type: String, Class: Scan},
	{Key: "network.protocol.version", Type: String, Class: Scan},
	{Key: "network.transport", Type: String, Class: Scan},
	{Key: "network.type", Type: String, Class: Scan},
	{Key: "server.address", Type: String, Class: Scan},
	{Key: "server.port", Type: Int, Class: Scan},
	{Key: "url.scheme", Type: String, Class: Scan, MaxLength: 2048},
	{Key: "url.full", Type: String, Class: Scan, MaxLength: 2048},
	{Key: "url.path", Type: String, Class: Scan, MaxLength: 2048},
	{Key: "url.template", Type: String, Class: Scan, MaxLength: 2048},
	{Key: "url.query", Type: String, Class: Scan, MaxLength: 2048},
	{Key: "user_agent.original", Type: String, Class: Scan},
	{Key: "http.method", Type: String, Class: Scan},
	{Key: "http.status_code", Type: Int, Class: Scan},
	{Key: "http.url", Type: String, Class: Scan},
	{Key: "http.target", Type: String, Class: Scan},
	{Key: "http.host", Type: String, Class: Scan},
	{Key: "http.scheme", Type: String, Class: Scan},
	{Key: "http.flavor", Type: String, Class: Scan},
	{Key: "http.server_name", Type: String, Class: Scan},
	{Key: "http.user_agent", Type: String, Class: Scan},
	{Key: "http.request_content_length", Type: Int, Class: Scan},
	{Key: "http.response_content_length", Type: Int, Class: Scan},
	{Key: "net.peer.name", Type: String, Class: Scan},
	{Key: "net.peer.port", Type: Int, Class: Scan},
	{Key: "net.peer.ip", Type: String, Class: Scan},
	{Key: "net.host.name", Type: String, Class: Scan},
	{Key: "net.host.port", Type: Int, Class: Scan},
	{Key: "net.transport", Type: String, Class: Scan},
	{Key: "db.system.name", Type: String, Class: Scan},
	{Key: "db.namespace", Type: String, Class: Scan},
	{Key: "db.collection.name", Type: String, Class: Scan},
	{Key: "db.operation.name", Type: String, Class: Scan},
	{Key: "db.operation.batch.size", Type: Int, Class: Scan},
	{Key: "db.query.summary", Type: String, Class: Scan},
	{Key: "db.query.text", Type: String, Class: Scan, MaxLength: 2048},
	{Key: "db.response.status_code", Type: String, Class: Scan},
	{Key: "db.stored_procedure.name", Type: String, Class: Scan},
	{Key: "db.response.returned_rows", Type: Int, Class: Scan},
	{Key: "db.system", Type: String, Class: Scan},
	{Key: "db.name", Type: String, Class: Scan},
	{Key: "db.operation", Type: String, Class: Scan},
	{Key: "db.statement", Type: String, Class: Scan, MaxLength: 2048},
	{Key: "db.sql.table", Type: String, Class: Scan},
	{Key: "rpc.system.name", Type: String, Class: Scan},
	{Key: "rpc.system", Type: String, Class: Scan},
	{Key: "rpc.service", Type: String, Class: Scan},
	{Key: "rpc.method", Type: String, Class: Scan},
	{Key: "rpc.response.status_code", Type: String, Class: Scan},
	{Key: "rpc.grpc.status_code", Type: Int, Class: Scan},
	{Key: "jsonrpc.protocol.version", Type: String, Class: Scan},
	{Key: "mcp.method.name", Type: String, Class: Scan},
	{Key: "mcp.protocol.version", Type: String, Class: Scan},
	{Key: "messaging.system", Type: String, Class: Scan},
	{Key: "messaging.operation.name", Type: String, Class: Scan},
	{Key: "messaging.operation.type", Type: String, Class: Scan},
	{Key: "messaging.destination.name", Type: String, Class: Scan},
	{Key: "messaging.destination.template", Type: String, Class: Scan},
	{Key: "messaging.destination.partition.id", Type: String, Class: Scan},
	{Key: "messaging.destination.anonymous", Type: Boolean, Class: Scan},
	{Key: "messaging.destination.temporary", Type: Boolean, Class: Scan},
	{Key: "messaging.destination.subscription.name", Type: String, Class: Scan},
	{Key: "messaging.consumer.group.name", Type: String, Class: Scan},
	{Key: "messaging.batch.message_count", Type: Int, Class: Scan},
	{Key: "messaging.message.body.size", Type: Int, Class: Scan},
	{Key: "messaging.message.envelope.size", Type: Int, Class: Scan},
	{Key: "messaging.operation", Type: String, Class: Scan},
	{Key: "service.namespace", Type: String, Class: Scan},
	{Key: "deployment.environment.name", Type: String, Class: Scan},
	{Key: "exception.escaped", Type: Boolean, Class: Scan},
	{Key: "gen_ai.system", Type: String, Class: Scan},
	{Key: "openinference.span.kind", Type: String, Class: Safe, Catalogue: []string{"AGENT", "CHAIN", "TOOL"}, Fallback: "other", OwnOnly: true},
	{Key: "gen_ai.operation.name", Type: String, Class: Safe, Catalogue: []string{"chat", "create_agent", "embeddings", "execute_tool", "generate_content", "invoke_agent", "invoke_workflow", "retrieval", "text_completion"}, Fallback: "other"},
	{Key: "gen_ai.agent.name", Type: String, Class: Consent, Category: Agent, MaxLength: 128, Pattern: PatternName, CategoryIn: map[string]Category{"skill": Skill}},
	{Key: "gen_ai.agent.version", Type: String, Class: Consent, Category: Agent, MaxLength: 64, Pattern: PatternName},
	{Key: "gen_ai.tool.name", Type: String, Class: Consent, Category: Skill, MaxLength: 128, Pattern: PatternName},
	{Key: "gen_ai.tool.type", Type: String, Class: Safe, Catalogue: []string{"datastore", "extension", "function", "skill"}, Fallback: "other"},
	{Key: "gen_ai.skill.name", Type: String, Class: Consent, Category: Skill, MaxLength: 128, Pattern: PatternName},
	{Key: "gen_ai.workflow.name", Type: String, Class: Consent, Category: Workflow, MaxLength: 128, Pattern: PatternName},
	{Key: "gen_ai.provider.name", Type: String, Class: Consent, Category: Agent, Catalogue: []string{"alibaba_cloud", "anthropic", "aws.bedrock", "azure.ai.inference", "azure.ai.openai", "cerebras", "cohere", "deepseek", "fireworks_ai", "gcp.gemini", "gcp.gen_ai", "gcp.vertex_ai", "github", "groq", "huggingface", "ibm.watsonx.ai", "litellm", "llama_cpp", "lm_studio", "minimax", "mistral_ai", "moonshot_ai", "nvidia", "ollama", "openai", "openrouter", "other", "perplexity", "replicate", "sambanova", "together_ai", "vllm", "x_ai", "zhipu_ai"}, Fallback: "other"},
	{Key: "gen_ai.request.model", Type: String, Class: Consent, Category: Agent, MaxLength: 96, Pattern: PatternModel, Fallback: "other"},
	{Key: "gen_ai.response.model", Type: String, Class: Consent, Category: Agent, MaxLength: 96, Pattern: PatternModel, Fallback: "other"},
	{Key: "gen_ai.usage.input_tokens", Type: Int, Class: Consent, Category: Agent},
	{Key: "gen_ai.usage.output_tokens", Type: Int, Class: Consent, Category: Agent},
	{Key: "gen_ai.usage.cache_read.input_tokens", Type: Int, Class: Consent, Category: Agent},
	{Key: "gen_ai.usage.cache_write.input_tokens", Type: Int, Class: Consent, Category: Agent},
	{Key: "gen_ai.usage.cache_creation.input_tokens", Type: Int, Class: Consent, Category: Agent},
	{Key: "gen_ai.usage.reasoning.output_tokens", Type: Int, Class: Consent, Category: Agent},
	{Key: "gen_ai.token.type", Type: String, Class: Safe, Catalogue: []string{"input", "output"}, Fallback: "other", OwnOnly: true},
	{Key: "gen_ai.request.max_tokens", Type: Int, Class: Consent, Category: Agent},
	{Key: "gen_ai.request.temperature", Type: Double, Class: Consent, Category: Agent},
	{Key: "gen_ai.request.top_p", Type: Double, Class: Consent, Category: Agent},
	{Key: "gen_ai.request.top_k", Type: Double, Class: Consent, Category: Agent},
	{Key: "gen_ai.request.frequency_penalty", Type: Double, Class: Consent, Category: Agent},
	{Key: "gen_ai.request.presence_penalty", Type: Double, Class: Consent, Category: Agent},
	{Key: "gen_ai.request.choice.count", Type: Int, Class: Consent, Category: Agent},
	{Key: "gen_ai.request.stream", Type: Boolean, Class: Consent, Category: Agent},
	{Key: "gen_ai.output.type", Type: String, Class: Consent, Category: Agent, Catalogue: []string{"image", "json", "speech", "text"}, Fallback: "other"},
	{Key: "gen_ai.response.finish_reasons", Type: Strings, Class: Consent, Category: Agent, MaxLength: 32, MaxItems: 8, Catalogue: []string{"content_filter", "end", "end_turn", "error", "function_call", "length", "max_tokens", "pause_turn", "recitation", "refusal", "safety", "stop", "stop_sequence", "tool_call", "tool_calls", "tool_use"}, Fallback: "other"},
	{Key: "gen_ai.response.time_to_first_chunk", Type: Double, Class: Consent, Category: Agent},
	{Key: "gen_ai.conversation.id", Type: String, Class: Pseudonymous, MaxLength: 64, Pattern: PatternPseudonym, Hashed: true},
	{Key: "gen_ai.evaluation.name", Type: String, Class: Consent, Category: Skill, MaxLength: 64, Pattern: PatternName},
	{Key: "gen_ai.evaluation.score.value", Type: Double, Class: Consent, Category: Skill},
	{Key: "gen_ai.evaluation.score.label", Type: String, Class: Consent, Category: Skill, MaxLength: 64, Pattern: PatternName},
	{Key: "error.type", Type: String, Class: Consent, Category: Error, MaxLength: 128, Pattern: PatternErrorType, Fallback: "_OTHER"},
	{Key: "exception.type", Type: String, Class: Consent, Category: Error, MaxLength: 128, Pattern: PatternErrorType, Fallback: "_OTHER"},
	{Key: "gen_ai.input.messages", Type: Any, Class: Never, Content: true},
	{Key: "gen_ai.output.messages", Type: Any, Class: Never, Content: true},
	{Key: "gen_ai.system_instructions", Type: Any, Class: Never, Content: true},
	{Key: "gen_ai.tool.call.arguments", Type: Any, Class: Never, Content: true},
	{Key: "gen_ai.tool.call.result", Type: Any, Class: Never, Content: true},
	{Key: "gen_ai.tool.definitions", Type: Any, Class: Never, Content: true},
	{Key: "gen_ai.prompt", Type: String, Class: Never, Content: true},
	{Key: "gen_ai.completion", Type: String, Class: Never, Content: true},
	{Key: "gen_ai.retrieval.documents", Type: Any, Class: Never, Content: true},
	{Key: "gen_ai.retrieval.query.text", Type: String, Class: Never, Content: true},
	{Key: "gen_ai.evaluation.explanation", Type: String, Class: Never},
	{Key: "gen_ai.agent.description", Type: String, Class: Never},
	{Key: "gen_ai.tool.description", Type: String, Class: Never},
	{Key: "gen_ai.skill.description", Type: String, Class: Never},
	{Key: "gen_ai.skill.source.uri", Type: String, Class: Never},
	{Key: "exception.message", Type: String, Class: Never},
	{Key: "exception.stacktrace", Type: String, Class: Never},
	{Key: "error.message", Type: String, Class: Never},
	{Key: "process.command_line", Type: String, Class: Never},
	{Key: "process.command_args", Type: Strings, Class: Never},
	{Key: "process.owner", Type: String, Class: Never},
	{Key: "process.executable.path", Type: String, Class: Never},
	{Key: "code.file.path", Type: String, Class: Never},
	{Key: "file_path", Type: String, Class: Never},
	{Key: "file_content", Type: String, Class: Never},
	{Key: "code_content", Type: String, Class: Never},
	{Key: "git_commit", Type: String, Class: Never},
	{Key: "email", Type: String, Class: Never},
	{Key: "username", Type: String, Class: Never},
	{Key: "api_key", Type: String, Class: Never},
	{Key: "password", Type: String, Class: Never},
	{Key: "token", Type: String, Class: Never},
	{Key: "secret", Type: String, Class: Never},
	{Key: "app.installation.id", Type: String, Class: Pseudonymous, MaxLength: 36, Pattern: PatternUUID},
	{Key: "service.instance.id", Type: String, Class: Pseudonymous, MaxLength: 36, Pattern: PatternUUID},
	{Key: "session.id", Type: String, Class: Pseudonymous, MaxLength: 36, Pattern: PatternUUID},
	{Key: "service.name", Type: String, Class: Safe, MaxLength: 128, Pattern: PatternName},
	{Key: "service.version", Type: String, Class: Safe, MaxLength: 64, Pattern: PatternName},
	{Key: "telemetry.distro.name", Type: String, Class: Safe, MaxLength: 64, Pattern: PatternName},
	{Key: "telemetry.distro.version", Type: String, Class: Safe, MaxLength: 64, Pattern: PatternName},
	{Key: "telemetry.sdk.name", Type: String, Class: Safe, MaxLength: 64, Pattern: PatternName},
	{Key: "telemetry.sdk.language", Type: String, Class: Safe, MaxLength: 32, Pattern: PatternName},
	{Key: "telemetry.sdk.version", Type: String, Class: Safe, MaxLength: 64, Pattern: PatternName},
	{Key: "process.runtime.name", Type: String, Class: Safe, MaxLength: 64, Pattern: PatternName},
	{Key: "process.runtime.version", Type: String, Class: Safe, MaxLength: 64, Pattern: PatternName},
	{Key: "os.type", Type: String, Class: Safe, Catalogue: []string{"aix", "darwin", "dragonflybsd", "freebsd", "hpux", "linux", "netbsd", "openbsd", "solaris", "windows", "z_os"}},
}

// Prefixes are the beginnings of keys under which a program may use names of its own.
var Prefixes = []Attribute{
	{Key: "smart_agents.label.", Type: Any, Class: Scan, MaxLength: 256, OwnOnly: true},
	{Key: "smart_agents.capture.", Type: Any, Class: Scan, MaxLength: 65536, OwnOnly: true},
}

// What puts a key on the never-list: its beginning, its ending, or words in it that stand next to each other.
var (
	NeverPrefixes = []string{"enduser.", "host.", "process.command", "user."}
	NeverSuffixes = []string{".description"}
	NeverWords    = []string{"api_key", "code_content", "email", "file_content", "file_path", "git_commit", "password", "secret", "token", "username"}
)

// Kinds are what a span can be about, in the order in which they are looked for.
var Kinds = []Kind{
	{Name: "agent", Operation: "invoke_agent", NameKey: "gen_ai.agent.name", Category: Agent},
	{Name: "skill", Operation: "execute_tool", NameKey: "gen_ai.skill.name", Category: Skill},
	{Name: "tool", Operation: "execute_tool", NameKey: "gen_ai.tool.name", Category: Skill},
	{Name: "workflow", Operation: "invoke_workflow", NameKey: "gen_ai.workflow.name", Category: Workflow},
	{Name: "step", Operation: "step", NameKey: "smart_agents.step.name", Category: Workflow},
	{Name: "feature", Operation: "smart_agents.feature", NameKey: "smart_agents.feature.name", Category: Feature},
	{Name: "rating", Operation: "smart_agents.rating", NameKey: "gen_ai.evaluation.name", Category: Skill},
}

// Events are the log records with a registered event name.
var Events = []Event{
	{Name: "gen_ai.evaluation.result", Category: Skill},
	{Name: "smart_agents.feature.usage", Category: Feature},
	{Name: "smart_agents.deletion.request"},
}

// Metrics are the registered metrics.
var Metrics = []Metric{
	{Name: "gen_ai.invoke_agent.duration", Category: Performance, Brief: "Duration of runs of agents (base-2 exponential histogram)."},
	{Name: "gen_ai.execute_tool.duration", Category: Performance, Brief: "Duration of runs of skills and tools (base-2 exponential histogram)."},
	{Name: "gen_ai.invoke_workflow.duration", Category: Performance, Brief: "Duration of runs of workflows (base-2 exponential histogram)."},
	{Name: "smart_agents.queue.size", Brief: "Spans, records and metrics that wait in memory."},
	{Name: "smart_agents.spool.size", Brief: "Bytes that wait on disk."},
	{Name: "smart_agents.dropped", Brief: "Spans, records and metrics that were not kept or sent, by reason."},
	{Name: "smart_agents.redactions", Brief: "Values that were removed or replaced."},
	{Name: "smart_agents.export.requests", Brief: "Requests to the back end, by result."},
	{Name: "smart_agents.export.items", Brief: "Spans, records and metrics that the back end accepted."},
	{Name: "smart_agents.failures", Brief: "Failures inside this package, none of which reached the program."},
}

// Operations are the operations of the GenAI conventions.
var Operations = []string{"chat", "create_agent", "embeddings", "execute_tool", "generate_content", "invoke_agent", "invoke_workflow", "retrieval", "text_completion"}

// The tables of the Python filter: what foreign words for a kind mean, which names are well known, what a resource alone states.
var (
	KindByOperation = map[string]string{"chat": "inference", "create_agent": "agent", "embeddings": "inference", "execute_tool": "tool", "generate_content": "inference", "invoke_agent": "agent", "invoke_workflow": "workflow", "retrieval": "inference", "text_completion": "inference"}

	KindByVendorWord = []VendorWords{
		{Key: "openinference.span.kind", Kinds: map[string]string{"AGENT": "agent", "TOOL": "tool", "LLM": "inference", "EMBEDDING": "inference", "RERANKER": "inference", "RETRIEVER": "inference", "GUARDRAIL": "inference", "EVALUATOR": "inference", "PROMPT": "inference"}},
		{Key: "traceloop.span.kind", Kinds: map[string]string{"agent": "agent", "tool": "tool", "workflow": "workflow", "llm": "inference"}},
		{Key: "mcp.method.name", Kinds: map[string]string{"tools/call": "tool"}},
	}

	ModelPrefixes = []string{"gen_ai.", "llm."}

	NameKeys = map[string]string{"chat": "gen_ai.request.model", "create_agent": "gen_ai.agent.name", "embeddings": "gen_ai.request.model", "execute_tool": "gen_ai.tool.name", "generate_content": "gen_ai.request.model", "invoke_agent": "gen_ai.agent.name", "invoke_workflow": "gen_ai.workflow.name", "smart_agents.feature": "smart_agents.feature.name", "smart_agents.rating": "gen_ai.evaluation.name", "step": "smart_agents.step.name", "text_completion": "gen_ai.request.model"}

	Methods = []string{"CONNECT", "DELETE", "GET", "HEAD", "HTTP", "OPTIONS", "PATCH", "POST", "PUT", "QUERY", "TRACE"}

	ErrorEndings = []string{"Cancelled", "Error", "Exception", "Exit", "Failure", "Fault", "Group", "Interrupt", "Iteration", "Timeout", "Warning"}

	ResourceKeys = []string{"process.runtime.name", "process.runtime.version", "service.name", "service.version", "smart_agents.consent.policy_version", "telemetry.distro.name", "telemetry.distro.version", "telemetry.sdk.language", "telemetry.sdk.name", "telemetry.sdk.version"}

	KnownClasses = []string{"AMQPConnectionError", "APIConnectionError", "APIError", "APITimeoutError", "AlreadyExists", "AnthropicError", "ApiError", "ApiException", "ArgumentError", "ArithmeticError", "AssertionError", "AttributeError", "AttrsError", "AuthenticationError", "AuthenticationException", "AuthlibBaseError", "AuthorizationException", "AvroException", "AzureError", "BadGzipFile", "BadRequest", "BadRequestError", "BadZipFile", "BaseException", "BaseExceptionGroup", "BlockingIOError", "Boto3Error", "BotoCoreError", "BrokenExecutor", "BrokenPipeError", "BrokenResourceError", "BufferError", "BytesWarning", "CeleryError", "ChildProcessError", "ChromaError", "ClientAuthenticationError", "ClientConnectionError", "ClientError", "ClientResponseError", "ClosedResourceError", "CommandError", "ConfigError", "ConfigNotFound", "ConfigParseError", "ConfigurationError", "ConflictError", "ConnectTimeoutError", "ConnectionAbortedError", "ConnectionClosed", "ConnectionError", "ConnectionFailure", "ConnectionRefusedError", "ConnectionResetError", "ConnectionTimeout", "ContentTooShortError", "CredentialRetrievalError", "DNSException", "DataError", "DeadlineExceeded", "DecodeError", "DefaultCredentialsError", "DeprecationWarning", "DockerException", "DocumentError", "DotenvError", "EOFError", "Empty", "EncodingWarning", "EndOfStream", "EndpointConnectionError", "EnvironmentError", "Error", "Exception", "ExceptionGroup", "ExpatError", "FSTimeoutError", "FailedPrecondition", "FileExistsError", "FileNotFoundError", "FloatingPointError", "Forbidden", "ForbiddenError", "Full", "FutureTimeoutError", "FutureWarning", "GatewayTimeout", "GeneratorExit", "GoogleAPIError", "GoogleAuthError", "HTTPClientError", "HTTPError", "HTTPException", "HTTPStatusError", "HfHubHTTPError", "HydraException", "IOError", "ImportError", "ImportWarning", "ImproperlyConfigured", "IncompleteReadError", "IndentationError", "IndexError", "IntegrityError", "InternalServerError", "InterruptedError", "Invalid", "InvalidArgument", "InvalidHeader", "InvalidJSONError", "InvalidPassword", "InvalidSchema", "InvalidStateError", "InvalidURL", "IsADirectoryError", "JSONDecodeError", "KafkaConnectionError", "KafkaError", "KeyError", "KeyboardInterrupt", "LZMAError", "LangChainException", "LargeZipFile", "LengthFinishReasonError", "LookupError", "LxmlError", "MCPError", "MaxRetryError", "McpError", "MemoryError", "MessageError", "MissingDependencyError", "MissingSchema", "MistralError", "ModuleNotFoundError", "MsalError", "MultipleResultsFound", "MySQLError", "NameError", "NetworkTimeout", "NoCredentialsError", "NoPermissionError", "NoRegionError", "NoResultFound", "NotADirectoryError", "NotFound", "NotFoundError", "NotImplementedError", "OAuth2Error", "OSError", "OmegaConfBaseException", "OpenAIError", "OutOfRange", "OverflowError", "PackageNotFoundError", "ParamValidationError", "ParseError", "PartialCredentialsError", "PatternError", "PendingDeprecationWarning", "PermissionDenied", "PermissionDeniedError", "PermissionError", "PickleError", "PineconeException", "PolicyError", "PostgresError", "ProcessLookupError", "ProfileNotFound", "PyJWTError", "PyMongoError", "PythonFinalizationError", "QueryCanceled", "QueryCanceledError", "QueueEmpty", "QueueFull", "RateLimitError", "RateLimitExceeded", "RateLimitExceededException", "ReadTimeoutError", "RecursionError", "RedisError", "ReferenceError", "RefreshError", "RemoteProtocolError", "RequestError", "RequestException", "RequestValidationError", "ResourceExhausted", "ResourceWarning", "RetryError", "RpcError", "RuntimeError", "RuntimeWarning", "SMTPAuthenticationError", "SMTPException", "SQLAlchemyError", "SSHException", "SSLError", "SchemaError", "ServerSelectionTimeoutError", "ServerTimeoutError", "ServiceUnavailable", "SettingsError", "StopAsyncIteration", "StopIteration", "StreamError", "StripeError", "SubprocessError", "SyntaxError", "SyntaxWarning", "SystemError", "SystemExit", "TOMLDecodeError", "TabError", "TarError", "TemplateError", "TemplateNotFound", "Timeout", "TimeoutError", "TimeoutException", "TimeoutExpired", "TomlDecodeError", "TooManyRequests", "TooManyRequestsError", "TooSlowError", "TransportError", "TypeError", "URLError", "Unauthenticated", "Unauthorized", "UnauthorizedError", "UnboundLocalError", "UnicodeDecodeError", "UnicodeEncodeError", "UnicodeError", "UnicodeTranslateError", "UnicodeWarning", "UnprocessableEntityError", "UnsupportedProtocol", "UsageError", "UserWarning", "ValidationError", "ValueError", "Warning", "WeaviateBaseError", "WebSocketException", "YAMLError", "ZMQError", "ZeroDivisionError", "ZoneInfoNotFoundError", "error", "error_proto", "gaierror", "herror"}
)
