# make demo and make test need Python 3.11+, make and a package index, nothing else.
PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin

.DEFAULT_GOAL := help
.PHONY: help install embeddings demo test check faults bench format reference clean

help: ## what there is
	@grep -E '^[a-z]+:.*##' $(MAKEFILE_LIST) | sed -E 's/:.*## /\t/' | expand -t 12

# uv installs what pip would, in a quarter of the time; it is installed by pip into the same environment.
$(BIN)/uv:
	$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11) and "goldwire needs Python 3.11 or newer: make PYTHON=python3.11")'
	$(PYTHON) -m venv $(VENV)
	$(BIN)/pip install --quiet --disable-pip-version-check uv

$(VENV)/.demo: pyproject.toml $(BIN)/uv
	$(BIN)/uv pip install --quiet --python $(BIN)/python --editable '.[studio]'
	@touch $@

$(VENV)/.dev: pyproject.toml $(BIN)/uv
	$(BIN)/uv pip install --quiet --python $(BIN)/python --editable '.[dev,studio]'
	@touch $@ $(VENV)/.demo

# Some platforms have builds of PyTorch without CUDA, which are gigabytes smaller: make embeddings TORCH=...
TORCH ?= torch
$(VENV)/.embeddings: $(VENV)/.dev
	$(BIN)/pip install --quiet --disable-pip-version-check $(TORCH)
	$(BIN)/uv pip install --quiet --python $(BIN)/python --editable '.[embeddings]'
	@touch $@

install: $(VENV)/.dev ## an environment for working on goldwire

embeddings: $(VENV)/.embeddings ## adds the extra of that name, so that its tests run

demo: $(VENV)/.demo ## the whole way on the sample corpus, with a real Label Studio
	$(BIN)/goldwire demo .

# Two workers, each with a Label Studio of its own; the tests of a file stay together.
test: check ## everything that is tested; starts a real Label Studio and Chromium
	$(BIN)/python -m pytest -n 2 --dist loadfile

check: $(VENV)/.dev ## style and types
	$(BIN)/ruff check
	$(BIN)/ruff format --check
	$(BIN)/python -m mypy

faults: $(VENV)/.dev ## 210 pushes and pulls with a fault each, in twenty minutes
	$(BIN)/python tests/faults/run.py 210

bench: $(VENV)/.embeddings ## speed and memory beside named peers, and published benchmarks, in an hour
	$(BIN)/python tests/benchmarks/run.py > tests/benchmarks/RESULTS.tmp
	mv tests/benchmarks/RESULTS.tmp tests/benchmarks/RESULTS.md
	$(BIN)/python tests/benchmarks/published.py > eval/benchmarks/RESULTS.tmp
	mv eval/benchmarks/RESULTS.tmp eval/benchmarks/RESULTS.md

format: $(VENV)/.dev ## put the code in form
	$(BIN)/ruff check --fix
	$(BIN)/ruff format

reference: $(VENV)/.dev ## write COMMANDS.md from the help texts
	$(BIN)/python -m goldwire.cli.reference > COMMANDS.md

clean: ## remove what make and the tests have made
	rm -rf $(VENV) .mypy_cache .pytest_cache .ruff_cache .hypothesis
