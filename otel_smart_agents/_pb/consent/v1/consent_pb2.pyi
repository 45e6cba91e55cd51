from google.protobuf.internal import containers as _containers
from google.protobuf.internal import enum_type_wrapper as _enum_type_wrapper
from google.protobuf import descriptor as _descriptor
from google.protobuf import message as _message
from typing import ClassVar as _ClassVar, Iterable as _Iterable, Mapping as _Mapping, Optional as _Optional, Union as _Union

DESCRIPTOR: _descriptor.FileDescriptor

class Category(int, metaclass=_enum_type_wrapper.EnumTypeWrapper):
    __slots__ = ()
    CATEGORY_UNSPECIFIED: _ClassVar[Category]
    CATEGORY_AGENT: _ClassVar[Category]
    CATEGORY_SKILL: _ClassVar[Category]
    CATEGORY_FEATURE: _ClassVar[Category]
    CATEGORY_ERROR: _ClassVar[Category]
    CATEGORY_PERFORMANCE: _ClassVar[Category]
    CATEGORY_WORKFLOW: _ClassVar[Category]
CATEGORY_UNSPECIFIED: Category
CATEGORY_AGENT: Category
CATEGORY_SKILL: Category
CATEGORY_FEATURE: Category
CATEGORY_ERROR: Category
CATEGORY_PERFORMANCE: Category
CATEGORY_WORKFLOW: Category

class ConsentFacts(_message.Message):
    __slots__ = ("policy_version", "epoch", "categories", "receipt_hash", "subject")
    POLICY_VERSION_FIELD_NUMBER: _ClassVar[int]
    EPOCH_FIELD_NUMBER: _ClassVar[int]
    CATEGORIES_FIELD_NUMBER: _ClassVar[int]
    RECEIPT_HASH_FIELD_NUMBER: _ClassVar[int]
    SUBJECT_FIELD_NUMBER: _ClassVar[int]
    policy_version: str
    epoch: int
    categories: _containers.RepeatedScalarFieldContainer[Category]
    receipt_hash: str
    subject: str
    def __init__(self, policy_version: _Optional[str] = ..., epoch: _Optional[int] = ..., categories: _Optional[_Iterable[_Union[Category, str]]] = ..., receipt_hash: _Optional[str] = ..., subject: _Optional[str] = ...) -> None: ...

class ConsentReceipt(_message.Message):
    __slots__ = ("schema_version", "record_id", "pii_principal_id", "destination", "event_time_ns", "consent_epoch", "pii_processing", "party_identification", "event")
    SCHEMA_VERSION_FIELD_NUMBER: _ClassVar[int]
    RECORD_ID_FIELD_NUMBER: _ClassVar[int]
    PII_PRINCIPAL_ID_FIELD_NUMBER: _ClassVar[int]
    DESTINATION_FIELD_NUMBER: _ClassVar[int]
    EVENT_TIME_NS_FIELD_NUMBER: _ClassVar[int]
    CONSENT_EPOCH_FIELD_NUMBER: _ClassVar[int]
    PII_PROCESSING_FIELD_NUMBER: _ClassVar[int]
    PARTY_IDENTIFICATION_FIELD_NUMBER: _ClassVar[int]
    EVENT_FIELD_NUMBER: _ClassVar[int]
    schema_version: str
    record_id: str
    pii_principal_id: str
    destination: str
    event_time_ns: int
    consent_epoch: int
    pii_processing: _containers.RepeatedCompositeFieldContainer[PiiProcessing]
    party_identification: _containers.RepeatedCompositeFieldContainer[Party]
    event: _containers.RepeatedCompositeFieldContainer[ConsentEvent]
    def __init__(self, schema_version: _Optional[str] = ..., record_id: _Optional[str] = ..., pii_principal_id: _Optional[str] = ..., destination: _Optional[str] = ..., event_time_ns: _Optional[int] = ..., consent_epoch: _Optional[int] = ..., pii_processing: _Optional[_Iterable[_Union[PiiProcessing, _Mapping]]] = ..., party_identification: _Optional[_Iterable[_Union[Party, _Mapping]]] = ..., event: _Optional[_Iterable[_Union[ConsentEvent, _Mapping]]] = ...) -> None: ...

