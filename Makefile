# Copyright (c) 2026, the netapi.auth authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# What there is to run. The work is done by tests/tools/ (Python, standard library only).

SHELL := /bin/sh
# The first Python that answers and is new enough; a pyenv shim that answers "command not found" is none.
PYTHON ?= $(shell for name in python3 python3.14 python3.13 python3.12 python3.11 $$HOME/.pyenv/versions/3.1[1-9]*/bin/python3; do \
	"$$name" -c 'import sys; sys.exit(sys.version_info < (3, 11))' >/dev/null 2>&1 && { echo "$$name"; break; }; done)
# One series of ansible-core, such as 2.21; empty: all.
CORE ?=
# `make release` writes the changelog into the tree only with RELEASE=write.
RELEASE ?=
# The tag that a release is made for; empty: none yet.
TAG ?=
# One file of `make mutants`, such as _token.py; empty: all.
FILE ?=
# Port of `make sandbox`; 0: any.
PORT ?= 0

tools = @test -n "$(PYTHON)" || { echo "No Python 3.11 or newer found." >&2; exit 1; }; cd tests && $(PYTHON) -B -m tools.
check = $(tools)check $(if $(CORE),--core $(CORE))

.DEFAULT_GOAL := help
.PHONY: help test sanity units integration crowds matrix coverage mutants leaks security lint docs generate messages terminal bench fuzz \
	format demo release sandbox pythons clean

help: ## List the commands
	@sed -n 's/^\([a-z]*\):.*## \(.*\)/make \1\t\2/p' Makefile | expand -t 20
	@echo 'CORE=2.21 chooses one ansible-core for test, sanity, units, integration, crowds and leaks.'

test: ## Run every check: tests on every ansible-core, sanity on the oldest and the newest
	$(check) all

sanity: ## ansible-test sanity, without an ignore file
	$(check) sanity

units: ## Unit tests
	$(check) units

integration: ## Integration tests
	$(check) integration

matrix: ## Unit and integration tests on every ansible-core with each Python that is installed (an hour or more)
	$(tools)check matrix

crowds: ## Integration tests with hundreds of hosts on the newest ansible-core
	$(check) crowds

coverage: ## Measure which lines and branches the unit and the integration tests run
	$(tools)coverage

leaks: ## Run plays with marked secrets and search all output for them, on all cores
	$(check) leaks

security: ## Write what `make leaks` found into docs/security.md
	$(tools)leaks

lint: ## Every linter, and the package as hubs and users take it
	$(check) lint

docs: ## Build the documentation site into .build/docs/html
	$(check) docs

generate: ## Write everything that repeats what declarations/ says: plugins, roles, playbooks, tables
	$(tools)generate

messages: ## Write everything that the source says into the guide to troubleshooting
	$(tools)messages

terminal: ## Run the demo and write its terminal into docs/pictures/demo.svg
	$(tools)terminal

bench: ## Measure, and write docs/benchmarks.md (a quarter of an hour)
	$(tools)bench

fuzz: ## Give the fuzz tests 20,000 examples each (half an hour)
	$(check) fuzz

mutants: ## Put faults into token manager, caches and token, which a unit test must notice (half an hour; FILE=_token.py)
	$(tools)mutants $(if $(FILE),--file $(FILE))

format: ## Format the Python files
	$(check) format

demo: ## Install the collection as a user would and get tokens from the sandbox
	$(tools)demo demo

release: ## Try a release in a copy of the tree; RELEASE=write writes the changelog of the version in galaxy.yml
	$(tools)release $(if $(filter write,$(RELEASE)),--write) $(if $(TAG),--tag $(TAG))

sandbox: ## Start the sandbox; it prints the export lines for it (PORT=8080 for a fixed port)
	$(tools)demo sandbox --port $(PORT)

pythons: ## Show which Pythons were found and which ansible-core uses which
	$(tools)interpreters
	$(tools)matrix

clean: ## Remove .venvs and .build
	$(check) clean
