# Everything a reader of readyhost runs. `make` alone lists it.

# the first Python that is new enough; a machine whose own python3 is old may have /usr/bin/python3
PYTHON := $(shell for python in python3 /usr/bin/python3; do \
	"$$python" -c 'import sys; sys.exit(sys.version_info < (3, 10))' 2>/dev/null \
	&& command -v "$$python" && break; done)

# what `make demo` shows: fastapi or node
APP := fastapi
# what `make test` tests the hosts on, for example "jammy" or "bullseye,bookworm,noble"
SUITES ?=
# and what of them: "hosts"; "releases" under load, "backups" that are restored, or "all"
TESTS ?= hosts
export SUITES TESTS
# some machines that build and test set it, and each start of pyinfra compiles two hundred files then
unexport PYTHONDONTWRITEBYTECODE

SCRIPTS := tests/lanes vagrant/box vagrant/build-box vagrant/install vagrant/reachable vagrant/archive vagrant/keyring \
	vagrant/undo vagrant/guest/setup vagrant/provider/lxc vagrant/provider/other vagrant/provider/alone .ci/run \
	$(shell find roles benchmarks examples -name node_modules -prune -o -name '*.sh' -print 2>/dev/null)

# a phase of make test: announced, and timed whether it passes or fails
phase = @echo "==> $(1)"; begin=$$(date +%s); { $(2); }; status=$$?; \
	echo "==> $(1): $$(($$(date +%s) - begin)) s"; exit $$status

.DEFAULT_GOAL := help
.PHONY: help venv demo destroy test lint ruff mypy shellcheck workflows test-unit test-host bench boxes environment clean
# phases one after the other, whatever -j says: they share two cores with the machines they test
.NOTPARALLEL:

help: ## this list
	@awk -F ':.*## ' '/^[a-z-]+:.*## /{printf "make %-12s %s\n", $$1, $$2}' $(MAKEFILE_LIST)

demo: ## a box becomes a production host with an example application: APP=fastapi or APP=node
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

test-unit: .venv/.stamp ## the tests that need no box, under 30 s
	@vagrant/install tests
	$(call phase,unit tests,.venv/bin/pytest -q -n 2 tests/unit)

test-host: .venv/.stamp ## the tests on real boxes: that they are what was promised, and things going wrong
	@vagrant/install boxes tests
	$(call phase,tests on boxes,tests/lanes)

bench: .venv/.bench ## speed, beside Ansible and a shell script, into benchmarks/
	@vagrant/install boxes bench
	.venv/bin/python -m benchmarks

boxes: ## the boxes of every suite, built
	@for suite in bullseye bookworm trixie jammy noble; do vagrant/box prepare $$suite; done

environment: .venv/.stamp ## the files of a new environment: NAME=prod
	@.venv/bin/python -m settings new $(NAME)

clean: ## takes away all that make made in this folder, machines included
	@vagrant/box clean
	@rm -rf .venv .cache .vagrant .mypy_cache .ruff_cache .pytest_cache readyhost.egg-info
	@find . -name __pycache__ -prune -exec rm -rf {} +

venv: .venv/.stamp ## the virtual environment .venv with the pinned dependencies

.venv/.stamp: pyproject.toml constraints.txt
	@test -n "$(PYTHON)" || { echo "make venv: no Python 3.10 or newer found" >&2; exit 1; }
	@"$(PYTHON)" -c 'import ensurepip' 2>/dev/null || vagrant/install venv
	@echo "Virtual environment .venv ($$("$(PYTHON)" --version))"
	@.venv/bin/python -c '' 2>/dev/null || { rm -rf .venv && "$(PYTHON)" -m venv .venv; }
	@{ .venv/bin/python -m pip install -c constraints.txt pip setuptools && .venv/bin/python -m pip \
		install --no-build-isolation -c constraints.txt -e '.[dev]'; } >.venv/install.log 2>&1 \
		|| { cat .venv/install.log >&2; exit 1; }
	@touch $@

.venv/.bench: .venv/.stamp
	@.venv/bin/python -m pip install -c constraints.txt -e '.[bench]' --no-build-isolation -q
	@touch $@
