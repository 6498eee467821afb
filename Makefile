.DEFAULT_GOAL := help
.PHONY: help setup servers run test lint audit house fix docs-check capabilities messages coverage sure bench bench-faults lock verify
BIN := .venv/bin
# The tests start the program hundreds of times: it is compiled once.
unexport PYTHONDONTWRITEBYTECODE
LOCK := $(BIN)/uv pip compile -q --universal --generate-hashes --no-header --no-annotate --extra scale --extra sqlite pyproject.toml

help: ## Show this list
	@grep -hE '^[a-z-]+:.*##' $(MAKEFILE_LIST) | sed 's/:.*## /	/' | expand -t 14

setup: .venv/done ## Make .venv with everything a developer needs

.venv/done: requirements-dev.lock pyproject.toml
	python3 -m venv .venv
	$(BIN)/python -m pip install -q --no-deps --require-hashes -r requirements-dev.lock
	$(BIN)/python -m pip install -q --no-deps --no-build-isolation -e .
	@touch $@

run: setup ## Show two communities at work on this machine
	$(BIN)/folkmoot demo

servers: setup ## Install the servers and browser the tests use, or name what is missing
	$(BIN)/python -m tests.support.servers

test: servers ## Run the tests, on up to four cores
	$(BIN)/python -m pytest -q -n auto --maxprocesses 4 --dist loadfile

lint: setup ## Check style, layers and types
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/lint-imports
	$(BIN)/mypy

audit: setup ## Security scanners, and floors under versions
	$(BIN)/bandit -q -c pyproject.toml -r folkmoot.py federation governance ledger node web
	git ls-files -z | xargs -0 $(BIN)/detect-secrets-hook --baseline .secrets.baseline
	$(BIN)/python -m pytest -q tests/house/test_floors.py

house: setup ## Check the house rules and floors
	$(BIN)/python -m pytest -q tests/house

fix: setup ## Let the tools repair what they can
	$(BIN)/ruff check --fix .
	$(BIN)/ruff format .

docs-check: setup ## Check every example in the documents
	$(BIN)/python -m pytest -q tests/docs

capabilities: setup ## Table row, its tests, their state; rewrites docs/capabilities.md
	$(BIN)/python -m tests.house.capabilities

messages: setup ## What the program says, gathered into its catalogues
	$(BIN)/python -m tests.house.messages

coverage: setup ## Branches of the rules and the log that no test takes
	$(BIN)/coverage run -m pytest -q tests/governance tests/ledger
	$(BIN)/coverage report --fail-under=100 --skip-covered --show-missing

# `test` holds the house rules and the documents' examples: they run once.
sure: setup ## Everything CI runs
	$(MAKE) -j2 -Otarget lint audit coverage
	$(MAKE) test

bench: setup ## Measure, compare with the gates, keep the figures
	$(BIN)/python -m tests.bench --out build/bench

bench-faults: setup ## Kill the ledger's writer and its witness, KILLS times each
	$(BIN)/python -m tests.faults.killing --kills $${KILLS:-1000}
	$(BIN)/python -m tests.faults.killing --kills $${KILLS:-1000} --what witness

lock: setup ## Choose versions again; commit both files
	$(LOCK) -o requirements.lock
	$(LOCK) --group test --group lint --group build -o requirements-dev.lock

verify: setup ## Pack the offline verifier
	rm -rf build/verify && mkdir -p build/verify && cp -R ledger build/verify/
	$(BIN)/python -m zipapp build/verify -m ledger.__main__:main -o folkmoot-verify.pyz
