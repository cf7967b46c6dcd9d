# make demo and make test each do all their set-up in a private virtual environment.
PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
READY := $(VENV)/.ready

.PHONY: help setup demo test lint types bench clean

help:
	@echo "make demo   set up, start a one-minute tour on local stand-ins, no credentials needed"
	@echo "make test   set up, run the whole test suite"
	@echo "make setup  only the set-up: .venv with everything in it"
	@echo "make lint   ruff and strict types"
	@echo "make bench  the measurements in benchmarks/"
	@echo "make clean  remove the virtual environment and caches"

$(READY): pyproject.toml constraints.txt
	@command -v $(PYTHON) >/dev/null || { echo "python3 (3.11 or newer) is needed: apt install python3 python3-venv"; exit 1; }
	@test -x $(BIN)/python || $(PYTHON) -m venv $(VENV) || { echo "the venv module is needed: apt install python3-venv"; exit 1; }
	@echo "installing what pyproject.toml asks for into $(VENV) (once) ..."
	@$(BIN)/python -m pip install --quiet --disable-pip-version-check -c constraints.txt -e '.[test]'
	@touch $(READY)

setup: $(READY)

demo: $(READY)
	@$(BIN)/python run.py demo

test: $(READY)
	@$(BIN)/python -m pytest -n 2

lint: $(READY)
	@$(BIN)/ruff check .
	@$(BIN)/mypy

types: lint

bench: $(READY)
	@for file in startup mapping local http_requests store matching/run; do test -f benchmarks/$$file.py && $(BIN)/python benchmarks/$$file.py; done; true

clean:
	rm -rf $(VENV) .pytest_cache .mypy_cache .ruff_cache .hypothesis *.egg-info build dist
