from otel_smart_agents._pb.consent.v1 import consent_pb2 as _consent_pb2
from google.protobuf.internal import containers as _containers
from google.protobuf.internal import enum_type_wrapper as _enum_type_wrapper
from google.protobuf import descriptor as _descriptor
from google.protobuf import message as _message
from typing import ClassVar as _ClassVar, Iterable as _Iterable, Mapping as _Mapping, Optional as _Optional, Union as _Union

DESCRIPTOR: _descriptor.FileDescriptor

class Outcome(int, metaclass=_enum_type_wrapper.EnumTypeWrapper):
    __slots__ = ()
    OUTCOME_UNSPECIFIED: _ClassVar[Outcome]
    OUTCOME_SUCCESS: _ClassVar[Outcome]
    OUTCOME_FAILURE: _ClassVar[Outcome]
    OUTCOME_CANCELLED: _ClassVar[Outcome]
    OUTCOME_TIMEOUT: _ClassVar[Outcome]
    OUTCOME_DENIED: _ClassVar[Outcome]
    OUTCOME_ABANDONED: _ClassVar[Outcome]
    OUTCOME_INTERRUPTED: _ClassVar[Outcome]

class FeatureAction(int, metaclass=_enum_type_wrapper.EnumTypeWrapper):
    __slots__ = ()
    FEATURE_ACTION_UNSPECIFIED: _ClassVar[FeatureAction]
    FEATURE_ACTION_ENABLED: _ClassVar[FeatureAction]
    FEATURE_ACTION_DISABLED: _ClassVar[FeatureAction]
    FEATURE_ACTION_CONFIGURED: _ClassVar[FeatureAction]
    FEATURE_ACTION_USED: _ClassVar[FeatureAction]

class ErrorCategory(int, metaclass=_enum_type_wrapper.EnumTypeWrapper):
    __slots__ = ()
    ERROR_CATEGORY_UNSPECIFIED: _ClassVar[ErrorCategory]
    ERROR_CATEGORY_NETWORK: _ClassVar[ErrorCategory]
    ERROR_CATEGORY_CONFIG: _ClassVar[ErrorCategory]
    ERROR_CATEGORY_RUNTIME: _ClassVar[ErrorCategory]
    ERROR_CATEGORY_TIMEOUT: _ClassVar[ErrorCategory]
    ERROR_CATEGORY_AUTH: _ClassVar[ErrorCategory]
    ERROR_CATEGORY_RATE_LIMIT: _ClassVar[ErrorCategory]
    ERROR_CATEGORY_FILESYSTEM: _ClassVar[ErrorCategory]
    ERROR_CATEGORY_VALIDATION: _ClassVar[ErrorCategory]
    ERROR_CATEGORY_DEPENDENCY: _ClassVar[ErrorCategory]
    ERROR_CATEGORY_UNKNOWN: _ClassVar[ErrorCategory]
OUTCOME_UNSPECIFIED: Outcome
OUTCOME_SUCCESS: Outcome
OUTCOME_FAILURE: Outcome
OUTCOME_CANCELLED: Outcome
OUTCOME_TIMEOUT: Outcome
OUTCOME_DENIED: Outcome
OUTCOME_ABANDONED: Outcome
OUTCOME_INTERRUPTED: Outcome
FEATURE_ACTION_UNSPECIFIED: FeatureAction
FEATURE_ACTION_ENABLED: FeatureAction
FEATURE_ACTION_DISABLED: FeatureAction
FEATURE_ACTION_CONFIGURED: FeatureAction
FEATURE_ACTION_USED: FeatureAction
ERROR_CATEGORY_UNSPECIFIED: ErrorCategory
ERROR_CATEGORY_NETWORK: ErrorCategory
ERROR_CATEGORY_CONFIG: ErrorCategory
ERROR_CATEGORY_RUNTIME: ErrorCategory
ERROR_CATEGORY_TIMEOUT: ErrorCategory
ERROR_CATEGORY_AUTH: ErrorCategory
ERROR_CATEGORY_RATE_LIMIT: ErrorCategory
ERROR_CATEGORY_FILESYSTEM: ErrorCategory
ERROR_CATEGORY_VALIDATION: ErrorCategory
ERROR_CATEGORY_DEPENDENCY: ErrorCategory
ERROR_CATEGORY_UNKNOWN: ErrorCategory

