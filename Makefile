# Everything lives in .venv; nothing else on the machine is touched.
PYTHON ?= python3
HOST ?= 127.0.0.1
PORT ?= 8000
MINUTES ?= 10
export HOST PORT

BIN := .venv/bin
# Two at a time: tests of time bear one neighbour, and not as many as a large machine has cores.
PYTEST := $(BIN)/pytest --numprocesses 2 --dist loadfile

# For the Python and the system of the images, whatever runs here; without the index it came from.
LOCK := $(BIN)/uv pip compile --quiet --upgrade --generate-hashes --only-binary :all: \
	--python-version 3.11 --python-platform x86_64-manylinux_2_36 --extra signing \
	--custom-compile-command "make lock"

.PHONY: help serve test test-app test-docs docs bench soak format check audit lock clean

help:
	@echo "make serve      install what serving needs and serve models/ on $(HOST):$(PORT)"
	@echo "make test       install the rest and run formatting, lint, types and tests"
	@echo "make test-app   run all tests of the service where torch is not to be had"
	@echo "make test-docs  run the shell and Python blocks of the documentation"
	@echo "make docs       build the documentation into build/docs"
	@echo "make bench      measure speed, into build/bench.html"
	@echo "make soak       ten minutes of load, faults and fuzzing: MINUTES=60 for more"
	@echo "make format     format the code and mend what lint can mend"
	@echo "make audit      ask whether what the images install has known vulnerabilities"
	@echo "make lock       lock the newest that the images may install"
	@echo "make clean      remove .venv and caches"

serve: .venv/.serving
	$(BIN)/slotline serve

test: .venv/.development check
	$(PYTEST) --cov --cov-report=term-missing:skip-covered
	$(PYTEST) --without-torch tests/app/api tests/app/inference tests/app/test_cli.py \
		tests/app/test_main.py tests/test_arrows.py tests/test_bundles.py

test-app: .venv/.development
	$(PYTEST) --without-torch tests/app tests/test_arrows.py tests/test_bundles.py

test-docs: .venv/.development
	$(BIN)/pytest -m docs tests/docs

docs: .venv/.docs
	$(BIN)/sphinx-build --quiet --fail-on-warning --keep-going docs build/docs

# Each command by its name in benchmarks/; the page shows whichever have measured.
BENCHES := start tagger http growth overload training peers

bench: .venv/.development
	mkdir -p build/bench
	for name in $(BENCHES); do $(BIN)/python -m benchmarks.$$name --json build/bench/$$name.json || exit 1; done
	$(BIN)/python -m benchmarks.report build/bench --out build/bench.html

soak: .venv/.development
	$(BIN)/pip install --quiet --editable '.[soak]'
	$(BIN)/python -m benchmarks.soak --minutes $(MINUTES)

check: .venv/.development
	$(BIN)/ruff format --check
	$(BIN)/ruff check
	$(BIN)/mypy

format: .venv/.development
	$(BIN)/ruff format
	$(BIN)/ruff check --fix

audit: .venv/.development
	$(BIN)/python -m deploy.audit deploy/requirements.lock deploy/requirements-gpu.lock

lock: .venv/.development
	$(LOCK) --output-file deploy/requirements.lock pyproject.toml
	mkdir -p build/gpu
	# In place of onnxruntime and never beside it: both install the same files.
	sed 's/"onnxruntime>/"onnxruntime-gpu[cuda,cudnn]>/' pyproject.toml > build/gpu/pyproject.toml
	$(LOCK) --output-file deploy/requirements-gpu.lock build/gpu/pyproject.toml

clean:
	rm -rf .venv .mypy_cache .ruff_cache .pytest_cache .hypothesis .coverage *.egg-info

.venv/bin/python:
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11) and "slotline needs Python 3.11 or newer: make PYTHON=python3.12 …")'
	$(PYTHON) -m venv .venv

.venv/.serving: pyproject.toml | .venv/bin/python
	$(BIN)/pip install --quiet --editable .
	@touch $@

.venv/.development: pyproject.toml | .venv/bin/python
	$(BIN)/pip install --quiet --editable '.[dev]'
	@touch $@ .venv/.serving

.venv/.docs: pyproject.toml | .venv/bin/python
	$(BIN)/pip install --quiet --editable '.[docs]'
	@touch $@
