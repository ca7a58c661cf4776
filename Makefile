# Copyright (c) 2026, the netapi.auth authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# What there is to run, and in which order. noxfile.py says how, tests/tools/run.py runs each job.

SHELL := /bin/sh
# The first Python that answers and is new enough; a pyenv shim that answers "command not found" is none.
PYTHON ?= $(shell for name in python3 python3.14 python3.13 python3.12 python3.11 $$HOME/.pyenv/versions/3.1[1-9]*/bin/python3; do \
	"$$name" -c 'import sys; sys.exit(sys.version_info < (3, 11))' >/dev/null 2>&1 && { echo "$$name"; break; }; done)
# One series of ansible-core, such as 2.21; empty: those of `make test`.
CORE ?=
# Files of tests, or other arguments of pytest, for `make units`; integration targets for `make integration`.
TESTS ?=
# How many processes share the unit tests of a core; empty: one, which takes the least of the processors.
WORKERS ?=
# How many jobs run at once: twice the processors of CI, since tests also wait.
JOBS ?= 4
# `make release` writes the changelog into the tree only with RELEASE=write.
RELEASE ?=
# The tag that a release is made for; empty: none yet.
TAG ?=
# One file of `make mutants`, such as _token.py; empty: all.
FILE ?=
# Port of `make sandbox`; 0: any.
PORT ?= 0
# The package that builds environments in a second where pip takes fourteen; empty: venv and pip.
UV_PACKAGE ?= uv

export CORE WORKERS

# The table is in tests/tools/cores.py.
CORES := $(shell sed -n 's/^    "\(2\.[0-9]*\)": (.*),$$/\1/p' tests/tools/cores.py)
OLDEST := $(shell sed -n 's/^OLDEST = "\(.*\)"/\1/p' tests/tools/cores.py)
NEWEST := $(shell sed -n 's/^NEWEST = "\(.*\)"/\1/p' tests/tools/cores.py)
ENDS := $(OLDEST) $(NEWEST)
BETWEEN := $(filter-out $(ENDS),$(CORES))

# The jobs of each kind, what takes long first: on CORE all of it, else as `make test` has it.
integration_jobs := $(if $(CORE),$(CORE:%=integration-%),$(ENDS:%=integration-%) $(BETWEEN:%=integration-brief-%))
units_jobs := $(if $(CORE),$(CORE:%=units-%),$(ENDS:%=units-%) $(BETWEEN:%=units-brief-%))
sanity_jobs := $(or $(CORE:%=sanity-%),sanity-$(NEWEST) sanity-brief-$(OLDEST))
crowds_jobs := $(or $(CORE:%=crowds-%),crowds-$(NEWEST))
leaks_jobs := $(or $(CORE:%=leaks-%),$(CORES:%=leaks-%))
lint_jobs := lint-package lint-certified lint-examples lint-ansible lint-mypy lint-docs lint-clone lint-text \
	docs-check license-check lint-old-python
keycloak_jobs := $(or $(CORE:%=keycloak-%),keycloak-$(NEWEST))
providers_jobs := $(or $(CORE:%=providers-%),providers-$(NEWEST))
# The collections are those for the newest core.
stores_jobs := $(if $(filter-out $(NEWEST),$(CORE)),,stores-$(NEWEST))
test_jobs := $(integration_jobs) $(keycloak_jobs) $(stores_jobs) $(sanity_jobs) $(units_jobs) $(or $(CORE:%=leaks-%),$(patsubst %,leaks-brief-%,$(NEWEST) $(OLDEST) 2.18)) \
	$(if $(CORE),,units-lowest) $(lint_jobs)

providers := .venvs/openid/made .venvs/oidc-provider/made
# What is said before anything is built.
ifneq ($(filter-out $(CORES),$(foreach each,$(CORE),$(firstword $(subst -py, ,$(each))))),)
$(error CORE=$(CORE) is none of $(CORES). It chooses an ansible-core)
endif
ifneq ($(or $(filter 0%,$(JOBS)),$(shell printf %s '$(JOBS)' | tr -d 0-9)),)
$(error JOBS=$(JOBS) is no number of jobs, such as 2)
endif
python := @test -n "$(PYTHON)" || { echo "No Python 3.11 or newer found: apt install python3-venv, or dnf install python3.11." >&2; exit 1; };
# It ends what it has started and all below, as a job, but is seen and has no log.
shown = $(PYTHON) -B tests/tools/run.py --shown --
nox = $(shown) .venvs/tools/bin/python -B -m nox --non-interactive -R
job = @$(PYTHON) -B tests/tools/run.py
tool = @.venvs/$(1)/bin/python -B -m tests.tools.$(2)
# It says first what is left out because this machine lacks what it needs; with CI=true or STRICT=1 that fails.
needs = exec $(PYTHON) -B -m tests.tools.needs $(1) -- $(MAKE) -j$(JOBS) --no-print-directory --output-sync=target --keep-going
many = +$(python) $(needs)

