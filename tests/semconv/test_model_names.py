"""Names of models and providers: known ones pass, a private model's name does not, and no name takes long to read."""

from __future__ import annotations

import re
import time

import pytest

from otel_smart_agents.semconv import ATTRIBUTES, PATTERN_MODEL

# fmt: off
KNOWN = [
    "gpt-4", "gpt-4o", "gpt-4o-mini-2024-07-18", "gpt-4.1-nano", "gpt-3.5-turbo-16k", "chatgpt-4o-latest", "gpt-oss-120b", "gpt-5-codex",
    "o1-mini", "o3", "o4-mini", "text-embedding-3-small", "text-embedding-ada-002", "dall-e-3", "whisper-1", "tts-1-hd", "davinci-002",
    "gpt-4o-audio-preview", "claude-3-5-sonnet-20241022", "claude-opus-4-1-20250805", "claude-sonnet-4.5", "claude-instant-1.2",
    "claude-3-opus@20240229", "us.anthropic.claude-3-5-sonnet-20241022-v2:0", "anthropic/claude-haiku-4.5",
    "openrouter/anthropic/claude-3.7-sonnet:thinking", "gemini-2.0-flash-exp", "models/gemini-1.5-pro-latest",
    "gemini-2.5-flash-preview-09-2025", "gemini-embedding-001", "gemma-3-27b-it", "llama-3.1-70b-instruct",
    "meta-llama/Meta-Llama-3-70B-Instruct", "llama3.2", "llama3:latest", "us.meta.llama3-1-8b-instruct-v1:0",
    "qwen2.5-coder:7b-instruct-q4_K_M", "qwen3-235b-a22b-thinking-2507", "mixtral-8x7b-instruct-v0.1", "mistral-large-latest",
    "codestral-2501", "mistralai/Mixtral-8x22B-Instruct-v0.1", "deepseek-chat", "deepseek-ai/DeepSeek-V3.1",
    "DeepSeek-R1-Distill-Qwen-32B", "grok-4-fast-reasoning", "command-r-plus-08-2024", "cohere.command-r-v1:0", "rerank-v3.5",
    "kimi-k2-0905-preview", "glm-4.5-air", "phi-4-mini-instruct", "sonar-deep-research", "amazon.nova-lite-v1:0",
    "granite-3.3-8b-instruct", "ai21.jamba-1-5-large-v1:0", "nomic-embed-text", "voyage-3-large",
    "accounts/fireworks/models/llama-v3p1-8b-instruct",
]
# fmt: on
UNKNOWN = [
    "ft:gpt-4o:acme-corp:project-x:abc",
    "gpt-4o-acme-support",
    "claude-for-hr",
    "my-model",
    "acme/llama-3",
    "jane.doe@example.com",
    "/home/jane/models/llama-3",
    "C:\\models\\llama-3",
    "gpt-4; drop table users",
    "sk-ant-api03-abcdefgh",
    "gpt 4 for the merger with Globex",
    "gpt-4\n",
    "",
]
HOSTILE = [
    "gpt" * 200,
    "gpt-4" * 100 + "!",
    "gptgpt" + "k1" * 100 + "!",
    "us." * 200,
    "meta-" * 200 + "!",
    "claude" + "-v1a" * 200 + "!",
    "qwen" + "-k" * 300 + "!",
]


def engines():
    yield re.compile(PATTERN_MODEL).fullmatch
    re2 = pytest.importorskip("re2", reason="RE2 has no wheel here: only Python's engine can be asked")
    yield re2.compile(PATTERN_MODEL).fullmatch


@pytest.mark.parametrize("name", KNOWN)
def test_publicly_known_models_pass_in_both_engines(name):
    assert all(match(name) for match in engines())


@pytest.mark.parametrize("name", UNKNOWN)
def test_other_names_do_not(name):
    assert not any(match(name) for match in engines())


@pytest.mark.parametrize("name", HOSTILE, ids=lambda name: name[:12])
def test_no_name_takes_long_even_in_an_engine_that_backtracks(name):
    match = re.compile(PATTERN_MODEL).fullmatch
    start = time.process_time()
    match(name)
    assert time.process_time() - start < 0.05


def test_an_unknown_provider_or_model_becomes_other():
    for key in ("gen_ai.provider.name", "gen_ai.request.model", "gen_ai.response.model"):
        assert ATTRIBUTES[key].fallback == "other"
    assert {"openai", "anthropic", "aws.bedrock", "gcp.gemini", "other"} <= ATTRIBUTES["gen_ai.provider.name"].catalogue


@pytest.mark.parametrize("row", [row for row in ATTRIBUTES.values() if row.pattern], ids=lambda row: row.key)
def test_every_pattern_is_linear_and_read_by_both_engines(row):
    re2 = pytest.importorskip("re2", reason="RE2 has no wheel here: only Python's engine can be asked")
    re2.compile(row.pattern)
    match = re.compile(row.pattern).fullmatch
    start = time.process_time()
    for text in ("a" * 2000, "a-1" * 700 + "!", "a b" * 700 + "\n"):
        match(text)
    assert time.process_time() - start < 0.05
