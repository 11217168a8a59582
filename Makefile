# Everything a reader of readyhost runs. `make` alone lists it.

# the first Python that is new enough; a machine whose own python3 is old may have /usr/bin/python3
PYTHON := $(shell for python in python3 /usr/bin/python3; do \
	"$$python" -c 'import sys; sys.exit(sys.version_info < (3, 10))' 2>/dev/null \
	&& command -v "$$python" && break; done)

.DEFAULT_GOAL := help
.PHONY: help venv

help: ## this list
	@awk -F ':.*## ' '/^[a-z-]+:.*## /{printf "make %-10s %s\n", $$1, $$2}' $(MAKEFILE_LIST)

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
