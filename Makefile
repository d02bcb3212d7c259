# Needs Python 3.11 or newer with pip, and make; everything else is fetched into .venv.

PYTHON ?= python3
BIN := .venv/bin
EXTRAS := --extra sandbox --extra postgres --extra test

# Images of containers like to forbid Python to keep what it compiled: what was changed since the
# setup would be compiled anew at each start.
export PYTHONDONTWRITEBYTECODE =

.DEFAULT_GOAL := help
.PHONY: help setup demo test soak bench lint fmt lock

help: ## Say what there is
	@sed -n 's/^\([a-z]*\):.*## \(.*\)/  make \1\t\2/p' Makefile | expand -t 16

setup: .venv/.installed ## Install what requirements.lock names into .venv

demo: setup ## Open the sandbox workspace with the bot in it; no Slack account needed
	@$(BIN)/warroom demo

test: setup ## Run every test, browser and Postgres included
	@$(BIN)/python -m tests.prepare
	@$(BIN)/python -m pytest --numprocesses auto --maxprocesses 4 --dist worksteal

soak: setup ## Kill bots and let Slack misbehave for about three hours; writes tests/soak/RESULTS.md
	@$(BIN)/python -m tests.prepare
	@$(BIN)/python -m tests.soak

bench: setup ## Measure what the README claims
	@$(BIN)/python -m tests.bench

lint: setup ## Check style, types and import laws
	@$(BIN)/ruff check
	@$(BIN)/ruff format --check
	@$(BIN)/mypy
	@$(BIN)/lint-imports --no-logo

fmt: setup ## Put the code in order
	@$(BIN)/ruff format
	@$(BIN)/ruff check --fix

lock: $(BIN)/uv ## Write requirements.lock anew after pyproject.toml changed
	@$(BIN)/uv pip compile pyproject.toml $(EXTRAS) --universal --python-version 3.11 --upgrade \
	  --generate-hashes --no-emit-index-url --no-emit-find-links --quiet \
	  --custom-compile-command "make lock" --output-file requirements.lock

# The stamp is written last, so an interrupted setup starts again.
# All is compiled once here: 5 s now, half of each start where PYTHONDONTWRITEBYTECODE is set.
.venv/.installed: $(BIN)/uv requirements.lock pyproject.toml
	@$(BIN)/uv pip sync --quiet --require-hashes --compile-bytecode --python $(BIN)/python requirements.lock
	@$(BIN)/uv pip install --quiet --no-deps --python $(BIN)/python --editable .
	@$(BIN)/python -m compileall -q -j 0 bot storage runbooks
	@touch $@

# The new environment borrows the pip outside it: 3 s less than a pip of its own, and ensurepip,
# which Debian packs apart, is not needed.
$(BIN)/uv:
	@$(PYTHON) -c 'import sys; sys.version_info >= (3, 11) or sys.exit(1)' 2>/dev/null || { \
	  echo "warroom needs Python 3.11 or newer, and '$(PYTHON)' is $$($(PYTHON) --version 2>&1)." \
	    "Install one, or name it: make PYTHON=python3.12 $(MAKECMDGOALS)" >&2; exit 1; }
	@$(PYTHON) -m pip --version >/dev/null 2>&1 || { \
	  echo "'$(PYTHON)' has no pip. Install it (Debian, Ubuntu: apt-get install python3-pip)" \
	    "and run make again." >&2; exit 1; }
	@echo "Setting up .venv; this happens once."
	@$(PYTHON) -m venv --without-pip .venv || { \
	  echo "'$(PYTHON)' cannot make a virtual environment. Install its venv module" \
	    "(Debian, Ubuntu: apt-get install python3-venv) and run make again." >&2; exit 1; }
	@$(PYTHON) -m pip --python .venv/bin/python install -qq --disable-pip-version-check 'uv==0.13.8'
