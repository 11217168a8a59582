# Everything a reader of readyhost runs. `make` alone lists it.

# the first Python that is new enough; a machine whose own python3 is old may have /usr/bin/python3
PYTHON := $(shell for python in python3 /usr/bin/python3; do \
	"$$python" -c 'import sys; sys.exit(sys.version_info < (3, 10))' 2>/dev/null \
	&& command -v "$$python" && break; done)

# what `make demo` shows: fastapi, node or fullstack
APP := fastapi
# what `make test` tests the hosts on, for example "jammy" or "bookworm,trixie"
SUITES ?=
# and what of them: "hosts"; "releases" under load, "backups" that are restored, or "all", attacks too
TESTS ?= hosts
# yes: attacks are tried on a host that is open to each; both: on both
OPEN ?=
export SUITES TESTS OPEN
# some machines that build and test set it, and each start of pyinfra compiles two hundred files then
unexport PYTHONDONTWRITEBYTECODE

SCRIPTS := tests/parallel vagrant/box vagrant/build-box vagrant/install vagrant/reachable vagrant/archive vagrant/keyring \
	vagrant/undo vagrant/guest/setup vagrant/provider/lxc vagrant/provider/other vagrant/provider/alone .ci/run \
	$(shell find roles benchmarks examples -name node_modules -prune -o -name '*.sh' -print 2>/dev/null)

# a phase of make test: announced, and timed whether it passes or fails
phase = @echo "==> $(1)"; begin=$$(date +%s); { $(2); }; status=$$?; \
	echo "==> $(1): $$(($$(date +%s) - begin)) s"; exit $$status

.DEFAULT_GOAL := help
.PHONY: help venv load demo destroy test lint ruff mypy shellcheck workflows test-unit test-host attack bench boxes locks environment clean
# phases one after the other, whatever -j says: they share two cores with the machines they test
.NOTPARALLEL:

help: ## this list
	@awk -F ':.*## ' '/^[a-z-]+:.*## /{printf "make %-12s %s\n", $$1, $$2}' $(MAKEFILE_LIST)

demo: ## a box becomes a production host with an example application: APP=fastapi, node or fullstack
	@begin=$$(date +%s); if [ ! -d .venv ]; then mkdir -p .cache/demo; echo .venv >>.cache/demo/made; fi; \
		$(MAKE) --no-print-directory venv && .venv/bin/python -m vagrant.demo --begin $$begin $(APP)

destroy: ## takes away all that make demo made, and only that
	@vagrant/undo

test: lint test-unit test-host ## the tests, boxes included; TESTS=all: releases and backups, too

lint: ruff mypy shellcheck workflows ## ruff, mypy, shellcheck, and actionlint and zizmor on the workflows

ruff: .venv/.stamp
	$(call phase,ruff,.venv/bin/ruff check --quiet . && .venv/bin/ruff format --quiet --check .)

mypy: .venv/.stamp
	$(call phase,mypy,.venv/bin/mypy --no-error-summary)

# SC1091: a file of the host that a script runs on is not here to be read
shellcheck:
	@vagrant/install lint
	$(call phase,shellcheck,shellcheck -x -e SC1091 $(SCRIPTS))

workflows: .venv/.stamp
	$(call phase,workflows,.venv/bin/actionlint examples/ci/*.yml \
		&& .venv/bin/zizmor --offline --quiet --no-progress examples/ci/*.yml)

test-unit: .venv/.load ## the tests that need no box, in two or three minutes
	@vagrant/install tests
	$(call phase,unit tests,.venv/bin/pytest -q -n 3 tests/unit)

test-host: .venv/.load $(if $(filter systems,$(TESTS)),.venv/.browser) ## the tests on real boxes: that they are what was promised, and things going wrong
	@vagrant/install boxes tests $(if $(filter systems,$(TESTS)),browser)
	$(call phase,tests on boxes,tests/parallel)

attack: .venv/.stamp ## a red team on a real host, where no attack works; OPEN=yes: without what stops each
	@vagrant/install boxes tests
	$(call phase,attacks,.venv/bin/pytest -v tests/attack)

bench: .venv/.bench ## speed, beside Ansible and a shell script, into benchmarks/
	@vagrant/install boxes bench
	.venv/bin/python -m benchmarks

boxes: ## the boxes of every suite, built
	@for suite in bookworm trixie jammy noble; do vagrant/box prepare $$suite; done

# what this folder and its hosts install from the package index, with the hashes of all files of it
locks: ## all *.lock anew, by constraints.txt, with the uv of an earlier `make venv`
	@compile() { lock=$$1; shift; .venv/bin/uv pip compile --quiet --no-config --universal \
		--python-version 3.10 --generate-hashes --no-header --no-annotate -c constraints.txt "$$@" \
		>.cache/lock && { echo "# Written by \`make locks\` from constraints.txt: versions and hashes."; \
		cat .cache/lock; } >$$lock; }; \
	mkdir -p .cache; set -e; \
	echo certbot | compile roles/tls/certbot.lock -; \
	echo pip-audit | compile roles/maintained/pip-audit.lock -; \
	printf 'pip\nsetuptools\n' | compile dev.lock - pyproject.toml --extra dev; \
	compile bench.lock pyproject.toml --extra bench; \
	compile load.lock pyproject.toml --extra load; \
	compile browser.lock pyproject.toml --extra browser

environment: .venv/.stamp ## the files of a new environment: NAME=prod
	@.venv/bin/python -m settings new $(NAME)

clean: ## takes away all that make made in this folder, machines included
	@vagrant/box clean
	@rm -rf .venv .cache .vagrant .mypy_cache .ruff_cache .pytest_cache readyhost.egg-info
	@find . -name __pycache__ -prune -exec rm -rf {} +

venv: .venv/.stamp ## the virtual environment .venv with the pinned dependencies

load: .venv/.load ## Locust, for load tests of your own application (docs/load.md)

# What is in a lock is all that is needed, by hashes; nothing is built but this folder's own entry.
LOCKED := -m pip install --require-hashes --no-deps --only-binary=:all: -r

.venv/.stamp: pyproject.toml dev.lock
	@test -n "$(PYTHON)" || { echo "make venv: no Python 3.10 or newer found" >&2; exit 1; }
	@"$(PYTHON)" -c 'import ensurepip' 2>/dev/null || vagrant/install venv
	@echo "Virtual environment .venv ($$("$(PYTHON)" --version))"
	@.venv/bin/python -c '' 2>/dev/null || { rm -rf .venv && "$(PYTHON)" -m venv .venv; }
	@{ .venv/bin/python $(LOCKED) dev.lock && .venv/bin/python -m pip install --no-build-isolation \
		--no-deps -e .; } >.venv/install.log 2>&1 || { cat .venv/install.log >&2; exit 1; }
	@touch $@

.venv/.bench: .venv/.stamp bench.lock
	@.venv/bin/python $(LOCKED) bench.lock -q
	@touch $@

.venv/.load: .venv/.stamp load.lock
	@.venv/bin/python $(LOCKED) load.lock -q
	@touch $@

.venv/.browser: .venv/.stamp browser.lock
	@.venv/bin/python $(LOCKED) browser.lock -q
	@touch $@
