# `make demo` and `make test` set up all they need in a virtual environment of their own.
PYTHON ?= python3
VENV ?= .venv
BIN := $(VENV)/bin

.PHONY: demo test check lint types format audit bench campaign faults soak daemons clean
.DEFAULT_GOAL := demo

demo: $(VENV)/.installed
	@$(BIN)/litwatch demo demo-out

test: $(VENV)/.tools
	$(BIN)/pytest -n auto

check: lint types test

lint: $(VENV)/.tools
	$(BIN)/ruff format --check .
	$(BIN)/ruff check .

types: $(VENV)/.tools
	$(BIN)/mypy

format: $(VENV)/.tools
	$(BIN)/ruff format .
	$(BIN)/ruff check --fix .

# Fails on a version of constraints.txt that is known to be vulnerable; says so plainly where nobody could be asked.
audit: $(VENV)/.venv
	@$(BIN)/python tools/audit.py $(VENV)/audit constraints.txt

# Not a test: prints figures of this machine. Needs ../shared.
bench: $(VENV)/.tools
	$(BIN)/python tests/benchmarks/bench_rank.py ../shared/arxiv/stream-2025.jsonl.gz ../shared/lines/judged/lines.jsonl
	$(BIN)/python tests/benchmarks/bench_week.py ../shared
	$(BIN)/python tests/benchmarks/bench_feedback.py ../shared/lines/judged ../shared/arxiv/stream-2025.jsonl.gz
	$(BIN)/python tests/benchmarks/bench_retest.py ../shared

# Half a year of simulated days, also with the daemon down in the middle. Needs ../shared and most of an hour.
campaign: $(VENV)/.tools
	$(BIN)/python tests/benchmarks/bench_campaign.py

# Killed two hundred times at random, on SQLite and on PostgreSQL. Needs ../shared and most of an hour.
faults: $(VENV)/.tools
	$(BIN)/python tests/benchmarks/bench_faults.py --database sqlite
	$(BIN)/python tests/benchmarks/bench_faults.py --database postgresql

# A simulated month with a hundred lines. Needs ../shared and half an hour.
soak: $(VENV)/.tools
	$(BIN)/python tests/benchmarks/bench_soak.py

# Several daemons on one PostgreSQL, one of them killed. Needs PostgreSQL.
daemons: $(VENV)/.tools
	$(BIN)/python tests/benchmarks/bench_daemons.py

$(VENV)/.venv:
	@$(PYTHON) -c 'import sys; sys.version_info >= (3, 11) or sys.exit("litwatch needs Python 3.11 or newer: make PYTHON=python3.12 …")'
	@$(PYTHON) -m venv $(VENV) || { echo "This Python has no venv: install it (Debian: apt install python3-venv)."; exit 1; }
	@touch $@

$(VENV)/.installed: $(VENV)/.venv pyproject.toml constraints.txt
	@echo "Installing litwatch into $(VENV) ..."
	@$(BIN)/pip install --quiet --disable-pip-version-check -c constraints.txt -e .
	@touch $@

$(VENV)/.tools: $(VENV)/.venv pyproject.toml constraints.txt
	@$(BIN)/pip install --quiet --disable-pip-version-check -c constraints.txt -e '.[dev]'
	@touch $@ $(VENV)/.installed

clean:
	rm -rf $(VENV) demo-out build dist .mypy_cache .ruff_cache .pytest_cache
