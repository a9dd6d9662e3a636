# Huishe (惠社). Needs Python 3.11 or newer, make and a package index; nothing else.
#   make            what there is to do
#   make demo       play the main job from beginning to end
#   make up         serve on http://127.0.0.1:8080 until Ctrl-C

SHELL := /bin/bash
.DEFAULT_GOAL := help
MAKEFLAGS += --no-print-directory

VENV := .venv
IN := $(VENV)/bin
READY := $(VENV)/ready-for-requirements.lock

.PHONY: help setup demo up test faults fuzz bench check format format-check lint types walls contracts \
	contracts-check examples integration integration-check rules dashboards containers images lock migrate clean clean-all

help: ## show this list
	@grep -hE '^[a-z-]+:.*## ' $(MAKEFILE_LIST) | awk -F ':.*## ' '{printf "  make %-16s %s\n", $$1, $$2}'

setup: $(READY) ## make the virtual environment from the lock file

# The stamp is newer than the lock exactly when everything in the lock is installed.
$(READY): requirements.lock pyproject.toml deploy/set_up.sh
	@bash deploy/set_up.sh $(VENV)
	@touch $@

demo: setup ## play the main job through the gateway, then stop
	@$(IN)/python -m deploy.demo

up: setup ## start the suite and serve until Ctrl-C
	@exec $(IN)/python -m deploy.local up

# Faults come last and one by one: what is killed must be back in its time on two cores, too.
test: setup ## run all tests
	@$(IN)/python -m pytest -n 3 --dist worksteal --ignore tests/faults
	@$(IN)/python -m pytest tests/faults

faults: setup ## the long form of the fault tests; figures in build/faults.json
	@$(IN)/python -m pytest tests/faults --long --figures build/faults.json

fuzz: setup ## the long form of fuzzing; figures in build/fuzz.json
	@$(IN)/python -m pytest tests/security/fuzz --long --figures build/fuzz.json

bench: $(READY)-for-bench ## measure the suite beside its limits; build/bench.json and build/bench.html
	@$(IN)/python -m tests.bench

# What the suite is only measured against is nobody's to install who does not measure.
$(READY)-for-bench: requirements-bench.lock $(READY)
	@$(IN)/python -m pip install -qq --disable-pip-version-check --no-input --no-deps \
		--require-hashes -r requirements-bench.lock
	@touch $@

check: setup ## format, lint, types, walls and contracts; no tests
	@$(MAKE) -j2 -Otarget types contracts-check integration-check walls lint format-check

format: setup ## write everything in the one format
	@$(IN)/ruff format . && $(IN)/ruff check --fix .

format-check: setup
	@$(IN)/ruff format --check .

lint: setup
	@$(IN)/ruff check .

types: setup
	@$(IN)/mypy

walls: setup
	@$(IN)/lint-imports

contracts-check: setup
	@$(IN)/python -m deploy.contracts check

examples: setup ## play the demo once and show its calls in the contracts
	@$(IN)/python -m deploy.examples && $(IN)/python -m deploy.contracts make
	@$(IN)/python -m deploy.integration make

integration: setup ## write what integrators are given: dictionary, errors, client, collection
	@$(IN)/python -m deploy.integration make

integration-check: setup
	@$(IN)/python -m deploy.integration check

contracts: setup ## write the openapi.json of every part
	@$(IN)/python -m deploy.contracts make

rules: setup ## try the alerts and read the dashboards with promtool, which comes with Prometheus
	@bash deploy/observability/check.sh

dashboards: setup ## write the dashboards anew
	@$(IN)/python -m deploy.observability.dashboards make

containers: setup ## look over the image recipe and docker-compose.yml, with tools fetched for it
	@bash deploy/docker/check.sh

images: setup ## build and start images without an engine; root, buildah and debootstrap
	@bash deploy/docker/smoke.sh build/images

lock: setup ## pin what pyproject.toml asks for, with hashes and without an index host
	@$(IN)/uv pip compile pyproject.toml --group dev --generate-hashes --universal \
		--python-version 3.11 --no-emit-index-url --no-header -q -o requirements.lock
	@$(IN)/uv pip compile --group bench --generate-hashes --universal \
		--python-version 3.11 --no-emit-index-url --no-header -q -o requirements-bench.lock

migrate: setup ## bring the databases of a suite that is not running to the newest state
	@$(IN)/python -m deploy.local migrate

clean: ## delete what was made, data of local suites included; keeps the virtual environment
	@if [ -x $(IN)/python ]; then $(IN)/python -m deploy.local remove; fi
	@rm -rf build .mypy_cache .ruff_cache .pytest_cache .hypothesis .import_linter_cache .grimp_cache
	@find . -name __pycache__ -not -path './$(VENV)/*' -prune -exec rm -rf {} +

clean-all: clean ## the virtual environment too
	@rm -rf $(VENV) huishe.egg-info
