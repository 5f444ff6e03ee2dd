# Two commands matter: `make run` and `make test`. `make help` lists the rest.
SHELL := /bin/bash
PORT ?= 8000
VAR ?= var
DATA ?=
DATABASE ?=
PY := .venv/bin/python
export PYTHONUNBUFFERED := 1
# Compiled once and kept, whatever the shell says: compiling anew took longer than half of every start.
export PYTHONDONTWRITEBYTECODE :=
# Through the environment, so that a folder may have a space in its name.
export PORT VAR DATA DATABASE PEOPLE SERVICES ADDRESS

.PHONY: help run test check bench bench-pages bench-people bench-directory bench-systems directory people systems world postgres postgres-stop growth peers format lock install install-dev static browser documents spark clean

help:            ## What can be asked for
	@grep -hE '^[a-z-]+:.*##' $(MAKEFILE_LIST) | sed -E 's/:.*##/\t/' | expand -t 16

run: install     ## Start the application with its embedded database [PORT=8000 VAR=var DATA=folder of published files DATABASE=postgres://…]
	@if [ -n "$$DATABASE" ]; then export INROADS_DATABASE_URL="$$DATABASE"; fi; \
		$(PY) -m inroads serve --port "$${PORT:-8000}" --var "$${VAR:-var}" $${DATA:+--data "$$DATA"}

test: install-dev browser documents spark  ## The whole suite, browser journeys included
	@$(PY) -m pytest -n 2 --dist loadgroup --no-loadscope-reorder $(ARGS)

check: install-dev  ## Format, lint, types, import contracts, missing migrations, deployment settings
	@scripts/check.sh

bench: install-dev peers ## The methods beside the packages one would pick today, as a table [ARGS="--only ipf"]
	@$(PY) -m benchmarks.table $(ARGS)

growth: install-dev ## Pictures of how cost grows with neighbourhoods, profiles and threads
	@$(PY) -m benchmarks.growth

bench-pages: install-dev ## How long the pages of a running server with all of England take [ADDRESS=http://127.0.0.1:8000]
	@$(PY) -m benchmarks.pages --address "$${ADDRESS:-http://127.0.0.1:8000}"

bench-people: install-dev ## How long the pages about people take with eight readers at once [ADDRESS=http://127.0.0.1:8000]
	@$(PY) -m benchmarks.people_pages --address "$${ADDRESS:-http://127.0.0.1:8000}" $(ARGS)

people: install  ## Many invented people, for measuring [PEOPLE=50000 VAR=var DATABASE=postgres://…]
	@if [ -n "$$DATABASE" ]; then export INROADS_DATABASE_URL="$$DATABASE"; fi; \
		INROADS_VAR="$${VAR:-var}" $(PY) -m benchmarks.people_load --people "$${PEOPLE:-50000}" $(ARGS)

world: install   ## An invented system with known truth on the pages of places [PEOPLE=50000 VAR=var DATABASE=postgres://…]
	@if [ -n "$$DATABASE" ]; then export INROADS_DATABASE_URL="$$DATABASE"; fi; \
		INROADS_VAR="$${VAR:-var}" $(PY) -m benchmarks.places_world --people "$${PEOPLE:-50000}" $(ARGS)

directory: install ## Many invented services, for measuring [SERVICES=20000 VAR=var DATABASE=postgres://…]
	@if [ -n "$$DATABASE" ]; then export INROADS_DATABASE_URL="$$DATABASE"; fi; \
		INROADS_VAR="$${VAR:-var}" $(PY) -m benchmarks.directory_load --services "$${SERVICES:-20000}" $(ARGS)

bench-directory: install-dev ## How long finding help takes with eight readers at once [ADDRESS=http://127.0.0.1:8000]
	@$(PY) -m benchmarks.directory_pages --address "$${ADDRESS:-http://127.0.0.1:8000}" $(ARGS)

systems: install ## Many invented assessments and returns, for measuring [VAR=var DATABASE=postgres://…]
	@if [ -n "$$DATABASE" ]; then export INROADS_DATABASE_URL="$$DATABASE"; fi; \
		INROADS_VAR="$${VAR:-var}" $(PY) -m benchmarks.systems_load $(ARGS)

