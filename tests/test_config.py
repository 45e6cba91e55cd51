"""Settings: who wins, what is refused, what is only warned about."""

from __future__ import annotations

import warnings

import pytest

from otel_smart_agents.config import KNOWN, resolve
from otel_smart_agents.errors import ConfigError
from otel_smart_agents.export.endpoint import Endpoint


def test_defaults_need_nothing():
    settings = resolve({})
    assert settings.endpoint == ""
    assert settings.durability == "write_behind"
    assert set(settings.sources) == set(KNOWN)
    assert set(settings.sources.values()) == {"default"}


def test_each_layer_beats_the_ones_below(tmp_path):
    file = tmp_path / "config.toml"
    file.write_text('durability = "write_through"\ncompression = "none"\nprotocol = "grpc"\nunknown = "scan"\nservice_name = "from-file"\n')
    environ = {
        "OTEL_PYTHON_SMART_AGENTS_COMPRESSION": "gzip",
        "OTEL_EXPORTER_OTLP_COMPRESSION": "none",
        "OTEL_EXPORTER_OTLP_PROTOCOL": "http/json",
        "OTEL_SERVICE_NAME": "from-environment",
    }
    settings = resolve({"service_name": "from-code"}, block={"protocol": "http/protobuf"}, environ=environ, settings_file=file)
    assert settings.service_name == "from-code"
    assert settings.protocol == "http/protobuf"
    assert settings.compression == "gzip"
    assert settings.durability == "write_through"
    assert settings.sources["service_name"] == "argument"
    assert settings.sources["protocol"] == "OTEL_CONFIG_FILE"
    assert settings.sources["compression"] == "OTEL_PYTHON_SMART_AGENTS_COMPRESSION"
    assert settings.sources["durability"] == "settings file"


def test_upstream_reads_arguments_alone(tmp_path):
    file = tmp_path / "config.toml"
    file.write_text('endpoint = "https://elsewhere.example"\n')
    environ = {"OTEL_EXPORTER_OTLP_ENDPOINT": "https://ambient.example", "OTEL_EXPORTER_OTLP_HEADERS": "authorization=Basic eA=="}
    settings = resolve({"endpoint": "https://makers.example"}, audience="upstream", environ=environ, settings_file=file)
    assert settings.endpoint == "https://makers.example"
    assert dict(settings.headers) == {}
    assert settings.protocol == "http/json"


def test_empty_is_unset():
    assert resolve({}, environ={"OTEL_SERVICE_NAME": "  "}).service_name == "unknown_service"


def test_resource_attributes_name_the_service_only_below_the_service_name():
    environ = {"OTEL_RESOURCE_ATTRIBUTES": "service.name=low%20name,service.version=2.0"}
    assert resolve({}, environ=environ).service_name == "low name"
    assert resolve({}, environ=environ | {"OTEL_SERVICE_NAME": "high"}).service_name == "high"
    assert resolve({}, environ=environ).service_version == "2.0"


def test_a_signal_endpoint_names_the_shared_base():
    environ = {"OTEL_EXPORTER_OTLP_TRACES_ENDPOINT": "http://localhost:4318/v1/traces"}
    assert resolve({}, environ=environ).endpoint == "http://localhost:4318"


@pytest.mark.parametrize(
    ("named", "traces", "logs"),
    [
        ("http://localhost:4318/v1/traces", "http://localhost:4318/v1/traces", "http://localhost:4318/v1/logs"),
        ("http://localhost:4318/otlp/v1/traces/", "http://localhost:4318/otlp/v1/traces", "http://localhost:4318/otlp/v1/logs"),
        ("http://localhost:4318", "http://localhost:4318/v1/traces", "http://localhost:4318/v1/logs"),
        ("http://localhost:4318/", "http://localhost:4318/v1/traces", "http://localhost:4318/v1/logs"),
        ("http://localhost:4318/custom/path/", "http://localhost:4318/custom/path/", "http://localhost:4318/custom/path/v1/logs"),
        ("localhost:4318/custom", "http://localhost:4318/custom", "http://localhost:4318/custom/v1/logs"),
    ],
)
def test_the_path_of_a_signal_endpoint_is_used_as_it_is(named, traces, logs):
    endpoint = Endpoint.from_settings(resolve({}, environ={"OTEL_EXPORTER_OTLP_TRACES_ENDPOINT": named}))
    assert (endpoint.address("traces"), endpoint.address("logs")) == (traces, logs)


def test_a_signal_endpoint_that_does_not_decide_changes_no_path():
    environ = {"OTEL_EXPORTER_OTLP_TRACES_ENDPOINT": "http://localhost:4318/custom"}
    settings = resolve({"endpoint": "http://collector:4318/base"}, environ=environ)
    assert Endpoint.from_settings(settings).address("traces") == "http://collector:4318/base/v1/traces"
    base = resolve({}, environ={"OTEL_EXPORTER_OTLP_ENDPOINT": "http://localhost:4318/custom"})
    assert Endpoint.from_settings(base).address("traces") == "http://localhost:4318/custom/v1/traces"


