# Python 3.11 or newer and make are all that is needed. `make` lists the targets.

PYTHON ?= python3
python := .venv/bin/python
export PYTHONUNBUFFERED = 1

.DEFAULT_GOAL := help
.NOTPARALLEL:
.PHONY: help setup run test endurance lint reset packages packages-dev

help:  ## this list
	@echo "make run     start the site on http://localhost:8000/ (another port: make run PORT=8001)"
	@echo "make test    install what the tests need and run them (make test ARGS='-k name')"
	@echo "make setup   prepare everything that make run needs, without starting the site"
	@echo "make endurance   kill workers and freeze the broker for some minutes"
	@echo "make lint    check style and the order of the packages"
	@echo "make reset   delete the data and logs under var/"

# The interpreter may be missing or too old to run anything of ours: the shell looks first.
packages packages-dev:
	@command -v "$(PYTHON)" >/dev/null || { echo "There is no $(PYTHON) here: install Python 3.11 or newer, or name yours, as in make run PYTHON=python3.12"; exit 1; }
	@"$(PYTHON)" marketplace/environment.py $(if $(filter packages-dev,$@),dev)

setup: packages
	@exec $(python) -m marketplace.run --only-prepare

run: packages
	@exec $(python) -m marketplace.run

test: packages-dev
	@exec $(python) -m pytest -n 2 --dist worksteal $(ARGS)

endurance: packages-dev
	@exec $(python) -m pytest -m endurance -s tests/endurance $(ARGS)

lint: packages-dev
	@$(python) -m ruff check .
	@$(python) -m ruff format --check .
	@$(python) -c "from importlinter.cli import lint_imports_command; lint_imports_command()"

reset: packages
	@exec $(python) -m marketplace.reset