class UsageEvent(_message.Message):
    __slots__ = ("origin", "agent_run", "skill_run", "feature_use", "error_seen", "workflow_run", "perf_window")
    ORIGIN_FIELD_NUMBER: _ClassVar[int]
    AGENT_RUN_FIELD_NUMBER: _ClassVar[int]
    SKILL_RUN_FIELD_NUMBER: _ClassVar[int]
    FEATURE_USE_FIELD_NUMBER: _ClassVar[int]
    ERROR_SEEN_FIELD_NUMBER: _ClassVar[int]
    WORKFLOW_RUN_FIELD_NUMBER: _ClassVar[int]
    PERF_WINDOW_FIELD_NUMBER: _ClassVar[int]
    origin: Origin
    agent_run: AgentRun
    skill_run: SkillRun
    feature_use: FeatureUse
    error_seen: ErrorSeen
    workflow_run: WorkflowRun
    perf_window: PerfWindow
    def __init__(self, origin: _Optional[_Union[Origin, _Mapping]] = ..., agent_run: _Optional[_Union[AgentRun, _Mapping]] = ..., skill_run: _Optional[_Union[SkillRun, _Mapping]] = ..., feature_use: _Optional[_Union[FeatureUse, _Mapping]] = ..., error_seen: _Optional[_Union[ErrorSeen, _Mapping]] = ..., workflow_run: _Optional[_Union[WorkflowRun, _Mapping]] = ..., perf_window: _Optional[_Union[PerfWindow, _Mapping]] = ...) -> None: ...

class Origin(_message.Message):
    __slots__ = ("installation_id", "instance_id", "session_id", "conversation_id", "product", "product_version", "runtime_name", "runtime_version", "os_type", "sampling_ratio", "consent")
    INSTALLATION_ID_FIELD_NUMBER: _ClassVar[int]
    INSTANCE_ID_FIELD_NUMBER: _ClassVar[int]
    SESSION_ID_FIELD_NUMBER: _ClassVar[int]
    CONVERSATION_ID_FIELD_NUMBER: _ClassVar[int]
    PRODUCT_FIELD_NUMBER: _ClassVar[int]
    PRODUCT_VERSION_FIELD_NUMBER: _ClassVar[int]
    RUNTIME_NAME_FIELD_NUMBER: _ClassVar[int]
    RUNTIME_VERSION_FIELD_NUMBER: _ClassVar[int]
    OS_TYPE_FIELD_NUMBER: _ClassVar[int]
    SAMPLING_RATIO_FIELD_NUMBER: _ClassVar[int]
    CONSENT_FIELD_NUMBER: _ClassVar[int]
    installation_id: str
    instance_id: str
    session_id: str
    conversation_id: str
    product: str
    product_version: str
    runtime_name: str
    runtime_version: str
    os_type: str
    sampling_ratio: float
    consent: _consent_pb2.ConsentFacts
    def __init__(self, installation_id: _Optional[str] = ..., instance_id: _Optional[str] = ..., session_id: _Optional[str] = ..., conversation_id: _Optional[str] = ..., product: _Optional[str] = ..., product_version: _Optional[str] = ..., runtime_name: _Optional[str] = ..., runtime_version: _Optional[str] = ..., os_type: _Optional[str] = ..., sampling_ratio: _Optional[float] = ..., consent: _Optional[_Union[_consent_pb2.ConsentFacts, _Mapping]] = ...) -> None: ...

class Span(_message.Message):
    __slots__ = ("trace_id", "span_id", "parent_span_id", "start_time_unix_nano", "end_time_unix_nano")
    TRACE_ID_FIELD_NUMBER: _ClassVar[int]
    SPAN_ID_FIELD_NUMBER: _ClassVar[int]
    PARENT_SPAN_ID_FIELD_NUMBER: _ClassVar[int]
    START_TIME_UNIX_NANO_FIELD_NUMBER: _ClassVar[int]
    END_TIME_UNIX_NANO_FIELD_NUMBER: _ClassVar[int]
    trace_id: str
    span_id: str
    parent_span_id: str
    start_time_unix_nano: int
    end_time_unix_nano: int
    def __init__(self, trace_id: _Optional[str] = ..., span_id: _Optional[str] = ..., parent_span_id: _Optional[str] = ..., start_time_unix_nano: _Optional[int] = ..., end_time_unix_nano: _Optional[int] = ...) -> None: ...

