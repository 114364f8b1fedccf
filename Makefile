# Every command a person or CI needs. `make demo` and `make test` work on a clean machine with Python 3.11 or newer.
PYTHON ?= python3
BIN := .venv/bin
STORE := sqlite:rechain-demo.db
ZONE := 包头稀土高新区
NEO4J := $(BIN)/python tests/servers/neo4j_server.py

.PHONY: demo test lint types layers tests soak bench golden docs backtest lock neo4j neo4j-stop clean
.DELETE_ON_ERROR:

demo: .venv/.installed
	@echo "[3/4] 载入数据 · loading data/ into $(STORE)"
	@rm -f rechain-demo.db rechain-demo.db-wal rechain-demo.db-shm rechain-demo.db.snapshot*
	@$(BIN)/rechain load data --store $(STORE)
	@echo "[4/4] $(ZONE) 缺哪些环节 · which links the zone lacks"
	@$(BIN)/rechain gaps $(ZONE) --store $(STORE) --lang zh
	@echo
	@first=$$($(BIN)/rechain gaps $(ZONE) --store $(STORE) --limit 1 --json | $(BIN)/python -c \
	  'import json, sys; print(json.load(sys.stdin)["gaps"][0]["product"]["id"])'); \
	echo "谁能补上第一个缺环 · who elsewhere makes the first one:  rechain producers $$first --region $(ZONE) --outside"; \
	$(BIN)/rechain producers $$first --region $(ZONE) --outside --store $(STORE) --lang zh
	@echo
	@echo "打开接口 · to open the API:  $(BIN)/rechain serve --store $(STORE)   ->  http://127.0.0.1:8000/docs"

test: .venv/.installed-dev
	@$(MAKE) --no-print-directory lint types layers tests

lint: .venv/.installed-dev
	$(BIN)/ruff format --check .
	$(BIN)/ruff check .

types: .venv/.installed-dev
	$(BIN)/mypy

layers: .venv/.installed-dev
	$(BIN)/lint-imports

tests: .venv/.installed-dev
	$(BIN)/python tests/servers/run_tests.py -n 2 --durations 15

soak: .venv/.installed-dev
	$(NEO4J) run -- $(BIN)/python -m pytest -m "slow or not slow" tests --hypothesis-profile=soak

bench: .venv/.installed-bench
	$(BIN)/python -m benchmarks.run

golden: .venv/.installed-dev
	$(BIN)/python -m pytest tests/golden --rewrite-golden

docs: .venv/.installed
	$(BIN)/python -m cli.docs

backtest: .venv/.installed
	$(BIN)/python -m cli.backtest_page

neo4j: .venv/.installed
	$(NEO4J) start --home .neo4j

neo4j-stop:
	$(NEO4J) stop --home .neo4j

# Let the resolver choose, then freeze what it chose; requirement files name no registry.
lock: .venv/.installed-dev
	$(BIN)/uv pip compile pyproject.toml --python-version 3.11 --no-header --no-emit-index-url --upgrade -q -o requirements.txt
	$(BIN)/uv pip compile pyproject.toml --group dev --python-version 3.11 --no-header --no-emit-index-url --upgrade -q -c requirements.txt -o requirements-dev.txt
	$(BIN)/uv pip compile pyproject.toml --group dev --group bench --python-version 3.11 --no-header --no-emit-index-url --upgrade -q -c requirements-dev.txt -o requirements-bench.txt

.venv/bin/python:
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11) and "rechain needs Python 3.11 or newer; this is %d.%d. Name another with: make PYTHON=python3.11 ..." % sys.version_info[:2])'
	@echo "[1/4] 建立环境 · making .venv"
	@$(PYTHON) -m venv .venv

.venv/.installed: .venv/bin/python requirements.txt pyproject.toml
	@echo "[2/4] 安装依赖 · installing what requirements.txt pins"
	@$(BIN)/python -m pip install --quiet --disable-pip-version-check -r requirements.txt
	@$(BIN)/python -m pip install --quiet --disable-pip-version-check --no-deps -e .
	@touch $@

.venv/.installed-dev: .venv/.installed requirements-dev.txt
	@echo "installing what the tests need"
	@$(BIN)/python -m pip install --quiet --disable-pip-version-check -r requirements-dev.txt
	@touch $@

.venv/.installed-bench: .venv/.installed-dev requirements-bench.txt
	@$(BIN)/python -m pip install --quiet --disable-pip-version-check -r requirements-bench.txt
	@touch $@

clean:
	rm -rf .venv .mypy_cache .pytest_cache .ruff_cache .hypothesis dist build
