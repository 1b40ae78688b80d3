# The commands a newcomer has to know: make app, make test.
# Each makes its own environment in .venv first; Python 3.11 or newer, pip and make are enough.

PYTHON ?= python3
DATA ?= data/hydrogen

VENV := .venv
PY := $(VENV)/bin/python
APPS_READY := $(VENV)/.apps-ready
ALL_READY := $(VENV)/.all-ready
SIMULATOR_READY := $(VENV)/.simulator-ready
# every version is in constraints.txt, so that a fresh install is the one that was tested
PIP := $(PY) -m pip --disable-pip-version-check install --quiet -c constraints.txt

# WRITE=1 publishes what is measured, where the data are all that a card is about
WRITTEN := $(if $(WRITE),--write)

# without byte code every start costs many seconds
unexport PYTHONDONTWRITEBYTECODE
unexport PYTHONHOME
unexport PYTHONPATH

.PHONY: app test check bench results tables constraints audit licences train-hi \
  train-reionization train-cosmogemma train-skimarxiv browser clean
.DEFAULT_GOAL := app

app: $(APPS_READY)  ## open all apps in the browser
	@exec $(PY) -m apps

# a test in the browser waits about as long as it computes: three go well on two cores
test: $(ALL_READY) browser  ## run the tests, with the browser they need
	$(PY) -m pytest -n logical --maxprocesses 4 --dist loadfile --no-loadscope-reorder

check: $(ALL_READY)  ## lint and type-check
	$(PY) -m ruff check .
	$(PY) -m mypy

bench: $(ALL_READY) browser  ## time things side by side, short (python -m benchmarks --list)
	$(PY) -m benchmarks

# HYDROGEN, REIONIZATION and the others are folders and files of data, see --help of the module
results: $(ALL_READY)  ## measure every model again whose data are here; docs/results.md, README's table
	$(PY) -m training.evaluation.measure $(if $(HYDROGEN),--hydrogen $(HYDROGEN)) \
	  $(if $(REIONIZATION),--reionization $(REIONIZATION)) \
	  $(if $(QUESTIONS),--questions $(QUESTIONS)) $(if $(CORPUS),--corpus $(CORPUS)) \
	  $(if $(SUMMARIES),--summaries $(SUMMARIES)) $(if $(ABSTRACTS),--abstracts $(ABSTRACTS)) \
	  $(if $(PAPERS),--papers $(PAPERS)) $(if $(PAIRS),--pairs $(PAIRS)) $(WRITTEN)

tables: $(APPS_READY)  ## docs/results.md and the README's table alone, from the numbers that are there
	$(PY) -m training.evaluation.results

constraints: $(ALL_READY)  ## resolve the requirements anew: constraints.txt, and those of the Spaces
	$(PY) -m training.release.constraints
	$(PY) -m training.release.deploy --write-requirements

audit: $(ALL_READY)  ## known vulnerabilities of every version; fails if one was not audited
	$(PY) -m training.release.audit

licences: $(SIMULATOR_READY)  ## docs/licences.md, from the metadata of what is installed
	$(PY) -m training.release.licences

train-hi: $(ALL_READY)  ## from nothing to trained HI models: simulate, train, evaluate (hours)
	$(PY) -m training.hydrogen.simulate --output $(DATA)
	$(PY) -m training.hydrogen.summarise --data $(DATA)
	$(PY) -m training.hydrogen.train_hi_cdm --data $(DATA)
	$(PY) -m training.hydrogen.calibrate_hi_cdm --data $(DATA)
	$(PY) -m training.hydrogen.train_higlow --data $(DATA)
	$(PY) -m training.hydrogen.train_inference --data $(DATA)
	$(PY) -m training.hydrogen.evaluate_simulations --data $(DATA) $(WRITTEN)
	$(PY) -m training.hydrogen.evaluate_hi_cdm --data $(DATA) $(WRITTEN)
	$(PY) -m training.hydrogen.evaluate_higlow --data $(DATA) $(WRITTEN)
	$(PY) -m training.hydrogen.evaluate_inference --data $(DATA) $(WRITTEN)
	$(PY) -m training.evaluation.results

# 21cmFAST is needed for the first line and for the last check; data made elsewhere can be put into
# the folder instead
train-reionization: DATA = data/reionization
train-reionization: $(SIMULATOR_READY)  ## the same for the reionization models (hours)
	$(PY) -m training.reionization.simulate --output $(DATA)
	$(PY) -m training.reionization.train_neutral_fraction --data $(DATA)
	$(PY) -m training.reionization.train_sources --data $(DATA)
	$(PY) -m training.reionization.train_radiation --data $(DATA)
	$(PY) -m training.reionization.evaluate_neutral_fraction --data $(DATA) $(WRITTEN)
	$(PY) -m training.reionization.evaluate_sources --data $(DATA) $(WRITTEN)
	$(PY) -m training.reionization.evaluate_radiation --data $(DATA) $(WRITTEN)
	$(PY) -m training.reionization.evaluate_history --data $(DATA) $(WRITTEN)
	$(PY) -m training.reionization.make_examples --data $(DATA)
	$(PY) -m training.reionization.check_observation --data $(DATA) $(WRITTEN)
	$(PY) -m training.evaluation.results

