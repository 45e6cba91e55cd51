"""Which exception classes stand for which error category: data for ``categories``, in words rather than imports.

A class is looked up by the root of its module and its name, base classes after it, so nothing has to be installed or imported.
"""

from __future__ import annotations

import builtins
import errno
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from collections.abc import Mapping


def _table(text: str) -> dict[str, str]:
    """``category: Name Name …`` a line → ``{Name: category}``."""
    found: dict[str, str] = {}
    for line in text.strip().splitlines():
        category, _, names = line.partition(":")
        found.update(dict.fromkeys(names.split(), category.strip()))
    return found


# ``root.Class`` → category. Roots of the standard library stand beside third-party ones; ``builtins`` holds what has no module.
BY_CLASS: Final[Mapping[str, str]] = _table("""
timeout: builtins.TimeoutError asyncio.TimeoutError concurrent.TimeoutError subprocess.TimeoutExpired requests.Timeout
timeout: httpx.TimeoutException aiohttp.ServerTimeoutError urllib3.TimeoutError redis.TimeoutError sqlalchemy.TimeoutError
timeout: pymongo.NetworkTimeout pymongo.ServerSelectionTimeoutError openai.APITimeoutError anthropic.APITimeoutError
timeout: google.DeadlineExceeded google.GatewayTimeout google.RetryError botocore.ReadTimeoutError botocore.ConnectTimeoutError
timeout: trio.TooSlowError playwright.TimeoutError psycopg.QueryCanceled psycopg2.QueryCanceledError elastic_transport.ConnectionTimeout
timeout: selenium.TimeoutException httpx2.TimeoutException
network: builtins.ConnectionError socket.gaierror socket.herror ssl.SSLError http.HTTPException urllib.URLError
network: urllib.ContentTooShortError asyncio.IncompleteReadError ftplib.Error imaplib.error poplib.error_proto smtplib.SMTPException
network: requests.RequestException httpx.TransportError httpx.RequestError httpx.StreamError httpx2.TransportError httpx2.RequestError
network: aiohttp.ClientError aiohttp.ClientConnectionError urllib3.HTTPError urllib3.MaxRetryError redis.ConnectionError
network: pymongo.ConnectionFailure openai.APIConnectionError anthropic.APIConnectionError google.ServiceUnavailable google.TransportError
network: botocore.HTTPClientError botocore.EndpointConnectionError grpc.FutureTimeoutError websockets.WebSocketException
network: websockets.ConnectionClosed paramiko.SSHException elastic_transport.ConnectionError pika.AMQPConnectionError
network: kafka.KafkaConnectionError nats.Error zmq.ZMQError h11.RemoteProtocolError anyio.BrokenResourceError anyio.ClosedResourceError
network: anyio.EndOfStream trio.BrokenResourceError dns.DNSException
auth: smtplib.SMTPAuthenticationError openai.AuthenticationError openai.PermissionDeniedError anthropic.AuthenticationError
auth: anthropic.PermissionDeniedError google.Unauthenticated google.Unauthorized google.PermissionDenied google.Forbidden
auth: google.GoogleAuthError google.RefreshError google.DefaultCredentialsError botocore.NoCredentialsError
auth: botocore.PartialCredentialsError botocore.CredentialRetrievalError redis.AuthenticationError redis.NoPermissionError
auth: paramiko.AuthenticationException jwt.PyJWTError azure.ClientAuthenticationError msal.MsalError django.PermissionDenied
auth: elasticsearch.AuthenticationException oauthlib.OAuth2Error elasticsearch.AuthorizationException authlib.AuthlibBaseError
auth: psycopg.InvalidPassword cohere.UnauthorizedError cohere.ForbiddenError
rate_limit: openai.RateLimitError anthropic.RateLimitError google.TooManyRequests google.ResourceExhausted slowapi.RateLimitExceeded
rate_limit: cohere.TooManyRequestsError tweepy.TooManyRequests stripe.RateLimitError github.RateLimitExceededException
filesystem: builtins.FileNotFoundError builtins.FileExistsError builtins.PermissionError builtins.IsADirectoryError
filesystem: builtins.NotADirectoryError shutil.Error tarfile.TarError zipfile.BadZipFile zipfile.LargeZipFile tempfile.error
filesystem: fsspec.FSTimeoutError
config: configparser.Error tomllib.TOMLDecodeError tomli.TOMLDecodeError toml.TomlDecodeError yaml.YAMLError
config: pydantic_settings.SettingsError django.ImproperlyConfigured botocore.ConfigNotFound botocore.ConfigParseError
config: botocore.ProfileNotFound botocore.NoRegionError otel_smart_agents.ConfigError otel_smart_agents.PolicyError
config: opentelemetry.ConfigurationError alembic.CommandError dotenv.DotenvError langchain_core.LangChainException hydra.HydraException
config: omegaconf.OmegaConfBaseException zoneinfo.ZoneInfoNotFoundError
validation: builtins.ValueError json.JSONDecodeError csv.Error struct.error zlib.error binascii.Error lzma.LZMAError xml.ParseError
validation: xml.ExpatError pickle.PickleError email.MessageError re.error re.PatternError argparse.ArgumentError gzip.BadGzipFile
validation: pydantic.ValidationError pydantic_core.ValidationError pydantic_core.SchemaError jsonschema.ValidationError
validation: jsonschema.SchemaError marshmallow.ValidationError cerberus.DocumentError attrs.AttrsError voluptuous.Invalid
validation: fastapi.RequestValidationError django.ValidationError requests.InvalidURL requests.InvalidSchema requests.MissingSchema
validation: requests.InvalidHeader requests.JSONDecodeError requests.InvalidJSONError httpx.InvalidURL httpx.UnsupportedProtocol
validation: httpx2.InvalidURL httpx2.UnsupportedProtocol aiohttp.InvalidURL openai.BadRequestError openai.UnprocessableEntityError
validation: openai.NotFoundError openai.ConflictError anthropic.BadRequestError anthropic.NotFoundError anthropic.UnprocessableEntityError
validation: anthropic.ConflictError google.InvalidArgument google.BadRequest google.NotFound google.AlreadyExists
validation: google.FailedPrecondition google.OutOfRange botocore.ParamValidationError sqlalchemy.IntegrityError sqlalchemy.DataError
validation: sqlalchemy.NoResultFound sqlalchemy.MultipleResultsFound sqlite3.IntegrityError sqlite3.DataError redis.DataError
validation: click.UsageError lxml.LxmlError google.DecodeError avro.AvroException openai.LengthFinishReasonError
dependency: builtins.ImportError subprocess.SubprocessError sqlite3.Error importlib.PackageNotFoundError sqlalchemy.SQLAlchemyError
dependency: redis.RedisError pymongo.PyMongoError psycopg.Error psycopg2.Error asyncpg.PostgresError pymysql.MySQLError mysql.Error
dependency: openai.InternalServerError openai.OpenAIError anthropic.InternalServerError anthropic.AnthropicError google.GoogleAPIError
dependency: google.InternalServerError google.APIError botocore.BotoCoreError botocore.ClientError boto3.Boto3Error azure.AzureError
dependency: docker.DockerException kubernetes.ApiException mcp.McpError mcp.MCPError elasticsearch.ApiError chromadb.ChromaError
dependency: qdrant_client.ApiException huggingface_hub.HfHubHTTPError stripe.StripeError celery.CeleryError jinja2.TemplateNotFound
dependency: pinecone.PineconeException weaviate.WeaviateBaseError kafka.KafkaError cohere.ApiError mistralai.MistralError grpc.RpcError
dependency: otel_smart_agents.MissingDependencyError requests.HTTPError httpx.HTTPStatusError httpx2.HTTPStatusError
dependency: aiohttp.ClientResponseError
runtime: builtins.ArithmeticError builtins.AssertionError builtins.AttributeError builtins.BufferError builtins.EOFError
runtime: builtins.LookupError builtins.MemoryError builtins.NameError builtins.ReferenceError builtins.RuntimeError builtins.StopIteration
runtime: builtins.SyntaxError builtins.StopAsyncIteration builtins.SystemError builtins.TypeError builtins.Warning queue.Empty queue.Full
runtime: asyncio.InvalidStateError asyncio.QueueEmpty asyncio.QueueFull concurrent.BrokenExecutor concurrent.InvalidStateError
runtime: jinja2.TemplateError copy.Error
""")