.DEFAULT_GOAL := help
.PHONY: help test quick sanity units integration crowds keycloak providers matrix coverage mutants leaks security results lint docs generate messages \
	terminal bench fuzz format demo plan release sandbox pythons combinations clean $(lint_jobs)
.SUFFIXES:
.PRECIOUS: .venvs/%/made

help: ## List the commands
	@sed -n 's/^\([a-z]*\):.*## \(.*\)/make \1\t\2/p' Makefile | expand -t 20
	@echo 'CORE=2.21 chooses one ansible-core for test, sanity, units, integration, crowds and leaks.'
	@echo 'TESTS=tests/unit/... chooses files for units, TESTS="uri sources" targets for integration.'
	@echo 'STRICT=1 fails where this machine lacks what a job needs, which is left out without it.'

test: ## Run every check, as much of it on each ansible-core as depends on it
	$(call many,$(test_jobs))

quick: .venvs/core-$(NEWEST)/made .venvs/lint/made ## Test the files that differ from the last commit, on the newest ansible-core
	@$(nox) --session quick

sanity: ## ansible-test sanity, without an ignore file
	$(call many,$(sanity_jobs))

ifeq ($(TESTS),)
units: ## Unit tests; TESTS=tests/unit/plugins/test_files.py runs these alone
	$(call many,$(units_jobs))

integration: ## Integration tests; TESTS="uri sources" runs these targets alone
	$(call many,$(integration_jobs))
else
units: .venvs/core-$(or $(CORE),$(NEWEST))/made
	@$(nox) --session units-$(or $(CORE),$(NEWEST)) -- $(TESTS)

integration: .venvs/core-$(or $(CORE),$(NEWEST))/made $(providers)
	@$(nox) --session integration-$(or $(CORE),$(NEWEST)) -- $(TESTS)
endif

matrix: .venvs/tools/made ## Every test on every ansible-core with each Python that is installed (hours); COMBINATIONS=2.21-py3.13 chooses
	@set -- $(or $(COMBINATIONS),$$($(nox) --session matrix 2>/dev/null)); \
	set -- $$(for each in "$$@"; do echo integration-$$each; done) $$(for each in "$$@"; do echo units-$$each leaks-$$each; done); \
	$(call needs,"$$@")

crowds: ## Integration tests with hundreds of hosts on the newest ansible-core
	$(call many,$(crowds_jobs))

keycloak: ## Every way to show a client, with every grant, at a Keycloak, on the newest ansible-core
	$(call many,$(keycloak_jobs))

providers: ## The same at an Ory Hydra and at NetBird's Dex, which Go builds once (minutes)
	$(call many,$(providers_jobs))

coverage: .venvs/coverage/made .venvs/keycloak/made .venvs/stores/made $(providers) ## Measure which lines and branches the unit and the integration tests run
	@$(nox) --session coverage

leaks: ## Run plays with marked secrets and search all output for them, on all cores
	$(call many,$(leaks_jobs))

security: ## Write what `make leaks` found into docs/security.md
	@$(PYTHON) -B -m tests.tools.leaks

results: .venvs/core-$(NEWEST)/made ## Write what was found at real servers into docs/providers/ and the guide
	@$(PYTHON) -B -m tests.tools.results
	@.venvs/core-$(NEWEST)/bin/python -B -m declarations.generate

lint: ## Every linter, and the package as hubs and users take it
	$(call many,$(lint_jobs))

docs: .venvs/docs/made ## Build the documentation site into .build/docs/html
	@$(nox) --session lint-docs

generate: .venvs/core-$(NEWEST)/made ## Write everything that repeats what declarations/ says: plugins, roles, playbooks, tables
	@.venvs/core-$(NEWEST)/bin/python -B -m declarations.generate

messages: ## Write everything that the source says into the guide to troubleshooting
	@$(PYTHON) -B -m tests.tools.messages

terminal: .venvs/terminal/made .venvs/demo/made ## Run the demo and write its terminal into docs/pictures/demo.svg
	$(call tool,terminal,terminal)