# PAIRS and QUESTIONS are files of pairs (training/literature/questions/pairs.py); make_questions writes
# them from abstracts
train-cosmogemma: PAIRS = data/literature/pairs.jsonl
train-cosmogemma: QUESTIONS = data/literature/questions.jsonl
train-cosmogemma: $(ALL_READY)  ## fine-tune CosmoGemma on pairs of your own (an hour)
	$(PY) -m training.literature.train_intent
	$(PY) -m training.literature.train_cosmogemma --data $(PAIRS) \
	  --reading training/literature/data/primer_questions.jsonl
	$(PY) -m training.literature.calibrate_cosmogemma --data runs/cosmogemma/held_out.jsonl
	$(PY) -m training.literature.evaluate_cosmogemma --data $(QUESTIONS) --corpus $(PAIRS) \
	  $(WRITTEN)
	$(PY) -m training.evaluation.results

# SUMMARIES holds train.jsonl and dev.jsonl in SciTLDR's form; PAPERS are files of abstracts with
# topics (training/literature/ranking_corpus.py); ABSTRACTS, if any, those of tldr_labels.jsonl
train-skimarxiv: SUMMARIES = data/scitldr
train-skimarxiv: PAPERS = data/literature/papers.jsonl
train-skimarxiv: ASTRONOMY = $(if $(ABSTRACTS),--abstracts $(ABSTRACTS) \
  --astronomy training/literature/data/tldr_labels.jsonl)
train-skimarxiv: $(ALL_READY)  ## fit the ranker of sentences and the ranking of papers (half an hour)
	$(PY) -m training.literature.train_tldr --data $(SUMMARIES)/train.jsonl $(ASTRONOMY)
	$(PY) -m training.literature.evaluate_tldr --data $(SUMMARIES)/dev.jsonl $(ASTRONOMY) \
	  $(if $(WRITE),--abstractive 40) $(WRITTEN)
	$(PY) -m training.literature.train_ranking --data $(PAPERS)
	$(PY) -m training.literature.evaluate_ranking --data $(PAPERS) $(WRITTEN)
	$(PY) -m training.evaluation.results

clean:  ## remove the environment
	rm -rf $(VENV)

# -- environment ---------------------------------------------------------------------------------

# Debian's python3 comes without ensurepip: then pip puts itself into the new environment, or brings
# virtualenv along.
$(VENV)/.made:
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' || \
	  { echo "CosmoDesk needs Python 3.11 or newer; name one with make PYTHON=python3.x" >&2; exit 1; }
	@rm -rf $(VENV); \
	$(PYTHON) -m venv $(VENV) >/dev/null 2>&1 && $(PY) -m pip --version >/dev/null 2>&1 || { \
	  rm -rf $(VENV); $(PYTHON) -m venv --without-pip $(VENV) >/dev/null 2>&1 && \
	  $(PYTHON) -m pip --python $(PY) install --quiet pip 2>/dev/null; } || { \
	  rm -rf $(VENV) $(VENV)-maker; \
	  $(PYTHON) -m pip install --quiet --target $(VENV)-maker virtualenv && \
	  PYTHONPATH=$(VENV)-maker $(PYTHON) -m virtualenv --quiet $(VENV) && rm -rf $(VENV)-maker; } || { \
	  echo "No environment could be made: install pip for $(PYTHON) (Debian: python3-pip)." >&2; \
	  exit 1; }
	@touch $@

$(APPS_READY): $(VENV)/.made requirements.txt constraints.txt
	@echo "Installing what the apps need into $(VENV) (once, some minutes) ..."
	@$(PIP) -r requirements.txt
	@$(PY) -m compileall -q core apps training >/dev/null || true
	@touch $@

$(ALL_READY): $(VENV)/.made requirements.txt training/requirements.txt constraints.txt
	@echo "Installing what apps, tests and training need into $(VENV) (once, some minutes) ..."
	@$(PIP) -r requirements.txt -r training/requirements.txt
	@$(PY) -m compileall -q core apps training tests >/dev/null || true
	@touch $(APPS_READY) $@

$(SIMULATOR_READY): $(ALL_READY) training/reionization/requirements.txt
	@echo "Installing 21cmFAST and tools21cm into $(VENV) (once, some minutes) ..."
	@$(PIP) -r training/reionization/requirements.txt || \
	  { echo "21cmFAST is compiled against GSL and FFTW: apt-get install gcc libgsl-dev libfftw3-dev" >&2; \
	  exit 1; }
	@touch $@

# The tests drive the apps in Chromium: COSMODESK_BROWSER, or one on the path, or Debian's package,
# or Playwright's own build.
browser: $(ALL_READY)
	@for name in "$$COSMODESK_BROWSER" chromium chromium-browser google-chrome; do \
	  [ -n "$$name" ] && command -v "$$name" >/dev/null && exit 0; done; \
	$(PY) -c 'import os, sys; from playwright.sync_api import sync_playwright as s; p = s().start(); sys.exit(not os.path.exists(p.chromium.executable_path))' 2>/dev/null && exit 0; \
	echo "Installing Chromium for the browser tests ..."; \
	if [ "$$(id -u)" = 0 ]; then as=env; else as="sudo -n env"; fi; \
	if command -v apt-get >/dev/null; then \
	  $$as apt-get update -qq; \
	  $$as DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends chromium \
	    >/dev/null && exit 0; fi; \
	$(PY) -m playwright install --with-deps chromium && exit 0; \
	echo "Chromium could not be installed; set COSMODESK_BROWSER to a Chrome or Chromium." >&2; \
	exit 1
