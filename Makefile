# `make lab` opens the course, `make test` checks it; both set everything up first.
PYTHON ?= python3
VENV := .venv
ifeq ($(OS),Windows_NT)
  BIN := $(VENV)/Scripts
  PYTHON := python
else
  BIN := $(VENV)/bin
endif
RUN := $(BIN)/python
# What the reader's shell says to another Python: packages of it have no place in .venv, and claims
# are assertions, which PYTHONOPTIMIZE takes out.
unexport PYTHONHOME PYTHONPATH PYTHONOPTIMIZE PYTHONSAFEPATH PYTHONWARNINGS

.DEFAULT_GOAL := help
.PHONY: help setup lab edit test test-code test-notebooks test-weekly test-colab lint format canonical notebooks bench figures stamp constraints train picture pages glossary cheatsheet clean

help:  ## Show this list
	@grep -E '^[a-z-]+:.*##' $(MAKEFILE_LIST) | sed -E 's/:.*## /|/' | awk -F'|' '{printf "  make %-14s %s\n", $$1, $$2}'

setup:  ## Make or mend the environment in .venv
	@$(PYTHON) tools/set_up.py

lab: setup  ## Set everything up and open the course, as your own copy of it, in JupyterLab
	@$(RUN) tools/lab.py $(LAB_OPTIONS)

edit: setup  ## Open the course's own notebooks in JupyterLab, to change the course
	@$(RUN) tools/lab.py --source $(LAB_OPTIONS)

# Tests and notebooks use no network: what they need is in the repository. Two files run at a time,
# in the order of conftest.py, which also says how far it is. What is marked `weekly` waits for
# `make test-weekly`.
PYTEST := COURSE_OFFLINE=1 $(RUN) -m pytest -n 2 --dist loadfile --no-loadscope-reorder
CODE := --doctest-modules tests helpers
NOTEBOOKS := --nbval $(wildcard notebooks/*.ipynb)

# Together: so both processes have work to the end.
test: setup  ## Set everything up, run all tests and all notebooks
	@$(PYTEST) -m "not weekly" $(NOTEBOOKS) $(CODE)

test-code: setup  ## Run the tests, and the examples in the helpers' docstrings
	@$(PYTEST) -m "not weekly" $(CODE)

test-notebooks: setup  ## Run every notebook and compare it with its stored outputs
	@$(PYTEST) $(NOTEBOOKS)

test-weekly: setup  ## Run what takes long and seldom finds anything: short recordings, the stand-in
	@$(PYTEST) -m weekly tests
	@COURSE_DATA= $(PYTEST) $(NOTEBOOKS)

test-colab: setup  ## Run every notebook with Google Colab's versions, alone in a folder (ONLY=...)
	@$(RUN) tools/colab.py $(ONLY)

lint: setup  ## Check style: Python files, notebooks and their prose, canonical form, stamped address
	@failed=0; \
	$(RUN) -m ruff check . || failed=1; \
	$(RUN) -m ruff format --check . || failed=1; \
	$(RUN) tools/canonical.py --check || failed=1; \
	$(RUN) tools/stamp.py --check || failed=1; \
	$(RUN) tools/glossary.py --check || failed=1; \
	$(RUN) tools/prose.py || failed=1; \
	said=$$($(BIN)/lint-imports --no-cache 2>&1) || { echo "$$said"; failed=1; }; \
	exit $$failed

format: setup  ## Format Python files and the code in notebooks
	@$(RUN) -m ruff check --fix-only --quiet .
	@$(RUN) -m ruff format .
	@$(RUN) tools/canonical.py

canonical: setup  ## Bring the notebooks to the one form in which they are kept
	@$(RUN) tools/canonical.py

notebooks: setup  ## Run notebooks from top to bottom and store their outputs (ONLY="05 06" for some)
	@$(RUN) tools/run_notebooks.py $(ONLY)

train: setup  ## Train again what data/ ships (ONLY=training_mnist_cnn takes a minute, all of it hours)
	@$(RUN) tools/train.py $(ONLY)

bench: setup  ## Measure speed, as ratios side by side (ONLY="conv recipe" for some)
	@$(RUN) tools/bench.py $(ONLY)

figures: setup  ## Measure everything, and write the tables of FIGURES.md (ONLY="explorers" for one)
	@$(RUN) tools/figures.py $(ONLY)

stamp: setup  ## Carry the repository's address from pyproject.toml into badges and set-up cells
	@$(RUN) tools/stamp.py

# Not after setup as the others: old pins that do not fit any more could not be installed.
constraints:  ## Pin in constraints.txt what pyproject.toml asks for (WITH="--upgrade")
	@test -x $(RUN) || $(PYTHON) tools/set_up.py
	@$(RUN) tools/constraints.py $(WITH)

picture: setup  ## Draw the moving picture of README.md again
	@$(RUN) tools/picture.py

pages: setup  ## Write every notebook as a web page, into build/pages
	@$(RUN) tools/web_pages.py

glossary: setup  ## Link terms in bold with the glossary of notebook 12, both ways
	@$(RUN) tools/glossary.py

cheatsheet: setup  ## Draw the cheat sheet again, as PDF and as PNG
	@$(RUN) tools/cheat_sheet.py

clean:  ## Remove the virtual environment and caches
	@rm -rf $(VENV) .venv-colab .pytest_cache .ruff_cache .hypothesis *.egg-info
