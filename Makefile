# Redway in two commands: "make run" and "make test". "make" alone lists the rest.
# Needs make and Python 3.11 or newer, nothing else. Settings: HOST, PORT, REDWAY_HOME, PYTHON.

PYTHON ?= python3
BIN := .venv/bin
export PYTHONUTF8 := 1

.DEFAULT_GOAL := help
.PHONY: help setup setup-all run test lint format types imports audit contract faults spark docs docs-serve bench \
        screenshot notebook lock check-deploy clean

help: ## List the commands
	@echo "Redway. Two commands matter:"
	@echo
	@echo "  make run    set up, load the demo authority and serve it on http://127.0.0.1:8000"
	@echo "  make test   set up and run every test"
	@echo
	@echo "All commands:"
	@sed -n 's/^\([a-z-]*\):.*## \(.*\)/  make \1|\2/p' Makefile | awk -F'|' '{printf "%-20s %s\n", $$1, $$2}'

setup: ## Make .venv with the redway command in it
	@$(PYTHON) tools/bootstrap.py run

setup-all: ## The same, with the tools for tests and documentation
	@$(PYTHON) tools/bootstrap.py all

run: setup ## Load the demo authority and serve it (HOST, PORT, REDWAY_HOME)
	@$(BIN)/redway demo

test: setup-all ## Run every test, in a browser too where one is found or can be installed
	@$(BIN)/python tools/run_tests.py

lint: setup-all ## Look for mistakes and untidy layout
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .

format: setup-all ## Put the layout of the code right
	$(BIN)/ruff check --fix .
	$(BIN)/ruff format .

types: setup-all ## Check types
	$(BIN)/mypy

imports: setup-all ## Check that the floors of the house only lean downwards
	$(BIN)/lint-imports

audit: setup-all ## Look the locked libraries up among known weaknesses
	$(BIN)/python tools/audit_dependencies.py

spark: ## Add Spark (half a gigabyte; needs Java 17) for value added at the size of the nation
	@$(PYTHON) tools/bootstrap.py spark

contract: setup-all ## Run the tests that every engine and both databases must pass
	$(BIN)/python tools/run_tests.py tests/contract

faults: setup-all ## Run the tests that kill processes and fill disks
	$(BIN)/python tools/run_tests.py tests/faults

check-deploy: setup-all ## Check the production settings
	$(BIN)/python tools/check_deploy.py

docs: setup-all ## Build the documentation into site/
	$(BIN)/python tools/build_docs.py

docs-serve: setup-all ## Serve the documentation while writing it
	$(BIN)/mkdocs serve

bench: setup-all ## Run all benchmarks and print ratios
	$(BIN)/python benchmarks/run.py

screenshot: setup-all ## Remake the pictures in README and docs from the running demo
	$(BIN)/python tools/make_screenshots.py

notebook: setup-all ## Run the notebook in the tutorial and keep its answers
	$(BIN)/python tools/run_notebook.py

lock: ## Renew the three lock files (needs uv)
	uv pip compile pyproject.toml --extra dev --extra docs --universal --python-version 3.11 --generate-hashes \
	  --no-emit-index-url --no-annotate --upgrade --custom-compile-command "make lock" -o requirements.lock
	uv pip compile pyproject.toml tools/build.in --universal --python-version 3.11 --generate-hashes \
	  --no-emit-index-url --no-annotate --custom-compile-command "make lock" -c requirements.lock -o requirements-run.lock
	uv pip compile tools/spark.in --universal --python-version 3.11 --generate-hashes --no-emit-index-url \
	  --no-annotate --custom-compile-command "make lock" -o requirements-spark.lock

clean: ## Remove what can be made again (.venv, caches, built pages); data stays
	rm -rf .venv .tools .pytest_cache .mypy_cache .ruff_cache .hypothesis .import_linter_cache site build dist
	find . -name __pycache__ -type d -prune -exec rm -rf {} +