class AgentRun(_message.Message):
    __slots__ = ("span", "outcome", "agent_name", "agent_version", "task_type", "task_file_type", "task_size", "provider", "model", "tokens", "cost", "ratings")
    SPAN_FIELD_NUMBER: _ClassVar[int]
    OUTCOME_FIELD_NUMBER: _ClassVar[int]
    AGENT_NAME_FIELD_NUMBER: _ClassVar[int]
    AGENT_VERSION_FIELD_NUMBER: _ClassVar[int]
    TASK_TYPE_FIELD_NUMBER: _ClassVar[int]
    TASK_FILE_TYPE_FIELD_NUMBER: _ClassVar[int]
    TASK_SIZE_FIELD_NUMBER: _ClassVar[int]
    PROVIDER_FIELD_NUMBER: _ClassVar[int]
    MODEL_FIELD_NUMBER: _ClassVar[int]
    TOKENS_FIELD_NUMBER: _ClassVar[int]
    COST_FIELD_NUMBER: _ClassVar[int]
    RATINGS_FIELD_NUMBER: _ClassVar[int]
    span: Span
    outcome: Outcome
    agent_name: str
    agent_version: str
    task_type: str
    task_file_type: str
    task_size: str
    provider: str
    model: str
    tokens: Tokens
    cost: Cost
    ratings: _containers.RepeatedCompositeFieldContainer[Rating]
    def __init__(self, span: _Optional[_Union[Span, _Mapping]] = ..., outcome: _Optional[_Union[Outcome, str]] = ..., agent_name: _Optional[str] = ..., agent_version: _Optional[str] = ..., task_type: _Optional[str] = ..., task_file_type: _Optional[str] = ..., task_size: _Optional[str] = ..., provider: _Optional[str] = ..., model: _Optional[str] = ..., tokens: _Optional[_Union[Tokens, _Mapping]] = ..., cost: _Optional[_Union[Cost, _Mapping]] = ..., ratings: _Optional[_Iterable[_Union[Rating, _Mapping]]] = ...) -> None: ...

class Tokens(_message.Message):
    __slots__ = ("input", "output", "cache_read", "cache_write")
    INPUT_FIELD_NUMBER: _ClassVar[int]
    OUTPUT_FIELD_NUMBER: _ClassVar[int]
    CACHE_READ_FIELD_NUMBER: _ClassVar[int]
    CACHE_WRITE_FIELD_NUMBER: _ClassVar[int]
    input: int
    output: int
    cache_read: int
    cache_write: int
    def __init__(self, input: _Optional[int] = ..., output: _Optional[int] = ..., cache_read: _Optional[int] = ..., cache_write: _Optional[int] = ...) -> None: ...

class Cost(_message.Message):
    __slots__ = ("amount", "currency", "source")
    AMOUNT_FIELD_NUMBER: _ClassVar[int]
    CURRENCY_FIELD_NUMBER: _ClassVar[int]
    SOURCE_FIELD_NUMBER: _ClassVar[int]
    amount: float
    currency: str
    source: str
    def __init__(self, amount: _Optional[float] = ..., currency: _Optional[str] = ..., source: _Optional[str] = ...) -> None: ...

