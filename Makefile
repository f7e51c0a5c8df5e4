# Every target sets up .venv first; `make demo` and `make test` are all that a fresh clone needs.
BIN := .venv/bin
export PYTHONHASHSEED ?= 0

.PHONY: help setup demo test check format bench clean

help: ## what there is
	@grep -E '^[a-z]+:.*## ' Makefile | sed -E 's/:.*## /\t/' | expand -t 10

setup: ## install everything into .venv
	@bash scripts/setup.sh

demo: setup ## the main job on the demo's articles and videos, end to end
	@$(BIN)/python demo/run.py

test: setup ## run the tests
	@$(BIN)/python -m pytest tests

check: setup ## lint, types, layers, doctests
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy
	$(BIN)/lint-imports
	$(BIN)/python -m pytest --doctest-modules ekg extractors alignment queries --doctest-glob=README.md README.md

format: setup ## format the code
	$(BIN)/ruff check --fix .
	$(BIN)/ruff format .

bench: setup ## measure on the corpora of EKG_DATA (default ../shared/data)
	@for name in extract time align ask; do echo "== $$name"; $(BIN)/ekg bench $$name; done

clean: ## remove what the targets made
	rm -rf .venv .mypy_cache .ruff_cache .pytest_cache .hypothesis demo/out
