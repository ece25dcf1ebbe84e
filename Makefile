# One verb a job. Each target only calls `python3 -m tools VERB`, where the work is done.
PYTHON ?= python3
VERBS := run test lint types fmt bench soak pictures password clean

.DEFAULT_GOAL := help
.PHONY: help $(VERBS)

help: ## say what there is
	@echo 'make run       GameOps with a demo venue on http://localhost:8000 (PORT=, HOST=, DATA_DIR=)'
	@echo 'make password  set a new password for the owner'
	@echo 'make test      every test: backend, agent, dashboard, tools, journey (ONLY="backend agent" runs some)'
	@echo 'make lint      every check that is not a test'
	@echo 'make types     regenerate protocol/openapi.json and the dashboard client'
	@echo 'make fmt       format the sources'
	@echo 'make bench     what the figures in README come from (ONLY="clicks agent ends reports dashboard", SESSIONS=, DAYS=)'
	@echo 'make soak      faults by the hundred under load, then a table (ONLY="server agent", CYCLES=, KILLS=, MINUTES=, SEED=)'
	@echo 'make pictures  every screen in each width, theme and language (ONLY="floor panel", STATIONS=, WIDTHS=, HELP=1 says more)'
	@echo 'make clean     remove what was built; data/ stays'

$(VERBS):
	@command -v $(PYTHON) >/dev/null || { echo 'GameOps needs Python 3.11 or newer, and there is no $(PYTHON). Install python3 and python3-venv, then run make $@ again.'; exit 1; }
	@exec $(PYTHON) -m tools $@
