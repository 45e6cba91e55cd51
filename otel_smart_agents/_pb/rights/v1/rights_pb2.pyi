from google.protobuf.internal import enum_type_wrapper as _enum_type_wrapper
from google.protobuf import descriptor as _descriptor
from google.protobuf import message as _message
from typing import ClassVar as _ClassVar, Mapping as _Mapping, Optional as _Optional, Union as _Union

DESCRIPTOR: _descriptor.FileDescriptor

class ErasureState(int, metaclass=_enum_type_wrapper.EnumTypeWrapper):
    __slots__ = ()
    ERASURE_STATE_UNSPECIFIED: _ClassVar[ErasureState]
    ERASURE_STATE_ACCEPTED: _ClassVar[ErasureState]
    ERASURE_STATE_ERASED: _ClassVar[ErasureState]
ERASURE_STATE_UNSPECIFIED: ErasureState
ERASURE_STATE_ACCEPTED: ErasureState
ERASURE_STATE_ERASED: ErasureState

class RequestErasureRequest(_message.Message):
    __slots__ = ("installation_id", "proof", "requested_time_unix_nano")
    INSTALLATION_ID_FIELD_NUMBER: _ClassVar[int]
    PROOF_FIELD_NUMBER: _ClassVar[int]
    REQUESTED_TIME_UNIX_NANO_FIELD_NUMBER: _ClassVar[int]
    installation_id: str
    proof: bytes
    requested_time_unix_nano: int
    def __init__(self, installation_id: _Optional[str] = ..., proof: _Optional[bytes] = ..., requested_time_unix_nano: _Optional[int] = ...) -> None: ...

class RequestErasureResponse(_message.Message):
    __slots__ = ("receipt",)
    RECEIPT_FIELD_NUMBER: _ClassVar[int]
    receipt: ErasureReceipt
    def __init__(self, receipt: _Optional[_Union[ErasureReceipt, _Mapping]] = ...) -> None: ...

class GetErasureStatusRequest(_message.Message):
    __slots__ = ("request_id",)
    REQUEST_ID_FIELD_NUMBER: _ClassVar[int]
    request_id: str
    def __init__(self, request_id: _Optional[str] = ...) -> None: ...

class GetErasureStatusResponse(_message.Message):
    __slots__ = ("state",)
    STATE_FIELD_NUMBER: _ClassVar[int]
    state: ErasureState
    def __init__(self, state: _Optional[_Union[ErasureState, str]] = ...) -> None: ...

class ErasureReceipt(_message.Message):
    __slots__ = ("request_id", "state", "received_time_unix_nano")
    REQUEST_ID_FIELD_NUMBER: _ClassVar[int]
    STATE_FIELD_NUMBER: _ClassVar[int]
    RECEIVED_TIME_UNIX_NANO_FIELD_NUMBER: _ClassVar[int]
    request_id: str
    state: ErasureState
    received_time_unix_nano: int
    def __init__(self, request_id: _Optional[str] = ..., state: _Optional[_Union[ErasureState, str]] = ..., received_time_unix_nano: _Optional[int] = ...) -> None: ...