class SkillRun(_message.Message):
    __slots__ = ("span", "outcome", "skill_name", "skill_version", "tool_name", "tool_type", "phase", "agent_name", "source", "source_ref", "ratings")
    SPAN_FIELD_NUMBER: _ClassVar[int]
    OUTCOME_FIELD_NUMBER: _ClassVar[int]
    SKILL_NAME_FIELD_NUMBER: _ClassVar[int]
    SKILL_VERSION_FIELD_NUMBER: _ClassVar[int]
    TOOL_NAME_FIELD_NUMBER: _ClassVar[int]
    TOOL_TYPE_FIELD_NUMBER: _ClassVar[int]
    PHASE_FIELD_NUMBER: _ClassVar[int]
    AGENT_NAME_FIELD_NUMBER: _ClassVar[int]
    SOURCE_FIELD_NUMBER: _ClassVar[int]
    SOURCE_REF_FIELD_NUMBER: _ClassVar[int]
    RATINGS_FIELD_NUMBER: _ClassVar[int]
    span: Span
    outcome: Outcome
    skill_name: str
    skill_version: str
    tool_name: str
    tool_type: str
    phase: str
    agent_name: str
    source: str
    source_ref: str
    ratings: _containers.RepeatedCompositeFieldContainer[Rating]
    def __init__(self, span: _Optional[_Union[Span, _Mapping]] = ..., outcome: _Optional[_Union[Outcome, str]] = ..., skill_name: _Optional[str] = ..., skill_version: _Optional[str] = ..., tool_name: _Optional[str] = ..., tool_type: _Optional[str] = ..., phase: _Optional[str] = ..., agent_name: _Optional[str] = ..., source: _Optional[str] = ..., source_ref: _Optional[str] = ..., ratings: _Optional[_Iterable[_Union[Rating, _Mapping]]] = ...) -> None: ...

class Rating(_message.Message):
    __slots__ = ("name", "value", "label", "time_unix_nano")
    NAME_FIELD_NUMBER: _ClassVar[int]
    VALUE_FIELD_NUMBER: _ClassVar[int]
    LABEL_FIELD_NUMBER: _ClassVar[int]
    TIME_UNIX_NANO_FIELD_NUMBER: _ClassVar[int]
    name: str
    value: float
    label: str
    time_unix_nano: int
    def __init__(self, name: _Optional[str] = ..., value: _Optional[float] = ..., label: _Optional[str] = ..., time_unix_nano: _Optional[int] = ...) -> None: ...

class FeatureUse(_message.Message):
    __slots__ = ("span", "feature_name", "action", "command_name", "agent_name")
    SPAN_FIELD_NUMBER: _ClassVar[int]
    FEATURE_NAME_FIELD_NUMBER: _ClassVar[int]
    ACTION_FIELD_NUMBER: _ClassVar[int]
    COMMAND_NAME_FIELD_NUMBER: _ClassVar[int]
    AGENT_NAME_FIELD_NUMBER: _ClassVar[int]
    span: Span
    feature_name: str
    action: FeatureAction
    command_name: str
    agent_name: str
    def __init__(self, span: _Optional[_Union[Span, _Mapping]] = ..., feature_name: _Optional[str] = ..., action: _Optional[_Union[FeatureAction, str]] = ..., command_name: _Optional[str] = ..., agent_name: _Optional[str] = ...) -> None: ...

class ErrorSeen(_message.Message):
    __slots__ = ("span", "kind", "outcome", "error_type", "category", "component", "stack_hash")
    SPAN_FIELD_NUMBER: _ClassVar[int]
    KIND_FIELD_NUMBER: _ClassVar[int]
    OUTCOME_FIELD_NUMBER: _ClassVar[int]
    ERROR_TYPE_FIELD_NUMBER: _ClassVar[int]
    CATEGORY_FIELD_NUMBER: _ClassVar[int]
    COMPONENT_FIELD_NUMBER: _ClassVar[int]
    STACK_HASH_FIELD_NUMBER: _ClassVar[int]
    span: Span
    kind: str
    outcome: Outcome
    error_type: str
    category: ErrorCategory
    component: str
    stack_hash: str
    def __init__(self, span: _Optional[_Union[Span, _Mapping]] = ..., kind: _Optional[str] = ..., outcome: _Optional[_Union[Outcome, str]] = ..., error_type: _Optional[str] = ..., category: _Optional[_Union[ErrorCategory, str]] = ..., component: _Optional[str] = ..., stack_hash: _Optional[str] = ...) -> None: ...

