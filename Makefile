# Two commands matter: `make run` starts the product, `make test` tests it. Only python3 (3.11 or newer) is needed.
# Variables of `make run`: PORT, BIND, DATA_DIR, DATABASE_URL, REDIS_URL, EMAIL_URL, DEMO.

PYTHON ?= python3
WORKERS ?= 2
PY := .venv/bin/python
.DEFAULT_GOAL := help
.PHONY: help run setup setup-dev test check unit gates bench demo-reset format messages chromium

# Everything that tests or checks keeps its data apart from the developer's.
TESTING := DJANGO_SETTINGS_MODULE=config.settings.test
# Stand-ins for what a deployment must name, for `check --deploy` only.
DEPLOYED := DJANGO_SETTINGS_MODULE=config.settings.production SECRET_KEY=only-for-the-deployment-check-0123456789-abcdefghijklmnopqrstuv \
	ALLOWED_HOSTS=partnerships.example SITE_URL=https://partnerships.example \
	DATABASE_URL=postgresql://nobody@localhost/none REDIS_URL=redis://localhost:6379/0 EMAIL_URL=smtp://localhost:25 TRUSTED_PROXIES=1 DEFAULT_FROM_EMAIL=partnerships@partnerships.example

help:
	@echo "make run         start everything and print one address (PORT=8001 for another port)"
	@echo "make test        all checks, then unit and browser tests"
	@echo "make check       formatting, types, templates, imports, migrations, deployment"
	@echo "make gates       the counted gates in full (up to an hour)"
	@echo "make bench       how long the work takes, against floors (BENCH_SIZES=10000,100000)"
	@echo "make demo-reset  throw the local data away; the next start loads the demonstration again"
	@echo "make format      format the code"
	@echo "make messages    collect the sentences to translate (LOCALE=es)"

run: setup
	@exec $(PY) -m config.local

setup:
	@command -v $(PYTHON) >/dev/null || { echo "$(PYTHON) was not found. Install Python 3.11 or newer, or name it: make PYTHON=python3.12 run" >&2; exit 1; }
	@$(PYTHON) config/bootstrap.py

setup-dev:
	@command -v $(PYTHON) >/dev/null || { echo "$(PYTHON) was not found. Install Python 3.11 or newer, or name it: make PYTHON=python3.12 test" >&2; exit 1; }
	@$(PYTHON) config/bootstrap.py --dev

test: check chromium
	$(TESTING) $(PY) -m pytest -n $(WORKERS) --dist loadgroup

check: setup-dev
	$(PY) -m ruff check .
	$(PY) -m ruff format --check .
	.venv/bin/lint-imports --no-logo
	$(PY) -m tests.architecture.imports
	.venv/bin/djlint templates --lint --quiet
	$(PY) -m mypy .
	$(TESTING) $(PY) manage.py makemigrations --check --dry-run
	$(DEPLOYED) $(PY) manage.py check --deploy --fail-level WARNING

chromium: setup-dev
	@$(PY) -m tests.chromium

unit: setup-dev
	$(TESTING) $(PY) -m pytest -n $(WORKERS) --dist loadgroup -m "not browser"

gates: setup-dev chromium
	$(TESTING) GATES=full $(PY) -m pytest -n $(WORKERS) --dist loadgroup -m gate

bench: setup-dev
	@$(PY) -m tests.bench

demo-reset: setup
	@$(PY) -m config.local.reset

format: setup-dev
	$(PY) -m ruff check --fix .
	$(PY) -m ruff format .

messages: setup-dev
	@test -n "$(LOCALE)" || { echo "Say which language: make messages LOCALE=es" >&2; exit 1; }
	$(PY) manage.py makemessages --locale $(LOCALE) --no-obsolete --ignore .venv --ignore var --ignore tests
