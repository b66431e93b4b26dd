# Everything runs in a virtual environment of its own; a stamp in it says what is installed. `make` lists the targets.

PYTHON ?= python3
# On Linux, torch comes with several GB of CUDA unless a CPU build is named: set this to the CPU index that PyTorch's
# own install page shows, e.g. `make chat TORCH_INDEX_URL=...`
TORCH_INDEX_URL ?=
EVAL ?= $(wildcard tests/eval/*.jsonl)

VENV := .venv
BIN := $(VENV)/bin
PIP := $(BIN)/python -m pip --disable-pip-version-check
CREATED := $(VENV)/.created
RUNTIME := $(VENV)/.runtime
DEV := $(VENV)/.dev
PEERS := $(VENV)/.peers

.DEFAULT_GOAL := help
.PHONY: help chat test lint format trials soak eval bench lock schemas clean

# Nothing here may read standard input or write to standard output: in `make chat < file > answers` they are the bot's.
define install
	$(if $(TORCH_INDEX_URL),$(PIP) install --no-deps --index-url "$(TORCH_INDEX_URL)" "$$(sed -n 's/^\(torch==[^ ;]*\).*/\1/p' $(1))" < /dev/null >&2)
	$(PIP) install -r $(1) < /dev/null >&2
	$(PIP) install --no-deps -e . < /dev/null >&2
endef

# 5 is pytest's "no tests collected": there may be none with this marker yet.
define marked
	@$(BIN)/pytest -v -m $(1) --timeout $(2) || [ $$? -eq 5 ]
endef

help: ## list the targets
	@sed -n 's/^\([a-z]*\):.*## /\1\t/p' Makefile | expand -t 10

chat: $(RUNTIME) ## talk to the bot here, in the terminal
	@exec $(BIN)/finops-bot chat

test: lint $(PEERS) ## every quick check
	$(BIN)/pytest -n auto --maxprocesses 4

lint: $(DEV) ## format, lint, types, architecture
	$(BIN)/ruff format --check
	$(BIN)/ruff check
	$(BIN)/mypy
	$(BIN)/lint-imports

format: $(DEV) ## put the code in its form
	$(BIN)/ruff format
	$(BIN)/ruff check --fix

trials: $(DEV) $(PEERS) ## the long tests: kills, outages, load
	$(call marked,trial,900)

soak: $(DEV) $(PEERS) ## half an hour of mixed load
	$(call marked,soak,3600)

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

clean: ## remove what was built and installed
	rm -rf $(VENV) build dist .mypy_cache .ruff_cache .pytest_cache .hypothesis .import_linter_cache
	find adapters bot deploy knowledge tests -name __pycache__ -prune -exec rm -rf {} +

$(CREATED):
	@$(PYTHON) -c 'import ensurepip, sys; sys.exit(sys.version_info < (3, 11))' < /dev/null 2> /dev/null || \
		{ echo "FinOps Bot needs Python 3.11 or later with venv; name one like this: make PYTHON=python3.12" >&2; exit 1; }
	@$(PYTHON) -m venv $(VENV) < /dev/null >&2
	@touch $@

$(RUNTIME): requirements.lock pyproject.toml $(CREATED)
	@echo "Installing what the bot needs (some minutes, about 2 GB) ..." >&2
	@$(call install,requirements.lock)
	@touch $@

# A program of its own, which no script of the package has to prepare; by the machine's npm, or by that of a wheel.
$(PEERS): tests/peers/package.json tests/peers/package-lock.json $(DEV)
	@echo "Installing what the tests talk to ..." >&2
	@mkdir -p $(VENV)/peers && cp tests/peers/package.json tests/peers/package-lock.json $(VENV)/peers
	@$(BIN)/python tests/peers/npm.py ci --prefix $(VENV)/peers --ignore-scripts --no-audit --no-fund < /dev/null >&2
	@touch $@

$(DEV): requirements-dev.lock pyproject.toml $(CREATED)
	@echo "Installing what its developers need (some minutes, about 2 GB) ..." >&2
	@$(call install,requirements-dev.lock)
	@touch $(RUNTIME) $@
