# Everything runs from a virtual environment that these targets make themselves, from nothing but
# make and a Python of 3.11 or newer. Safe to repeat; quiet when there is nothing to do.

SHELL := /bin/bash
.SHELLFLAGS := -eu -o pipefail -c
.DEFAULT_GOAL := help
MAKEFLAGS += --no-print-directory

VENV := .venv
BIN := $(VENV)/bin
STAMP := $(VENV)/.presend-installed

# The first Python that is new enough and can make virtual environments: being on the path is not
# enough, version managers leave shims there that only fail.
PYTHON ?= $(shell for p in python3.13 python3.12 python3.11 python3; do \
	"$$p" -c 'import ensurepip, sys, venv; sys.exit(sys.version_info < (3, 11))' >/dev/null 2>&1 \
	&& { echo "$$p"; break; }; done)

PYTEST := $(BIN)/python -m pytest
JOBS ?= 2
# For example: make test ARGS="-k blank -x"
ARGS ?=

.PHONY: help
help: ## show this list
	@awk -F ':.*## ' '/^[a-z][a-z-]*:.*## / { printf "  make %-14s %s\n", $$1, $$2 }' $(MAKEFILE_LIST)

$(STAMP): pyproject.toml requirements/dev.txt
	@[ -n "$(PYTHON)" ] || { echo "presend needs Python 3.11 or newer with venv (Debian: apt-get install python3-venv)" >&2; exit 1; }
	@$(BIN)/python -c 'import pip, sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null \
		|| { echo "making $(VENV) with $(PYTHON), once; this takes a minute or two" >&2; "$(PYTHON)" -m venv --clear $(VENV); }
	@$(BIN)/python -m pip install --quiet --quiet --disable-pip-version-check --require-hashes -r requirements/dev.txt
	@$(BIN)/python -m pip install --quiet --quiet --disable-pip-version-check --no-deps --no-build-isolation --editable .
	@touch $@

.PHONY: venv
venv: $(STAMP) ## make .venv with everything in it
	@:

.PHONY: demo
demo: $(STAMP) ## scan the sandbox's three accounts; needs no account, key or network
	@$(BIN)/presend demo

.PHONY: test
test: $(STAMP) ## the suite but for whole worlds, and what needs a database server, a browser or the API descriptions
	@$(PYTEST) -n $(JOBS) --dist loadgroup -q -m "not worlds and not postgres and not web and not contract" $(ARGS)

.PHONY: test-worlds
test-worlds: $(STAMP) ## whole imitated accounts from the command line on: scans, audits, deeds; needs nothing more
	@$(PYTEST) -n $(JOBS) --dist loadgroup -q -m "worlds and not postgres and not web and not contract" $(ARGS)

.PHONY: lint
lint: $(STAMP) ## ruff
	@$(BIN)/ruff check --quiet .

.PHONY: types
types: $(STAMP) ## mypy --strict over the four packages
	@$(BIN)/mypy

.PHONY: imports
imports: $(STAMP) ## the arrows between the rooms (import-linter)
	@$(BIN)/lint-imports

.PHONY: contract
contract: $(STAMP) ## sandbox and connectors against the published API descriptions
	@[ -d "$${PRESEND_SPECS:-../shared/specs}" ] || { echo "the API descriptions are not at $${PRESEND_SPECS:-../shared/specs}; set PRESEND_SPECS to their folder" >&2; exit 1; }
	@PRESEND_SPECS="$$(realpath "$${PRESEND_SPECS:-../shared/specs}")" $(PYTEST) -q -m contract $(ARGS)

.PHONY: test-postgres
test-postgres: $(STAMP) ## the store on a real PostgreSQL server, started for the occasion
	@$(BIN)/python -m tests.support.postgres
	@$(PYTEST) -q -m postgres $(ARGS)

.PHONY: test-web
test-web: $(STAMP) ## the HTML report in a real browser
	@for tool in chromium chromedriver; do command -v "$$tool" >/dev/null \
		|| { echo "$$tool is not on the path (Debian: apt-get install chromium chromium-driver)" >&2; exit 1; }; done
	@$(PYTEST) -q -m web $(ARGS)

.PHONY: chaos
chaos: $(STAMP) ## kill presend at every moment of every deed, and print what came of it (ARGS="--sample 4 -v")
	@$(BIN)/python -m tests.chaos $(ARGS)

.PHONY: bench
bench: $(STAMP) ## what reading costs against full rendering and queries by hand (ARGS="--recipients 100000")
	@$(BIN)/python -m bench.reading $(ARGS)

.PHONY: docs
docs: $(STAMP) ## write docs/checks anew from the checks, their cases and the measured figures
	@$(BIN)/python -m presend.cli.pages docs/checks

.PHONY: wheel
wheel: $(STAMP) ## build dist/*.whl by way of the sdist, so that the sdist is known to be whole
	@rm -rf dist && $(BIN)/python -m hatchling build --target sdist >/dev/null
	@unpacked="$$(mktemp -d)" && trap 'rm -rf "$$unpacked"' EXIT \
		&& tar -xzf dist/*.tar.gz -C "$$unpacked" --strip-components=1 \
		&& (cd "$$unpacked" && "$(CURDIR)/$(BIN)/python" -m hatchling build --target wheel --directory "$(CURDIR)/dist" >/dev/null)
	@ls dist

.PHONY: lock
lock: $(STAMP) ## write requirements/dev.txt anew from pyproject.toml (needs uv)
	@uv pip compile --quiet --upgrade --universal --python-version 3.11 --generate-hashes \
		--no-emit-index-url --no-annotate --no-header \
		--extra dev --extra postgres --output-file requirements/dev.txt pyproject.toml

.PHONY: clean
clean: ## remove what these targets made
	@rm -rf $(VENV) dist .mypy_cache .ruff_cache .pytest_cache .hypothesis .import_linter_cache
	@find . -name __pycache__ -type d -prune -exec rm -rf {} +
