# The two commands of a new user: make demo, make test. Neither needs Docker.
# PYTEST takes further arguments of pytest: make test PYTEST='tests/flows -x'

.PHONY: setup demo up test check check-python check-web fix web load faults bench lock clean

PYTEST ?=
RUN := .venv/bin
# Some environments ask Python to keep nothing that it has compiled. The tests start the system a
# hundred times, and each start would compile everything anew.
export PYTHONDONTWRITEBYTECODE :=

setup:
	@scripts/setup-python requirements-dev.lock

web: setup
	@scripts/setup-web

# An invented city with 200 vehicles and its people, at http://127.0.0.1:8000
demo:
	@scripts/setup-python requirements.lock
	@scripts/setup-web
	@$(RUN)/gongche up --demo

up:
	@scripts/setup-python requirements.lock
	@scripts/setup-web
	@$(RUN)/gongche up

# Whole files go to the two workers in their order: a file of one long test doesn't come last
test: setup
	@scripts/setup-browser
	@$(MAKE) --no-print-directory check
	@echo "==> Tests"
	@$(RUN)/python -m pytest -n 2 --dist loadfile --no-loadscope-reorder -q $(PYTEST)

# The two sides know nothing of each other, and each leaves a core idle
check: web
	@$(MAKE) --no-print-directory -j 2 --output-sync=target check-python check-web

check-python:
	@echo "==> Format, lint, types, import order"
	@$(RUN)/ruff format --check --quiet .
	@$(RUN)/ruff check --quiet .
	@$(RUN)/mypy
	@$(RUN)/lint-imports --no-cache >/dev/null || $(RUN)/lint-imports --no-cache

check-web:
	@echo "==> Browser side: types, lint, units, budgets"
	@scripts/with-node npm --prefix web run --silent check

fix: web
	@$(RUN)/ruff format --quiet .
	@$(RUN)/ruff check --fix --quiet .
	@scripts/with-node npm --prefix web run --silent fix

# A whole system under load, held against loadtests/limits.toml, then broken (docs/load.md):
# one of its own, or the demo that runs at HOST on this machine
TERMINALS ?= 500
RATE ?= 500
SECONDS ?= 60
USERS ?= 20
WATCHERS ?= 10
FAULTS ?= 2
JT808_PORT ?= 7808
LOAD_OF = $(if $(HOST),--host $(HOST) --jt808-port $(JT808_PORT)) \
	$(if $(DATABASE_URL),--database-url $(DATABASE_URL)) $(if $(JSON),--json $(JSON))
load: setup
	@$(RUN)/python -m loadtests.load --terminals $(TERMINALS) --per-second $(RATE) \
		--seconds $(SECONDS) --users $(USERS) --watchers $(WATCHERS) $(LOAD_OF)
	@$(RUN)/python -m loadtests.faults --minutes $(FAULTS) \
		$(if $(JSON),--json $(basename $(JSON))-faults.json)

# The position path broken in every way, and what is found afterwards counted (docs/faults.md):
# make faults FAULTS=30 ONLY='--only "disk full"'
ONLY ?=
faults: setup
	@$(RUN)/python -m loadtests.faults --minutes $(FAULTS) $(ONLY)

# What parts cost, measured side by side in one run: make bench BENCH='journal_write --json FILE'
BENCH ?=
bench: setup
	@$(RUN)/python -m loadtests.bench $(BENCH)

# Renew the lock files from pyproject.toml
lock: setup
	$(RUN)/uv pip compile --quiet --universal --generate-hashes --no-header --python-version 3.11 -o requirements.lock pyproject.toml
	$(RUN)/uv pip compile --quiet --universal --generate-hashes --no-header --python-version 3.11 --extra dev -o requirements-dev.lock pyproject.toml
	$(RUN)/uv pip compile --quiet --universal --generate-hashes --no-header --python-version 3.11 --extra peers -o requirements-peers.lock pyproject.toml

clean:
	rm -rf .venv web/node_modules web/dist .mypy_cache .ruff_cache .pytest_cache .hypothesis test-artifacts
