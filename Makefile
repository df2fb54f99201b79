# Each target prints what it does. Start with `make run`.
PYTHON ?= $(shell command -v python3.11 || command -v python3)
BIN := .venv/bin
LOCK := uv pip compile --universal --python-version 3.11 --generate-hashes --no-header --no-emit-index-url -q

.PHONY: help run test check bench soak lock translations

help:
	@echo "make run            try MutuAli on this machine, with a demo network"
	@echo "make test           every test, on SQLite and on PostgreSQL"
	@echo "make check          style, types, architecture"
	@echo "make bench          speed on PostgreSQL, against a floor measured in the same run"
	@echo "make soak           a year of real trips through the booking service, half an hour"
	@echo "make lock           pin requirements anew"
	@echo "make translations   collect the sentences and compile the English ones"

.venv/pip: 
	@echo "Making .venv with $(PYTHON)"
	@$(PYTHON) -c 'import sys; sys.exit(not (3, 11) <= sys.version_info[:2] < (3, 14))' || \
	  { echo "MutuAli needs Python 3.11, 3.12 or 3.13"; exit 1; }
	@test -x $(BIN)/python || $(PYTHON) -m venv .venv
	@touch $@

.venv/runtime: .venv/pip requirements.txt
	@echo "Installing what MutuAli needs (about a minute, once)"
	@$(BIN)/python -m pip install -q --disable-pip-version-check --require-hashes -r requirements.txt
	@touch $@

.venv/dev: .venv/pip requirements-dev.txt
	@echo "Installing what tests need (about a minute, once)"
	@# The list is whole, and what its packages say of one another was settled by `make lock`.
	@$(BIN)/python -m pip install -q --disable-pip-version-check --require-hashes --no-deps -r requirements-dev.txt
	@touch $@

run: .venv/runtime
	@MUTUALI_MODE=$${MUTUALI_MODE:-demo} $(BIN)/python -m mutuali.serve

test: .venv/dev
	@echo "Testing on SQLite and on PostgreSQL"
	@$(BIN)/python -m pytest -n 2 --dist loadfile -q

check: .venv/dev
	@echo "Style" && $(BIN)/ruff check . && $(BIN)/ruff format --check .
	@echo "Types" && $(BIN)/mypy
	@echo "Architecture" && $(BIN)/python -m pytest -q tests/architecture

bench: .venv/dev
	@echo "Measuring (about eight minutes; leave the machine alone meanwhile)"
	@$(BIN)/python -m benchmarks.run

soak: .venv/dev
	@echo "Replaying real trips (about half an hour)"
	@$(BIN)/python -m benchmarks.trips

lock:
	@$(LOCK) pyproject.toml -o requirements.txt
	@$(LOCK) --extra dev -c requirements.txt pyproject.toml -o requirements-dev.txt
	@$(LOCK) --extra spark -c requirements.txt pyproject.toml -o requirements-spark.txt

translations: .venv/dev
	@mkdir -p var
	@$(BIN)/pybabel -q extract --ignore-dirs ".venv var .git" -F babel.cfg -k _l --omit-header --no-location --sort-output -o var/messages.pot .
	@$(BIN)/pybabel -q update -i var/messages.pot -d mutuali/translations -l en --ignore-pot-creation-date --no-fuzzy-matching --ignore-obsolete
	@$(BIN)/pybabel -q compile --use-fuzzy -d mutuali/translations -l en
