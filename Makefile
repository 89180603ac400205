# Two commands for a newcomer: `make demo` and `make test`. The rest is named by `make help`.
PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
TOOLS := dexdump aapt chromium postgresql
CAPTURES ?= .venv-captures
PORT ?= 8000
APPS ?= /work/corpus/apks

.PHONY: demo serve test drill fuzz bench check docs tools captures help clean
.DEFAULT_GOAL := help

help:  ## what there is
	@grep -hE '^[a-z]+:.*##' $(MAKEFILE_LIST) | sed -E 's/:.*## /\t/' | expand -t 12

demo: $(VENV)/core  ## set up the core, inspect the demo app with its policy, compare with the truth, name the report
	@mkdir -p out
	@$(BIN)/python demo/check.py --report out

serve: $(VENV)/service  ## run the service as a demonstration at http://127.0.0.1:8000/ (make serve PORT=9000)
	@$(BIN)/mingcha serve --port $(PORT)

test: $(VENV)/dev tools captures check  ## set up, lint, type-check and run every fast test, then say what `make drill` adds
	@$(BIN)/python -m pytest -n 2 -m "not long"
	@echo
	@echo "make drill adds: 10,000 mutated files of each format (make fuzz, about 30 minutes),"
	@echo "  the benchmarks against androguard and exodus-core over a folder of real apps (make bench APPS=DIR),"
	@echo "  the service's kill, restart, flood and upload drills in full, 100,000 apps under load (tests/bench/service_load.py),"
	@echo "  and call sites and permissions compared with dexdump's and aapt's over the same folder."

check: $(VENV)/dev
	@$(BIN)/ruff check -q src tests
	@MINGCHA_DATA=.mypy_cache/service $(BIN)/mypy
	@$(BIN)/lint-imports --no-cache | tail -3
	@$(BIN)/mingcha catalogue check

drill: $(VENV)/dev tools  ## the long tests
	@$(BIN)/python -m pytest -n 2 -m long
	@$(MAKE) --no-print-directory fuzz bench
	@$(BIN)/python -m tests.bench.service_load
	@$(BIN)/python -m tests.bench.dexdump $(APPS)

fuzz: $(VENV)/dev  ## 10,000 mutated files of each format, in forked workers
	@$(BIN)/python -m tests.fuzz.fuzz --count 10000 --seed 7 --jobs 2

bench: $(VENV)/dev  ## compare time and memory with androguard and exodus-core: make bench APPS=DIR
	@$(BIN)/python -m tests.bench.inspection $(APPS)

docs: $(VENV)/dev  ## write the generated pages below docs/
	@$(BIN)/python scripts/docs.py

tools:
	@sh scripts/tools.sh $(TOOLS)

captures:  ## a real proxy and a browser for the tests of captures, once; without them those tests are skipped
	@sh scripts/captures.sh $(PYTHON) $(CAPTURES)
	@sh scripts/tools.sh chromium

$(VENV)/bin/python:
	@sh scripts/venv.sh $(PYTHON) $(VENV)

$(VENV)/core: pyproject.toml $(VENV)/bin/python
	@$(BIN)/python -m pip install -q --disable-pip-version-check -e .
	@touch $@

$(VENV)/service: pyproject.toml $(VENV)/core
	@$(BIN)/python -m pip install -q --disable-pip-version-check -e ".[service]"
	@touch $@

$(VENV)/dev: pyproject.toml $(VENV)/core
	@$(BIN)/python -m pip install -q --disable-pip-version-check -e ".[dev]"
	@touch $@

clean:  ## remove what the commands above made
	@rm -rf $(VENV) $(CAPTURES) out