class PiiProcessing(_message.Message):
    __slots__ = ("privacy_notice", "policy_url", "language", "service", "service_version", "purpose", "lawful_basis", "pii_information", "pii_controllers", "collection_method", "processing_method", "processing_locations", "storage_locations", "retention_period", "recipient_third_parties", "withdrawal_method", "privacy_rights", "jurisdiction")
    PRIVACY_NOTICE_FIELD_NUMBER: _ClassVar[int]
    POLICY_URL_FIELD_NUMBER: _ClassVar[int]
    LANGUAGE_FIELD_NUMBER: _ClassVar[int]
    SERVICE_FIELD_NUMBER: _ClassVar[int]
    SERVICE_VERSION_FIELD_NUMBER: _ClassVar[int]
    PURPOSE_FIELD_NUMBER: _ClassVar[int]
    LAWFUL_BASIS_FIELD_NUMBER: _ClassVar[int]
    PII_INFORMATION_FIELD_NUMBER: _ClassVar[int]
    PII_CONTROLLERS_FIELD_NUMBER: _ClassVar[int]
    COLLECTION_METHOD_FIELD_NUMBER: _ClassVar[int]
    PROCESSING_METHOD_FIELD_NUMBER: _ClassVar[int]
    PROCESSING_LOCATIONS_FIELD_NUMBER: _ClassVar[int]
    STORAGE_LOCATIONS_FIELD_NUMBER: _ClassVar[int]
    RETENTION_PERIOD_FIELD_NUMBER: _ClassVar[int]
    RECIPIENT_THIRD_PARTIES_FIELD_NUMBER: _ClassVar[int]
    WITHDRAWAL_METHOD_FIELD_NUMBER: _ClassVar[int]
    PRIVACY_RIGHTS_FIELD_NUMBER: _ClassVar[int]
    JURISDICTION_FIELD_NUMBER: _ClassVar[int]
    privacy_notice: PrivacyNotice
    policy_url: str
    language: str
    service: str
    service_version: str
    purpose: _containers.RepeatedScalarFieldContainer[str]
    lawful_basis: str
    pii_information: _containers.RepeatedCompositeFieldContainer[PiiInformation]
    pii_controllers: _containers.RepeatedScalarFieldContainer[str]
    collection_method: str
    processing_method: _containers.RepeatedScalarFieldContainer[str]
    processing_locations: _containers.RepeatedScalarFieldContainer[str]
    storage_locations: _containers.RepeatedScalarFieldContainer[str]
    retention_period: str
    recipient_third_parties: _containers.RepeatedScalarFieldContainer[str]
    withdrawal_method: str
    privacy_rights: _containers.RepeatedScalarFieldContainer[str]
    jurisdiction: str
    def __init__(self, privacy_notice: _Optional[_Union[PrivacyNotice, _Mapping]] = ..., policy_url: _Optional[str] = ..., language: _Optional[str] = ..., service: _Optional[str] = ..., service_version: _Optional[str] = ..., purpose: _Optional[_Iterable[str]] = ..., lawful_basis: _Optional[str] = ..., pii_information: _Optional[_Iterable[_Union[PiiInformation, _Mapping]]] = ..., pii_controllers: _Optional[_Iterable[str]] = ..., collection_method: _Optional[str] = ..., processing_method: _Optional[_Iterable[str]] = ..., processing_locations: _Optional[_Iterable[str]] = ..., storage_locations: _Optional[_Iterable[str]] = ..., retention_period: _Optional[str] = ..., recipient_third_parties: _Optional[_Iterable[str]] = ..., withdrawal_method: _Optional[str] = ..., privacy_rights: _Optional[_Iterable[str]] = ..., jurisdiction: _Optional[str] = ...) -> None: ...

class PrivacyNotice(_message.Message):
    __slots__ = ("version", "sha256")
    VERSION_FIELD_NUMBER: _ClassVar[int]
    SHA256_FIELD_NUMBER: _ClassVar[int]
    version: str
    sha256: str
    def __init__(self, version: _Optional[str] = ..., sha256: _Optional[str] = ...) -> None: ...

class PiiInformation(_message.Message):
    __slots__ = ("pii_type", "pii_attribute_id", "pii_optional", "sensitive_pii_category")
    PII_TYPE_FIELD_NUMBER: _ClassVar[int]
    PII_ATTRIBUTE_ID_FIELD_NUMBER: _ClassVar[int]
    PII_OPTIONAL_FIELD_NUMBER: _ClassVar[int]
    SENSITIVE_PII_CATEGORY_FIELD_NUMBER: _ClassVar[int]
    pii_type: str
    pii_attribute_id: _containers.RepeatedScalarFieldContainer[str]
    pii_optional: bool
    sensitive_pii_category: bool
    def __init__(self, pii_type: _Optional[str] = ..., pii_attribute_id: _Optional[_Iterable[str]] = ..., pii_optional: bool = ..., sensitive_pii_category: bool = ...) -> None: ...

class Party(_message.Message):
    __slots__ = ("party_id", "party_name", "party_role", "party_contact")
    PARTY_ID_FIELD_NUMBER: _ClassVar[int]
    PARTY_NAME_FIELD_NUMBER: _ClassVar[int]
    PARTY_ROLE_FIELD_NUMBER: _ClassVar[int]
    PARTY_CONTACT_FIELD_NUMBER: _ClassVar[int]
    party_id: str
    party_name: str
    party_role: str
    party_contact: str
    def __init__(self, party_id: _Optional[str] = ..., party_name: _Optional[str] = ..., party_role: _Optional[str] = ..., party_contact: _Optional[str] = ...) -> None: ...

class ConsentEvent(_message.Message):
    __slots__ = ("event_time", "validity_duration", "entity_id", "event_type", "event_state")
    EVENT_TIME_FIELD_NUMBER: _ClassVar[int]
    VALIDITY_DURATION_FIELD_NUMBER: _ClassVar[int]
    ENTITY_ID_FIELD_NUMBER: _ClassVar[int]
    EVENT_TYPE_FIELD_NUMBER: _ClassVar[int]
    EVENT_STATE_FIELD_NUMBER: _ClassVar[int]
    event_time: str
    validity_duration: str
    entity_id: str
    event_type: str
    event_state: str
    def __init__(self, event_time: _Optional[str] = ..., validity_duration: _Optional[str] = ..., entity_id: _Optional[str] = ..., event_type: _Optional[str] = ..., event_state: _Optional[str] = ...) -> None: ...