def test_an_unknown_argument_names_the_nearest():
    with pytest.raises(ConfigError, match="did you mean 'durability'"):
        resolve({"durabilty": "write_through"})
    with pytest.raises(ConfigError, match="exporter block has an unknown setting"):
        resolve({}, block={"nonsense": 1})


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("endpoint", "ftp://host"),
        ("endpoint", "http://"),
        ("endpoint", "http://127.0.0.1:1/p?k=v"),
        ("endpoint", "http://127.0.0.1:1/p?"),
        ("endpoint", "http://127.0.0.1:1/#top"),
        ("endpoint", "http://u:p@127.0.0.1:1"),
        ("endpoint", "u@collector:4317"),
        ("endpoint", "http://127.0.0.1:99999"),
        ("endpoint", "http://127.0.0.1:0"),
        ("endpoint", "http://127.0.0.1:abc"),
        ("endpoint", "http://127.0.0.1:${PORT}"),
        ("endpoint", "http://[::1"),
        ("endpoint", "http://two words"),
        ("rights_endpoint", "http://127.0.0.1:abc"),
        ("rights_endpoint", "u:p@127.0.0.1"),
        ("rights_endpoint", "foo?"),
        ("protocol", "grpc/json"),
        ("timeout_s", "-1"),
        ("timeout_s", True),
        ("headers", "novalue"),
        ("categories", "agent,people"),
        ("signals", "profiles"),
        ("insecure", "perhaps"),
        ("service_name", 7),
    ],
)
def test_a_bad_argument_is_an_error_that_names_it(name, value):
    with pytest.raises(ConfigError, match=name):
        resolve({name: value})


@pytest.mark.parametrize("name", ["endpoint", "rights_endpoint"])
@pytest.mark.parametrize("url", ["http://127.0.0.1:1/p?k=v", "http://u:hunter2@127.0.0.1:1", "127.0.0.1:99999", "http://127.0.0.1:${PORT}"])
def test_an_address_in_the_environment_that_cannot_be_used_is_told_and_the_next_layer_decides(name, url):
    variable = f"OTEL_PYTHON_SMART_AGENTS_{name.upper()}"
    with pytest.warns(RuntimeWarning, match=variable) as told:
        settings = resolve({}, environ={variable: url, "OTEL_EXPORTER_OTLP_ENDPOINT": "http://127.0.0.1:4318"})
    assert settings.endpoint == "http://127.0.0.1:4318"
    assert settings.rights_endpoint == ""
    assert url not in str(told[0].message)


@pytest.mark.parametrize(
    "url", ["http://[::1]:4318", "http://[::1]", "collector:4318", "http://collector:", "HTTP://collector:65535/otlp/"]
)
def test_addresses_that_can_be_used(url):
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        assert resolve({}, environ={"OTEL_EXPORTER_OTLP_ENDPOINT": url}).endpoint


@pytest.mark.parametrize("name", ["certificate", "client_certificate", "client_key"])
def test_a_file_that_cannot_be_read_is_named_and_kept(tmp_path, name):
    missing = str(tmp_path / "nope.pem")
    with pytest.warns(RuntimeWarning, match=rf"OTEL_EXPORTER_OTLP_{name.upper()}.*nope\.pem does not exist"):
        assert getattr(resolve({}, environ={f"OTEL_EXPORTER_OTLP_{name.upper()}": missing}), name) == missing
    with pytest.warns(RuntimeWarning, match=r"argument.*nope\.pem"):
        resolve({name: missing})


def test_a_header_that_no_request_can_carry_is_named_and_kept():
    with pytest.warns(RuntimeWarning, match="OTEL_EXPORTER_OTLP_HEADERS.*'x-key'") as told:
        settings = resolve({}, environ={"OTEL_EXPORTER_OTLP_HEADERS": "x-key=%0Ahunter2"})
    assert dict(settings.headers) == {"x-key": "\nhunter2"}
    assert "hunter2" not in str(told[0].message)


def test_a_bad_header_argument_does_not_print_the_value():
    with pytest.raises(ConfigError) as caught:
        resolve({"headers": "hunter2hunter2"})
    assert "hunter2" not in str(caught.value)


def test_a_bad_variable_warns_and_the_next_layer_decides():
    environ = {"OTEL_PYTHON_SMART_AGENTS_PROTOCOL": "smoke", "OTEL_EXPORTER_OTLP_PROTOCOL": "grpc"}
    with pytest.warns(RuntimeWarning, match="OTEL_PYTHON_SMART_AGENTS_PROTOCOL"):
        assert resolve({}, environ=environ).protocol == "grpc"


@pytest.mark.parametrize("text", ["not toml = = 1", "durabilty = 'write_through'\n"])
def test_a_bad_settings_file_warns_and_defaults_hold(tmp_path, text):
    file = tmp_path / "config.toml"
    file.write_text(text)
    with pytest.warns(RuntimeWarning, match=r"config\.toml"):
        assert resolve({}, settings_file=file).durability == "write_behind"


def test_headers_take_the_standard_form():
    environ = {"OTEL_EXPORTER_OTLP_HEADERS": "Authorization=Bearer%20x,tenant=a"}
    assert dict(resolve({}, environ=environ).headers) == {"authorization": "Bearer x", "tenant": "a"}


@pytest.mark.parametrize(
    ("arguments", "endpoint"),
    [
        ({"protocol": "grpc"}, "https://collector:4317"),
        ({"protocol": "grpc", "insecure": True}, "http://collector:4317"),
        ({"protocol": "http/json"}, "http://collector:4317"),
        ({}, "http://collector:4317"),
    ],
)
def test_an_endpoint_without_a_scheme(arguments, endpoint):
    assert resolve({"endpoint": "collector:4317", **arguments}).endpoint == endpoint