# Names that generated clients and frameworks share and that mean the same everywhere; a class of any third-party module.
BY_NAME: Final[Mapping[str, str]] = _table("""
timeout: APITimeoutError ConnectTimeout ReadTimeout WriteTimeout PoolTimeout TimeoutException RequestTimeoutError DeadlineExceeded
network: APIConnectionError ConnectError ConnectionClosedError
auth: AuthenticationError AuthorizationError PermissionDeniedError UnauthorizedError ForbiddenError InvalidCredentialsError
rate_limit: RateLimitError RateLimitExceeded RateLimitExceededError TooManyRequests TooManyRequestsError ThrottlingException
rate_limit: QuotaExceededError
config: ConfigurationError ImproperlyConfigured
validation: ValidationError BadRequestError UnprocessableEntityError InvalidRequestError
""")

# A class of these has an HTTP status in its own dictionary, directly or in its response: ``root.Class`` → names of the path to it.
STATUS_PATHS: Final[Mapping[str, tuple[str, ...]]] = {
    "requests.HTTPError": ("response", "status_code"),
    "httpx.HTTPStatusError": ("response", "status_code"),
    "httpx2.HTTPStatusError": ("response", "status_code"),
    "aiohttp.ClientResponseError": ("status",),
    "urllib.HTTPError": ("code",),
    "openai.APIStatusError": ("status_code",),
    "anthropic.APIStatusError": ("status_code",),
    "google.GoogleAPICallError": ("_response", "status_code"),
    "google.APIError": ("code",),
    "google.HttpError": ("resp", "status"),
    "azure.HttpResponseError": ("status_code",),
    "kubernetes.ApiException": ("status",),
    "huggingface_hub.HfHubHTTPError": ("response", "status_code"),
    "cohere.ApiError": ("status_code",),
    "mistralai.SDKError": ("status_code",),
    "mistralai.MistralError": ("status_code",),
    "groq.APIStatusError": ("status_code",),
    "together.APIError": ("http_status",),
    "litellm.APIError": ("status_code",),
    "stripe.StripeError": ("http_status",),
    "github.GithubException": ("_GithubException__status",),
    "starlette.HTTPException": ("status_code",),
    "fastapi.HTTPException": ("status_code",),
    "werkzeug.HTTPException": ("code",),
    "tornado.HTTPError": ("status_code",),
    "tornado.HTTPClientError": ("code",),
    "notion_client.HTTPResponseError": ("status",),
    "qdrant_client.UnexpectedResponse": ("status_code",),
    "weaviate.UnexpectedStatusCodeError": ("_status_code",),
}

