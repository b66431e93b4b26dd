# Everything runs in a virtual environment of its own; a stamp in it says what is installed. `make` lists the targets.

PYTHON ?= python3
# On Linux, torch comes with several GB of CUDA unless a CPU build is named: set this to the CPU index that PyTorch's
# own install page shows, e.g. `make chat TORCH_INDEX_URL=...`
TORCH_INDEX_URL ?=
EVAL ?= $(wildcard tests/eval/*.jsonl)
# What else deploy/package.py is told, such as --only wheel
PACKAGE ?=

VENV := .venv
BIN := $(VENV)/bin
RUNTIME := $(VENV)/.runtime
DEV := $(VENV)/.dev
PEERS := $(VENV)/.peers

.DEFAULT_GOAL := help
.PHONY: help chat check lint types architecture test format trials shuffled soak eval bench lock schemas package clean

# Compiled once and not anew in each process of the tests, whatever the shell says.
export PYTHONDONTWRITEBYTECODE :=

# Neither may read standard input or write to standard output: in `make chat < file > answers` they are the bot's.
INSTALL = TORCH_INDEX_URL="$(TORCH_INDEX_URL)" $(PYTHON) deploy/install.py $(VENV)

help: ## list the targets
	@sed -n 's/^\([a-z]*\):.*## /\1\t/p' Makefile | expand -t 10

# Until the bot can listen for it, which takes Python a moment, Ctrl-C does nothing rather than show where Python is.
chat: $(RUNTIME) ## talk to the bot here, in the terminal
	@trap '' INT; exec $(BIN)/finops-bot chat

# Types take most of the time, on one core: the rest goes on beside them.
check: $(DEV) ## format, lint, types, architecture
	@$(MAKE) --no-print-directory -j 3 lint types architecture

lint: $(DEV)
	$(BIN)/ruff format --check
	$(BIN)/ruff check

types: $(DEV)
	$(BIN)/mypy

architecture: $(DEV)
	$(BIN)/lint-imports

test: check $(PEERS) ## the checks, and every quick test
	$(BIN)/pytest -n auto --maxprocesses 4 --dist loadgroup --durations 10

format: $(DEV) ## put the code in its form
	$(BIN)/ruff format
	$(BIN)/ruff check --fix

# The quick ones once more: alone, in another order, with many more examples of each property.
trials: $(DEV) $(PEERS) ## the long tests: kills, outages, load
	$(BIN)/pytest -v -m trial -n 2 --dist loadgroup --timeout 1800 --durations 10

shuffled: $(DEV) $(PEERS) ## the quick tests in one process, in any order, with many more examples
	$(BIN)/pytest --random-order --hypothesis-profile deep

# 5 is pytest's "no tests collected": there may be none with this marker yet.
soak: $(DEV) $(PEERS) ## half an hour of mixed load
	@$(BIN)/pytest -v -m soak --timeout 3600 || [ $$? -eq 5 ]

eval: $(RUNTIME) ## accuracy over the question files (EVAL=...)
	@$(BIN)/finops-bot eval $(EVAL)

bench: $(DEV) ## speed, beside a baseline
	@$(BIN)/finops-bot bench

lock: $(DEV) ## renew the lock files (UPGRADE=1: newest versions)
	$(BIN)/python deploy/lock.py $(if $(UPGRADE),--upgrade)

schemas: $(DEV) ## renew what is sent to platforms is checked against
	$(BIN)/python deploy/discord_schema.py
	@$(BIN)/python tests/peers/npm.py --prefix tests/slack/types install --ignore-scripts --no-package-lock < /dev/null >&2
	@$(BIN)/python tests/peers/npm.py --prefix tests/slack/types run schema < /dev/null >&2

package: $(DEV) ## try the container's steps and the wheel (root, debootstrap)
	@$(BIN)/python deploy/package.py $(PACKAGE)

clean: ## remove what was built and installed
	rm -rf $(VENV) build dist .mypy_cache .ruff_cache .pytest_cache .hypothesis .import_linter_cache
	find adapters bot deploy knowledge tests -name __pycache__ -prune -exec rm -rf {} +

$(RUNTIME): requirements.lock pyproject.toml
	@$(INSTALL) requirements.lock < /dev/null >&2
	@touch $@

# A program of its own, which no script of the package has to prepare; by the machine's npm, or by that of a wheel.
$(PEERS): tests/peers/package.json tests/peers/package-lock.json $(DEV)
	@echo "Installing what the tests talk to ..." >&2
	@mkdir -p $(VENV)/peers && cp tests/peers/package.json tests/peers/package-lock.json $(VENV)/peers
	@$(BIN)/python tests/peers/npm.py ci --prefix $(VENV)/peers --ignore-scripts --no-audit --no-fund < /dev/null >&2
	@touch $@

$(DEV): requirements-dev.lock pyproject.toml
	@$(INSTALL) requirements-dev.lock < /dev/null >&2
	@touch $(RUNTIME) $@