bench: .venvs/bench/made ## Measure, and write docs/benchmarks.md (a quarter of an hour)
	@$(shown) .venvs/bench/bin/python -B -m tests.tools.bench

fuzz: .venvs/core-$(NEWEST)/made ## Give the fuzz tests 20,000 examples each (half an hour)
	@FUZZ_EXAMPLES=20000 $(nox) --session units-$(NEWEST) -- -q tests/unit/plugins/plugin_utils/test_fuzz.py tests/unit/plugins/plugin_utils/test_fuzz_oauth2.py

mutants: .venvs/mutants/made ## Put faults into token manager, caches and token, which a unit test must notice (an hour; FILE=_token.py)
	@$(shown) .venvs/mutants/bin/python -B -m tests.tools.mutants $(if $(FILE),--file $(FILE))

format: .venvs/lint/made ## Format the Python files
	@$(nox) --session format

demo: plan .venvs/demo/made ## Install the collection as a user would and get tokens from the sandbox
	$(call tool,demo,demo)

plan: # What `make demo` will do, before it does it.
	$(python) $(PYTHON) -B -m tests.tools.demo --plan

release: .venvs/lint/made .venvs/demo/made ## Try a release in a copy of the tree; RELEASE=write writes the changelog of the version in galaxy.yml
	$(call tool,lint,release) $(if $(filter write,$(RELEASE)),--write) $(if $(TAG),--tag $(TAG))

sandbox: .venvs/demo/made ## Start the sandbox; its export lines are in .build/sandbox.sh (PORT=8080 for a fixed port)
	@.venvs/demo/bin/python -B -m tests.sandbox --port $(PORT) --exports .build/sandbox.sh

pythons: .venvs/tools/made ## Show which Pythons were found and which ansible-core uses which
	@$(nox) --session pythons 2>/dev/null

combinations: .venvs/tools/made # For the forge: every core with each of its Pythons, as JSON.
	@$(nox) --session matrix -- json 2>/dev/null

clean: ## Remove .venvs and .build
	rm -rf .venvs .build

# Jobs. An environment is made anew when what it is made from differs, which its session finds out.

# It ends with the Python that it was made from.
ifeq ($(shell test -x .venvs/tools/bin/python && echo there),)
.PHONY: .venvs/tools/made
endif

.venvs/tools/made: tests/tools/nox.txt
	$(python) { rm -rf .venvs/tools && $(PYTHON) -m venv .venvs/tools && \
		.venvs/tools/bin/python -m pip --disable-pip-version-check --quiet install --requirement tests/tools/nox.txt && \
		{ test -z "$(UV_PACKAGE)" || .venvs/tools/bin/python -m pip --disable-pip-version-check --quiet install $(UV_PACKAGE) || \
		echo "No uv here: pip builds the environments." >&2; }; } >&2
	@touch $@

# Made once: 177 MB from Maven, and what Go builds for minutes.
.venvs/keycloak/made: tests/integration/servers/keycloak.py
.venvs/go/made: tests/integration/servers/build.py $(wildcard tests/integration/servers/*/go.*)
.venvs/keycloak/made .venvs/go/made: .venvs/%/made: | .venvs/tools/made
	$(job) venv-$* >&2
	@touch $@

made_from := noxfile.py tests/tools/cores.py meta/ee-requirements.txt $(wildcard tests/*/requirements.txt tests/integration/servers/*/requirements.txt tests/tools/*.txt)

.venvs/%/made: $(made_from) | .venvs/tools/made
	$(job) venv-$* >&2
	@touch $@

define core_job
$(1)-%: .venvs/core-%/made $(2)
	$$(job) $$@
endef
$(foreach kind,units-brief units leaks-brief leaks sanity-brief sanity,$(eval $(call core_job,$(kind))))
$(foreach kind,integration-brief integration crowds,$(eval $(call core_job,$(kind),$(providers))))

$(foreach kind,keycloak stores,$(eval $(call core_job,$(kind),.venvs/$(kind)/made)))
$(eval $(call core_job,providers,.venvs/go/made))

units-lowest: .venvs/lowest/made
	$(job) $@

lint-text lint-ansible lint-mypy lint-examples lint-package: .venvs/lint/made
lint-examples: .venvs/stores/made
lint-package lint-clone: .venvs/demo/made
lint-certified: .venvs/certification/made lint-package
lint-docs: .venvs/docs/made
lint-old-python: .venvs/old-python/made

$(lint_jobs): .venvs/tools/made
	$(job) $@