_STATUS: Final[Mapping[int, str]] = {
    401: "auth",
    403: "auth",
    407: "auth",
    408: "timeout",
    425: "rate_limit",
    429: "rate_limit",
    504: "timeout",
}

GRPC: Final[Mapping[str, str]] = _table("""
timeout: DEADLINE_EXCEEDED
network: UNAVAILABLE
auth: UNAUTHENTICATED PERMISSION_DENIED
rate_limit: RESOURCE_EXHAUSTED
validation: INVALID_ARGUMENT OUT_OF_RANGE FAILED_PRECONDITION NOT_FOUND ALREADY_EXISTS
dependency: INTERNAL UNKNOWN DATA_LOSS UNIMPLEMENTED ABORTED
unknown: CANCELLED OK
""")

# Error codes of AWS services; a code that ends in ``NotFound`` or starts with ``Invalid`` is read as validation.
AWS: Final[Mapping[str, str]] = _table("""
rate_limit: Throttling ThrottlingException ThrottledException RequestThrottled RequestThrottledException TooManyRequestsException SlowDown
rate_limit: ProvisionedThroughputExceededException LimitExceededException RequestLimitExceeded BandwidthLimitExceeded
rate_limit: ServiceQuotaExceededException
auth: AccessDenied AccessDeniedException UnrecognizedClientException InvalidClientTokenId ExpiredToken ExpiredTokenException AuthFailure
auth: SignatureDoesNotMatch MissingAuthenticationToken NotAuthorizedException UnauthorizedOperation
timeout: RequestTimeout RequestTimeoutException ModelTimeoutException
validation: ValidationException ValidationError NoSuchKey NoSuchBucket ResourceNotFoundException ConditionalCheckFailedException
""")

ERRNO: Final[Mapping[int, str]] = {
    errno.ETIMEDOUT: "timeout",
    **dict.fromkeys(
        (
            errno.EADDRINUSE,
            errno.EADDRNOTAVAIL,
            errno.ECONNABORTED,
            errno.ECONNREFUSED,
            errno.ECONNRESET,
            errno.EHOSTUNREACH,
            errno.ENETDOWN,
            errno.ENETUNREACH,
            errno.ENOTCONN,
            errno.EPIPE,
        ),
        "network",
    ),
    errno.ENOMEM: "runtime",
}


def of_status(status: int) -> str:
    """The category of an HTTP status: 5xx is the service's fault, other 4xx the request's."""
    found = _STATUS.get(status)
    if found is None:
        found = "dependency" if status >= 500 else "validation" if status >= 400 else "unknown"
    return found


def of_aws(code: str) -> str | None:
    """The category of an AWS error code, ``None`` if only the HTTP status can tell."""
    return AWS.get(code) or ("validation" if code.startswith("Invalid") or code.endswith("NotFound") else None)


KNOWN_CLASSES: Final = frozenset(
    {name for name, value in vars(builtins).items() if isinstance(value, type) and issubclass(value, BaseException)}
    | {path.rpartition(".")[2] for path in BY_CLASS}
)
"""Names of exception classes that tell nothing about anybody: Python's own and those of well-known libraries."""