bench-systems: install-dev ## How long the pages of systems take [ADDRESS=http://127.0.0.1:8000]
	@$(PY) -m benchmarks.systems_pages --address "$${ADDRESS:-http://127.0.0.1:8000}" $(ARGS)

postgres:        ## Start a PostgreSQL of its own in VAR/postgres and print its address [VAR=var]
	@scripts/postgres.sh start

postgres-stop:   ## Stop that PostgreSQL; its data stays
	@scripts/postgres.sh stop

format: install-dev ## Put the code into its one format
	@$(PY) -m ruff format . && $(PY) -m ruff check --fix .

lock: .venv/bin/uv  ## Write the lock files again from pyproject.toml
	@.venv/bin/uv pip compile -q --generate-hashes --no-header --python-version 3.11 pyproject.toml -o requirements/runtime.lock
	@.venv/bin/uv pip compile -q --generate-hashes --no-header --python-version 3.11 --extra dev -c requirements/runtime.lock pyproject.toml -o requirements/dev.lock
	@.venv/bin/uv pip compile -q --generate-hashes --no-header --python-version 3.11 --extra spark -c requirements/dev.lock pyproject.toml -o requirements/spark.lock
	@for peers in requirements populationsim; do .venv/bin/uv pip compile -q --generate-hashes --no-header \
		--python-version 3.11 benchmarks/peers/$$peers.in -o benchmarks/peers/$$peers.lock; done

install: .venv/.runtime static documents
install-dev: .venv/.dev static
static: inroads/design/static/built/inroads.css
browser:
	@scripts/debian_packages.sh browser
documents:
	@scripts/debian_packages.sh documents

# Spark needs Java: where there is none, the test that compares the two engines is skipped, and says so.
spark: .venv/.dev
	@if command -v java > /dev/null; then $(MAKE) -s .venv/.spark; fi

.venv/.spark: requirements/spark.lock .venv/.dev
	@echo "Installing Spark, because Java is here ..."
	@.venv/bin/uv pip install -q --compile-bytecode --python $(PY) --require-hashes -r requirements/spark.lock
	@touch $@

.venv/bin/uv:
	@scripts/debian_packages.sh python
	@echo "Building the Python environment (.venv) ..."
	@python3 -m venv .venv && .venv/bin/python -m pip install -q --disable-pip-version-check uv==0.13.9

.venv/.runtime: requirements/runtime.lock pyproject.toml | .venv/bin/uv
	@echo "Installing Python packages from the lock file ..."
	@.venv/bin/uv pip install -q --compile-bytecode --python $(PY) --require-hashes -r requirements/runtime.lock
	@.venv/bin/uv pip install -q --python $(PY) --no-deps -e .
	@touch $@

.venv/.dev: requirements/dev.lock .venv/.runtime
	@echo "Installing what the tests need ..."
	@.venv/bin/uv pip install -q --compile-bytecode --python $(PY) --require-hashes -r requirements/dev.lock
	@touch $@

# What the benchmarks run beside. Two environments: one peer needs an older NumPy than the others. Never in the product.
peers: .venv-peers/.installed
.venv-peers/.installed: benchmarks/peers/requirements.lock benchmarks/peers/populationsim.lock | .venv/bin/uv
	@echo "Installing the packages that the benchmarks run beside ..."
	@.venv/bin/uv venv -q --clear --python $(PY) .venv-peers
	@.venv/bin/uv venv -q --clear --python $(PY) .venv-peers/populationsim
	@.venv/bin/uv pip install -q --python .venv-peers/bin/python --require-hashes -r benchmarks/peers/requirements.lock
	@.venv/bin/uv pip install -q --python .venv-peers/populationsim/bin/python --require-hashes \
		-r benchmarks/peers/populationsim.lock
	@touch $@

node_modules/.installed: package-lock.json package.json
	@echo "Fetching the NHS components from npm ..."
	@npm ci --no-fund --no-audit --loglevel=error
	@touch $@

inroads/design/static/built/inroads.css: node_modules/.installed scripts/build_static.mjs $(wildcard inroads/design/styles/*.scss)
	@npm run --silent build

clean:           ## Remove what the commands built, but never var/
	rm -rf .venv .venv-peers node_modules inroads/design/static/built