class WorkflowRun(_message.Message):
    __slots__ = ("span", "outcome", "workflow_name", "steps", "step_count", "pattern_hash", "ratings")
    SPAN_FIELD_NUMBER: _ClassVar[int]
    OUTCOME_FIELD_NUMBER: _ClassVar[int]
    WORKFLOW_NAME_FIELD_NUMBER: _ClassVar[int]
    STEPS_FIELD_NUMBER: _ClassVar[int]
    STEP_COUNT_FIELD_NUMBER: _ClassVar[int]
    PATTERN_HASH_FIELD_NUMBER: _ClassVar[int]
    RATINGS_FIELD_NUMBER: _ClassVar[int]
    span: Span
    outcome: Outcome
    workflow_name: str
    steps: _containers.RepeatedScalarFieldContainer[str]
    step_count: int
    pattern_hash: str
    ratings: _containers.RepeatedCompositeFieldContainer[Rating]
    def __init__(self, span: _Optional[_Union[Span, _Mapping]] = ..., outcome: _Optional[_Union[Outcome, str]] = ..., workflow_name: _Optional[str] = ..., steps: _Optional[_Iterable[str]] = ..., step_count: _Optional[int] = ..., pattern_hash: _Optional[str] = ..., ratings: _Optional[_Iterable[_Union[Rating, _Mapping]]] = ...) -> None: ...

class PerfWindow(_message.Message):
    __slots__ = ("metric", "start_time_unix_nano", "end_time_unix_nano", "agent_name", "skill_name", "tool_name", "workflow_name", "outcome", "error_type", "count", "sum_s", "min_s", "max_s", "scale", "zero_count", "bucket_offset", "bucket_counts")
    METRIC_FIELD_NUMBER: _ClassVar[int]
    START_TIME_UNIX_NANO_FIELD_NUMBER: _ClassVar[int]
    END_TIME_UNIX_NANO_FIELD_NUMBER: _ClassVar[int]
    AGENT_NAME_FIELD_NUMBER: _ClassVar[int]
    SKILL_NAME_FIELD_NUMBER: _ClassVar[int]
    TOOL_NAME_FIELD_NUMBER: _ClassVar[int]
    WORKFLOW_NAME_FIELD_NUMBER: _ClassVar[int]
    OUTCOME_FIELD_NUMBER: _ClassVar[int]
    ERROR_TYPE_FIELD_NUMBER: _ClassVar[int]
    COUNT_FIELD_NUMBER: _ClassVar[int]
    SUM_S_FIELD_NUMBER: _ClassVar[int]
    MIN_S_FIELD_NUMBER: _ClassVar[int]
    MAX_S_FIELD_NUMBER: _ClassVar[int]
    SCALE_FIELD_NUMBER: _ClassVar[int]
    ZERO_COUNT_FIELD_NUMBER: _ClassVar[int]
    BUCKET_OFFSET_FIELD_NUMBER: _ClassVar[int]
    BUCKET_COUNTS_FIELD_NUMBER: _ClassVar[int]
    metric: str
    start_time_unix_nano: int
    end_time_unix_nano: int
    agent_name: str
    skill_name: str
    tool_name: str
    workflow_name: str
    outcome: Outcome
    error_type: str
    count: int
    sum_s: float
    min_s: float
    max_s: float
    scale: int
    zero_count: int
    bucket_offset: int
    bucket_counts: _containers.RepeatedScalarFieldContainer[int]
    def __init__(self, metric: _Optional[str] = ..., start_time_unix_nano: _Optional[int] = ..., end_time_unix_nano: _Optional[int] = ..., agent_name: _Optional[str] = ..., skill_name: _Optional[str] = ..., tool_name: _Optional[str] = ..., workflow_name: _Optional[str] = ..., outcome: _Optional[_Union[Outcome, str]] = ..., error_type: _Optional[str] = ..., count: _Optional[int] = ..., sum_s: _Optional[float] = ..., min_s: _Optional[float] = ..., max_s: _Optional[float] = ..., scale: _Optional[int] = ..., zero_count: _Optional[int] = ..., bucket_offset: _Optional[int] = ..., bucket_counts: _Optional[_Iterable[int]] = ...) -> None: ...
